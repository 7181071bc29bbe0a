"""Cards: issued to a family, printed, spoilt, blocked, replaced; and those that wait for printer or family."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.card_faces import faces_of
from kiosk.clock import now
from kiosk.db import session
from kiosk.designs import design_in_force
from kiosk.filters import kapital
from kiosk.forms.cards import BlockForm, IssueForm, ReplaceForm
from kiosk.forms.spoilt import SpoiltForm
from kiosk.paging import page_of
from kiosk.permissions import Permission, needs
from kiosk.sent_files import show_pdf
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from printing.card import card_pdf
from printing.preflight import check_codes
from printing.temporary_card import temporary_card_pdf
from registry import regions
from registry.cards import cards, photos
from registry.cards import history as card_history
from registry.cards import waiting as waiting_cards
from registry.errors import NotFound, RegistryError
from registry.families.families import get_family
from registry.identifiers import CardNumber
from registry.kinds import BlockReason, CardMedium, CardState
from registry.models import Card
from registry.regions import RegionPath
from verify.issue import try_issue
from verify.reasons import Decision
from verify.refusals import keep_refusal

views = Blueprint("cards", __name__)

PAGE = 50
"""Waiting cards of a village that are shown at once."""

VILLAGES_PER_PAGE = 40


@views.post("/keluarga/<reference>/kartu")
@needs(Permission.CARDS_ISSUE)
def issue(reference: str) -> ResponseReturnValue:
    """Issue a card, or say with every reason why not."""
    family = get_family(session(), reference, area=signed_in().area_code)
    form = IssueForm()
    medium = CardMedium(form.medium.data) if form.validate() else CardMedium.PLASTIC
    answer = try_issue(session(), family, medium=medium, actor=current_actor(), keys=state().keys, at=now())
    if isinstance(answer, Decision):
        reasons = [words.of(reason.code, **reason.detail) for reason in answer.reasons]
        attempt_id = keep_refusal(session(), answer, card_id=None, actor=current_actor(), keys=state().keys, at=now())
        return render_template("cards/refused.html", family=family, reasons=reasons, attempt_id=attempt_id)
    flash(f"{kapital(words.label(medium))} diterbitkan. Langkah berikutnya: cetak.", "success")
    return redirect(url_for("cards.show", number=answer.number), 303)


@views.get("/kartu/<number>")
@needs(Permission.FAMILIES_SEE)
def show(number: str) -> ResponseReturnValue:
    """Show a card with every step of its life and what can be done next."""
    return _show(_get(number), spoilt=SpoiltForm(), block=BlockForm(), replace=ReplaceForm())


@views.get("/kartu/<number>/cetak.pdf")
@needs(Permission.CARDS_PRINT)
def print_one(number: str) -> ResponseReturnValue:
    """Give the card as a PDF of its two sides, one of paper as a slip; nothing is changed by it."""
    card = waiting_cards.get_printable(session(), CardNumber.parse(number), area=signed_in().area_code)
    folders = state().settings
    [face] = faces = list(faces_of(session(), [card], photos=folders.photos_folder))
    check_codes(faces)
    design = design_in_force(session(), folders.designs_folder)
    if card.medium is CardMedium.PAPER:
        slip = temporary_card_pdf(face, fetch_at=signed_in().point_name, design=design)
        return show_pdf(slip, f"kartu-sementara-{card.number}.pdf")
    return show_pdf(card_pdf(faces, design=design), f"kartu-{card.number}.pdf")


@views.post("/kartu/<number>/tercetak")
@needs(Permission.CARDS_PRINT)
def mark_printed(number: str) -> ResponseReturnValue:
    """Note that the card came out of the printer well."""
    card = _get(number)
    cards.mark_printed(session(), card, actor=current_actor(), keys=state().keys, at=now())
    flash("Kartu ditandai tercetak. Serahkan kepada keluarganya dengan memindai kartunya.", "success")
    return _to(card)


@views.post("/kartu/<number>/rusak")
@needs(Permission.CARDS_PRINT)
def mark_spoilt(number: str) -> ResponseReturnValue:
    """Note that a blank was spoilt; the card is to be printed again."""
    card, form = _get(number), SpoiltForm()
    form.expect(card.medium)
    if not form.validate():
        return _show(card, spoilt=form, block=BlockForm(formdata=None), replace=ReplaceForm(formdata=None)), 422
    cards.mark_spoilt(
        session(),
        card,
        reason=form.reason.data,
        destroyed_by=form.destroyer,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash("Cetakan rusak dicatat. Hancurkan kartu yang rusak, lalu cetak lagi.", "success")
    return _to(card)


@views.post("/kartu/<number>/blokir")
@needs(Permission.CARDS_BLOCK)
def block(number: str) -> ResponseReturnValue:
    """Block the card for good."""
    card, form = _get(number), BlockForm()
    if not form.validate():
        return _show(card, spoilt=SpoiltForm(formdata=None), block=form, replace=ReplaceForm(formdata=None)), 422
    why = BlockReason(form.why.data)
    cards.block_card(session(), card, why, form.note.data, actor=current_actor(), keys=state().keys, at=now())
    flash("Kartu diblokir. Mulai sekarang kartu ini ditolak di semua tempat.", "success")
    return _to(card)


@views.post("/kartu/<number>/ganti")
@needs(Permission.CARDS_BLOCK)
def replace(number: str) -> ResponseReturnValue:
    """Replace the card by a new one, which is to be printed and handed over in its turn."""
    card, form = _get(number), ReplaceForm()
    form.expect(card.medium)
    if not form.validate():
        return _show(card, spoilt=SpoiltForm(formdata=None), block=BlockForm(formdata=None), replace=form), 422
    why = BlockReason(form.why.data)
    new = cards.replace_card(
        session(),
        card,
        why,
        form.note.data,
        medium=CardMedium(form.medium.data),
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash("Kartu pengganti terbit. Kartu lama mulai sekarang ditolak di semua tempat.", "success")
    return _to(new)


@views.get("/kartu")
@needs(Permission.CARDS_PRINT)
def waiting() -> ResponseReturnValue:
    """Show the villages with waiting cards, or the waiting cards of one of them."""
    if "desa" in request.args:
        return _show_village(_place(request.args["desa"]))
    villages = waiting_cards.waiting_villages(session(), area=signed_in().area_code)
    page, pages = page_of(request.args.get("page"), len(villages), per_page=VILLAGES_PER_PAGE)
    start = (page - 1) * VILLAGES_PER_PAGE
    return render_template(
        "cards/waiting.html",
        villages=villages[start : start + VILLAGES_PER_PAGE],
        to_print=sum(village.to_print for village in villages),
        to_hand_over=sum(village.to_hand_over for village in villages),
        page=page,
        pages=pages,
    )


@views.get("/kartu/cari")
@needs(Permission.CARDS_PRINT)
def find() -> ResponseReturnValue:
    """Go to the card whose number was typed."""
    try:
        number = CardNumber.parse(request.args.get("nomor", ""))
        cards.get_card(session(), number, area=signed_in().area_code)
    except RegistryError as error:
        said = words.of(error.code, **error.detail)
        flash(f"{said.title}. {said.explanation}", "warning")
        return redirect(url_for("cards.waiting"), 303)
    return redirect(url_for("cards.show", number=number), 303)


def _get(number: str) -> Card:
    return cards.get_card(session(), CardNumber.parse(number), area=signed_in().area_code)


def _to(card: Card) -> ResponseReturnValue:
    return redirect(url_for("cards.show", number=card.number), 303)


def _show(card: Card, *, spoilt: SpoiltForm, block: BlockForm, replace: ReplaceForm) -> str:
    spoilt.expect(card.medium)
    replace.expect(card.medium)
    return render_template(
        "cards/show.html",
        card=card,
        place=regions.find_path(session(), card.region_code),
        steps=card_history.history_of(session(), card),
        photo=photos.current_photo(session(), card.head_id),
        predecessor=card_history.predecessor_of(session(), card),
        successor=card_history.successor_of(session(), card),
        spoilt=spoilt,
        block=block,
        replace=replace,
    )


def _place(village: str) -> RegionPath:
    if not regions.is_within(village, signed_in().area_code):
        raise NotFound("region_unknown", code=village[:13])
    return regions.find_path(session(), village)


def _show_village(place: RegionPath) -> str:
    counted = waiting_cards.waiting_villages(session(), area=place.code)
    to_print, to_hand_over = (counted[0].to_print, counted[0].to_hand_over) if counted else (0, 0)
    page, pages = page_of(request.args.get("page"), max(to_print, to_hand_over), per_page=PAGE)
    start = (page - 1) * PAGE
    return render_template(
        "cards/village.html",
        place=place,
        to_print=to_print,
        to_hand_over=to_hand_over,
        to_be_printed=_waiting(place, CardState.ISSUED, offset=start),
        printed=_waiting(place, CardState.PRINTED, offset=start),
        page=page,
        pages=pages,
    )


def _waiting(place: RegionPath, state: CardState, *, offset: int) -> Sequence[Card]:
    return waiting_cards.list_waiting(session(), state, village=place.code, limit=PAGE, offset=offset)
