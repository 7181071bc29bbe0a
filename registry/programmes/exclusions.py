"""Which programmes may not be had together, and who has a standing right in one of the others now.

A programme names the ones that it excludes; "not at the same time" holds both ways, so the ones that name it count too.
A family's right stands in the way of each of its people, and a person's right in the way of the family.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Select, null, or_, select, union_all

from registry.db import Session
from registry.giving.standing import stands
from registry.models import Balance, Entitlement, Programme, Round
from registry.programmes.settled import is_settled

__all__ = ["Exclusion", "excluded_codes", "exclusions_of"]

_BATCH = 5_000  # ids in one query: both databases take 32,766 bound values


@dataclass(frozen=True, slots=True)
class Exclusion:
    """The standing right that stands in the way."""

    programme: str
    """The other programme's name."""
    round: str


def excluded_codes(programmes: Iterable[Programme], programme: Programme) -> set[str]:
    """Return the codes of the programmes that may not be had together with one of these."""
    named = set(programme.excludes)
    return named | {other.code for other in programmes if programme.code in other.excludes}


def exclusions_of(
    session: Session, programme: Programme, subjects: Iterable[tuple[UUID, UUID | None]], *, today: date
) -> dict[tuple[UUID, UUID | None], Exclusion]:
    """Return, of these families and people, those who have a right in a determined round of an excluded programme.

    Args:
        subjects: pairs of family and person; no person where the right would be the family's.
        today: the local day (WIB); a round that is closed, or has passed its last day, stands in nobody's way.
    """
    codes = excluded_codes(session.scalars(select(Programme)), programme)
    if not codes:
        return {}
    found: dict[tuple[UUID, UUID | None], Exclusion] = {}
    coming = iter(subjects)
    while some := list(islice(coming, _BATCH)):
        of_family: dict[UUID, Exclusion] = {}
        of_person: dict[UUID, Exclusion] = {}
        of_anybody: dict[UUID, Exclusion] = {}
        for family, person, *named in session.execute(_standing(codes, some, today)):
            standing = Exclusion(*named)
            of_anybody.setdefault(family, standing)
            if person is None:
                of_family.setdefault(family, standing)
            else:
                of_person.setdefault(person, standing)
        for family, person in some:
            if person is None:
                standing_right = of_anybody.get(family)
            else:
                standing_right = of_person.get(person) or of_family.get(family)
            if standing_right is not None:
                found[family, person] = standing_right
    return found


def _standing(codes: set[str], subjects: list[tuple[UUID, UUID | None]], today: date) -> Select[Any]:
    families = {family for family, _ in subjects}
    # a person may have left the family in which the right was listed
    people = {person for _, person in subjects if person is not None}
    rights = union_all(
        select(Entitlement.round_id, Entitlement.family_id, Entitlement.person_id).where(
            or_(Entitlement.family_id.in_(families), Entitlement.person_id.in_(people)),
            stands(),
        ),
        select(Balance.round_id, Balance.family_id, null().label("person_id")).where(
            Balance.family_id.in_(families), Balance.removal_id.is_(None)
        ),
    ).subquery()
    return (
        select(rights.c.family_id, rights.c.person_id, Programme.name, Round.name)
        .join(Round, Round.id == rights.c.round_id)
        .join(Programme, Programme.code == Round.programme_code)
        .where(Programme.code.in_(codes), is_settled(), Round.closes_on >= today)
        .order_by(Round.closes_on)
    )
