"""One step in a card's life: the UPDATE that names the state it starts from, and the line that tells of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update

from registry.audit import Actor, record
from registry.db import Session
from registry.errors import Conflict
from registry.keys.keys import KeyRing
from registry.kinds import BlockReason, CardEventKind, CardState
from registry.models import Card, CardEvent, Person

__all__ = ["step_card", "tell_step"]

_LONGEST_REASON = 200  # the column's width


def step_card(
    session: Session,
    card: Card,
    expected: Collection[CardState],
    *,
    state: CardState,
    block_reason: BlockReason | None = None,
) -> None:
    """Move a card from one of the expected states to another.

    Raises:
        Conflict: ``card_is_…``, the state that it has now; another counter was quicker.
    """
    moved = session.scalar(
        update(Card)
        .where(Card.id == card.id, Card.state.in_(expected))
        .values(state=state, block_reason=block_reason, **_no_longer_read(state))
        .returning(Card.id)
        # the row decides, not what this session believes of it
        .execution_options(synchronize_session=False)
    )
    session.refresh(card)
    if moved is None:
        raise Conflict(f"card_is_{card.state}", number=card.number)


def tell_step(
    session: Session,
    card: Card,
    kind: CardEventKind,
    *,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
    why: BlockReason | None = None,
    reason: str = "",
    receiver: Person | None = None,
) -> None:
    """Keep a step with the card and in the trail."""
    told = ": ".join(part for part in (why or "", reason) if part)
    session.add(
        CardEvent(
            card_id=card.id,
            kind=kind,
            at=at,
            officer_id=actor.officer_id,
            point_id=actor.point_id,
            reason=told[:_LONGEST_REASON],
            receiver_id=receiver.id if receiver else None,
        )
    )
    detail: dict[str, str] = {"reason": why} if why else {}
    if receiver:
        detail["receiver"] = "head" if receiver.id == card.head_id else "proxy"
    record(session, f"card.{kind}", f"card:{card.id}", actor=actor, key=keys.audit_key, at=at, **detail)


def _no_longer_read(state: CardState) -> dict[str, None]:
    return {"read_back_at": None} if state is CardState.ISSUED else {}
