"""Schooling: a school scans the family's card, sees the child and nothing of the family, and confirms it once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.answers import Answer, answer_of
from kiosk.clock import now
from kiosk.db import session
from kiosk.file_names import file_name
from kiosk.filters import tanggal_jam
from kiosk.forms.schooling import EnrolmentForm, FamilyCardForm, PupilForm
from kiosk.permissions import Permission, needs
from kiosk.sent_files import offer_file, show_pdf
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words.schooling import case_words, masked_nisn, say_school, say_stated
from kiosk.words.slip import COMPLAINTS_OF_SCHOOLING
from printing.enrolment_slip import EnrolmentSlip, enrolment_pdf
from printing.workbook import Sheet, write_workbook
from registry.audit import head_hash
from registry.db import Session
from registry.downloads import note_download
from registry.kinds import ListOfNames
from registry.schooling.enrolments import StatedEnrolment, get_confirmation
from registry.schooling.school_lists import SchoolList, get_school_list, tally_school_lists
from verify.facts import Scan, read_scan
from verify.not_confirmed import NotConfirmed, keep_not_confirmed
from verify.reasons import ReasonCode
from verify.schooling import (
    Confirmed,
    EnrolmentRequest,
    PupilSeen,
    SchoolOffer,
    confirm_enrolment,
    look_at_pupil,
    look_at_pupils,
)

views = Blueprint("schooling", __name__, url_prefix="/sekolah")

_FIELD_OF = {
    ReasonCode.NISN_MALFORMED: "nisn",
    ReasonCode.NISN_DIFFERS: "nisn",
    ReasonCode.CAMPUS_MISSING: "campus",
    ReasonCode.PROOF_MISSING: "proofs",
}
"""The field that mends a reason: it is told there, and the form stays."""


@views.get("")
@needs(Permission.SCHOOL_SERVE)
def page() -> ResponseReturnValue:
    """Wait for a scan, and say how far the lists of this school have come."""
    return _wait(FamilyCardForm(formdata=None))


@views.post("")
@needs(Permission.SCHOOL_SERVE)
def children() -> ResponseReturnValue:
    """Show the children of the scanned card, or why the card is not good."""
    form = FamilyCardForm()
    if not form.validate():
        return _wait(form), 422
    with state().database.reading() as reading:  # looking holds back nobody who gives
        seen = look_at_pupils(reading, _scan(form), point_id=signed_in().point_id, area=signed_in().area_code, at=now())
    if not seen.decision.is_granted:
        return _show_refused(_keep([NotConfirmed(seen.decision, seen.card_id)]))
    chosen = PupilForm(formdata=None, scanned=form.text, scanned_as_typed=form.scanned_as_typed.data)
    again = FamilyCardForm(formdata=None)
    return render_template("schooling/children.html", pupils=seen.pupils, chosen=chosen, form=again)


@views.post("/anak")
@needs(Permission.SCHOOL_SERVE)
def pupil() -> ResponseReturnValue:
    """Show what can be confirmed for one child, or every reason why not."""
    form = PupilForm()
    if not form.validate():
        return _ask_again()
    with state().database.reading() as reading:
        seen = _look(reading, form)
    refused = _keep(seen.refused)
    return _show_pupil(seen, form, refused) if seen.decision.is_granted else _show_refused(refused, seen)


@views.post("/konfirmasi")
@needs(Permission.SCHOOL_SERVE)
def confirm() -> ResponseReturnValue:
    """Confirm a child once, and go to the receipt; pressed again, to the same receipt."""
    form = EnrolmentForm()
    if not form.validate():
        return _ask_again()
    request = EnrolmentRequest(
        scan=_scan(form),
        person_id=UUID(form.person.data),
        round_id=UUID(form.round_id.data),
        stated=StatedEnrolment(
            nisn="".join((form.nisn.data or "").split()),
            campus=(form.campus.data or "").strip(),
            evidence=(form.evidence.data or "").strip(),
        ),
        proofs=form.seen,
        # one way of writing it: the same key with other brackets or letters would be another one
        idempotency_key=str(UUID(form.key.data)),
        actor=current_actor(),
        area=signed_in().area_code,
        at=now(),
    )
    answer = confirm_enrolment(state().database, state().writer, request)
    if isinstance(answer, Confirmed):
        return redirect(url_for("schooling.receipt", number=answer.receipt_number), 303)
    return _show_not_confirmed(answer, form)


@views.get("/bukti/<number>")
@needs(Permission.SCHOOL_SERVE)
def receipt(number: str) -> ResponseReturnValue:
    """Show a confirmation of this school; the next card can be scanned from here."""
    confirmation = get_confirmation(session(), number, point_id=signed_in().point_id)
    return render_template(
        "schooling/receipt.html",
        confirmation=confirmation,
        stated=say_stated(confirmation),
        school=say_school(confirmation.point, confirmation.npsn),
        form=FamilyCardForm(formdata=None),
    )


@views.get("/bukti/<number>/slip.pdf")
@needs(Permission.SCHOOL_SERVE)
def slip(number: str) -> ResponseReturnValue:
    """Give a confirmation of this school as a slip of paper, which shows the child and nothing of the family."""
    told = get_confirmation(session(), number, point_id=signed_in().point_id)
    paper = enrolment_pdf(
        EnrolmentSlip(
            programme=f"{told.programme} · {told.round_name}",
            receipt_number=told.receipt_number,
            name=told.name,
            birth_year=told.birth_year,
            stated=say_stated(told),
            point=say_school(told.point, told.npsn),
            given_at=told.given_at,
            officer_id=told.officer_number,
            complaint_contact=COMPLAINTS_OF_SCHOOLING,
            undone_at=told.undone_at,
            audit_tail=head_hash(session(), signed_in().point_id).hex()[-8:],
        )
    )
    return show_pdf(paper, f"bukti-{told.receipt_number}.pdf")


@views.get("/daftar/<uuid:round_id>")
@needs(Permission.SCHOOL_SERVE)
def roster(round_id: UUID) -> ResponseReturnValue:
    """Show this school's own pupils of a round: confirmed, and still to confirm."""
    listed = _list(round_id)
    return render_template("schooling/roster.html", listed=listed, masked=masked_nisn)


