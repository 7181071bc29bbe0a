"""Words for the audit trail: what was done, to what, and the details that an auditor reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kiosk import words
from kiosk.filters import angka, rupiah, tanggal
from kiosk.words.held import say_decision
from kiosk.words.imports import HELD_BECAUSE
from registry.kinds import BlockReason, PointKind, Role, ShowReason
from registry.trail import TrailLine

ACTIONS: Mapping[str, str] = {
    "card.blocked": "Kartu diblokir",
    "card.handed_over": "Kartu diserahkan",
    "card.issued": "Kartu diterbitkan",
    "card.printed": "Kartu ditandai tercetak",
    "card.replaced": "Kartu diganti",
    "card.spoilt": "Cetakan kartu rusak",
    "family.nik_shown": "NIK lengkap ditampilkan",
    "family.registered": "Keluarga didaftarkan",
    "held.decided": "Keluarga yang ditahan diputuskan",
    "list.applied": "Daftar keluarga diterapkan",
    "list.discarded": "Rencana daftar keluarga dibuang",
    "list.planned": "Daftar keluarga direncanakan",
    "officer.added": "Petugas ditambahkan",
    "officer.deactivated": "Petugas dinonaktifkan",
    "officer.password_changed": "Kata sandi diganti sendiri",
    "officer.password_set": "Kata sandi petugas diganti",
    "officer.reinstated": "Petugas diaktifkan lagi",
    "officer.signed_in": "Masuk",
    "officer.signed_out": "Keluar",
    "photo.taken": "Foto diambil",
    "point.added": "Titik layanan ditambahkan",
    "redemption.given": "Bantuan disalurkan",
    "redemption.undone": "Penyaluran dibatalkan",
    "round.closed": "Tahap ditutup",
    "round.opened": "Tahap dibuka",
    "scan.refused": "Pindaian ditolak",
}
"""Every action that the registry records."""

SUBJECTS: Mapping[str, str] = {
    "attempt": "percobaan",
    "card": "kartu",
    "family": "keluarga",
    "family_list": "daftar",
    "held_family": "keluarga ditahan",
    "officer": "petugas",
    "person": "anggota keluarga",
    "photo": "foto",
    "point": "titik layanan",
    "redemption": "penyaluran",
    "round": "tahap",
}

_LAST_SIGNS = 6  # of a random identifier: enough to find the same thing again among the lines of a page

_DETAILS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "area": ("wilayah", str),
    "closes_on": ("sampai", lambda value: tanggal(date.fromisoformat(value))),
    "code": ("kode", lambda value: HELD_BECAUSE.get(value, value)),
    "decision": ("putusan", say_decision),
    "families": ("keluarga", lambda value: angka(int(value))),
    "first": ("dari", lambda value: f"keluarga ke-{angka(int(value))}"),
    "kind": ("jenis", lambda value: words.label(PointKind(value))),
    "last": ("sampai", lambda value: f"keluarga ke-{angka(int(value))}"),
    "number": ("nomor", str),
    "opens_on": ("mulai", lambda value: tanggal(date.fromisoformat(value))),
    "people": ("orang", lambda value: angka(int(value))),
    "places": ("tempat", lambda value: angka(int(value))),
    "point": ("titik", str),
    "price": ("harga", lambda value: rupiah(int(value))),
    "programme": ("program", str),
    "reason": ("alasan", lambda value: _one_of(value, BlockReason, ShowReason)),
    "reasons": ("alasan", lambda value: ", ".join(_title(code) for code in value.split())),
    "receipt": ("bukti", str),
    "receiver": ("penerima", {"head": "kepala keluarga", "proxy": "wakil keluarga"}.__getitem__),
    "roles": ("peran", lambda value: ", ".join(words.label(Role(role)) for role in value.split())),
    "source": ("sumber", str),
    "value": ("nilai", lambda value: rupiah(int(value))),
}
"""What is shown of a line's detail, by what name and how; identifiers of ours say nothing to a reader and are not."""


@dataclass(frozen=True)
class SaidLine:
    """One line of the trail in words."""

    line: TrailLine
    what: str
    about: str
    details: tuple[tuple[str, str], ...]


def say(line: TrailLine) -> SaidLine:
    """Return a line of the trail in words."""
    kind, _, identifier = line.subject.partition(":")
    details = tuple(
        (name, show(str(line.detail[key])))
        for key, (name, show) in _DETAILS.items()
        if line.detail.get(key) is not None
    )
    return SaidLine(line, ACTIONS[line.action], f"{SUBJECTS[kind]} …{identifier[-_LAST_SIGNS:]}", details)


def _one_of(value: str, *kinds: type[StrEnum]) -> str:
    kind = next((kind for kind in kinds if value in {member.value for member in kind}), None)
    return words.label(kind(value)) if kind else value


def _title(code: str) -> str:
    return words.of(code).title.lower() if words.knows(code) else code
