"""What happened to a box, and what was destroyed on a day, as an officer reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from registry.days import day_bounds, local_day
from registry.db import Session
from registry.kinds import SupplyKind, SupplyMoveKind
from registry.models import Card, Officer, PrintCopy, ServicePoint, SupplyBox, SupplyMove

__all__ = ["DestroyedLine", "MoveLine", "count_moves", "days_with_destroyed", "list_destroyed", "list_moves"]

_Holder = aliased(Officer, name="holder")


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One movement as an officer reads it."""

    move: SupplyMove
    by: str
    """Who entered it; empty for a command."""
    holder: str
    to_point: str
    card_number: str


@dataclass(frozen=True, slots=True)
class DestroyedLine:
    """Blanks or ribbon that were spoilt, as the minutes of the day list them."""

    supply: SupplyKind
    quantity: int
    card_number: str
    """The card that was to be printed on it; empty where it was spoilt outside printing."""
    copy_number: int | None
    box_number: str
    reason: str
    destroyed_by: str
    at: datetime


def list_moves(session: Session, box_id: UUID, *, limit: int, offset: int = 0) -> Sequence[MoveLine]:
    """Return what happened to a box, the newest first."""
    rows = session.execute(
        select(SupplyMove, Officer.name, _Holder.name, ServicePoint.name, Card.number)
        .outerjoin(Officer, Officer.id == SupplyMove.officer_id)
        .outerjoin(_Holder, _Holder.id == SupplyMove.holder_id)
        .outerjoin(ServicePoint, ServicePoint.id == SupplyMove.to_point_id)
        .outerjoin(PrintCopy, PrintCopy.id == SupplyMove.copy_id)
        .outerjoin(Card, Card.id == PrintCopy.card_id)
        .where(SupplyMove.box_id == box_id)
        .order_by(SupplyMove.at.desc(), SupplyMove.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [MoveLine(move, *(name or "" for name in names)) for move, *names in rows]


def count_moves(session: Session, box_id: UUID) -> int:
    """Return how much happened to a box."""
    return session.scalar(select(func.count()).select_from(SupplyMove).where(SupplyMove.box_id == box_id)) or 0


def list_destroyed(session: Session, point_id: UUID, *, on_date: date) -> Sequence[DestroyedLine]:
    """Return what was spoilt at a point on a day, blanks before ribbon, in the order of the day."""
    begins, ends = day_bounds(on_date)
    rows = session.execute(
        select(
            SupplyMove.supply,
            SupplyMove.quantity,
            Card.number,
            PrintCopy.copy_number,
            SupplyBox.number,
            SupplyMove.reason,
            SupplyMove.destroyed_by,
            SupplyMove.at,
        )
        .select_from(SupplyMove)
        .outerjoin(SupplyBox, SupplyBox.id == SupplyMove.box_id)
        .outerjoin(PrintCopy, PrintCopy.id == SupplyMove.copy_id)
        .outerjoin(Card, Card.id == PrintCopy.card_id)
        .where(
            SupplyMove.point_id == point_id,
            SupplyMove.kind == SupplyMoveKind.SPOILT,
            SupplyMove.at >= begins,
            SupplyMove.at < ends,
        )
        .order_by(SupplyMove.supply, SupplyMove.at, SupplyMove.id)
    )
    return [
        DestroyedLine(supply, quantity, card or "", copy, box or "", reason, destroyed_by, at)
        for supply, quantity, card, copy, box, reason, destroyed_by, at in rows
    ]


def days_with_destroyed(session: Session, point_id: UUID, *, since: datetime) -> list[tuple[date, Counter[SupplyKind]]]:
    """Return the days on which something was spoilt at a point, and how much of each kind, the newest first."""
    rows = session.execute(
        select(SupplyMove.at, SupplyMove.supply, SupplyMove.quantity)
        .where(
            SupplyMove.point_id == point_id,
            SupplyMove.kind == SupplyMoveKind.SPOILT,
            SupplyMove.at >= since,
        )
        .order_by(SupplyMove.at.desc())
    )
    by_day: dict[date, Counter[SupplyKind]] = {}
    for at, supply, quantity in rows:
        by_day.setdefault(local_day(at), Counter())[supply] += quantity
    return list(by_day.items())
