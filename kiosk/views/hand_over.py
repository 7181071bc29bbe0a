"""Handing a card over: scanning the fresh card proves that it can be read; then it goes to the head or a proxy."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk.answers import answer_of
from kiosk.clock import now
from kiosk.db import session
from kiosk.forms.hand_over import FreshCardForm, ReceiverForm
from kiosk.permissions import Permission, needs
from kiosk.photo_data import photo_data
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from registry import regions
from registry.cards import cards
from registry.cards import history as card_history
from registry.db import Session
from registry.models import Card
from verify.hand_over import FreshCard, look_at_fresh_card
from verify.refusals import keep_refusal

views = Blueprint("hand_over", __name__)


@views.get("/kartu/serahkan")
@needs(Permission.CARDS_HAND_OVER)
def page() -> ResponseReturnValue:
    """Wait for the scan of the fresh card."""
    return render_template("hand_over/page.html", form=FreshCardForm(formdata=None))


@views.post("/kartu/serahkan")
@needs(Permission.CARDS_HAND_OVER)
def look() -> ResponseReturnValue:
    """Show who may take the scanned card, or every reason why it is not handed over."""
    form = FreshCardForm()
    if not form.validate():
        return render_template("hand_over/page.html", form=form), 422
    database = state().database
    with database.reading() as reading:  # looking holds back nobody who gives
        fresh = _look(reading, form)
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
        attempt_id = _keep(keeping, fresh)
    return _show_refusal(fresh, attempt_id, is_here=is_here)


@views.post("/kartu/serahkan/penerima")
@needs(Permission.CARDS_HAND_OVER)
def confirm() -> ResponseReturnValue:
    """Note who took the card: it is active now."""
    form = ReceiverForm()
    fresh = _look(session(), form)
    if fresh.card is None or not fresh.decision.is_granted:
        return _show_refusal(fresh, _keep(session(), fresh), is_here=_is_here(fresh))
    form.offer(card_history.receivers_for(session(), fresh.card, at=now()))
    if not form.validate():
        return _show_receivers(session(), fresh.card, form), 422
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


def _look(reading: Session, form: FreshCardForm) -> FreshCard:
    return look_at_fresh_card(
        reading,
        form.text,
        state().trust,
        area=signed_in().area_code,
        as_typed=form.scanned_as_typed.data or "",
        at=now(),
    )


def _keep(keeping: Session, fresh: FreshCard) -> UUID:
    card_id = fresh.card.id if fresh.card else None
    return keep_refusal(keeping, fresh.decision, card_id=card_id, actor=current_actor(), keys=state().keys, at=now())


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
