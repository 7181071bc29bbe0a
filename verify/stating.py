"""What sources said of a family and a person, by the names that clauses ask for."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from registry.days import full_years
from registry.families.known_facts import Known, KnownFamilyFacts, KnownPersonFacts
from registry.models import Person
from verify.clauses import Stated, Value

__all__ = ["as_value", "state_family", "state_person"]


def state_family(known: KnownFamilyFacts, members: int | None = None) -> dict[str, Stated]:
    """Return the facts of a family by their names in clauses.

    Args:
        members: how many living people it has; unknown when left out.
    """
    said: dict[str, Known[Any] | None] = {
        "desil": known.desil,
        "menerima_pkh": known.receives_pkh,
        "menerima_sembako": known.receives_sembako,
        "menerima_blt_dd": known.receives_blt_dd,
    }
    stated = {name: _stated(name, fact) for name, fact in said.items()}
    stated["jumlah_anggota"] = Stated(members)
    return stated


def state_person(person: Person, known: KnownPersonFacts, *, today: date) -> dict[str, Stated]:
    """Return the facts of a person by their names in clauses.

    Args:
        today: the local day (WIB) on which the age is asked.
    """
    nisn = known.nisn
    said: dict[str, Known[Any] | None] = {
        "pekerjaan": known.occupation,
        "status_jkn": known.jkn,
        "punya_nisn": Known(True, nisn.source, nisn.as_of) if nisn else None,
        "hamil": known.is_pregnant,
    }
    stated = {name: _stated(name, fact) for name, fact in said.items()}
    stated["usia"] = Stated(full_years(person.birth_date, today))
    stated["jenis_kelamin"] = Stated(person.sex.value)
    stated["hubungan"] = Stated(person.relation.value)
    return stated


def as_value(name: str, said: Value) -> Value:
    """Return what a source said as a clause sees it: a code as plain text, an occupation in lower case."""
    if isinstance(said, StrEnum):
        return said.value
    return said.lower() if name == "pekerjaan" and isinstance(said, str) else said


def _stated(name: str, fact: Known[Any] | None) -> Stated:
    return Stated(as_value(name, fact.value), fact.source, fact.as_of) if fact else Stated(None)
