"""A plan: everything that an approved event will change, known before anything is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from registry.db import Session
from registry.families.drafts import FamilyDraft, PersonDraft
from registry.families.history import FamilyChange
from registry.identifiers import FamilyNumber
from registry.kinds import FamilyState, PersonState, Relation
from registry.models import Family, Person
from registry.regions import find_paths

__all__ = ["NEW_FAMILY", "Change", "Move", "Plan", "foresee"]

NEW_FAMILY = ""
"""The reference of a family that has none yet."""


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute of a family, or of one of its people, that gets another value."""

    family: Family
    person: Person | None
    attribute: str
    after: str | StrEnum

    @property
    def before(self) -> str:
        """Return the value as it is now."""
        return str(getattr(self.person or self.family, self.attribute))


@dataclass(frozen=True, slots=True)
class Move:
    """A person who comes into another family, and what they are to its head."""

    person: Person
    relation: Relation
    to: Family | None
    """None for the family that is founded."""


@dataclass(slots=True)
class Plan:
    """What an event will change in a family, and in another one where people come from there or go there."""

    family: Family
    changes: list[Change] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    born: PersonDraft | None = None
    number: FamilyNumber | None = None
    """The family's new Nomor KK."""
    former_number: FamilyNumber | None = None
    """The one that it follows, or that ends without a successor."""
    founded: FamilyDraft | None = None
    """A family that is made by the event, its people those who move."""
    other: Family | None = None
    """Into which the family merges, or from which a person comes."""
    young_heads: list[Person] = field(default_factory=list)
    """Those who become head as a child, because no adult is left: a guardian is to be recorded by Dukcapil."""

    @property
    def families(self) -> list[Family]:
        """Return the families that are changed and stand in the registry already."""
        return [self.family] if self.other is None else [self.family, self.other]

    def alter(self, person: Person, attribute: str, after: str | StrEnum) -> None:
        """Add a change of a person, when it is one."""
        if getattr(person, attribute) != after:
            self.changes.append(Change(person.family, person, attribute, after))

    def alter_family(self, attribute: str, after: str | StrEnum) -> None:
        """Add a change of the family, when it is one."""
        if getattr(self.family, attribute) != after:
            self.changes.append(Change(self.family, None, attribute, after))

    def state_after(self, family: Family) -> FamilyState:
        """Return the state that a family will have."""
        for change in self.changes:
            if change.person is None and change.family is family and change.attribute == "state":
                return FamilyState(change.after)
        return family.state

    def head_after(self, family: Family) -> Person | None:
        """Return the living head that a family will have."""
        moved = {move.person.id for move in self.moves}
        stated = {(change.person.id, change.attribute): change.after for change in self.changes if change.person}
        for person in family.people:
            relation = stated.get((person.id, "relation"), person.relation)
            state = stated.get((person.id, "state"), person.state)
            if person.id not in moved and relation == Relation.HEAD and state == PersonState.LIVING:
                return person
        return None


def foresee(session: Session, plan: Plan, *, at: datetime) -> list[FamilyChange]:
    """Return what a plan will change, in the shape in which a family's past changes are told."""
    told = []

    def tell(attribute: str, before: str, after: str, person: str = "") -> None:
        told.append(FamilyChange(attribute, before, after, source="", at=at, person=person))

    codes = [code for one in plan.changes if one.attribute == "village_code" for code in (one.before, str(one.after))]
    villages: Mapping[str, str] = {
        code: f"{path.village}, {path.district}" for code, path in find_paths(session, codes).items()
    }
    for change in plan.changes:
        before, after = (villages.get(value, value) for value in (change.before, str(change.after)))
        tell(change.attribute, before, after, change.person.name if change.person else "")
    for move in plan.moves:
        there = move.to.reference if move.to else NEW_FAMILY
        if move.person.family is not move.to:
            tell("family", move.person.family.reference, there, move.person.name)
        if move.person.relation is not move.relation:
            tell("relation", move.person.relation.value, move.relation.value, move.person.name)
    if plan.born:
        tell("joined", "", plan.family.reference, plan.born.name)
    if plan.number or plan.former_number:
        numbers = (one.masked if one else "" for one in (plan.former_number, plan.number))
        tell("number", *numbers)
    return told
