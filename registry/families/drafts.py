"""A family as someone states it, before it stands in the registry: checked, but not yet written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.identifiers import FamilyNumber, Nik
from registry.kinds import JknStatus, Relation, Sex

__all__ = ["FamilyDraft", "PersonDraft"]


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """One person as stated; ``None`` in a fact says nothing about it."""

    nik: Nik
    name: str
    relation: Relation
    sex: Sex
    birth_date: date
    occupation: str | None = None
    jkn: JknStatus | None = None
    nisn: str | None = None
    is_pregnant: bool | None = None


@dataclass(frozen=True, slots=True)
class FamilyDraft:
    """One family as stated, its people in their order; ``None`` in a fact says nothing about it."""

    number: FamilyNumber
    village_code: str
    people: tuple[PersonDraft, ...]
    address: str = ""
    rt: str = ""
    rw: str = ""
    desil: int | None = None
    receives_pkh: bool | None = None
    receives_sembako: bool | None = None
    receives_blt_dd: bool | None = None

    @property
    def heads(self) -> int:
        """Return how many of the people are stated as head; a family that can be written has one."""
        return sum(person.relation is Relation.HEAD for person in self.people)
