"""The puskesmas: scan a card, choose the person, record a visit, a step of a pregnancy or an ambulance.

What was scanned and who was chosen travel in hidden fields and are checked anew at every step, against the card;
neither stands in an address. Nothing of the family's poverty or aid is read here.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.answers import answer_of
from kiosk.clock import now
from kiosk.db import session
from kiosk.forms.care import MemberForm, PregnancyForm, ReferralForm, VisitForm, say_on
from kiosk.forms.scan import ScanForm
from kiosk.permissions import Permission, needs
from kiosk.photo_data import photo_data, photos_data
from kiosk.sent_files import show_pdf
from kiosk.shown_card import look_at_shown_card
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words.care import FREE_HOSPITALS
from printing.referral import ReferralNote, referral_pdf
from registry.audit import head_hash
from registry.care.pregnancies import end_pregnancy, find_pregnancy
from registry.care.referrals import asks_for, note_referral
from registry.care.visits import count_of_day, get_visit
from registry.days import local_day
from registry.db import Session
from registry.errors import RegistryError
from registry.families.known_facts import current_person_facts
from registry.kinds import CoverAsk, VisitKind
from registry.regions import find_path
from verify.care import Recorded, VisitRequest, look_at_registering, record_visit, register
from verify.members import CardShown, Chosen, choose
from verify.reasons import Decision
from verify.refusals import keep_refusal

views = Blueprint("care", __name__, url_prefix="/layanan-kesehatan")


@views.get("")
@needs(Permission.CARE_SERVE)
def page() -> ResponseReturnValue:
    """Wait for a scan."""
    return render_template("care/page.html", form=ScanForm(formdata=None))


@views.get("/darurat")
@needs(Permission.CARE_SERVE)
def emergency() -> ResponseReturnValue:
    """Say what is done in an emergency; nothing is asked and nothing is recorded."""
    return render_template("care/emergency.html", hospitals=FREE_HOSPITALS)


@views.get("/hari-ini")
@needs(Permission.CARE_SERVE)
def today() -> ResponseReturnValue:
    """Show how many visits were recorded here today; of nobody by name."""
    at = now()
    counted = count_of_day(session(), signed_in().point_id, local_day(at))
    return render_template("care/today.html", counted=counted, at=at)


@views.post("")
@needs(Permission.CARE_SERVE)
def look() -> ResponseReturnValue:
    """Show who lives in the card's family, or every reason why the card is not good."""
    form = ScanForm()
    if not form.validate() or not form.text:
        form.typed.errors = form.typed.errors or ["Pindai kartu, atau ketik nomornya."]
        return render_template("care/page.html", form=form), 422
    with state().database.reading() as reading:  # looking holds back nobody who gives
        card = look_at_shown_card(reading, form)
        if card.family is not None:
            photos = photos_data(reading, [one.person_id for one in card.family.members])
            return render_template("care/members.html", family=card.family, photos=photos, form=form)
    with state().database.writing() as keeping:
        return _refuse(keeping, card, card.decision)


@views.post("/orang")
@needs(Permission.CARE_SERVE)
def member() -> ResponseReturnValue:
    """Show what can be recorded for the person who was chosen."""
    form = MemberForm()
    with state().database.reading() as reading:
        card = look_at_shown_card(reading, form)
        chosen = choose(card, form.person_id)
        if not isinstance(chosen, Decision):
            return _show_member(reading, chosen, form)
    with state().database.writing() as keeping:
        return _refuse(keeping, card, chosen)


@views.post("/kunjungan")
@needs(Permission.CARE_SERVE)
def record() -> ResponseReturnValue:
    """Record a visit once, and go to it; pressed again, to the same one."""
    form = VisitForm()
    card = look_at_shown_card(session(), form)
    chosen = choose(card, form.person_id)
    if isinstance(chosen, Decision):
        return _refuse(session(), card, chosen)
    if not form.validate():
        return _show_member(session(), chosen, form, visit=form), 422
    # one way of writing the key: the same with other brackets or letters would be another one
    request = VisitRequest(VisitKind(form.kind.data), str(UUID(form.key.data)), form.next_on.data)
    try:
        result = record_visit(session(), chosen, request, here=signed_in().point_kind, **_acting())
    except RegistryError as error:
        if error.code != "next_visit_unlikely":
            raise
        say_on(form.next_on, error.code)
        return _show_member(session(), chosen, form, visit=form), 422
    if isinstance(result, Recorded):
        return redirect(url_for("care.recorded", visit_id=result.visit_id), 303)
    return _refuse(session(), card, result, chosen)


@views.get("/tercatat/<uuid:visit_id>")
@needs(Permission.CARE_SERVE)
def recorded(visit_id: UUID) -> ResponseReturnValue:
    """Show a visit that was recorded here; the next card can be scanned from here."""
    visit = get_visit(session(), visit_id, point_id=signed_in().point_id)
    return render_template("care/recorded.html", visit=visit, form=ScanForm(formdata=None))


