"""Attendance of Kalteng Mengaji: scan a card, choose the person, noted once a day."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk.answers import answer_of
from kiosk.clock import now
from kiosk.db import session
from kiosk.forms.care import MemberForm
from kiosk.forms.scan import ScanForm
from kiosk.permissions import Permission, needs
from kiosk.shown_card import look_at_shown_card
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from registry.care.visits import PROGRAMMES, count_of_day, get_visit
from registry.days import local_day
from registry.db import Session
from registry.kinds import PointKind, VisitKind
from registry.programmes.catalogue import get_programme
from verify.care import VisitRequest, look_at_place, record_visit
from verify.members import CardShown, Chosen, choose
from verify.reasons import Decision
from verify.refusals import keep_refusal

views = Blueprint("attendance", __name__, url_prefix="/kehadiran")


@views.get("")
@needs(Permission.ATTENDANCE_TAKE)
def page() -> ResponseReturnValue:
    """Wait for a scan, and say how many attended here today; where it is not taken, say where it is."""
    return _wait(session(), ScanForm(formdata=None))


@views.post("")
@needs(Permission.ATTENDANCE_TAKE)
def look() -> ResponseReturnValue:
    """Show who may attend by the scanned card, or every reason why the card is not good."""
    form = ScanForm()
    with state().database.reading() as reading:  # looking holds back nobody who gives
        if not form.validate() or not form.text:
            form.typed.errors = form.typed.errors or ["Pindai kartu, atau ketik nomornya."]
            return _wait(reading, form), 422
        card = look_at_shown_card(reading, form)
        decision = card.decision
        if card.family is not None:
            decision = look_at_place(reading, VisitKind.ATTENDANCE, here=signed_in().point_kind)
            if decision.is_granted:
                return render_template("attendance/members.html", family=card.family, form=form)
    with state().database.writing() as keeping:
        return _refuse(keeping, card, decision)


@views.post("/catat")
@needs(Permission.ATTENDANCE_TAKE)
def record() -> ResponseReturnValue:
    """Note that a person attended today; a second time finds the first."""
    form = MemberForm()
    card = look_at_shown_card(session(), form)
    chosen = choose(card, form.person_id)
    if isinstance(chosen, Decision):
        return _refuse(session(), card, chosen)
    here = signed_in().point_kind
    place = look_at_place(session(), VisitKind.ATTENDANCE, here=here)
    if not place.is_granted:  # where nobody is shown, nobody is named on the slip either
        return _refuse(session(), card, place)
    request = VisitRequest(VisitKind.ATTENDANCE)
    result = record_visit(session(), chosen, request, here=here, actor=current_actor(), keys=state().keys, at=now())
    if isinstance(result, Decision):
        return _refuse(session(), card, result, chosen)
    if result.is_repeated:
        flash("Kehadirannya hari ini sudah tercatat; tidak dicatat dua kali.", "warning")
        return redirect(url_for("attendance.page"), 303)
    return redirect(url_for("attendance.recorded", visit_id=result.visit_id), 303)


@views.get("/tercatat/<uuid:visit_id>")
@needs(Permission.ATTENDANCE_TAKE)
def recorded(visit_id: UUID) -> ResponseReturnValue:
    """Show an attendance that was noted here; the next card can be scanned from here."""
    visit = get_visit(session(), visit_id, point_id=signed_in().point_id)
    return render_template("attendance/recorded.html", visit=visit, form=ScanForm(formdata=None))


def _refuse(keeping: Session, card: CardShown, decision: Decision, chosen: Chosen | None = None) -> str:
    person_id = chosen.person.person_id if chosen else None
    attempt_id = keep_refusal(
        keeping,
        decision,
        card_id=card.card_id,
        person_id=person_id,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    return render_template(
        "attendance/refused.html",
        answer=answer_of(decision.outcome, decision.reasons),
        is_card_good=card.family is not None,
        attempt_id=attempt_id,
    )


def _wait(reading: Session, form: ScanForm) -> str:
    counted = count_of_day(reading, signed_in().point_id, local_day(now()))
    return render_template(
        "attendance/page.html",
        form=form,
        counted=counted[VisitKind.ATTENDANCE],
        places=_places(reading),
        point_kind=signed_in().point_kind,
    )


def _places(reading: Session) -> list[PointKind]:
    programme = get_programme(reading, PROGRAMMES[VisitKind.ATTENDANCE])
    return [PointKind(place) for place in programme.places]
