"""Complaints at the counter: taken in one step from a refusal, or without one; and asked after by number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.clock import now
from kiosk.db import session
from kiosk.filters import kapital
from kiosk.forms.complaints import AskForm, ComplaintForm, ShownForm
from kiosk.permissions import Permission, may, needs
from kiosk.sent_files import show_pdf
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words.complaints import NEXT, WHERE_TO_ASK, WHERE_TO_ASK_ELSEWHERE
from printing.complaint_slip import ComplaintSlip, complaint_pdf
from printing.refusal_slip import RefusalSlip, ToldReason, refusal_pdf
from registry import regions
from registry.complaints.complaints import LONGEST_WORDS, take_complaint
from registry.complaints.numbers import read_number
from registry.complaints.reading import Whole, get_taken, tell_family
from registry.complaints.refusals import Refusal, get_refusal
from registry.db import Session
from registry.families.families import get_family
from registry.kinds import ComplaintKind
from registry.models import ServicePoint
from registry.officers.points import list_points
from verify.complaints import suggest_kind
from verify.facts import read_scan
from verify.reasons import Reason
from verify.shown_card import NotShown, find_shown_card

views = Blueprint("complaints", __name__, url_prefix="/pengaduan")


@dataclass(frozen=True)
class About:
    """What a complaint is about, as far as it was shown: a refusal, a family's page, a card."""

    refusal: Refusal | None = None
    family_id: UUID | None = None
    village_code: str | None = None
    shown: str = ""
    """How the page names it: the card's number and whose right was refused, or where the family lives."""
    person_id: UUID | None = None


@views.get("")
@needs(Permission.COMPLAINTS_TAKE)
def desk() -> ResponseReturnValue:
    """Wait for a family that complains, or asks what became of it."""
    return _desk(ShownForm(formdata=None), AskForm(formdata=None))


@views.post("/baru")
@needs(Permission.COMPLAINTS_TAKE)
def new() -> ResponseReturnValue:
    """Show the form, filled in as far as the refusal or the card says it. Nothing is stored yet."""
    shown = ShownForm()
    with state().database.reading() as reading:  # nothing is written: nobody who gives is held back
        if not shown.validate():
            return _desk(shown, AskForm(formdata=None)), 422
        about = _read(reading, shown.attempt.data, shown.family.data, shown.text, shown.scanned_as_typed.data)
        if isinstance(about, Reason):
            said = words.of(about.code, **about.detail)
            shown.typed.errors = [f"{said.title}. {said.explanation} Pengaduan dapat juga diterima tanpa kartu."]
            return _desk(shown, AskForm(formdata=None)), 422
        form = ComplaintForm(
            formdata=None,
            attempt=shown.attempt.data,
            family=shown.family.data,
            scanned=shown.text,
            scanned_as_typed=shown.scanned_as_typed.data,
            key=uuid4(),
            kind=suggest_kind(about.refusal.reasons).value if about.refusal else None,
            told=_first_words(about.refusal) if about.refusal else "",
        )
        return _form(reading, form, about)


