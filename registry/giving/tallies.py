"""How far a round has come: per place, how many families are entitled, and how many have been given their package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Subquery, case, func, select

from registry.db import Session
from registry.models import Entitlement, Programme, Redemption, RedemptionUndo, Roster, Round, ServicePoint
from registry.regions import within

__all__ = ["PlaceTally", "RoundTally", "tally_places", "tally_rounds"]


@dataclass(frozen=True, slots=True)
class PlaceTally:
    """One place of a round."""

    point_id: UUID
    point_code: str
    point: str
    entitled: int
    given: int

    @property
    def left(self) -> int:
        """How many families have not come yet."""
        return self.entitled - self.given


@dataclass(frozen=True, slots=True)
class RoundTally:
    """One round with its places in an area together."""

    round: Round
    programme: str
    places: int
    entitled: int
    given: int
    is_whole: bool
    """Whether all its places lie in the area, so that the round can be opened and closed from there."""


def tally_places(session: Session, round_id: UUID) -> Sequence[PlaceTally]:
    """Return the places of a round by name; a giving that was undone does not count."""
    given = _standing_givings()
    rows = session.execute(
        select(
            ServicePoint.id,
            ServicePoint.code,
            ServicePoint.name,
            func.count(Entitlement.id),
            func.count(given.c.entitlement_id),
        )
        .select_from(Roster)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .outerjoin(Entitlement, Entitlement.roster_id == Roster.id)
        .outerjoin(given, given.c.entitlement_id == Entitlement.id)
        .where(Roster.round_id == round_id)
        .group_by(ServicePoint.id, ServicePoint.code, ServicePoint.name)
        .order_by(ServicePoint.name)
    )
    return [PlaceTally(*row) for row in rows]


def tally_rounds(session: Session, *, area: str) -> Sequence[RoundTally]:
    """Return the rounds that have a place in an area, the newest first; only what is given in the area is counted."""
    given = _standing_givings()
    is_here = within(ServicePoint.area_code, area)
    counts = (
        select(
            Entitlement.round_id,
            func.count(Entitlement.id).label("entitled"),
            func.count(given.c.entitlement_id).label("given"),
        )
        .join(Roster, Roster.id == Entitlement.roster_id)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .outerjoin(given, given.c.entitlement_id == Entitlement.id)
        .where(is_here)
        .group_by(Entitlement.round_id)
        .subquery()
    )
    places = (
        select(
            Roster.round_id,
            func.sum(case((is_here, 1), else_=0)).label("here"),
            func.count(Roster.id).label("everywhere"),
        )
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .group_by(Roster.round_id)
        .having(func.sum(case((is_here, 1), else_=0)) > 0)
        .subquery()
    )
    rows = session.execute(
        select(
            Round,
            Programme.name,
            places.c.here,
            func.coalesce(counts.c.entitled, 0),
            func.coalesce(counts.c.given, 0),
            places.c.here == places.c.everywhere,
        )
        .join(Programme, Programme.code == Round.programme_code)
        .join(places, places.c.round_id == Round.id)
        .outerjoin(counts, counts.c.round_id == Round.id)
        .order_by(Round.opens_on.desc(), Round.id.desc())
    )
    return [RoundTally(*row) for row in rows]


def _standing_givings() -> Subquery:
    return (
        select(Redemption.entitlement_id)
        .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
        .where(RedemptionUndo.id.is_(None))
        .subquery()
    )
