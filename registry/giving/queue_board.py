"""What stands on the board at the door: how many of today's invited have been served, and around which number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby
from statistics import median_low
from uuid import UUID

from sqlalchemy import func, or_, select

from registry.days import day_bounds
from registry.db import Session
from registry.errors import NotFound
from registry.giving.standing import is_given
from registry.models import (
    Entitlement,
    Programme,
    QueueTicket,
    Redemption,
    RedemptionUndo,
    Roster,
    Round,
    ServicePoint,
    ServingSession,
)
from registry.programmes.schedules import SessionTally, tally_sessions
from registry.regions import within

__all__ = ["Board", "SessionBoard", "find_boards", "read_board"]

_LAST_CALLED = 5
"""Of so many numbers the middle one is "around which": one who comes late or early does not shift it."""


@dataclass(frozen=True, slots=True)
class SessionBoard:
    """One session of the day, in numbers only."""

    starts_at: time
    ends_at: time
    invited: int
    served: int
    around: int | None
    """The number that is being served now, or nearly; none before the first was."""

    @property
    def waiting(self) -> int:
        """How many of the invited have not been served."""
        return self.invited - self.served


@dataclass(frozen=True, slots=True)
class Board:
    """One roster's day, without names."""

    roster_id: UUID
    point: str
    programme: str
    round_name: str
    sessions: Sequence[SessionBoard]
    others: int
    """How many were served today without an invitation for today."""

    @property
    def invited(self) -> int:
        """All who are invited today."""
        return sum(one.invited for one in self.sessions)

    @property
    def served(self) -> int:
        """Those of them who have been served."""
        return sum(one.served for one in self.sessions)

    @property
    def waiting(self) -> int:
        """Those of them who have not."""
        return self.invited - self.served


def read_board(session: Session, roster_id: UUID, *, on: date) -> Board:
    """Return a roster's board of a day.

    Raises:
        NotFound: code ``roster_unknown``.
    """
    named = session.execute(
        select(ServicePoint.name.label("point"), Programme.name.label("programme"), Round.name.label("round_name"))
        .select_from(Roster)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .join(Round, Round.id == Roster.round_id)
        .join(Programme, Programme.code == Round.programme_code)
        .where(Roster.id == roster_id)
    ).one_or_none()
    if named is None:
        raise NotFound("roster_unknown")
    sessions = session.scalars(
        select(ServingSession)
        .where(ServingSession.roster_id == roster_id, ServingSession.on_date == on)
        .order_by(ServingSession.starts_at)
    ).all()
    around = _numbers_called(session, [one.id for one in sessions])
    return Board(
        roster_id,
        point=named.point,
        programme=named.programme,
        round_name=named.round_name,
        sessions=[_board_of(tally, around.get(tally.session.id)) for tally in tally_sessions(session, sessions)],
        others=_served_besides(session, roster_id, on=on),
    )


def find_boards(session: Session, *, point_id: UUID, area: str, on: date) -> Sequence[UUID]:
    """Return the rosters with a session on a day, of a service point and of its area; the point's own come first."""
    serves_today = select(ServingSession.roster_id).where(ServingSession.on_date == on)
    return session.scalars(
        select(Roster.id)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .where(
            Roster.id.in_(serves_today),
            or_(Roster.point_id == point_id, within(ServicePoint.area_code, area)),
        )
        .order_by(Roster.point_id != point_id, ServicePoint.name, Roster.id)
    ).all()


def _board_of(tally: SessionTally, around: int | None) -> SessionBoard:
    return SessionBoard(tally.session.starts_at, tally.session.ends_at, tally.invited, tally.served, around)


def _numbers_called(session: Session, session_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = session.execute(
        select(QueueTicket.session_id, QueueTicket.number)
        .join(Redemption, Redemption.entitlement_id == QueueTicket.entitlement_id)
        .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
        .where(QueueTicket.session_id.in_(session_ids), RedemptionUndo.id.is_(None))
        .order_by(QueueTicket.session_id, Redemption.given_at.desc(), Redemption.id.desc())
    )
    called = {key: [row.number for row in group] for key, group in groupby(rows, key=lambda row: row.session_id)}
    return {key: median_low(numbers[:_LAST_CALLED]) for key, numbers in called.items()}


def _served_besides(session: Session, roster_id: UUID, *, on: date) -> int:
    begins, ends = day_bounds(on)
    invited_today = (
        select(QueueTicket.entitlement_id)
        .join(ServingSession, ServingSession.id == QueueTicket.session_id)
        .where(ServingSession.roster_id == roster_id, ServingSession.on_date == on)
    )
    query = (
        select(func.count(func.distinct(Entitlement.id)))
        .join(Redemption, Redemption.entitlement_id == Entitlement.id)
        .where(
            Entitlement.roster_id == roster_id,
            Redemption.given_at >= begins,
            Redemption.given_at < ends,
            is_given(),
            Entitlement.id.not_in(invited_today),
        )
    )
    return session.scalar(query) or 0
