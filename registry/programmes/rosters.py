"""Rosters: finding the list of one round at one service point, for those who may see or keep it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from registry.db import Session
from registry.errors import NotFound
from registry.kinds import RoundState
from registry.models import Roster, Round, ServicePoint
from registry.regions import within

__all__ = ["find_own_rosters", "get_own_roster", "get_roster", "lock_roster"]

_KEPT_AFTER = timedelta(days=60)
"""How long a point goes on keeping the stock of a round after its last day: packages are still returned then."""


def get_roster(session: Session, roster_id: UUID, *, area: str) -> Roster:
    """Return a roster whose service point lies in an area.

    Raises:
        NotFound: code ``roster_unknown``, also for a roster of another area.
    """
    found = session.scalar(
        select(Roster)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .where(Roster.id == roster_id, within(ServicePoint.area_code, area))
    )
    if found is None:
        raise NotFound("roster_unknown")
    return found


def get_own_roster(session: Session, roster_id: UUID, *, point_id: UUID) -> Roster:
    """Return a roster that a service point gives out itself.

    Raises:
        NotFound: code ``roster_unknown``, also for another point's.
    """
    found = session.scalar(select(Roster).where(Roster.id == roster_id, Roster.point_id == point_id))
    if found is None:
        raise NotFound("roster_unknown")
    return found


def find_own_rosters(session: Session, point_id: UUID, *, today: date) -> Sequence[Roster]:
    """Return the rosters that a service point keeps: of rounds not closed, and of those that ended lately."""
    return session.scalars(
        select(Roster)
        .join(Roster.round)
        .where(
            Roster.point_id == point_id,
            or_(Round.state != RoundState.CLOSED, Round.closes_on >= today - _KEPT_AFTER),
        )
        .options(contains_eager(Roster.round))
        .order_by((Round.state == RoundState.CLOSED), Round.closes_on, Roster.id)
    ).all()


def lock_roster(session: Session, roster: Roster) -> None:
    """Hold back every other change of a roster's schedule and queue until the transaction ends."""
    session.execute(select(Roster.id).where(Roster.id == roster.id).with_for_update(key_share=True))
