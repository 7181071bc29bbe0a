"""The queue: who of a roster comes in which session under which number, so that neighbours come together.

A number counts within its session, from 1 to the session's capacity: with the UNIQUE on session and number more can
never be invited than the session serves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import aliased

from registry.audit import Actor, record
from registry.db import Session
from registry.errors import Conflict, NotFound
from registry.giving.standing import is_given, stands
from registry.keys.keys import KeyRing
from registry.kinds import PersonState, Relation, RoundState
from registry.models import Entitlement, Family, Person, QueueTicket, Roster, ServingSession
from registry.programmes.rosters import lock_roster
from registry.programmes.schedules import is_over, upcoming_sessions

__all__ = [
    "Allotment",
    "Invitation",
    "Neighbour",
    "allot_tickets",
    "count_invitations",
    "find_waiting",
    "list_invitations",
    "move_ticket",
]

_CHUNK = 1_000  # tickets in one statement
_Head = aliased(Person, name="head")
_Whose = aliased(Person, name="whose")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A right on a roster by where its family lives."""

    entitlement_id: UUID
    name: str
    """The head of the family; or the person, where the right is a person's."""
    village_code: str
    rt: str
    rw: str
    address: str

    @property
    def place(self) -> tuple[str, str, str]:
        """Village, RW and RT, in the order in which neighbours are called."""
        return self.village_code, self.rw.zfill(3), self.rt.zfill(3)


@dataclass(frozen=True, slots=True)
class Allotment:
    """What became of giving out numbers."""

    allotted: int
    left: Sequence[Neighbour]
    """Those for whom there is no room yet."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A family's invitation: when it comes, under which number."""

    neighbour: Neighbour
    session_id: UUID
    number: int
    on_date: date
    starts_at: time
    ends_at: time
    is_given: bool


def allot_tickets(session: Session, roster: Roster, *, actor: Actor, keys: KeyRing, at: datetime) -> Allotment:
    """Invite all who stand on a roster, are not served and have no number yet, to the sessions that are not over.

    Numbers follow village, RW, RT and name. Done again after an addendum it only adds: a number once given out stays.

    Raises:
        Conflict: code ``round_closed``, ``sessions_missing`` (no session is to come).
    """
    if roster.round.state is RoundState.CLOSED:
        raise Conflict("round_closed")
    lock_roster(session, roster)
    sessions = upcoming_sessions(session, roster.id, at=at)
    if not sessions:
        raise Conflict("sessions_missing")
    waiting = find_waiting(session, roster.id)
    seats = _free_seats(session, sessions)
    tickets = [
        {"entitlement_id": neighbour.entitlement_id, "session_id": session_id, "number": number}
        for neighbour, (session_id, number) in zip(waiting, seats, strict=False)
    ]
    for start in range(0, len(tickets), _CHUNK):
        session.execute(insert(QueueTicket), tickets[start : start + _CHUNK])
    left = waiting[len(tickets) :]
    if tickets:
        record(
            session,
            "queue.allotted",
            f"roster:{roster.id}",
            actor=actor,
            key=keys.audit_key,
            at=at,
            invited=len(tickets),
            without_number=len(left),
        )
    return Allotment(len(tickets), left)


def move_ticket(
    session: Session, entitlement_id: UUID, serving: ServingSession, *, actor: Actor, keys: KeyRing, at: datetime
) -> int:
    """Invite a family to another session of its roster; return its number there, the lowest that is free.

    Raises:
        NotFound: code ``ticket_unknown``, when the right has no number on this roster.
        Conflict: code ``session_over``, ``session_full``, ``already_in_session``.
    """
    lock_roster(session, serving.roster)
    ticket = session.scalar(
        select(QueueTicket)
        .join(Entitlement, Entitlement.id == QueueTicket.entitlement_id)
        .where(QueueTicket.entitlement_id == entitlement_id, Entitlement.roster_id == serving.roster_id)
    )
    if ticket is None:
        raise NotFound("ticket_unknown")
    if ticket.session_id == serving.id:
        raise Conflict("already_in_session")
    if is_over(serving, at=at):
        raise Conflict("session_over")
    seat = next(iter(_free_seats(session, [serving])), None)
    if seat is None:
        raise Conflict("session_full")
    session.execute(
        update(QueueTicket)
        .where(QueueTicket.entitlement_id == entitlement_id)
        .values(session_id=serving.id, number=seat[1])
        .execution_options(synchronize_session=False)
    )
    session.expire(ticket)
    record(
        session,
        "ticket.moved",
        f"entitlement:{entitlement_id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        to_day=serving.on_date.isoformat(),
    )
    return seat[1]


