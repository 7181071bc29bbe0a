"""Who of a family has a right of their own in a round, as it is asked at the counter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from registry.db import Session
from registry.kinds import PersonState
from registry.models import Entitlement, Person

__all__ = ["ListedPerson", "listed_people"]


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person as a counter may see them: no more than tells two of one family apart."""

    id: UUID
    name: str
    birth_year: int


def listed_people(session: Session, family_id: UUID, rounds: Collection[UUID]) -> dict[UUID, list[ListedPerson]]:
    """Return the living people of a family who are, or were, on the lists of rounds; by round, the eldest first."""
    rows = session.execute(
        select(Entitlement.round_id, Person.id, Person.name, Person.birth_date)
        .join(Person, Person.id == Entitlement.person_id)
        .where(
            Person.family_id == family_id,
            Person.state == PersonState.LIVING,
            Entitlement.round_id.in_(rounds),
            Entitlement.ordinal == 1,
        )
        .order_by(Person.birth_date, Person.id)
    )
    people: dict[UUID, list[ListedPerson]] = defaultdict(list)
    for round_id, person_id, name, born in rows:
        people[round_id].append(ListedPerson(person_id, name, born.year))
    return people
