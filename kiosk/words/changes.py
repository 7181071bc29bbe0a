"""Words for what changed in a family: the name of each attribute, and its values as an officer reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from kiosk import words
from kiosk.filters import tanggal
from registry.families.history import FamilyChange
from registry.kinds import FamilyState, PersonState, Relation, Sex

ATTRIBUTES: Mapping[str, str] = {
    "number": "Nomor KK",
    "village_code": "Desa/kelurahan",
    "address": "Alamat",
    "rt": "RT",
    "rw": "RW",
    "state": "Keadaan",
    "name": "Nama",
    "relation": "Hubungan",
    "sex": "Jenis kelamin",
    "birth_date": "Tanggal lahir",
    "joined": "Menjadi anggota",
    "family": "Pindah keluarga",
}

_SHOWN_AS: Mapping[str, Callable[[str], str]] = {
    "relation": lambda value: words.label(Relation(value)),
    "sex": lambda value: words.label(Sex(value)),
    "birth_date": lambda value: tanggal(date.fromisoformat(value)),
    "joined": lambda _value: "",
    "family": lambda value: f"keluarga {value}",
}


@dataclass(frozen=True)
class SaidChange:
    """A change in words: what changed, whose it is, and from what to what (either may be empty)."""

    what: str
    person: str
    before: str
    after: str


def say(change: FamilyChange) -> SaidChange:
    """Return a change in words."""
    show = _show_state if change.attribute == "state" else _SHOWN_AS.get(change.attribute, str)
    before, after = (show(value) if value else "" for value in (change.before, change.after))
    return SaidChange(ATTRIBUTES[change.attribute], change.person, before, after)


def _show_state(value: str) -> str:
    """Show the state of a family or of a person; both call the attribute ``state``."""
    is_of_person = value in set(PersonState)
    return words.label(PersonState(value) if is_of_person else FamilyState(value))
