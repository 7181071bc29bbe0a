"""Who stands on a round's list: written while the round is prepared, or by an addendum afterwards.

A round that is given lists entitlements, one row per unit of the quota; a round that is spent lists balances.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, or_, select

from registry.db import Session, new_id
from registry.giving.standing import stands
from registry.kinds import Basis, Carrying
from registry.models import Balance, Entitlement, Person, RosterVillage, Round
from registry.programmes.terms import Terms, terms_of

__all__ = [
    "Right",
    "add_rights",
    "drop_rights",
    "drop_subjects",
    "oldest_of_families",
    "rosters_by_village",
    "standing_families",
    "standing_subjects",
]

_CHUNK = 1_000  # rows in one statement
_BATCH = 5_000  # ids in one query: both databases take 32,766 bound values


@dataclass(frozen=True, slots=True)
class Right:
    """Who is to stand on a round's list: a family, or a person of it, at which roster and on what basis."""

    family_id: UUID
    person_id: UUID | None
    roster_id: UUID
    basis: Basis = Basis.DTSEN
    document: str = ""
    """The number of the document that the basis names; empty for the list of the state."""


def rosters_by_village(session: Session, round_id: UUID) -> dict[str, UUID]:
    """Return the roster that serves each village of a round."""
    query = select(RosterVillage.village_code, RosterVillage.roster_id).where(RosterVillage.round_id == round_id)
    return dict(session.execute(query).all())


def add_rights(session: Session, round_: Round, rights: Iterable[Right], *, addendum_id: UUID | None = None) -> int:
    """Put subjects on the list, as many units each as the round's quota has; return how many subjects.

    Who came off the list by an addendum and comes back by another has the units that follow: what was stays.
    """
    terms = terms_of(session, [round_.id])[round_.id]
    units = max(1, terms.quota)
    added = 0
    coming = iter(rights)
    while some := list(islice(coming, _CHUNK)):
        added += len(some)
        if round_.programme.carrying is Carrying.SPENT:
            session.execute(insert(Balance), [_balance(round_, right, addendum_id) for right in some])
            continue
        last = _last_ordinals(session, round_, some) if addendum_id else {}
        rows = [
            {
                "id": new_id(),
                "round_id": round_.id,
                "roster_id": right.roster_id,
                "family_id": right.family_id,
                "person_id": right.person_id,
                "ordinal": max(last.get(whose, 0) for whose in _counted(right, terms)) + unit,
                "basis": right.basis,
                "document": right.document,
                "only_of_family": terms.one_per_family,
                "addendum_id": addendum_id,
            }
            for right in some
            for unit in range(1, units + 1)
        ]
        for start in range(0, len(rows), _CHUNK):
            session.execute(insert(Entitlement), rows[start : start + _CHUNK])
    return added


def drop_rights(session: Session, round_id: UUID, *, basis: Basis) -> None:
    """Take everybody who stands on a basis off a list that is not frozen yet."""
    for listed in (Entitlement, Balance):
        session.execute(delete(listed).where(listed.round_id == round_id, listed.basis == basis))


def drop_subjects(session: Session, round_id: UUID, subjects: Iterable[tuple[UUID, UUID | None]]) -> None:
    """Take these families and people off a list that is not frozen yet, whatever they stand on it for."""
    coming = iter(subjects)
    while some := list(islice(coming, _BATCH)):
        people = [person for _, person in some if person is not None]
        families = [family for family, person in some if person is None]
        whose = or_(
            Entitlement.person_id.in_(people), Entitlement.family_id.in_(families) & Entitlement.person_id.is_(None)
        )
        session.execute(delete(Entitlement).where(Entitlement.round_id == round_id, whose))
        session.execute(delete(Balance).where(Balance.round_id == round_id, Balance.family_id.in_(families)))


def standing_families(session: Session, round_id: UUID) -> set[UUID]:
    """Return the families of whom somebody stands on a list now: that were listed, and that the listed live in now."""
    query = (
        select(Entitlement.family_id, Person.family_id)
        .outerjoin(Person, Person.id == Entitlement.person_id)
        .where(Entitlement.round_id == round_id, stands())
    )
    return {family for row in session.execute(query) for family in row if family is not None}


def standing_subjects(session: Session, round_id: UUID) -> set[tuple[UUID, UUID | None]]:
    """Return every family and person that stands on a list now."""
    rights = select(Entitlement.family_id, Entitlement.person_id).where(Entitlement.round_id == round_id, stands())
    balances = select(Balance.family_id).where(Balance.round_id == round_id, Balance.removal_id.is_(None))
    return {(family, person) for family, person in session.execute(rights.distinct())} | {
        (family, None) for family in session.scalars(balances)
    }


def oldest_of_families(session: Session, person_ids: Iterable[UUID]) -> set[UUID]:
    """Return of each family among these people the oldest; of two born on one day the one first on the KK."""
    oldest: dict[UUID, tuple[Any, ...]] = {}
    for some in _batches(person_ids):
        query = select(Person.family_id, Person.birth_date, Person.position, Person.id).where(Person.id.in_(some))
        for family_id, *age in session.execute(query):
            oldest[family_id] = min(oldest.get(family_id, tuple(age)), tuple(age))
    return {age[-1] for age in oldest.values()}


def _balance(round_: Round, right: Right, addendum_id: UUID | None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "round_id": round_.id,
        "family_id": right.family_id,
        "granted": round_.value,
        "basis": right.basis,
        "document": right.document,
        "addendum_id": addendum_id,
    }


def _last_ordinals(session: Session, round_: Round, rights: list[Right]) -> dict[UUID, int]:
    """Return the last unit that each family and each person of these rights has had in the round."""
    # a person may have been listed in another family
    theirs = or_(
        Entitlement.family_id.in_([right.family_id for right in rights]),
        Entitlement.person_id.in_([right.person_id for right in rights if right.person_id]),
    )
    query = (
        select(Entitlement.family_id, Entitlement.person_id, Entitlement.ordinal)
        .where(Entitlement.round_id == round_.id, theirs)
        .order_by(Entitlement.ordinal)
    )
    last: dict[UUID, int] = {}
    for family, person, ordinal in session.execute(query):
        last |= {family: ordinal} if person is None else {family: ordinal, person: ordinal}
    return last


def _counted(right: Right, terms: Terms) -> list[UUID]:
    """Return by what units are numbered: by person or family; by both where one person of a family may have them."""
    if right.person_id is None:
        return [right.family_id]
    return [right.person_id, right.family_id] if terms.one_per_family else [right.person_id]


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    coming = iter(ids)
    while some := list(islice(coming, _BATCH)):
        yield some
