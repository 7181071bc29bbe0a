"""What an officer states of a family event: one class per thing that can happen, kept sealed with the event as JSON.

A statement names people by id and never says how they are now: what it changes is planned against the registry as it
stands, once when it is proposed and again when it is approved.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from registry.families.drafts import PersonDraft
from registry.identifiers import FamilyNumber, Nik
from registry.kinds import FamilyEventKind, Relation, Sex

__all__ = [
    "Birth",
    "Death",
    "FamilyLeaves",
    "FamilyReturns",
    "Headship",
    "Home",
    "Merge",
    "NewHead",
    "NumberChanged",
    "PersonJoins",
    "PersonLeaves",
    "Split",
    "Statement",
    "kind_of",
    "read_statement",
    "write_statement",
]


@dataclass(frozen=True, slots=True)
class Headship:
    """Who is head of a family from now on, and what the others are to the head; who is not named stays as they are."""

    head_id: UUID
    relations: Mapping[UUID, Relation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Home:
    """Where a family lives."""

    village_code: str
    address: str = ""
    rt: str = ""
    rw: str = ""


@dataclass(frozen=True, slots=True)
class Death:
    """Somebody of the family has died; of a head also who follows, unless the family stays without one."""

    person_id: UUID
    headship: Headship | None = None


@dataclass(frozen=True, slots=True)
class Birth:
    """A child was born into the family, and has a NIK."""

    child: PersonDraft


@dataclass(frozen=True, slots=True)
class PersonLeaves:
    """One person has moved out of the service area; of a head also who follows, unless the family stays without."""

    person_id: UUID
    headship: Headship | None = None


@dataclass(frozen=True, slots=True)
class FamilyLeaves:
    """The whole family has moved out of the service area."""


@dataclass(frozen=True, slots=True)
class FamilyReturns:
    """A family that had moved away lives here again."""

    home: Home
    number: FamilyNumber | None = None
    """Its new Nomor KK, where it has got one."""


@dataclass(frozen=True, slots=True)
class PersonJoins:
    """A person whom the registry knows by the NIK comes into this family, from another one or from elsewhere."""

    nik: Nik
    relation: Relation


@dataclass(frozen=True, slots=True)
class Split:
    """Some of the people make a family of their own, with its own Nomor KK."""

    number: FamilyNumber
    headship: Headship
    """Of the new family: its head, and each of the others who go."""
    home: Home
    left: Headship | None = None
    """Of those who stay, where their head is among those who go."""

    @property
    def leaving(self) -> frozenset[UUID]:
        """Return who goes."""
        return frozenset({self.headship.head_id, *self.headship.relations})


@dataclass(frozen=True, slots=True)
class Merge:
    """Everybody of the family comes into another one, and this Nomor KK ends."""

    into_id: UUID
    relations: Mapping[UUID, Relation]
    """What each of them is to the head there."""


@dataclass(frozen=True, slots=True)
class NewHead:
    """The family has another head, and nobody died or left."""

    headship: Headship


@dataclass(frozen=True, slots=True)
class NumberChanged:
    """The family has a new Nomor KK."""

    number: FamilyNumber


Statement = (
    Death | Birth | PersonLeaves | FamilyLeaves | FamilyReturns | PersonJoins | Split | Merge | NewHead | NumberChanged
)

_KINDS: Mapping[type[Statement], FamilyEventKind] = {
    Death: FamilyEventKind.DEATH,
    Birth: FamilyEventKind.BIRTH,
    PersonLeaves: FamilyEventKind.MOVE_OUT,
    FamilyLeaves: FamilyEventKind.MOVE_OUT,
    FamilyReturns: FamilyEventKind.MOVE_IN,
    PersonJoins: FamilyEventKind.MOVE_IN,
    Split: FamilyEventKind.SPLIT,
    Merge: FamilyEventKind.MERGE,
    NewHead: FamilyEventKind.NEW_HEAD,
    NumberChanged: FamilyEventKind.NUMBER_CHANGED,
}


def kind_of(statement: Statement) -> FamilyEventKind:
    """Return the kind of event that a statement states."""
    return _KINDS[type(statement)]


def write_statement(statement: Statement) -> str:
    """Return a statement as JSON, for sealing."""
    return json.dumps({"states": type(statement).__name__, **_plain(asdict(statement))}, sort_keys=True)


def read_statement(text: str) -> Statement:
    """Return the statement that :func:`write_statement` wrote."""
    read: dict[str, Any] = json.loads(text)
    match read["states"]:
        case "Death":
            return Death(UUID(read["person_id"]), _headship(read["headship"]))
        case "Birth":
            return Birth(_child(read["child"]))
        case "PersonLeaves":
            return PersonLeaves(UUID(read["person_id"]), _headship(read["headship"]))
        case "FamilyLeaves":
            return FamilyLeaves()
        case "FamilyReturns":
            number = read["number"]
            return FamilyReturns(Home(**read["home"]), None if number is None else FamilyNumber(number))
        case "PersonJoins":
            return PersonJoins(Nik(read["nik"]), Relation(read["relation"]))
        case "Split":
            return Split(
                FamilyNumber(read["number"]),
                _read_headship(read["headship"]),
                Home(**read["home"]),
                _headship(read["left"]),
            )
        case "Merge":
            return Merge(UUID(read["into_id"]), _relations(read["relations"]))
        case "NewHead":
            return NewHead(_read_headship(read["headship"]))
        case "NumberChanged":
            return NumberChanged(FamilyNumber(read["number"]))
    raise ValueError("no statement of this name")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, UUID | date):
        return str(value)
    return value


def _headship(read: Mapping[str, Any] | None) -> Headship | None:
    return None if read is None else _read_headship(read)


def _read_headship(read: Mapping[str, Any]) -> Headship:
    return Headship(UUID(read["head_id"]), _relations(read["relations"]))


def _relations(read: Mapping[str, str]) -> dict[UUID, Relation]:
    return {UUID(person_id): Relation(relation) for person_id, relation in read.items()}


def _child(read: Mapping[str, Any]) -> PersonDraft:
    return PersonDraft(
        nik=Nik(read["nik"]),
        name=read["name"],
        relation=Relation(read["relation"]),
        sex=Sex(read["sex"]),
        birth_date=date.fromisoformat(read["birth_date"]),
    )
