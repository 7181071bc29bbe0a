"""The numbers of the state of a family and its people: half hidden for every page, whole for a right and a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from registry.audit import Actor, record
from registry.db import Session
from registry.identifiers import FamilyNumber, Nik
from registry.keys.keys import KeyRing
from registry.keys.sealing import Vault
from registry.kinds import ShowReason
from registry.models import Family

__all__ = ["FamilyNumbers", "NumberSpan", "hidden_numbers", "show_numbers"]


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A Nomor KK, and from when until when the family had it; no end for the present one."""

    number: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class FamilyNumbers:
    """A family's Nomor KK, the present one first, and each person's NIK by the person's id; whole or half hidden."""

    spans: tuple[NumberSpan, ...]
    niks: dict[UUID, str]
    are_whole: bool

    @property
    def present(self) -> str:
        """Return the Nomor KK that the family has now; empty when it has none."""
        return next((span.number for span in self.spans if span.until is None), "")


def hidden_numbers(family: Family, vault: Vault) -> FamilyNumbers:
    """Return the family's numbers with their middle hidden, for any page.

    Raises:
        KeyFault: when a number cannot be opened with these keys.
    """
    return _open(family, vault, is_whole=False)


def show_numbers(
    session: Session, family: Family, *, reason: ShowReason, actor: Actor, keys: KeyRing, at: datetime
) -> FamilyNumbers:
    """Return the family's whole numbers, and record who saw them and why.

    The reason comes from a closed list: the trail can never be changed, so nobody may write a name into it.

    Raises:
        KeyFault: when a number cannot be opened with these keys.
    """
    numbers = _open(family, keys.vault, is_whole=True)
    record(
        session,
        "family.nik_shown",
        f"family:{family.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        reason=reason.value,
        people=len(numbers.niks),
    )
    return numbers


def _open(family: Family, vault: Vault, *, is_whole: bool) -> FamilyNumbers:
    spans = []
    for row in reversed(family.numbers):
        number = FamilyNumber(vault.open("family_number", "number_sealed", row.id, row.number_sealed))
        spans.append(NumberSpan(number if is_whole else number.masked, row.since, row.until))
    niks = {}
    for person in family.people:
        nik = Nik(vault.open("person", "nik_sealed", person.id, person.nik_sealed))
        niks[person.id] = nik if is_whole else nik.masked
    return FamilyNumbers(tuple(spans), niks, is_whole)
