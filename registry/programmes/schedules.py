"""Schedules: in which parts of which days a service point serves how many from a roster."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select

from registry.audit import Actor, record
from registry.days import WIB, local_day
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.giving.standing import is_given, stands
from registry.keys.keys import KeyRing
from registry.kinds import RoundState
from registry.models import Entitlement, QueueTicket, Roster, ServicePoint, ServingSession
from registry.programmes.rosters import lock_roster

__all__ = [
    "DEFAULT_CAPACITY",
    "LARGEST_CAPACITY",
    "USUAL_WINDOWS",
    "ScheduleTally",
    "SessionTally",
    "Window",
    "all_sessions",
    "get_session",
    "is_over",
    "move_session",
    "plan_sessions",
    "tally_schedules",
    "tally_sessions",
    "upcoming_sessions",
    "waiting_count",
]

USUAL_WINDOWS = (
    (time(8), time(10)),
    (time(10), time(12)),
    (time(13), time(15)),
    (time(15), time(17)),
)
"""The parts of a day that are offered, around the midday prayer."""
DEFAULT_CAPACITY = 110
"""Families in one session: four make 440 a day, and officials of Kalimantan Tengah called 400-500 a batch right."""
LARGEST_CAPACITY = 500

Window = tuple[time, time]
"""From when until when on a day, at the counter (WIB)."""


@dataclass(frozen=True, slots=True)
class SessionTally:
    """One session with how many are invited to it, and how many of them have been given their package."""

    session: ServingSession
    invited: int
    served: int

    @property
    def free(self) -> int:
        """How many more can be invited."""
        return max(0, self.session.capacity - self.invited)


@dataclass(frozen=True, slots=True)
class ScheduleTally:
    """How far the schedule of one roster has come."""

    roster_id: UUID
    point: str
    sessions: int
    seats: int
    """How many its sessions serve together."""
    invited: int
    waiting: int
    """How many are to be invited and have no number."""


def plan_sessions(
    session: Session,
    roster: Roster,
    *,
    first_day: date,
    windows: Sequence[Window],
    capacity: int,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Sequence[ServingSession]:
    """Make as many sessions, day by day, as those on the roster need who have no number yet; return the new ones.

    Sessions that there are already are counted and left as they are. The days end with the round's: whoever does not
    fit then is named by :func:`registry.programmes.queue.allot_tickets`.

    Args:
        capacity: how many families a session serves.

    Raises:
        Conflict: code ``round_closed``.
        RegistryError: code ``windows_missing``, ``windows_overlap``, ``capacity_out_of_bounds``,
            ``session_outside_round``.
    """
    _check(roster, first_day, windows, at=at)
    if not 1 <= capacity <= LARGEST_CAPACITY:
        raise RegistryError("capacity_out_of_bounds", largest=str(LARGEST_CAPACITY))
    lock_roster(session, roster)
    existing = session.scalars(select(ServingSession).where(ServingSession.roster_id == roster.id)).all()
    upcoming = upcoming_sessions(session, roster.id, at=at)
    needed = waiting_count(session, roster.id) - sum(tally.free for tally in tally_sessions(session, upcoming))
    made: list[ServingSession] = []
    day = first_day
    while needed > 0 and day <= roster.round.closes_on:
        for starts_at, ends_at in sorted(windows):
            if needed <= 0:
                break
            if _has_begun(day, starts_at, at=at) or _clashes(existing, day, (starts_at, ends_at)):
                continue
            made.append(
                ServingSession(
                    id=new_id(),
                    roster_id=roster.id,
                    on_date=day,
                    starts_at=starts_at,
                    ends_at=ends_at,
                    capacity=capacity,
                )
            )
            needed -= capacity
        day += timedelta(days=1)
    session.add_all(made)
    if made:
        record(
            session,
            "schedule.planned",
            f"roster:{roster.id}",
            actor=actor,
            key=keys.audit_key,
            at=at,
            sessions=len(made),
            capacity=capacity,
        )
    return made


def move_session(
    session: Session,
    serving: ServingSession,
    *,
    on_date: date,
    starts_at: time,
    ends_at: time,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> None:
    """Move a session to another day or time; those invited to it keep their numbers.

    Raises:
        Conflict: code ``round_closed``, ``session_over`` (its time is past), ``session_clash``.
        RegistryError: code ``windows_overlap`` (it ends before it begins), ``session_outside_round``.
    """
    roster = serving.roster
    _check(roster, on_date, [(starts_at, ends_at)], at=at)
    lock_roster(session, roster)
    if is_over(serving, at=at):
        raise Conflict("session_over")
    others = session.scalars(
        select(ServingSession).where(ServingSession.roster_id == roster.id, ServingSession.id != serving.id)
    ).all()
    if _clashes(others, on_date, (starts_at, ends_at)):
        raise Conflict("session_clash")
    serving.on_date, serving.starts_at, serving.ends_at = on_date, starts_at, ends_at
    record(
        session,
        "session.moved",
        f"session:{serving.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        to_day=on_date.isoformat(),
    )


def get_session(session: Session, session_id: UUID, *, roster_id: UUID) -> ServingSession:
    """Return a session of a roster.

    Raises:
        NotFound: code ``session_unknown``.
    """
    found = session.get(ServingSession, session_id)
    if found is None or found.roster_id != roster_id:
        raise NotFound("session_unknown")
    return found


def all_sessions(session: Session, roster_id: UUID) -> Sequence[ServingSession]:
    """Return the sessions of a roster, the earliest first."""
    return session.scalars(
        select(ServingSession)
        .where(ServingSession.roster_id == roster_id)
        .order_by(ServingSession.on_date, ServingSession.starts_at)
    ).all()


def upcoming_sessions(session: Session, roster_id: UUID, *, at: datetime) -> Sequence[ServingSession]:
    """Return the sessions of a roster that are not over, the earliest first."""
    return [serving for serving in all_sessions(session, roster_id) if not is_over(serving, at=at)]


def tally_sessions(session: Session, sessions: Iterable[ServingSession]) -> Sequence[SessionTally]:
    """Return these sessions in their order with what their invitations have come to.

    A number that was given out counts as used, also when its right was removed from the list later.
    """
    wanted = list(sessions)
    rows = session.execute(
        select(
            QueueTicket.session_id,
            func.count(),
            func.coalesce(func.sum(case((is_given(), 1), else_=0)), 0),
        )
        .join(Entitlement, Entitlement.id == QueueTicket.entitlement_id)
        .where(QueueTicket.session_id.in_([serving.id for serving in wanted]))
        .group_by(QueueTicket.session_id)
    )
    counts = {session_id: (invited, served) for session_id, invited, served in rows}
    return [SessionTally(serving, *counts.get(serving.id, (0, 0))) for serving in wanted]


def tally_schedules(session: Session, round_id: UUID) -> Sequence[ScheduleTally]:
    """Return how far the schedules of a round have come, by the name of the point."""
    sessions = _by_roster(
        session.execute(
            select(ServingSession.roster_id, func.count(), func.sum(ServingSession.capacity))
            .join(Roster, Roster.id == ServingSession.roster_id)
            .where(Roster.round_id == round_id)
            .group_by(ServingSession.roster_id)
        )
    )
    has_number = QueueTicket.session_id.is_not(None)
    rights = _by_roster(
        session.execute(
            select(
                Entitlement.roster_id,
                func.sum(case((has_number, 1), else_=0)),
                func.sum(case((~has_number & ~is_given(), 1), else_=0)),
            )
            .outerjoin(QueueTicket, QueueTicket.entitlement_id == Entitlement.id)
            .where(Entitlement.round_id == round_id, Entitlement.ordinal == 1, stands())
            .group_by(Entitlement.roster_id)
        )
    )
    points = session.execute(
        select(Roster.id, ServicePoint.name)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .where(Roster.round_id == round_id)
        .order_by(ServicePoint.name, Roster.id)
    )
    return [
        ScheduleTally(roster_id, name, *sessions.get(roster_id, (0, 0)), *rights.get(roster_id, (0, 0)))
        for roster_id, name in points
    ]


def waiting_count(session: Session, roster_id: UUID) -> int:
    """Return how many of a roster are to be invited and have no number: first units that stand and are not given."""
    query = (
        select(func.count())
        .select_from(Entitlement)
        .outerjoin(QueueTicket, QueueTicket.entitlement_id == Entitlement.id)
        .where(
            Entitlement.roster_id == roster_id,
            Entitlement.ordinal == 1,
            stands(),
            ~is_given(),
            QueueTicket.session_id.is_(None),
        )
    )
    return session.scalar(query) or 0


def is_over(serving: ServingSession, *, at: datetime) -> bool:
    """Tell whether a session's time is past."""
    return datetime.combine(serving.on_date, serving.ends_at, WIB) <= at


def _by_roster(rows: Iterable[Any]) -> dict[UUID, tuple[int, int]]:
    return {roster_id: (int(first), int(second)) for roster_id, first, second in rows}


def _check(roster: Roster, day: date, windows: Sequence[Window], *, at: datetime) -> None:
    if roster.round.state is RoundState.CLOSED:
        raise Conflict("round_closed")
    if not windows:
        raise RegistryError("windows_missing")
    in_order = sorted(windows)
    if any(ends <= starts for starts, ends in in_order) or any(
        second[0] < first[1] for first, second in pairwise(in_order)
    ):
        raise RegistryError("windows_overlap")
    if not max(roster.round.opens_on, local_day(at)) <= day <= roster.round.closes_on:
        raise RegistryError(
            "session_outside_round",
            opens_on=roster.round.opens_on.isoformat(),
            closes_on=roster.round.closes_on.isoformat(),
        )


def _has_begun(day: date, starts_at: time, *, at: datetime) -> bool:
    return datetime.combine(day, starts_at, WIB) <= at


def _clashes(sessions: Iterable[ServingSession], day: date, window: Window) -> bool:
    return any(one.on_date == day and one.starts_at < window[1] and window[0] < one.ends_at for one in sessions)