@views.post("/daftar/<uuid:round_id>/murid.xlsx")
@needs(Permission.SCHOOL_SERVE)
def workbook(round_id: UUID) -> ResponseReturnValue:
    """Give the same list as a workbook, which leaves a line in the trail."""
    with state().database.reading() as reading:
        listed = get_school_list(reading, round_id, point_id=signed_in().point_id)
    rows = [
        (
            one.name,
            str(one.birth_year),
            masked_nisn(one.nisn),
            tanggal_jam(one.confirmed_at) if one.confirmed_at else "Belum dikonfirmasi",
            one.receipt_number or "",
        )
        for one in listed.pupils
    ]
    header = ("Nama", "Lahir tahun", "NISN", "Dikonfirmasi", "Bukti")
    whole = write_workbook([Sheet(f"{listed.programme} {listed.round_name}", header, rows)])
    acting: dict[str, Any] = {"actor": current_actor(), "keys": state().keys, "at": now()}
    note_download(session(), round_id, ListOfNames.PUPILS, **acting)
    return offer_file(whole, file_name("murid", listed.programme, listed.round_name, ending="xlsx"))


def _scan(form: FamilyCardForm) -> Scan:
    return read_scan(form.text, state().trust, at=now(), as_typed=form.scanned_as_typed.data or "")


def _look(reading: Session, form: PupilForm) -> PupilSeen:
    here = signed_in()
    return look_at_pupil(
        reading, _scan(form), UUID(form.person.data), point_id=here.point_id, area=here.area_code, at=now()
    )


def _list(round_id: UUID) -> SchoolList:
    return get_school_list(session(), round_id, point_id=signed_in().point_id)


def _keep(refused: Sequence[NotConfirmed]) -> list[NotConfirmed]:
    """Keep what was refused; return it as it is told, with the rows by which a complaint names it."""
    if not refused:
        return []
    with state().database.writing() as keeping:
        return keep_not_confirmed(
            keeping, refused, say_case=case_words, actor=current_actor(), keys=state().keys, at=now()
        )


def _wait(form: FamilyCardForm) -> str:
    with state().database.reading() as reading:
        tallies = tally_school_lists(reading, signed_in().point_id)
        return render_template("schooling/page.html", form=form, tallies=tallies)


def _ask_again() -> ResponseReturnValue:
    again = FamilyCardForm(formdata=None)
    again.typed.errors = ["Permintaan tidak lengkap. Pindai kartunya sekali lagi."]
    return _wait(again), 422


def _show_pupil(
    seen: PupilSeen, form: PupilForm, refused: Sequence[NotConfirmed] = (), filled: EnrolmentForm | None = None
) -> str:
    """Show one child with a form for each programme that can be confirmed; one that was filled in stays so."""
    return render_template(
        "schooling/pupil.html",
        pupil=seen.pupil,
        offers=_say(seen.offers, refused),
        enrol=lambda round_id: (
            filled
            if filled is not None
            else EnrolmentForm(
                formdata=None,
                scanned=form.text,
                scanned_as_typed=form.scanned_as_typed.data,
                person=form.person.data,
                round_id=round_id,
                key=uuid4(),
            )
        ),
        form=FamilyCardForm(formdata=None),
    )


def _show_refused(refused: Sequence[NotConfirmed], seen: PupilSeen | None = None) -> str:
    """Show everything that one card was refused at once: one reason after the other, or programme by programme."""
    decision = seen.decision if seen and len(refused) > 1 else refused[0].decision
    return render_template(
        "schooling/refused.html",
        answer=answer_of(decision.outcome, decision.reasons),
        pupil=seen.pupil if seen else None,
        offers=_say(seen.offers, refused) if seen else [],
        attempt_id=refused[0].attempt_id,
        form=FamilyCardForm(formdata=None),
    )


def _show_not_confirmed(answer: NotConfirmed, form: EnrolmentForm) -> ResponseReturnValue:
    """Show why a child was not confirmed: beside the field that mends it, where every reason has one."""
    kept = answer if answer.attempt_id else _keep([answer])[0]
    if not {reason.code for reason in kept.decision.reasons} <= _FIELD_OF.keys():
        return _show_refused([kept])
    for reason in kept.decision.reasons:
        said = words.of(reason.code, **reason.detail)
        form[_FIELD_OF[reason.code]].errors = [f"{said.explanation} {said.next_step}"]
    with state().database.reading() as reading:
        seen = _look(reading, form)
    asked = tuple(offer for offer in seen.offers if offer.round_id == kept.round_id)
    return _show_pupil(replace(seen, offers=asked), form, filled=form), 422


def _say(
    offers: Iterable[SchoolOffer], refused: Iterable[NotConfirmed]
) -> list[tuple[SchoolOffer, Answer, UUID | None]]:
    """Return each programme with its words, and the row of its refusal where it was refused."""
    kept = {one.round_id: one for one in refused}
    said = []
    for offer in offers:
        one = kept.get(offer.round_id)
        decision = one.decision if one else offer.decision
        said.append((offer, answer_of(decision.outcome, decision.reasons), one.attempt_id if one else None))
    return said
