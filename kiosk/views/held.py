"""Families of a list that wait for an officer's decision."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk import words, words_held
from kiosk.clock import now
from kiosk.db import session
from kiosk.errors import status_of
from kiosk.forms.held import HeldForm, held_form
from kiosk.paging import page_number
from kiosk.permissions import Permission, needs
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from registry.errors import RegistryError
from registry.families import head_of
from registry.family_numbers import hidden_numbers
from registry.importing import decide_held, get_held, open_rows, owners_of
from registry.importing.waiting import (
    count_held,
    decider_of,
    families_concerned,
    find_held,
    people_known,
    spokesman_of,
)
from registry.models import Family, FamilyList, HeldFamily
from registry.regions import find_path, is_within

views = Blueprint("held", __name__)

PAGE = 20


@views.get("/putusan")
@needs(Permission.FAMILIES_DECIDE)
def index() -> ResponseReturnValue:
    """Show the families that wait, by reason."""
    page = page_number(request.args.get("page"))
    code, list_id = request.args.get("alasan"), request.args.get("daftar", type=UUID)
    area = signed_in().area_code
    found = find_held(
        session(),
        area=area,
        vault=state().keys.vault,
        code=code,
        list_id=list_id,
        skip=(page - 1) * PAGE,
        limit=PAGE + 1,
    )
    return render_template(
        "held/index.html",
        counts=count_held(session(), area=area, list_id=list_id),
        reasons=words_held.REASONS,
        families=found[:PAGE],
        code=code,
        list_id=list_id,
        page=page,
        has_more=len(found) > PAGE,
    )


@views.get("/putusan/<uuid:held_id>")
@needs(Permission.FAMILIES_DECIDE)
def show(held_id: UUID) -> ResponseReturnValue:
    """Show what the list states, what the registry knows, and what can be chosen."""
    held = _get_held(held_id)
    if held.decision is not None:
        return _show_decided(held)
    return _show_held(held, _form(held, formdata=None))


@views.post("/putusan/<uuid:held_id>")
@needs(Permission.FAMILIES_DECIDE)
def decide(held_id: UUID) -> ResponseReturnValue:
    """Carry out a choice; until it is confirmed only as a rehearsal, which shows what will happen."""
    held = _get_held(held_id)
    form = _form(held)
    if held.decision is not None:
        return _show_decided(held), 409
    if not form.validate():
        return _show_held(held, form), 422
    will_happen = words_held.foretell(form.choice(), form.rows, form.homes, _village(held))
    try:
        family = decide_held(
            session(),
            held,
            form.choice(),
            area=signed_in().area_code,
            actor=current_actor(),
            keys=state().keys,
            at=now(),
        )
    except RegistryError as error:
        session().rollback()
        if held.decision is not None:
            return _show_decided(held), 409
        return _show_held(held, form, words.of(error.code, **error.detail)), status_of(error)
    if not form.is_confirmed:
        session().rollback()
        return render_template("held/confirm.html", held_id=held_id, form=form, will_happen=will_happen)
    flash("Keputusan sudah dijalankan dan dicatat atas nama Anda.", "success")
    return redirect(url_for("families.show", reference=family.reference) if family else url_for("held.index"), 303)


def _get_held(held_id: UUID) -> HeldFamily:
    return get_held(session(), held_id, area=signed_in().area_code)


def _form(held: HeldFamily, **rest: None) -> HeldForm:
    vault = state().keys.vault
    rows = open_rows(held, vault)
    homes = {line: _called(family) for line, family in owners_of(session(), rows, vault).items()}
    return held_form(rows, homes, held.code, **rest)


def _called(family: Family) -> str:
    """Return what a family is called here: by its head, or by its reference alone when it lives elsewhere."""
    head = head_of(family)
    is_seen = head is not None and is_within(family.village_code, signed_in().area_code)
    return f"{head.name} ({family.reference})" if head and is_seen else family.reference


def _village(held: HeldFamily) -> str:
    path = find_path(session(), held.village_code)
    return f"{path.village}, {path.district}"


def _show_held(held: HeldFamily, form: HeldForm, said: words.Words | None = None) -> str:
    vault, area = state().keys.vault, signed_in().area_code
    known = people_known(session(), form.rows, vault)
    others = [
        (
            family,
            head_of(family),
            find_path(session(), family.village_code),
            hidden_numbers(family, vault) if is_within(family.village_code, area) else None,
        )
        for family in families_concerned(session(), form.rows, vault)
    ]
    return render_template(
        "held/show.html",
        held=held,
        reason=words_held.REASONS[held.code],
        spokesman=spokesman_of(form.rows),
        family_list=session().get_one(FamilyList, held.list_id),
        place=find_path(session(), held.village_code),
        form=form,
        known=known,
        others=others,
        said=said,
    )


def _show_decided(held: HeldFamily) -> str:
    return render_template(
        "held/decided.html",
        held=held,
        reason=words_held.REASONS[held.code],
        decision=words_held.say_decision(held.decision or ""),
        decider=decider_of(session(), held),
        village=_village(held),
    )