@views.post("")
@needs(Permission.COMPLAINTS_TAKE)
def take() -> ResponseReturnValue:
    """Take the complaint; pressed again, it is the same one."""
    form, store = ComplaintForm(), session()
    form.offer(_points(store))
    about = _read(store, form.attempt.data, form.family.data, form.scanned.data, form.scanned_as_typed.data)
    if isinstance(about, Reason):  # the card was read a moment ago, and is taken along no further
        about = About()
    if not form.validate():
        return _form(store, form, about), 422
    complaint = take_complaint(
        store,
        ComplaintKind(form.kind.data),
        form.told.data,
        family_id=about.family_id,
        person_id=about.person_id,
        attempt_id=about.refusal.attempt_id if about.refusal else None,
        round_id=about.refusal.round_id if about.refusal else None,
        about_point_id=UUID(form.about_point.data) if form.about_point.data else None,
        area_code=about.village_code or signed_in().area_code,
        key=str(UUID(form.key.data)),
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    return redirect(url_for("complaints.taken", number=complaint.number), 303)


@views.get("/<number>/diterima")
@needs(Permission.COMPLAINTS_TAKE)
def taken(number: str) -> ResponseReturnValue:
    """Show the number of the complaint that was just taken, to be told and written down."""
    whole = get_taken(session(), number, officer_id=signed_in().officer_id)
    return render_template(
        "complaints/taken.html", whole=whole, next_step=NEXT[whole.complaint.kind], where=_where(whole)
    )


@views.get("/<number>/slip.pdf")
@needs(Permission.COMPLAINTS_TAKE)
def slip(number: str) -> ResponseReturnValue:
    """Give the number as a slip of paper, to the officer who took the complaint."""
    whole = get_taken(session(), number, officer_id=signed_in().officer_id)
    paper = complaint_pdf(
        ComplaintSlip(
            number=whole.complaint.number,
            kind=kapital(words.label(whole.complaint.kind)),
            made_at=whole.complaint.made_at,
            point=whole.point,
            next_step=NEXT[whole.complaint.kind],
            where_to_ask=_where(whole),
        )
    )
    return show_pdf(paper, f"pengaduan-{whole.complaint.number}.pdf")


@views.post("/tanya")
@needs(Permission.COMPLAINTS_TAKE)
def ask() -> ResponseReturnValue:
    """Go to what became of a complaint, by the number off the slip."""
    form = AskForm()
    if not form.validate():
        return _desk(ShownForm(formdata=None), form), 422
    return redirect(url_for("complaints.tell", number=read_number(form.number.data)), 303)


@views.get("/<number>")
@needs(Permission.COMPLAINTS_TAKE)
def tell(number: str) -> ResponseReturnValue:
    """Tell the family what became of its complaint."""
    whole = tell_family(session(), number, point_id=signed_in().point_id)
    return render_template("complaints/tell.html", whole=whole, next_step=NEXT[whole.complaint.kind])


@views.get("/penolakan/<uuid:attempt_id>/slip.pdf")
@needs(Permission.COMPLAINTS_TAKE)
def refusal_slip(attempt_id: UUID) -> ResponseReturnValue:
    """Give a refusal of this service point as a slip of paper: every reason, and where to go."""
    refusal = get_refusal(session(), attempt_id, point_id=signed_in().point_id)
    paper = refusal_pdf(
        RefusalSlip(
            programme=" · ".join(filter(None, (refusal.programme, refusal.round_name))),
            card_number=refusal.card_number or "",
            person=_whose(refusal),
            told_at=refusal.at,
            point=signed_in().point_name,
            reasons=[ToldReason(said.title, said.explanation, said.next_step) for said in _said(refusal)],
            complaint_number=refusal.complaint_number or "",
        )
    )
    return show_pdf(paper, "penolakan.pdf")


def _read(
    store: Session, attempt: str | None, family: str | None, text: str | None, typed: str | None
) -> About | Reason:
    """Find out what was shown; a reason when it was a card and none of ours."""
    refusal = get_refusal(store, UUID(attempt), point_id=signed_in().point_id) if attempt else None
    if family and may(Permission.FAMILIES_SEE):
        of_page = get_family(store, family, area=signed_in().area_code)
        place = regions.find_path(store, of_page.village_code)
        return About(refusal, of_page.id, of_page.village_code, f"keluarga di {place.village}, {place.district}")
    if refusal is not None:
        named = (f"kartu {refusal.card_number}" if refusal.card_number else "", _whose(refusal))
        shown = ", untuk ".join(filter(None, named))
        return About(refusal, refusal.family_id, refusal.village_code, shown, refusal.person_id)
    if not text:
        return About()
    scan = read_scan(text, state().trust, at=now(), as_typed=typed or "")
    card = find_shown_card(store, scan, area=signed_in().area_code)
    if isinstance(card, NotShown):
        return card.reason
    return About(None, card.family_id, card.family.village_code, f"kartu {card.number}")


def _said(refusal: Refusal) -> list[words.Words]:
    details = refusal.details or [{}] * len(refusal.reasons)
    return [words.of(code, **detail) for code, detail in zip(refusal.reasons, details, strict=True)]


def _whose(refusal: Refusal) -> str:
    return f"{refusal.person_name}, lahir tahun {refusal.birth_year}" if refusal.person_name else ""


def _first_words(refusal: Refusal) -> str:
    """Put what was refused into words that the officer goes on from."""
    asked = f" untuk {refusal.programme}" if refusal.programme else ""
    titles = "; ".join(said.title.lower() for said in _said(refusal))
    return f"Ditolak{asked}: {titles}. Keluarga menyampaikan: "[:LONGEST_WORDS]


def _points(store: Session) -> Iterable[ServicePoint]:
    """Return the service points that a family here may have been at: of this area, and those that serve it."""
    area = signed_in().area_code
    return [
        point
        for point in list_points(store)
        if regions.is_within(point.area_code, area) or regions.is_within(area, point.area_code)
    ]


def _where(whole: Whole) -> str:
    return WHERE_TO_ASK_ELSEWHERE if whole.complaint.kind is ComplaintKind.EXTORTION else WHERE_TO_ASK


def _desk(shown: ShownForm, asked: AskForm) -> str:
    return render_template("complaints/desk.html", form=shown, ask=asked)


def _form(store: Session, form: ComplaintForm, about: About) -> str:
    form.offer(_points(store))
    return render_template("complaints/new.html", form=form, about=about, here=signed_in().point_id)
