"""Family events at the counter: one officer states what happened, a second one decides, and cards follow."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.clock import now
from kiosk.db import session
from kiosk.errors import status_of
from kiosk.forms.events import ApproveForm, EventForm, EventScene, RejectForm, event_form, kinds_for
from kiosk.paging import page_number
from kiosk.permissions import Permission, needs
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words import events as words_events
from registry.days import local_day
from registry.errors import RegistryError
from registry.events.deciding import approve_event, reject_event
from registry.events.planning import plan_event
from registry.events.plans import Plan, foresee
from registry.events.proposing import open_statement, propose_event
from registry.events.rights import rights_in_open_rounds
from registry.events.succession import foresee_cards
from registry.events.waiting import EventLine, changes_by, count_waiting, find_events, get_event, next_steps
from registry.families.families import find_families, get_family, head_of
from registry.identifiers import FamilyNumber
from registry.kinds import EventState, FamilyEventKind
from registry.models import Family
from registry.regions import find_path, list_children

views = Blueprint("events", __name__)

PAGE = 20


@views.get("/keluarga/<reference>/peristiwa")
@needs(Permission.EVENTS_PROPOSE)
def choose(reference: str) -> ResponseReturnValue:
    """Show what can have happened to a family."""
    family = _family(reference)
    kinds = [(kind, words_events.KINDS[kind]) for kind in kinds_for(family)]
    return render_template("events/choose.html", family=family, head=head_of(family), kinds=kinds)


@views.get("/keluarga/<reference>/peristiwa/<slug>")
@needs(Permission.EVENTS_PROPOSE)
def ask(reference: str, slug: str) -> ResponseReturnValue:
    """Show the fields of one kind of event."""
    family = _family(reference)
    kind = _kind(family, slug)
    return _show_form(family, kind, _form(family, kind, formdata=None))


@views.post("/keluarga/<reference>/peristiwa/<slug>")
@needs(Permission.EVENTS_PROPOSE)
def propose(reference: str, slug: str) -> ResponseReturnValue:
    """Show what an event will change; once that was checked, propose it."""
    family = _family(reference)
    kind = _kind(family, slug)
    form = _form(family, kind)
    if form.is_edited:
        return _show_form(family, kind, form)
    if form.is_chosen:
        status = 200 if form.validate_choice() else 422
        return _show_form(family, kind, form), status
    if not form.validate():
        return _show_form(family, kind, form), 422
    area, vault = signed_in().area_code, state().keys.vault
    try:
        if not form.is_confirmed:
            today = local_day(now())
            plan = plan_event(session(), family, form.statement(), area=area, vault=vault, today=today)
            return _show_check(family, kind, form, plan)
        event = propose_event(
            session(),
            family,
            form.statement(),
            happened_on=form.happened_on.data,
            evidence=form.evidence,
            area=area,
            actor=current_actor(),
            keys=state().keys,
            at=now(),
        )
    except RegistryError as error:
        return _show_form(family, kind, form, words.of(error.code, **error.detail)), status_of(error)
    flash("Peristiwa diusulkan. Belum ada yang berubah sampai orang kedua menyetujuinya.", "success")
    return redirect(url_for("events.show", event_id=event.id), 303)


@views.get("/peristiwa")
@needs(Permission.FAMILIES_SEE)
def index() -> ResponseReturnValue:
    """Show the events that wait for a second person, or those that were decided."""
    page = page_number(request.args.get("page"))
    is_waiting = request.args.get("keadaan") != "selesai"
    area = signed_in().area_code
    found = find_events(session(), area=area, is_waiting=is_waiting, skip=(page - 1) * PAGE, limit=PAGE + 1)
    return render_template(
        "events/index.html",
        lines=found[:PAGE],
        waiting=count_waiting(session(), area=area),
        is_waiting=is_waiting,
        page=page,
        has_more=len(found) > PAGE,
    )


@views.get("/peristiwa/<uuid:event_id>")
@needs(Permission.FAMILIES_SEE)
def show(event_id: UUID) -> ResponseReturnValue:
    """Show an event: before it is decided what it will change, afterwards what it has changed."""
    return _show_event(_event(event_id), ApproveForm(formdata=None), RejectForm(formdata=None))


@views.post("/peristiwa/<uuid:event_id>/setujui")
@needs(Permission.EVENTS_DECIDE)
def approve(event_id: UUID) -> ResponseReturnValue:
    """Approve an event, which carries it out."""
    line, form = _event(event_id), ApproveForm()
    if not form.validate():
        return _show_event(line, form, RejectForm(formdata=None)), 422
    try:
        with session().begin_nested():
            approve_event(
                session(),
                line.event,
                reason=form.note.data or "",
                area=signed_in().area_code,
                actor=current_actor(),
                keys=state().keys,
                at=now(),
            )
    except RegistryError as error:
        return _show_refused(event_id, error)
    flash("Peristiwa disetujui dan sudah dijalankan.", "success")
    return redirect(url_for("events.show", event_id=event_id), 303)


@views.post("/peristiwa/<uuid:event_id>/tolak")
@needs(Permission.EVENTS_DECIDE)
def reject(event_id: UUID) -> ResponseReturnValue:
    """Reject an event; nothing is changed."""
    line, form = _event(event_id), RejectForm()
    if not form.validate():
        return _show_event(line, ApproveForm(formdata=None), form), 422
    try:
        reject_event(
            session(),
            line.event,
            reason=form.reason.data,
            actor=current_actor(),
            keys=state().keys,
            at=now(),
        )
    except RegistryError as error:
        return _show_refused(event_id, error)
    flash("Peristiwa ditolak. Tidak ada yang berubah.", "success")
    return redirect(url_for("events.index"), 303)


def _family(reference: str) -> Family:
    return get_family(session(), reference, area=signed_in().area_code)


def _kind(family: Family, slug: str) -> FamilyEventKind:
    kind = words_events.BY_SLUG.get(slug)
    if kind is None or kind not in kinds_for(family):
        abort(404)
    return kind


def _form(family: Family, kind: FamilyEventKind, **rest: None) -> EventForm:
    district = family.village_code.rpartition(".")[0]
    scene = EventScene(family, list_children(session(), district), local_day(now()), _find)
    return event_form(kind, scene, **rest)


def _find(number: FamilyNumber) -> Family | None:
    found = find_families(session(), area=signed_in().area_code, vault=state().keys.vault, number=number)
    return session().get_one(Family, found[0].id) if found else None


def _event(event_id: UUID) -> EventLine:
    return get_event(session(), event_id, area=signed_in().area_code)


def _show_form(family: Family, kind: FamilyEventKind, form: EventForm, said: words.Words | None = None) -> str:
    return render_template(
        "events/form.html",
        family=family,
        head=head_of(family),
        kind=words_events.KINDS[kind],
        form=form,
        said=said,
    )


def _show_check(family: Family, kind: FamilyEventKind, form: EventForm, plan: Plan) -> str:
    return render_template(
        "events/check.html",
        family=family,
        head=head_of(family),
        kind=words_events.KINDS[kind],
        form=form,
        **_effects(plan),
    )


def _effects(plan: Plan) -> dict[str, object]:
    """Return what a plan will change, as the pages show it."""
    founded = [words_events.FOUNDED_WITHOUT_CARD] if plan.founded else []
    return {
        "changes": [words_events.say_change(change) for change in foresee(session(), plan, at=now())],
        "warnings": [words_events.say_young_head(head) for head in plan.young_heads],
        "cards": [words_events.say_card(fate) for fate in foresee_cards(session(), plan)] + founded,
        "rights": [words_events.say_right(right) for right in rights_in_open_rounds(session(), plan.families)],
        "other": plan.other,
        "other_head": head_of(plan.other) if plan.other else None,
    }


def _show_refused(event_id: UUID, error: RegistryError) -> ResponseReturnValue:
    session().expire_all()
    said = words.of(error.code, **error.detail)
    page = _show_event(_event(event_id), ApproveForm(formdata=None), RejectForm(formdata=None), said)
    return page, status_of(error)


def _show_event(line: EventLine, approval: ApproveForm, rejection: RejectForm, said: words.Words | None = None) -> str:
    event = line.event
    shown: dict[str, object] = {"warnings": [], "changes": [], "cards": [], "rights": []}
    shown |= {"other": None, "other_head": None}
    hindrance = None
    if event.state is EventState.PROPOSED:
        vault, area = state().keys.vault, signed_in().area_code
        try:
            statement = open_statement(event, vault)
            plan = plan_event(session(), event.family, statement, area=area, vault=vault, today=local_day(now()))
            shown = _effects(plan)
        except RegistryError as error:
            hindrance = words.of(error.code, **error.detail)
    elif event.state is EventState.APPROVED:
        shown["changes"] = [words_events.say_change(change) for change in changes_by(session(), event)]
    return render_template(
        "events/show.html",
        line=line,
        event=event,
        kind=words_events.KINDS[event.kind],
        place=find_path(session(), event.family.village_code),
        steps=next_steps(session(), event) if event.state is EventState.APPROVED else [],
        other_family=session().get(Family, event.other_family_id) if event.other_family_id else None,
        is_own=event.proposed_by_id == signed_in().actor.officer_id,
        hindrance=hindrance,
        said=said,
        approval=approval,
        rejection=rejection,
        **shown,
    )
