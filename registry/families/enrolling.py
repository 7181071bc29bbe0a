"""Write families that are new to the registry, one or thousands, with sealed numbers and fresh references."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from random import SystemRandom
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import InstrumentedAttribute

from registry.db import new_id
from registry.families.drafts import FamilyDraft, PersonDraft
from registry.identifiers import make_reference
from registry.keys.sealing import Vault
from registry.kinds import FamilyState, PersonState
from registry.models import Family, FamilyFacts, FamilyNumber, Person, PersonFacts

__all__ = ["enrol_families", "family_facts_row", "number_row", "person_facts_row", "person_row"]

_T = TypeVar("_T")
_RANDOM = SystemRandom()
_CARD_FAMILY_IDS = 2**31  # what fits an INTEGER column on both databases, and 75 of claim 169


def enrol_families(
    connection: Connection, drafts: Sequence[FamilyDraft], *, vault: Vault, source: str, as_of: date, at: datetime
) -> list[UUID]:
    """Insert new families with their people and facts; return the families' ids in the order of the drafts.

    Nothing is looked up but that the drawn references are free: that the Nomor KK and every NIK are new, and that
    each family has one head, is the caller's to know; the unique indexes are the last guard.
    """
    if not drafts:
        return []
    references = _draw(connection, Family.reference, len(drafts), lambda: make_reference(_RANDOM))
    card_ids = _draw(connection, Family.card_family_id, len(drafts), lambda: _RANDOM.randrange(_CARD_FAMILY_IDS))
    families: list[dict[str, Any]] = []
    numbers: list[dict[str, Any]] = []
    people: list[dict[str, Any]] = []
    family_facts: list[dict[str, Any]] = []
    person_facts: list[dict[str, Any]] = []
    for draft, reference, card_id in zip(drafts, references, card_ids, strict=True):
        family_id = new_id()
        families.append(
            {
                "id": family_id,
                "reference": reference,
                "card_family_id": card_id,
                "village_code": draft.village_code,
                "address": draft.address,
                "rt": draft.rt,
                "rw": draft.rw,
                "state": FamilyState.ACTIVE,
                "as_of": as_of,
                "created_at": at,
                "updated_at": at,
            }
        )
        numbers.append(number_row(draft, family_id, vault=vault, at=at))
        family_facts.append(family_facts_row(draft, family_id, source=source, as_of=as_of, at=at))
        for position, person in enumerate(draft.people):
            row = person_row(person, family_id, position, vault=vault, at=at)
            people.append(row)
            facts = person_facts_row(person, row["id"], source=source, as_of=as_of, at=at)
            if facts:
                person_facts.append(facts)
    for model, rows in (
        (Family, families),
        (FamilyNumber, numbers),
        (Person, people),
        (FamilyFacts, family_facts),
        (PersonFacts, person_facts),
    ):
        if rows:
            connection.execute(insert(model.__table__), rows)  # type: ignore[arg-type]
    return [row["id"] for row in families]


def number_row(draft: FamilyDraft, family_id: UUID, *, vault: Vault, at: datetime) -> dict[str, Any]:
    """Return the row of a family's current Nomor KK, sealed."""
    row_id = new_id()
    return {
        "id": row_id,
        "family_id": family_id,
        "number_sealed": vault.seal("family_number", "number_sealed", row_id, draft.number),
        "number_index": vault.index("family_number", draft.number),
        "since": at,
        "until": None,
    }


def person_row(person: PersonDraft, family_id: UUID, position: int, *, vault: Vault, at: datetime) -> dict[str, Any]:
    """Return the row of a new person, the NIK sealed."""
    row_id = new_id()
    return {
        "id": row_id,
        "family_id": family_id,
        "position": position,
        "nik_sealed": vault.seal("person", "nik_sealed", row_id, person.nik),
        "nik_index": vault.index("nik", person.nik),
        "name": person.name,
        "relation": person.relation,
        "sex": person.sex,
        "birth_date": person.birth_date,
        "state": PersonState.LIVING,
        "updated_at": at,
    }


def family_facts_row(draft: FamilyDraft, family_id: UUID, *, source: str, as_of: date, at: datetime) -> dict[str, Any]:
    """Return the row of what the draft says of the family."""
    return {
        "id": new_id(),
        "family_id": family_id,
        "source": source,
        "as_of": as_of,
        "recorded_at": at,
        "desil": draft.desil,
        "receives_pkh": draft.receives_pkh,
        "receives_sembako": draft.receives_sembako,
        "receives_blt_dd": draft.receives_blt_dd,
    }


def person_facts_row(
    person: PersonDraft, person_id: UUID, *, source: str, as_of: date, at: datetime
) -> dict[str, Any] | None:
    """Return the row of what the draft says of a person, or nothing when it says nothing."""
    if person.occupation is None and person.jkn is None and person.nisn is None and person.is_pregnant is None:
        return None
    return {
        "id": new_id(),
        "person_id": person_id,
        "source": source,
        "as_of": as_of,
        "recorded_at": at,
        "occupation": person.occupation,
        "jkn": person.jkn,
        "nisn": person.nisn,
        "is_pregnant": person.is_pregnant,
    }


def _draw(connection: Connection, column: InstrumentedAttribute[_T], count: int, make: Callable[[], _T]) -> list[_T]:
    """Return as many different random values as asked, none of which the column holds."""
    drawn: dict[_T, None] = {}
    while len(drawn) < count:
        fresh = {make() for _ in range(count - len(drawn))} - drawn.keys()
        fresh -= set(connection.execute(select(column).where(column.in_(fresh))).scalars())
        drawn |= dict.fromkeys(fresh)
    return list(drawn)
