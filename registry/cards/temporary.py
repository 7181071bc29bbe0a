"""Temporary cards: of paper, in families' hands, and soon to be replaced by plastic ones."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from registry.db import Session
from registry.kinds import CardMedium, CardState
from registry.models import Card, Family
from registry.regions import within

__all__ = ["count_temporary", "list_temporary"]


def count_temporary(session: Session, *, area: str) -> int:
    """Return how many active cards of an area are of paper, also those past their last day."""
    return session.scalar(select(func.count()).select_from(Card).join(Card.family).where(*_active(area))) or 0


def list_temporary(session: Session, *, area: str, limit: int, offset: int = 0) -> Sequence[Card]:
    """Return the active cards of an area that are of paper, those that end first before the others."""
    return session.scalars(
        select(Card)
        .join(Card.family)
        .where(*_active(area))
        .options(joinedload(Card.family))
        .order_by(Card.expires_at, Card.id)
        .limit(limit)
        .offset(offset)
    ).all()


def _active(area: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Card.medium == CardMedium.PAPER,
        Card.state == CardState.ACTIVE,
        within(Family.village_code, area),
    )