@views.post("/kehamilan")
@needs(Permission.CARE_SERVE)
def begin() -> ResponseReturnValue:
    """Register a pregnancy; its visits can be recorded then."""
    form = PregnancyForm()
    card = look_at_shown_card(session(), form)
    chosen = choose(card, form.person_id)
    if isinstance(chosen, Decision):
        return _refuse(session(), card, chosen)
    if not form.validate():
        return _show_member(session(), chosen, form, pregnancy=form), 422
    try:
        result = register(session(), chosen, form.due_on.data, here=signed_in().point_kind, **_acting())
    except RegistryError as error:
        if error.code != "due_date_unlikely":
            raise
        say_on(form.due_on, error.code)
        return _show_member(session(), chosen, form, pregnancy=form), 422
    if isinstance(result, Decision):
        return _refuse(session(), card, result, chosen)
    return _show_member(session(), chosen, form, said="Kehamilan terdaftar. Catat kunjungan pertamanya di bawah ini.")


@views.post("/kehamilan/selesai")
@needs(Permission.CARE_SERVE)
def finish() -> ResponseReturnValue:
    """End the support of a pregnancy; neither why nor how is asked."""
    form = MemberForm()
    card = look_at_shown_card(session(), form)
    chosen = choose(card, form.person_id)
    if isinstance(chosen, Decision):
        return _refuse(session(), card, chosen)
    end_pregnancy(session(), chosen.person.person_id, **_acting())
    flash("Pendampingan kehamilan ditandai selesai.", "success")
    return redirect(url_for("care.page"), 303)


@views.post("/surat.pdf")
@needs(Permission.CARE_SERVE)
def referral() -> ResponseReturnValue:
    """Give the letter to Dinas Sosial for a person without cover."""
    form = ReferralForm()
    card = look_at_shown_card(session(), form)
    chosen = choose(card, form.person_id)
    if isinstance(chosen, Decision):
        return _refuse(session(), card, chosen)
    family, person = chosen.family, chosen.person
    jkn = current_person_facts(session(), [person.person_id])[person.person_id].jkn
    form.offer(asks_for(jkn.value if jkn else None))
    if not form.validate():
        return _show_member(session(), chosen, form, referral=form), 422
    at, ask, who = now(), CoverAsk(form.ask.data), signed_in()
    note_referral(session(), person.person_id, ask, actor=current_actor(), keys=state().keys, at=at)
    paper = referral_pdf(
        ReferralNote(
            point=who.point_name,
            regency=find_path(session(), family.village_code).regency,
            name=person.name,
            birth_year=person.birth_year,
            card_number=family.card_number,
            ask=words.label(ask),
            made_at=at,
            officer=who.name,
            officer_id=who.number,
            audit_tail=head_hash(session(), who.point_id).hex()[-8:],
        )
    )
    return show_pdf(paper, "surat-dinas-sosial.pdf")


def _acting() -> dict[str, Any]:
    """Return who acts, with which keys, and when."""
    return {"actor": current_actor(), "keys": state().keys, "at": now()}


def _refuse(keeping: Session, card: CardShown, decision: Decision, chosen: Chosen | None = None) -> str:
    person_id = chosen.person.person_id if chosen else None
    attempt_id = keep_refusal(keeping, decision, card_id=card.card_id, person_id=person_id, **_acting())
    return render_template(
        "care/refused.html",
        answer=answer_of(decision.outcome, decision.reasons),
        is_card_good=card.family is not None,
        attempt_id=attempt_id,
        hospitals=FREE_HOSPITALS,
    )


def _show_member(
    reading: Session,
    chosen: Chosen,
    form: ScanForm,
    *,
    visit: VisitForm | None = None,
    pregnancy: PregnancyForm | None = None,
    referral: ReferralForm | None = None,
    said: str = "",
) -> str:
    person = chosen.person
    jkn = current_person_facts(reading, [person.person_id])[person.person_id].jkn
    if referral is None:
        referral = ReferralForm(formdata=None)
        referral.offer(asks_for(jkn.value if jkn else None))
    supportable = look_at_registering(reading, chosen, here=signed_in().point_kind, at=now())
    return render_template(
        "care/member.html",
        family=chosen.family,
        person=person,
        photo=photo_data(reading, person.person_id),
        jkn=jkn,
        supported=find_pregnancy(reading, person.person_id),
        supportable=answer_of(supportable.outcome, supportable.reasons),
        form=form,
        visit=visit or VisitForm(formdata=None),
        pregnancy=pregnancy or PregnancyForm(formdata=None),
        referral=referral,
        new_key=uuid4,
        said=said,
    )
