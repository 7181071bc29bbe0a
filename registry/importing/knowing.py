"""What the registry knows of the families of a list, read for many of them in a few queries by index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select

from registry.families.drafts import FamilyDraft
from registry.families.known_facts import KnownFamilyFacts, KnownPersonFacts, current_family_facts, current_person_facts
from registry.identifiers import FamilyNumber, Nik
from registry.keys.sealing import Vault
from registry.kinds import PersonState, Relation, Sex
from registry.models import Family, Person, Revision
from registry.models import FamilyNumber as NumberRow

__all__ = ["Knowledge", "KnownFamily", "KnownPerson", "learn"]

_BATCH = 5_000  # values in one IN list: both databases take 32,766 bound values


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as the registry has them."""

    id: UUID
    family_id: UUID
    position: int
    nik_index: bytes
    name: str
    relation: Relation
    sex: Sex
    birth_date: date
    state: PersonState


@dataclass(slots=True)
class KnownFamily:
    """A family as the registry has it, with its people and what is known of it."""

    id: UUID
    reference: str
    village_code: str
    address: str
    rt: str
    rw: str
    as_of: date
    people: list[KnownPerson] = field(default_factory=list)
    facts: KnownFamilyFacts = field(default_factory=KnownFamilyFacts)

    @property
    def living(self) -> list[KnownPerson]:
        """Return the people that belong to the family now."""
        return [person for person in self.people if person.state is PersonState.LIVING]


@dataclass(slots=True)
class Knowledge:
    """What the registry knows of some families and of everyone in them."""

    families: dict[UUID, KnownFamily]
    by_number: dict[FamilyNumber, UUID]
    """The family that has a Nomor KK now."""
    by_former_number: dict[FamilyNumber, UUID]
    """The family that had a Nomor KK before it got another one."""
    by_nik: dict[Nik, KnownPerson]
    person_facts: dict[UUID, KnownPersonFacts]
    left: dict[UUID, set[str]]
    """For people who live in another family than they did: references of the families that they were taken out of."""


def learn(connection: Connection, drafts: Sequence[FamilyDraft], *, vault: Vault) -> Knowledge:
    """Return what the registry knows of these families and of everyone in them."""
    numbers = {vault.index("family_number", draft.number): draft.number for draft in drafts}
    niks = {vault.index("nik", person.nik): person.nik for draft in drafts for person in draft.people}
    by_number: dict[FamilyNumber, UUID] = {}
    by_former_number: dict[FamilyNumber, UUID] = {}
    for index, family_id, until in _in_batches(
        connection,
        select(NumberRow.number_index, NumberRow.family_id, NumberRow.until).order_by(NumberRow.until),
        NumberRow.number_index,
        numbers,
    ):
        (by_number if until is None else by_former_number)[numbers[index]] = family_id
    owners = {family_id for (family_id,) in _in_batches(connection, select(Person.family_id), Person.nik_index, niks)}
    families = {
        row.id: KnownFamily(row.id, row.reference, row.village_code, row.address, row.rt, row.rw, row.as_of)
        for row in _in_batches(
            connection,
            select(
                Family.id,
                Family.reference,
                Family.village_code,
                Family.address,
                Family.rt,
                Family.rw,
                Family.as_of,
            ),
            Family.id,
            owners | set(by_number.values()) | set(by_former_number.values()),
        )
    }
    by_nik: dict[Nik, KnownPerson] = {}
    for row in _in_batches(
        connection,
        select(
            Person.id,
            Person.family_id,
            Person.position,
            Person.nik_index,
            Person.name,
            Person.relation,
            Person.sex,
            Person.birth_date,
            Person.state,
        ).order_by(Person.position),
        Person.family_id,
        families,
    ):
        person = KnownPerson(*row)
        families[person.family_id].people.append(person)
        if person.nik_index in niks:
            by_nik[niks[person.nik_index]] = person
    for family_id, facts in current_family_facts(connection, families).items():
        families[family_id].facts = facts
    left: dict[UUID, set[str]] = defaultdict(set)
    for person_id, reference in _in_batches(
        connection,
        select(Revision.person_id, Revision.before).where(Revision.attribute == "family"),
        Revision.person_id,
        [person.id for person in by_nik.values()],
    ):
        left[person_id].add(reference)
    facts_of = current_person_facts(connection, [person.id for person in by_nik.values()])
    return Knowledge(families, by_number, by_former_number, by_nik, facts_of, left)


def _in_batches(
    connection: Connection, query: Select[*tuple[Any, ...]], column: Any, values: Iterable[Any]
) -> Iterator[Any]:
    wanted = list(values)
    for start in range(0, len(wanted), _BATCH):
        yield from connection.execute(query.where(column.in_(wanted[start : start + _BATCH])))
