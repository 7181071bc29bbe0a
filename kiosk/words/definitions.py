"""Words for the definition of a programme, as a version keeps it: what a change changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.filters import angka, rupiah, tanggal
from kiosk.words.kinds import KINDS
from registry.kinds import PeriodKind, PointKind, Proof

__all__ = ["Change", "say_changes"]


@dataclass(frozen=True)
class Change:
    """One part of a definition that is otherwise in a version; each side line by line."""

    name: str
    now: tuple[str, ...]
    then: tuple[str, ...]


def _one(say: Callable[[Any], str] = str) -> Callable[[Any], tuple[str, ...]]:
    return lambda value: (say(value),) if value != "" else ()


def _each(say: Callable[[Any], str] = str) -> Callable[[Any], tuple[str, ...]]:
    return lambda values: tuple(say(value) for value in values)


def _truth(value: bool) -> str:
    return "ya" if value else "tidak"


_PARTS: Mapping[str, tuple[str, Callable[[Any], tuple[str, ...]]]] = {
    "name": ("Nama", _one()),
    "pillar": ("Pilar", _one()),
    "office": ("Perangkat daerah pemilik", _one()),
    "package": ("Isi paket atau layanan", _one()),
    "period": ("Masa", _one(lambda value: KINDS[PeriodKind][PeriodKind(value)])),
    "quota": ("Jatah dalam satu masa", _one(lambda value: angka(value) if value else "tanpa batas")),
    "one_per_family": ("Satu orang dari satu keluarga", _one(_truth)),
    "places": ("Dilayani di", _each(lambda value: KINDS[PointKind][PointKind(value)])),
    "proofs": ("Yang wajib diperiksa", _each(lambda value: KINDS[Proof][Proof(value)])),
    "proxy_limit": ("Batas wakil dari luar KK", _one(angka)),
    "excludes": ("Tidak boleh bersama", _each()),
    "budget": ("Mata anggaran", _one()),
    "clause": ("Syarat", _each(lambda clause: f"{clause['words']}: {clause['expression']}")),
    "amount": (
        "Besaran",
        _each(
            lambda amount: (
                f"mulai {tanggal(date.fromisoformat(amount['valid_from']))}: {rupiah(amount['value'])}, "
                f"harga {rupiah(amount['price'])} ({amount['legal_reference']})"
            )
        ),
    ),
    "is_withdrawn": ("Dihentikan", _one(_truth)),
}


def say_changes(now: Mapping[str, Any], then: Mapping[str, Any]) -> list[Change]:
    """Return what is otherwise in a definition than in the one that holds now; both with everything said."""
    return [Change(name, say(now[key]), say(then[key])) for key, (name, say) in _PARTS.items() if now[key] != then[key]]
