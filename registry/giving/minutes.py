"""The day's minutes (*berita acara*) of a roster, as they were stored when the day was closed.

Closing stores the totals and the seq up to which the hub had given (``closing.py``); the list of receivers is read
again from history, which nobody can change, up to that seq (``day_of_giving.py``). So a paper printed a year later says
what it said on the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager

from registry.db import Session
from registry.errors import NotFound
from registry.models import Minutes, Roster, ServicePoint
from registry.regions import within

__all__ = ["get_minutes", "get_own_minutes", "list_minutes", "list_minutes_of_round"]


def get_minutes(session: Session, minutes_id: UUID, *, area: str) -> Minutes:
    """Return minutes of a service point of an area, for who manages the rounds there.

    Raises:
        NotFound: code ``minutes_unknown``.
    """
    return _get_minutes(session, minutes_id, within(ServicePoint.area_code, area))


def get_own_minutes(session: Session, minutes_id: UUID, *, point_id: UUID) -> Minutes:
    """Return minutes of an officer's own service point.

    Raises:
        NotFound: code ``minutes_unknown``, also for another point's.
    """
    return _get_minutes(session, minutes_id, ServicePoint.id == point_id)


def list_minutes(session: Session, roster_id: UUID) -> Sequence[Minutes]:
    """Return all minutes of a roster, the newest first."""
    return session.scalars(
        select(Minutes).where(Minutes.roster_id == roster_id).order_by(Minutes.on_date.desc(), Minutes.revision.desc())
    ).all()


def list_minutes_of_round(session: Session, round_id: UUID) -> Sequence[Minutes]:
    """Return the minutes of all points of a round that hold: of each day the newest revision, the newest day first."""
    newest = (
        select(Minutes.roster_id, Minutes.on_date, func.max(Minutes.revision).label("revision"))
        .join(Roster, Roster.id == Minutes.roster_id)
        .where(Roster.round_id == round_id)
        .group_by(Minutes.roster_id, Minutes.on_date)
        .subquery()
    )
    return session.scalars(
        select(Minutes)
        .join(
            newest,
            (newest.c.roster_id == Minutes.roster_id)
            & (newest.c.on_date == Minutes.on_date)
            & (newest.c.revision == Minutes.revision),
        )
        .join(Minutes.roster)
        .join(Roster.point)
        .options(contains_eager(Minutes.roster).contains_eager(Roster.point))
        .order_by(Minutes.on_date.desc(), ServicePoint.name, Minutes.id)
    ).all()


def _get_minutes(session: Session, minutes_id: UUID, where: ColumnElement[bool]) -> Minutes:
    found = session.scalar(
        select(Minutes)
        .join(Roster, Roster.id == Minutes.roster_id)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .where(Minutes.id == minutes_id, where)
    )
    if found is None:
        raise NotFound("minutes_unknown")
    return found
