"""Handing a card over: scanning the fresh card proves that it can be read; then it goes to the head or a proxy.

Where there is no scanner, a picture of the code does as well; it is read here and not kept.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.answers import answer_of
from kiosk.clock import now
from kiosk.db import session
from kiosk.forms.code_picture import CodePictureForm
from kiosk.forms.hand_over import FreshCardForm, ReceiverForm
from kiosk.fresh_card import keep_refused, look_at, note_ready
from kiosk.permissions import Permission, needs
from kiosk.photo_data import photo_data
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words import Words
from printing.errors import PhotoError
from printing.reading import read_code
from registry import regions
from registry.cards import cards
from registry.cards import history as card_history
from registry.db import Session
from registry.models import Card
from verify.hand_over import FreshCard

views = Blueprint("hand_over", __name__)


@views.get("/kartu/serahkan")
@needs(Permission.CARDS_HAND_OVER)
def page() -> ResponseReturnValue:
    """Wait for the scan of the fresh card."""
    return _wait(FreshCardForm(formdata=None))


@views.post("/kartu/serahkan")
@needs(Permission.CARDS_HAND_OVER)
def look() -> ResponseReturnValue:
    """Show who may take the scanned card, or every reason why it is not handed over."""
    form = FreshCardForm()
    if not form.validate():
        return _wait(form), 422
    return _answer(form)


@views.post("/kartu/serahkan/foto")
@needs(Permission.CARDS_HAND_OVER)
def look_at_picture() -> ResponseReturnValue:
    """Read the code in a picture, and go on as with a scan."""
    picture = CodePictureForm()
    if not picture.validate():
        return _wait(FreshCardForm(formdata=None), picture), 422
    try:
        text = read_code(picture.picture.data.read())
    except PhotoError as error:
        return _wait(FreshCardForm(formdata=None), picture, words.of(error.code)), 422
    return _answer(FreshCardForm(formdata=None, scanned=text))


@views.post("/kartu/serahkan/penerima")
@needs(Permission.CARDS_HAND_OVER)
def confirm() -> ResponseReturnValue:
    """Note who took the card: it is active now."""
    form = ReceiverForm()
    fresh = look_at(session(), form.text, form.scanned_as_typed.data)
    if fresh.card is None or not fresh.decision.is_granted:
        return _show_refusal(fresh, keep_refused(session(), fresh), is_here=_is_here(fresh))
    form.offer(card_history.receivers_for(session(), fresh.card, at=now()))
    if not form.validate():
        return _show_receivers(session(), fresh.card, form), 422
    note_ready(session(), fresh)
    cards.hand_over(
        session(),
        fresh.card,
        card_history.get_receiver(session(), fresh.card, UUID(form.receiver.data), at=now()),
        id_seen=form.id_seen.data,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash(f"Kartu {fresh.card.number} sudah diserahkan dan sekarang aktif.", "success")
    return redirect(url_for("hand_over.page"), 303)


def _wait(form: FreshCardForm, picture: CodePictureForm | None = None, said: Words | None = None) -> str:
    return render_template(
        "hand_over/page.html", form=form, picture=picture or CodePictureForm(formdata=None), said=said
    )


def _answer(form: FreshCardForm) -> ResponseReturnValue:
    database = state().database
    with database.reading() as reading:  # looking holds back nobody who gives
        fresh = look_at(reading, form.text, form.scanned_as_typed.data)
        if fresh.is_to_note:
            with database.writing() as noting:
                note_ready(noting, fresh)
        if fresh.card is not None and fresh.decision.is_granted:
            head = card_history.receivers_for(reading, fresh.card, at=now())[0]
            chosen = ReceiverForm(
                formdata=None,
                scanned=form.text,
                scanned_as_typed=form.scanned_as_typed.data,
                receiver=str(head.person.id),
            )
            return _show_receivers(reading, fresh.card, chosen)
        is_here = _is_here(fresh)
    with database.writing() as keeping:
        attempt_id = keep_refused(keeping, fresh)
    return _show_refusal(fresh, attempt_id, is_here=is_here)


def _is_here(fresh: FreshCard) -> bool:
    return fresh.card is not None and regions.is_within(fresh.card.family.village_code, signed_in().area_code)


def _show_refusal(fresh: FreshCard, attempt_id: UUID, *, is_here: bool) -> str:
    return render_template(
        "hand_over/refused.html",
        answer=answer_of(fresh.decision.outcome, fresh.decision.reasons),
        card=fresh.card,
        is_here=is_here,
        attempt_id=attempt_id,
    )


def _show_receivers(reading: Session, card: Card, form: ReceiverForm) -> str:
    receivers = card_history.receivers_for(reading, card, at=now())
    form.offer(receivers)
    return render_template(
        "hand_over/receivers.html",
        card=card,
        place=regions.find_path(reading, card.family.village_code),
        photo=photo_data(reading, card.head_id),
        receivers=receivers,
        form=form,
    )