def find_waiting(session: Session, roster_id: UUID) -> list[Neighbour]:
    """Return those of a roster who are to be invited and have no number, neighbour by neighbour."""
    rows = session.execute(
        select(*_neighbour_columns())
        .select_from(Entitlement)
        .join(Family, Family.id == Entitlement.family_id)
        .outerjoin(_Whose, _Whose.id == Entitlement.person_id)
        .outerjoin(_Head, _is_living_head())
        .outerjoin(QueueTicket, QueueTicket.entitlement_id == Entitlement.id)
        .where(
            Entitlement.roster_id == roster_id,
            Entitlement.ordinal == 1,
            stands(),
            ~is_given(),
            QueueTicket.session_id.is_(None),
        )
    )
    found = [Neighbour(*row) for row in rows]
    return sorted(found, key=lambda one: (*one.place, one.name, one.entitlement_id))


def list_invitations(
    session: Session, roster_id: UUID, *, village: str | None = None, session_id: UUID | None = None
) -> list[Invitation]:
    """Return the invitations of a roster that stand, neighbour by neighbour; of one village or one session only."""
    query = (
        select(
            *_neighbour_columns(),
            QueueTicket.session_id,
            QueueTicket.number,
            ServingSession.on_date,
            ServingSession.starts_at,
            ServingSession.ends_at,
            is_given(),
        )
        .select_from(QueueTicket)
        .join(ServingSession, ServingSession.id == QueueTicket.session_id)
        .join(Entitlement, Entitlement.id == QueueTicket.entitlement_id)
        .join(Family, Family.id == Entitlement.family_id)
        .outerjoin(_Whose, _Whose.id == Entitlement.person_id)
        .outerjoin(_Head, _is_living_head())
        .where(Entitlement.roster_id == roster_id, stands())
    )
    if village is not None:
        query = query.where(Family.village_code == village)
    if session_id is not None:
        query = query.where(QueueTicket.session_id == session_id)
    rows: Iterable[Any] = session.execute(query)
    found = [Invitation(Neighbour(*row[:6]), *row[6:]) for row in rows]
    return sorted(found, key=lambda one: (*one.neighbour.place, one.on_date, one.starts_at, one.number))


def count_invitations(session: Session, roster_id: UUID) -> dict[str, int]:
    """Return how many invitations of a roster stand in each village, by code."""
    query = (
        select(Family.village_code, func.count())
        .select_from(QueueTicket)
        .join(Entitlement, Entitlement.id == QueueTicket.entitlement_id)
        .join(Family, Family.id == Entitlement.family_id)
        .where(Entitlement.roster_id == roster_id, stands())
        .group_by(Family.village_code)
        .order_by(Family.village_code)
    )
    return dict(session.execute(query).all())


def _free_seats(session: Session, sessions: Iterable[ServingSession]) -> list[tuple[UUID, int]]:
    wanted = list(sessions)
    rows = session.execute(
        select(QueueTicket.session_id, QueueTicket.number).where(
            QueueTicket.session_id.in_([serving.id for serving in wanted])
        )
    )
    taken = {(session_id, number) for session_id, number in rows}
    return [
        (serving.id, number)
        for serving in wanted
        for number in range(1, serving.capacity + 1)
        if (serving.id, number) not in taken
    ]


def _neighbour_columns() -> tuple[Any, ...]:
    # a family whose head died is still called by somebody: the first on its KK
    first = (
        select(Person.name)
        .where(Person.family_id == Family.id)
        .order_by(Person.position, Person.id)
        .limit(1)
        .correlate(Family)
        .scalar_subquery()
    )
    return (
        Entitlement.id,
        func.coalesce(_Whose.name, _Head.name, first, ""),
        Family.village_code,
        Family.rt,
        Family.rw,
        Family.address,
    )


def _is_living_head() -> ColumnElement[bool]:
    return (_Head.family_id == Family.id) & (_Head.relation == Relation.HEAD) & (_Head.state == PersonState.LIVING)
