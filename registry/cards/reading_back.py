"""How far the fresh cards were read back: those that came out, and whose code nobody has scanned yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from registry.db import Session
from registry.kinds import CardEventKind, CardState
from registry.models import Card, CardEvent, Family
from registry.regions import within

__all__ = ["ReadBackCount", "count_read_back", "list_unread"]


@dataclass(frozen=True, slots=True)
class ReadBackCount:
    """How many cards were read back, and how many still wait for it."""

    read: int
    unread: int


def count_read_back(session: Session, *, area: str, point_id: UUID, since: datetime) -> ReadBackCount:
    """Count the cards that were read back at a service point since a moment, and those of an area that were not."""
    read = select(func.count()).where(
        CardEvent.kind == CardEventKind.READ_BACK, CardEvent.point_id == point_id, CardEvent.at >= since
    )
    unread = select(func.count()).select_from(Card).join(Card.family).where(_is_unread(area))
    return ReadBackCount(session.scalar(read) or 0, session.scalar(unread) or 0)


def list_unread(session: Session, *, area: str, limit: int) -> Sequence[Card]:
    """Return printed cards of an area whose code was not scanned yet, in the order in which they were issued."""
    return session.scalars(
        select(Card)
        .join(Card.family)
        .where(_is_unread(area))
        .options(joinedload(Card.family))
        .order_by(Card.id)
        .limit(limit)
    ).all()


def _is_unread(area: str) -> ColumnElement[bool]:
    return and_(Card.state == CardState.PRINTED, Card.read_back_at.is_(None), within(Family.village_code, area))
