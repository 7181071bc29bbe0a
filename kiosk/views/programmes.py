"""The catalogue: every programme with its owner and rule; trying a change, proposing it, and deciding a colleague's."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.clock import now
from kiosk.db import session
from kiosk.forms.programmes import DecideForm, PillarForm, ProgrammeForm
from kiosk.permissions import Permission, needs
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words.clauses import FACT_WORDS
from kiosk.words.definitions import say_changes
from registry.db import Session
from registry.errors import RegistryError
from registry.kinds import PointKind, Proof, VersionState
from registry.models import Programme
from registry.offices.offices import list_offices
from registry.programmes.catalogue import get_programme, list_budgets, list_programmes
from registry.programmes.pillars import (
    get_pillar,
    list_pillars,
    may_rename_pillars,
    programmes_by_pillar,
    rename_pillar,
)
from registry.programmes.programme_list import whole_definition
from registry.programmes.versions import (
    definition_of,
    get_version,
    may_change,
    reject_version,
    versions_of,
    waiting_programmes,
)
from verify.catalogue import approve_change, propose_change
from verify.clauses import facts_for
from verify.trying import Trial, try_rule

views = Blueprint("programmes", __name__, url_prefix="/program")


@views.get("")
@needs(Permission.PROGRAMMES_SEE)
def index() -> ResponseReturnValue:
    """Show all programmes by pillar, those that no card carries included."""
    return render_template(
        "programmes/index.html",
        pillars=programmes_by_pillar(session()),
        waiting=waiting_programmes(session()),
        may_rename=may_rename_pillars(session(), current_actor()),
    )


@views.get("/<code>")
@needs(Permission.PROGRAMMES_SEE)
def show(code: str) -> ResponseReturnValue:
    """Show one programme: what it gives, to whom, how much, and how it came to be so."""
    programme = get_programme(session(), code)
    return render_template(
        "programmes/show.html",
        programme=programme,
        places=[words.label(PointKind(one)) for one in programme.places],
        proofs=[words.label(Proof(one)) for one in programme.proofs],
        excluded=[get_programme(session(), other).name for other in programme.excludes],
        versions=versions_of(session(), programme),
        is_waiting=programme.code in waiting_programmes(session()),
        may_change=may_change(session(), programme, current_actor()),
    )


@views.get("/<code>/ubah")
@needs(Permission.PROGRAMMES_CHANGE)
def edit(code: str) -> ResponseReturnValue:
    """Show the form that changes a programme."""
    programme = get_programme(session(), code)
    form = _offered(session(), programme, ProgrammeForm(formdata=None))
    form.fill(definition_of(session(), programme))
    return _show_form(programme, form)


@views.post("/<code>/coba")
@needs(Permission.PROGRAMMES_CHANGE)
def try_(code: str) -> ResponseReturnValue:
    """Show what the rule in the form would do: nothing is changed by it."""
    with state().database.reading() as reading:  # counting a whole province holds back nobody who gives
        programme = get_programme(reading, code)
        form = _offered(reading, programme, ProgrammeForm())
        if not form.validate():
            return _show_form(programme, form), 422
        try:
            trial = try_rule(reading, programme, form.chosen_clauses, area=signed_in().area_code, at=now())
        except RegistryError as error:
            return _show_form(programme, form, fault=words.of(error.code, **error.detail)), 422
        return _show_form(programme, form, trial=trial)


@views.post("/<code>/ubah")
@needs(Permission.PROGRAMMES_CHANGE)
def propose(code: str) -> ResponseReturnValue:
    """Put the change before a second person."""
    programme = get_programme(session(), code)
    form = _offered(session(), programme, ProgrammeForm())
    if not form.validate():
        return _show_form(programme, form), 422
    content = form.content(definition_of(session(), programme))
    try:
        propose_change(
            session(),
            programme,
            content,
            reason=form.reason.data or "",
            actor=current_actor(),
            keys=state().keys,
            at=now(),
        )
    except RegistryError as error:
        return _show_form(programme, form, fault=words.of(error.code, **error.detail)), 422
    flash("Perubahan diusulkan. Rekan di perangkat daerah yang sama memutuskannya.", "success")
    return redirect(url_for("programmes.show", code=programme.code), 303)


@views.get("/<code>/versi/<int:number>")
@needs(Permission.PROGRAMMES_SEE)
def version(code: str, number: int) -> ResponseReturnValue:
    """Show one version beside what holds now, and what its rule would do while it waits."""
    programme = get_programme(session(), code)
    found = get_version(session(), programme, number)
    before, then = definition_of(session(), programme), whole_definition(found.content)
    is_tried = found.state is VersionState.PROPOSED and then["clause"] != before["clause"]
    return render_template(
        "programmes/version.html",
        programme=programme,
        version=found,
        line=next(line for line in versions_of(session(), programme) if line.version is found),
        changes=say_changes(before, then),
        trial=try_rule(session(), programme, then["clause"], area=signed_in().area_code, at=now())
        if is_tried
        else None,
        is_own=found.proposed_by_id == current_actor().officer_id,
        may_decide=may_change(session(), programme, current_actor()),
    )


@views.post("/<code>/versi/<int:number>")
@needs(Permission.PROGRAMMES_CHANGE)
def decide(code: str, number: int) -> ResponseReturnValue:
    """Approve a colleague's change, or turn it down."""
    programme = get_programme(session(), code)
    found = get_version(session(), programme, number)
    form = DecideForm()
    if not form.validate():
        return redirect(url_for("programmes.version", code=code, number=number), 303)
    rest: dict[str, Any] = {"actor": current_actor(), "keys": state().keys, "at": now()}
    if form.decision.data == "approve":
        approve_change(session(), found, **rest)
        flash("Perubahan disetujui dan berlaku mulai sekarang.", "success")
    else:
        reject_version(session(), found, **rest)
        flash("Perubahan ditolak. Yang berlaku tetap yang lama.", "success")
    return redirect(url_for("programmes.show", code=programme.code), 303)


@views.get("/pilar/<code>")
@needs(Permission.PROGRAMMES_CHANGE)
def pillar(code: str) -> ResponseReturnValue:
    """Show the form that renames a pillar."""
    found = get_pillar(session(), code)
    return render_template("programmes/pillar.html", pillar=found, form=PillarForm(formdata=None, name=found.name))


@views.post("/pilar/<code>")
@needs(Permission.PROGRAMMES_CHANGE)
def rename(code: str) -> ResponseReturnValue:
    """Give a pillar another name."""
    found = get_pillar(session(), code)
    form = PillarForm()
    if not form.validate():
        return render_template("programmes/pillar.html", pillar=found, form=form), 422
    rename_pillar(session(), found, name=form.name.data, actor=current_actor(), keys=state().keys, at=now())
    flash("Nama pilar diganti.", "success")
    return redirect(url_for("programmes.index"), 303)


def _offered(reading: Session, programme: Programme, form: ProgrammeForm) -> ProgrammeForm:
    others = [one for one in list_programmes(reading) if one.code != programme.code]
    form.offer(list_pillars(reading), list_offices(reading), list_budgets(reading), others)
    return form


def _show_form(
    programme: Programme, form: ProgrammeForm, *, trial: Trial | None = None, fault: words.Words | None = None
) -> str:
    facts = [(name, FACT_WORDS[name]) for name in facts_for(programme.subject)]
    return render_template(
        "programmes/edit.html", programme=programme, form=form, facts=facts, trial=trial, fault=fault
    )
