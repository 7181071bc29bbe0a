"""How far a round has come: per place, how many rights stand on its list and how many were given; or what was spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import contains_eager

from registry.db import Session
from registry.giving.standing import is_given, stands
from registry.models import Balance, Entitlement, Family, Programme, Roster, Round, ServicePoint
from registry.programmes.terms import as_frozen
from registry.regions import within

__all__ = ["BalanceTally", "PlaceTally", "RoundTally", "tally_balances", "tally_places", "tally_rounds"]


@dataclass(frozen=True, slots=True)
class PlaceTally:
    """One place of a round."""

    point: str
    entitled: int
    """How many rights its roster has, those removed by an addendum not counted; none of balances."""
    given: int
    """How many of them were given; of balances, how often something was spent."""

    @property
    def left(self) -> int:
        """How many rights have not been given yet."""
        return self.entitled - self.given


@dataclass(frozen=True, slots=True)
class BalanceTally:
    """All balances of a round together, in whole rupiah."""

    families: int
    granted: int
    spent: int


@dataclass(frozen=True, slots=True)
class RoundTally:
    """One round with its places in an area together."""

    round: Round
    programme: str
    places: int
    entitled: int
    """How many rights stand, or of balances how many families have one."""
    given: int
    """How many of the rights were given, or of the families how many have spent something."""
    is_whole: bool
    """Whether all its places lie in the area, so that the round can be opened and closed from there."""


def tally_places(session: Session, round_id: UUID) -> Sequence[PlaceTally]:
    """Return the places of a round by name; a giving that was undone does not count."""
    rows = session.execute(
        select(
            ServicePoint.name,
            func.sum(case((Entitlement.id.is_not(None) & stands(), 1), else_=0)),
            func.sum(case((is_given(), 1), else_=0)),
        )
        .select_from(Roster)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .outerjoin(Entitlement, Entitlement.roster_id == Roster.id)
        .where(Roster.round_id == round_id)
        .group_by(Roster.id, ServicePoint.name)
        .order_by(ServicePoint.name, Roster.id)
    )
    return [PlaceTally(*row) for row in rows]


def tally_balances(session: Session, round_id: UUID) -> BalanceTally:
    """Return what the balances that stand in a round grant, and what was spent of them."""
    row = session.execute(
        select(
            func.count(Balance.id),
            func.coalesce(func.sum(Balance.granted), 0),
            func.coalesce(func.sum(Balance.spent), 0),
        ).where(Balance.round_id == round_id, Balance.removal_id.is_(None))
    ).one()
    return BalanceTally(*(int(value) for value in row))


def tally_rounds(session: Session, *, area: str) -> Sequence[RoundTally]:
    """Return the rounds that have a place in an area, the newest first; only what is given in the area is counted.

    Of balances, which are spent anywhere, those of families who live in the area.
    """
    is_here = within(ServicePoint.area_code, area)
    rights = (
        select(
            Entitlement.round_id,
            func.count(Entitlement.id).label("entitled"),
            func.sum(case((is_given(), 1), else_=0)).label("given"),
        )
        .join(Roster, Roster.id == Entitlement.roster_id)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .where(is_here, stands())
        .group_by(Entitlement.round_id)
        .subquery()
    )
    balances = (
        select(
            Balance.round_id,
            func.count(Balance.id).label("entitled"),
            func.sum(case((Balance.spent > 0, 1), else_=0)).label("given"),
        )
        .join(Family, Family.id == Balance.family_id)
        .where(within(Family.village_code, area), Balance.removal_id.is_(None))
        .group_by(Balance.round_id)
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
            as_frozen(Programme.name),
            places.c.here,
            func.coalesce(rights.c.entitled, balances.c.entitled, 0),
            func.coalesce(rights.c.given, balances.c.given, 0),
            places.c.here == places.c.everywhere,
        )
        .join(Programme, Programme.code == Round.programme_code)
        .join(places, places.c.round_id == Round.id)
        .outerjoin(rights, rights.c.round_id == Round.id)
        .outerjoin(balances, balances.c.round_id == Round.id)
        .options(contains_eager(Round.programme))
        .order_by(Round.opens_on.desc(), Round.id.desc())
    )
    return [RoundTally(*row) for row in rows]
