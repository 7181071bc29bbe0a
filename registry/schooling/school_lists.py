"""The lists of a school: its own pupils of a round, who is confirmed and who is not yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select

from registry.db import Session
from registry.errors import NotFound
from registry.families.known_facts import current_person_facts
from registry.models import (
    Enrolment,
    Entitlement,
    EntitlementRemoval,
    Person,
    Redemption,
    RedemptionUndo,
    Roster,
    Round,
)
from registry.schooling.pupils import rounds_listed_at

__all__ = ["ListedPupil", "SchoolList", "SchoolTally", "get_school_list", "tally_school_lists"]


@dataclass(frozen=True, slots=True)
class ListedPupil:
    """One pupil on the list of a school."""

    name: str
    birth_year: int
    nisn: str
    """Empty where nobody has stated it."""
    confirmed_at: datetime | None
    receipt_number: str | None


@dataclass(frozen=True, slots=True)
class SchoolList:
    """The list of a school in one round, by name; those whom an addendum removed are left out."""

    round_id: UUID
    programme: str
    round_name: str
    opens_on: date
    closes_on: date
    pupils: Sequence[ListedPupil]

    @property
    def confirmed(self) -> int:
        """How many pupils are confirmed."""
        return sum(one.confirmed_at is not None for one in self.pupils)


@dataclass(frozen=True, slots=True)
class SchoolTally:
    """How far the list of a school has come in one round."""

    round: Round
    listed: int
    confirmed: int


def get_school_list(session: Session, round_id: UUID, *, point_id: UUID) -> SchoolList:
    """Return the list that a point itself has in a round of schooling.

    Raises:
        NotFound: code ``round_unknown``, also for a round in which the point has no list.
    """
    round_ = next((one for one in rounds_listed_at(session, point_id) if one.id == round_id), None)
    if round_ is None:
        raise NotFound("round_unknown")
    rows = session.execute(
        _listed(
            select(Person, Redemption.given_at, Redemption.receipt_number, func.coalesce(Enrolment.nisn, "")),
            point_id=point_id,
        )
        .join(Person, Person.id == Entitlement.person_id)
        .outerjoin(Enrolment, Enrolment.redemption_id == Redemption.id)
        .where(Entitlement.round_id == round_id)
        .order_by(Person.name, Person.birth_date, Person.id)
    ).all()
    known = current_person_facts(session, [person.id for person, *_ in rows])
    pupils = []
    for person, confirmed_at, receipt_number, stated in rows:
        nisn = known[person.id].nisn
        number = stated or (nisn.value if nisn else "")
        pupils.append(ListedPupil(person.name, person.birth_date.year, number, confirmed_at, receipt_number))
    return SchoolList(round_.id, round_.programme.name, round_.name, round_.opens_on, round_.closes_on, tuple(pupils))


def tally_school_lists(session: Session, point_id: UUID) -> list[SchoolTally]:
    """Return how far each list of a point has come, the newest round first."""
    rows = session.execute(
        _listed(
            select(Entitlement.round_id, func.count(Entitlement.id), func.count(Redemption.id)), point_id=point_id
        ).group_by(Entitlement.round_id)
    )
    counts = {round_id: (listed, confirmed) for round_id, listed, confirmed in rows}
    return [SchoolTally(one, *counts.get(one.id, (0, 0))) for one in rounds_listed_at(session, point_id)]


def _listed(query: Select[*tuple[Any, ...]], *, point_id: UUID) -> Select[*tuple[Any, ...]]:
    """Read from the rights on a point's lists, each with the confirmation that stands."""
    undone = exists().where(RedemptionUndo.redemption_id == Redemption.id)
    removed = exists().where(EntitlementRemoval.entitlement_id == Entitlement.id)
    return (
        query.select_from(Entitlement)
        .join(Roster, Roster.id == Entitlement.roster_id)
        .outerjoin(Redemption, (Redemption.entitlement_id == Entitlement.id) & ~undone)
        .where(Roster.point_id == point_id, ~removed)
    )
