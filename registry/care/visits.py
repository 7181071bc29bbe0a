"""Visits: recorded once per press, undone by a counter-entry, counted per day and place.

No finding and no treatment is kept, and there is no field to write one in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite

from registry.audit import Actor, record
from registry.care.pregnancies import FreeStep
from registry.days import WIB
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound
from registry.free_text import check_free_text
from registry.keys.keys import KeyRing
from registry.kinds import VisitKind
from registry.models import Officer, Person, ServicePoint, Visit, VisitUndo
from registry.regions import within

__all__ = [
    "PROGRAMMES",
    "NewVisit",
    "StoredVisit",
    "VisitLine",
    "VisitRecord",
    "add_visit",
    "attendance_key",
    "count_of_day",
    "find_by_key",
    "get_visit",
    "undo_visit",
    "visits_of_day",
]

PROGRAMMES: Mapping[VisitKind, str] = {
    VisitKind.TREATMENT: "BEROBAT",
    VisitKind.PREGNANCY: "BUMIL",
    VisitKind.AMBULANCE: "AMBULANS",
    VisitKind.ATTENDANCE: "MENGAJI",
}
"""The programme that each kind of visit is recorded for."""

_LONGEST_REASON = 200  # the column's width


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit that is to be recorded."""

    kind: VisitKind
    person_id: UUID
    card_id: UUID
    idempotency_key: str
    step: FreeStep | None = None
    """Of a pregnancy, and of nothing else."""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class StoredVisit:
    """A visit that stands in the database, with what was asked under its key."""

    id: UUID
    kind: VisitKind
    person_id: UUID
    point_id: UUID


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """What the place that recorded a visit may see of it."""

    id: UUID
    kind: VisitKind
    name: str
    birth_year: int
    at: datetime
    step: int | None
    quota: int | None
    next_on: date | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit as a supervisor sees it: not whose it was."""

    id: UUID
    kind: VisitKind
    at: datetime
    point: str
    officer: str
    """Empty when a command recorded it."""
    undone_at: datetime | None
    undo_reason: str | None


def find_by_key(session: Session, idempotency_key: str) -> StoredVisit | None:
    """Return the visit that was recorded under an idempotency key."""
    row = session.execute(
        select(Visit.id, Visit.kind, Visit.person_id, Visit.point_id).where(Visit.idempotency_key == idempotency_key)
    ).one_or_none()
    return StoredVisit(*row) if row else None


def attendance_key(session: Session, person_id: UUID, *, day: date) -> str:
    """Return the idempotency key of a person's attendance on a day: a person attends once a day, wherever it is noted.

    An undone attendance frees the day: the key then counts one on.
    """
    undone = session.scalar(
        select(func.count())
        .select_from(Visit)
        .join(VisitUndo, VisitUndo.visit_id == Visit.id)
        .where(Visit.person_id == person_id, Visit.kind == VisitKind.ATTENDANCE, _on(day))
    )
    return f"{person_id}/{day.isoformat()}/{undone}"


def add_visit(session: Session, new: NewVisit, *, actor: Actor, keys: KeyRing, at: datetime) -> StoredVisit:
    """Record a visit and return it; under a key that was used it is the visit of that key.

    Raises:
        Conflict: code ``step_taken_meanwhile``, when something took the step without the pregnancy's lock.
    """
    step = new.step
    row = {
        "id": new_id(),
        "kind": new.kind,
        "programme_code": PROGRAMMES[new.kind],
        "person_id": new.person_id,
        "card_id": new.card_id,
        "pregnancy_id": step.pregnancy_id if step else None,
        "quota": step.quota if step else None,
        "step": step.number if step else None,
        "follows_undo_id": step.follows_undo_id if step else None,
        "next_on": new.next_on,
        "idempotency_key": new.idempotency_key,
        "at": at,
        "point_id": actor.point_id,
        "officer_id": actor.officer_id,
        "device_id": actor.device_id,
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    made = session.execute(insert(Visit).values(row).on_conflict_do_nothing().returning(Visit.id)).scalar()
    if made is None:
        stored = find_by_key(session, new.idempotency_key)
        if stored is None:
            raise Conflict("step_taken_meanwhile")
        return stored
    record(
        session,
        "visit.recorded",
        f"visit:{made}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        programme=PROGRAMMES[new.kind],
        step=step.number if step else None,
    )
    return StoredVisit(made, new.kind, new.person_id, actor.point_id)


def undo_visit(
    session: Session, visit_id: UUID, *, reason: str, area: str, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Write the counter-entry to a visit at a service point of an area: it did not take place after all.

    A step of a pregnancy is free again then, under the same number; a day of attendance likewise.

    Args:
        reason: why, in the supervisor's words; it stays for ever, so nothing of the person and no finding.

    Raises:
        NotFound: code ``visit_unknown``, also for a visit of another area.
        Conflict: code ``reason_missing``, ``visit_undone``.
        RegistryError: code ``text_holds_number``.
    """
    reason = check_free_text(reason)[:_LONGEST_REASON]
    if not reason:
        raise Conflict("reason_missing")
    known = session.scalar(
        select(Visit.id)
        .join(ServicePoint, ServicePoint.id == Visit.point_id)
        .where(Visit.id == visit_id, within(ServicePoint.area_code, area))
    )
    if known is None:
        raise NotFound("visit_unknown")
    row = {"visit_id": visit_id, "reason": reason, "undone_at": at, "officer_id": actor.officer_id}
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    made = insert(VisitUndo).values(row).on_conflict_do_nothing().returning(VisitUndo.visit_id)
    if session.execute(made).scalar() is None:
        raise Conflict("visit_undone")
    record(session, "visit.undone", f"visit:{visit_id}", actor=actor, key=keys.audit_key, at=at)


