"""How far a round has come: per place, how many families are entitled, and how many have been given their package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Subquery, func, select

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
    """One round with all its places together."""

    round: Round
    programme: str
    places: int
    entitled: int
    given: int


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
    """Return the rounds that have a place in an area, the newest first, with what all their places have given."""
    given = _standing_givings()
    counts = (
        select(
            Entitlement.round_id,
            func.count(Entitlement.id).label("entitled"),
            func.count(given.c.entitlement_id).label("given"),
        )
        .outerjoin(given, given.c.entitlement_id == Entitlement.id)
        .group_by(Entitlement.round_id)
        .subquery()
    )
    places = (
        select(Roster.round_id, func.count(Roster.id).label("places"))
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .where(within(ServicePoint.area_code, area))
        .group_by(Roster.round_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Round,
            Programme.name,
            places.c.places,
            func.coalesce(counts.c.entitled, 0),
            func.coalesce(counts.c.given, 0),
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
