"""How long blanks and ribbons last: what is left, what a working day uses, and how many cards wait to be printed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import exists, func, literal, select, union_all

from registry.cards.new import LIVE
from registry.days import day_bounds
from registry.db import Session
from registry.kinds import CardMedium, CardState, SupplyKind
from registry.models import Card, Family, SupplyBox, SupplyHolding, SupplyMove
from registry.regions import within
from registry.supplies.balances import is_last_of_copy

__all__ = ["SupplyLevel", "read_levels"]

_LOOK_BACK = 28
"""Calendar days that are looked at: a month's working days, and a feast in it."""
_WORKING_DAYS = 14
"""The newest days with use, of which the average is taken; a day without printing is no working day."""
_LASTS_AT_LEAST = 5
"""Working days: as long as an order from Palangka Raya takes to the farthest counters."""


@dataclass(frozen=True, slots=True)
class SupplyLevel:
    """What a point has of blanks or of ribbon sets, and how long it lasts."""

    supply: SupplyKind
    is_kept: bool
    """Whether the point has or had a box of it; else nothing is said of it."""
    in_store: int
    held: int
    per_day: float
    """Used on a working day; 0 when nothing was used lately."""
    waiting: int
    """Cards in the point's area that wait to be printed."""

    @property
    def left(self) -> int:
        """What the point has, in the store and with its officers."""
        return self.in_store + self.held

    @property
    def days_left(self) -> int | None:
        """Full working days that it lasts; None when nothing was used lately."""
        return int(self.left / self.per_day) if self.per_day else None

    @property
    def lacking(self) -> int:
        """How many there are too few for the cards that wait."""
        return max(0, self.waiting - self.left)

    @property
    def is_low(self) -> bool:
        """Whether it is time to ask for more."""
        lasts = self.days_left
        is_short = self.left == 0 or self.lacking > 0 or (lasts is not None and lasts < _LASTS_AT_LEAST)
        return self.is_kept and is_short


def read_levels(session: Session, point_id: UUID, *, area: str, today: date) -> list[SupplyLevel]:
    """Return how much a point has of blanks and of ribbon, and how long it lasts.

    Args:
        area: the point's; its waiting cards are counted.
    """
    stored = dict(
        session.execute(
            select(SupplyBox.kind, func.sum(SupplyBox.in_store))
            .where(SupplyBox.point_id == point_id)
            .group_by(SupplyBox.kind)
        ).all()
    )
    held = dict(
        session.execute(
            select(SupplyBox.kind, func.sum(SupplyHolding.quantity))
            .join(SupplyBox, SupplyBox.id == SupplyHolding.box_id)
            .where(SupplyBox.point_id == point_id)
            .group_by(SupplyBox.kind)
        ).all()
    )
    used = _used_by_day(session, point_id, today=today)
    waiting = _count_waiting(session, area=area)
    return [
        SupplyLevel(
            supply=supply,
            is_kept=supply in stored or _was_here(session, point_id, supply),
            in_store=stored.get(supply, 0),
            held=held.get(supply, 0),
            per_day=_average(used[supply]),
            waiting=waiting,
        )
        for supply in SupplyKind
    ]


def _average(by_day: dict[int, int]) -> float:
    """Return the average of the newest days with use before today; of today when there are none."""
    newest = [used for ago, used in sorted(by_day.items()) if ago][:_WORKING_DAYS]
    return sum(newest) / len(newest) if newest else float(by_day.get(0, 0))


def _used_by_day(session: Session, point_id: UUID, *, today: date) -> dict[SupplyKind, dict[int, int]]:
    """Return what printing used, by how many days ago."""
    days = []
    for ago in range(_LOOK_BACK + 1):
        begins, ends = day_bounds(today - timedelta(days=ago))
        days.append(
            select(literal(ago).label("ago"), SupplyMove.supply, func.count().label("used"))
            .where(
                SupplyMove.point_id == point_id,
                SupplyMove.at >= begins,
                SupplyMove.at < ends,
                SupplyMove.copy_id.is_not(None),
                is_last_of_copy(),
            )
            .group_by(SupplyMove.supply)
        )
    by_day: dict[SupplyKind, dict[int, int]] = defaultdict(dict)
    for ago, supply, used in session.execute(union_all(*days)):
        by_day[supply][ago] = used
    return by_day


def _was_here(session: Session, point_id: UUID, supply: SupplyKind) -> bool:
    """Tell whether the point had a box that went elsewhere whole."""
    moved = exists().where(SupplyMove.supply == supply, SupplyMove.point_id == point_id, SupplyMove.box_id.is_not(None))
    return bool(session.scalar(select(moved)))


def _count_waiting(session: Session, *, area: str) -> int:
    waiting = session.scalar(
        select(func.count())
        .select_from(Card)
        .join(Family, Family.id == Card.family_id)
        .where(
            Card.state.in_(LIVE),  # in the words of the partial index: few of the rows are looked at
            Card.state == CardState.ISSUED,
            Card.medium == CardMedium.PLASTIC,
            within(Family.village_code, area),
        )
    )
    return waiting or 0
