"""The little of a family that is shown where a person of it is served: who lives in it, by name and birth year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from registry.days import full_years
from registry.db import Session
from registry.families.members import living_members
from registry.kinds import PeriodKind, PointKind
from registry.schooling.pupils import AGES

__all__ = ["Member", "members_shown"]


@dataclass(frozen=True, slots=True)
class Member:
    """One living person of a family. No sex, no relation, no number of the state, and nothing of the family."""

    person_id: UUID
    name: str
    birth_year: int


def members_shown(session: Session, family_id: UUID, *, here: PointKind, today: date) -> tuple[Member, ...]:
    """Return the living people of a family in the order of its Kartu Keluarga; at a school, those of school age only.

    Args:
        here: what kind of place looks.
    """
    people = living_members(session, family_id)
    if here is PointKind.SCHOOL:
        ages = AGES[PeriodKind.SCHOOL_YEAR]
        people = [person for person in people if full_years(person.birth_date, today) in ages]
    return tuple(Member(person.id, person.name, person.birth_date.year) for person in people)
