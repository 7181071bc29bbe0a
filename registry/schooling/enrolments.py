"""Enrolments: what a school or campus stated when it confirmed a right, in the transaction that stored the giving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, bindparam, func, insert, select

from registry.audit import Actor, Entry, record_all
from registry.days import local_day
from registry.db import Connection, Session, new_id
from registry.errors import NotFound
from registry.models import (
    Enrolment,
    Entitlement,
    Officer,
    Person,
    PersonFacts,
    Programme,
    Redemption,
    RedemptionUndo,
    Round,
    ServicePoint,
)
from registry.programmes.terms import as_frozen

__all__ = ["Confirmation", "NewEnrolment", "StatedEnrolment", "add_enrolments", "get_confirmation"]

_enrolment: Table = Enrolment.__table__  # type: ignore[assignment]
_facts: Table = PersonFacts.__table__  # type: ignore[assignment]
_WITH_NISN = select(_facts.c.person_id).where(
    _facts.c.person_id.in_(bindparam("people", expanding=True)), _facts.c.nisn.is_not(None)
)


@dataclass(frozen=True, slots=True)
class StatedEnrolment:
    """What a school or campus states of a pupil. A school names the NISN, a campus itself and what was shown."""

    nisn: str = ""
    npsn: str = ""
    campus: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class NewEnrolment:
    """A statement that is to be stored with the giving that it stands for."""

    redemption_id: UUID
    person_id: UUID
    stated: StatedEnrolment
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A confirmed right as the school's own receipt tells it; nothing of the family."""

    receipt_number: str
    name: str
    birth_year: int
    nisn: str
    campus: str
    evidence: str
    programme: str
    round_name: str
    point: str
    npsn: str
    given_at: datetime
    officer_number: str
    """Empty when a command confirmed it."""
    undone_at: datetime | None


def add_enrolments(connection: Connection, new: Sequence[NewEnrolment], *, audit_key: bytes) -> None:
    """Store what was stated, each with an audit line; a NISN that nobody has stated before becomes known by it."""
    rows = [
        {
            "id": new_id(),
            "redemption_id": one.redemption_id,
            "nisn": one.stated.nisn,
            "npsn": one.stated.npsn,
            "campus": one.stated.campus,
            "evidence": one.stated.evidence,
            "stated_at": one.at,
        }
        for one in new
    ]
    connection.execute(insert(_enrolment), rows)
    lines = [
        Entry("enrolment.stated", f"enrolment:{row['id']}", one.actor, one.at, {"npsn": one.stated.npsn or None})
        for row, one in zip(rows, new, strict=True)
    ]
    named = {one.person_id: one for one in new if one.stated.nisn}
    known = set(connection.scalars(_WITH_NISN, {"people": list(named)})) if named else set()
    for person_id, one in named.items():
        if person_id in known:
            continue
        source = f"Sekolah {one.stated.npsn}"
        connection.execute(
            insert(_facts),
            {
                "id": new_id(),
                "person_id": person_id,
                "source": source,
                "as_of": local_day(one.at),
                "recorded_at": one.at,
                "nisn": one.stated.nisn,
            },
        )
        lines.append(Entry("person.nisn_stated", f"person:{person_id}", one.actor, one.at, {"source": source}))
    record_all(connection, lines, key=audit_key)


def get_confirmation(session: Session, receipt_number: str, *, point_id: UUID) -> Confirmation:
    """Return what a school confirmed itself.

    Raises:
        NotFound: code ``receipt_unknown``, also for a receipt of another point.
    """
    row = session.execute(
        select(
            Redemption.receipt_number,
            Person.name,
            Person.birth_date,
            Enrolment.nisn,
            Enrolment.campus,
            Enrolment.evidence,
            as_frozen(Programme.name),
            Round.name,
            ServicePoint.name,
            ServicePoint.facility_code,
            Redemption.given_at,
            func.coalesce(Officer.number, ""),
            RedemptionUndo.undone_at,
        )
        .select_from(Redemption)
        .join(Enrolment, Enrolment.redemption_id == Redemption.id)
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .join(Person, Person.id == Entitlement.person_id)
        .join(Round, Round.id == Entitlement.round_id)
        .join(Programme, Programme.code == Round.programme_code)
        .join(ServicePoint, ServicePoint.id == Redemption.point_id)
        .outerjoin(Officer, Officer.id == Redemption.officer_id)
        .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
        .where(Redemption.receipt_number == receipt_number, Redemption.point_id == point_id)
    ).one_or_none()
    if row is None:
        raise NotFound("receipt_unknown")
    number, name, born, *rest = row
    return Confirmation(number, name, born.year, *rest)