def get_visit(session: Session, visit_id: UUID, *, point_id: UUID) -> VisitRecord:
    """Return a visit that was recorded at this service point.

    Raises:
        NotFound: code ``visit_unknown``, also for a visit at another place.
    """
    row = session.execute(
        select(Visit, Person.name, Person.birth_date, VisitUndo.undone_at)
        .join(Person, Person.id == Visit.person_id)
        .outerjoin(VisitUndo, VisitUndo.visit_id == Visit.id)
        .where(Visit.id == visit_id, Visit.point_id == point_id)
    ).one_or_none()
    if row is None:
        raise NotFound("visit_unknown")
    visit, name, born, undone_at = row
    return VisitRecord(
        id=visit.id,
        kind=visit.kind,
        name=name,
        birth_year=born.year,
        at=visit.at,
        step=visit.step,
        quota=visit.quota,
        next_on=visit.next_on,
        undone_at=undone_at,
    )


def count_of_day(session: Session, point_id: UUID, day: date) -> dict[VisitKind, int]:
    """Return how many visits of each kind stand that were recorded at a service point on a day (WIB)."""
    counted = dict(
        session.execute(
            select(Visit.kind, func.count())
            .where(Visit.point_id == point_id, _on(day), ~exists().where(VisitUndo.visit_id == Visit.id))
            .group_by(Visit.kind)
        ).all()
    )
    return {kind: counted.get(kind, 0) for kind in VisitKind}


def visits_of_day(session: Session, area: str, day: date, *, skip: int = 0, limit: int = 50) -> Sequence[VisitLine]:
    """Return the visits that were recorded at the service points of an area on a day (WIB), the latest first."""
    rows = session.execute(
        select(
            Visit.id,
            Visit.kind,
            Visit.at,
            ServicePoint.name,
            func.coalesce(Officer.name, ""),
            VisitUndo.undone_at,
            VisitUndo.reason,
        )
        .join(ServicePoint, ServicePoint.id == Visit.point_id)
        .outerjoin(Officer, Officer.id == Visit.officer_id)
        .outerjoin(VisitUndo, VisitUndo.visit_id == Visit.id)
        .where(within(ServicePoint.area_code, area), _on(day))
        .order_by(Visit.at.desc(), Visit.id.desc())
        .offset(skip)
        .limit(limit)
    )
    return [VisitLine(*row) for row in rows]


def _on(day: date) -> ColumnElement[bool]:
    start = datetime.combine(day, time(), tzinfo=WIB)
    return (Visit.at >= start) & (Visit.at < start + timedelta(days=1))
