"""Families of a list that wait for an officer's decision."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.clock import now
from kiosk.db import session
from kiosk.errors import status_of
from kiosk.forms.held import HeldForm, held_form
from kiosk.paging import page_number
from kiosk.permissions import Permission, needs
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words import held as words_held
from registry.errors import RegistryError
from registry.families.families import head_of
from registry.families.numbers import hidden_numbers
from registry.importing import decide_held, get_held, open_rows, owners_of, rehearse_held
from registry.importing.waiting import (
    HeldDecision,
    count_held,
    decision_on,
    families_concerned,
    find_held,
    list_of,
    people_known,
    spokesman_of,
)
from registry.models import Family, HeldFamily
from registry.regions import find_path, is_within

views = Blueprint("held", __name__)

PAGE = 20


@views.get("/putusan")
@needs(Permission.FAMILIES_DECIDE)
def index() -> ResponseReturnValue:
    """Show the families that wait, by reason."""
    page = page_number(request.args.get("page"))
    asked, list_id = request.args.get("alasan"), request.args.get("daftar", type=UUID)
    code = asked if asked in words_held.REASONS else None
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
    if decided := decision_on(session(), held):
        return _show_decided(held, decided)
    return _show_held(held, _form(held, formdata=None))


@views.post("/putusan/<uuid:held_id>")
@needs(Permission.FAMILIES_DECIDE)
def decide(held_id: UUID) -> ResponseReturnValue:
    """Carry out a choice; until it is confirmed only as a rehearsal, which shows what will happen."""
    held = _get_held(held_id)
    form = _form(held)
    if decided := decision_on(session(), held):
        return _show_decided(held, decided), 409
    if not form.validate():
        return _show_held(held, form), 422
    will_happen = words_held.foretell(form.choice(), form.rows, form.homes, _village(held))
    carry_out = decide_held if form.is_confirmed else rehearse_held
    try:
        family = carry_out(
            session(),
            held,
            form.choice(),
            area=signed_in().area_code,
            actor=current_actor(),
            keys=state().keys,
            at=now(),
        )
    except RegistryError as error:
        # whoever decided first has done so while this choice was being looked at
        if decided := decision_on(session(), held):
            return _show_decided(held, decided), 409
        return _show_held(held, form, words.of(error.code, **error.detail)), status_of(error)
    if not form.is_confirmed:
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
        family_list=list_of(session(), held),
        place=find_path(session(), held.village_code),
        form=form,
        known=people_known(session(), form.rows, vault, area=area),
        others=others,
        said=said,
    )


def _show_decided(held: HeldFamily, decided: HeldDecision) -> str:
    return render_template(
        "held/decided.html",
        decided=decided,
        reason=words_held.REASONS[held.code],
        decision=words_held.say_decision(decided.decision),
        village=_village(held),
    )
