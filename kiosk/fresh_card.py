"""The fresh card that an officer has scanned: looked at, noted as ready, or its refusal kept."""

from __future__ import annotations

from uuid import UUID

from kiosk.clock import now
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from registry.cards.cards import note_read_back
from registry.db import Session
from registry.models import Card
from verify.hand_over import FreshCard, look_at_fresh_card
from verify.refusals import keep_refusal


def look_at(reading: Session, text: str, as_typed: str | None) -> FreshCard:
    """Decide about what was scanned or typed; it only reads."""
    return look_at_fresh_card(
        reading, text, state().trust, area=signed_in().area_code, as_typed=as_typed or "", at=now()
    )


def note_ready(writing: Session, fresh: FreshCard) -> None:
    """Note that the card is ready, where this scan was the first of its code."""
    if fresh.is_to_note and fresh.card is not None:
        card = writing.get_one(Card, fresh.card.id)
        note_read_back(writing, card, actor=current_actor(), keys=state().keys, at=now())


def keep_refused(writing: Session, fresh: FreshCard) -> UUID:
    """Keep why it is not handed over, and return the id by which a complaint names it."""
    card_id = fresh.card.id if fresh.card else None
    return keep_refusal(writing, fresh.decision, card_id=card_id, actor=current_actor(), keys=state().keys, at=now())
