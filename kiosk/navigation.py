"""The tasks of the kiosk: what stands in the navigation and on the first page, each for those who have the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from kiosk.permissions import Permission, may


@dataclass(frozen=True)
class Task:
    """One counter task: where it begins, and how the first page speaks of it."""

    endpoint: str
    permission: Permission
    name: str
    """Its short name, in the navigation."""
    title: str
    """What one does there, on the first page."""
    explanation: str
    icon: str
    """A symbol of static/img/icons.svg."""


TASKS = (
    Task(
        "scan.page",
        Permission.SCAN_LOOK,
        "Pindai",
        "Pindai kartu",
        "Periksa kartu keluarga yang datang dan salurkan haknya.",
        "scan",
    ),
    Task(
        "families.search",
        Permission.FAMILIES_SEE,
        "Keluarga",
        "Cari keluarga",
        "Dengan Nomor KK, NIK, atau nama kepala keluarga.",
        "family",
    ),
    Task(
        "cards.waiting",
        Permission.CARDS_PRINT,
        "Kartu",
        "Cetak kartu",
        "Kartu yang sudah terbit dan menunggu dicetak.",
        "card",
    ),
    Task(
        "hand_over.page",
        Permission.CARDS_HAND_OVER,
        "Serahkan",
        "Serahkan kartu",
        "Pindai kartu yang baru dicetak, lihat KTP penerimanya, lalu aktifkan.",
        "hand_over",
    ),
    Task(
        "lists.index",
        Permission.FAMILIES_IMPORT,
        "Daftar",
        "Muat daftar keluarga",
        "Unggah daftar, periksa rencananya, lalu terapkan.",
        "upload",
    ),
    Task(
        "held.index",
        Permission.FAMILIES_DECIDE,
        "Putusan",
        "Keluarga yang perlu diputuskan",
        "Data yang bertentangan menunggu keputusan petugas.",
        "decide",
    ),
    Task(
        "rounds.index",
        Permission.ROUNDS_MANAGE,
        "Tahap",
        "Atur tahap penyaluran",
        "Buka dan tutup tahap, tentukan desa dan titik baginya.",
        "calendar",
    ),
    Task(
        "officers.index",
        Permission.OFFICERS_MANAGE,
        "Petugas",
        "Kelola petugas",
        "Petugas, titik layanan, dan peran mereka.",
        "officers",
    ),
    Task(
        "audit.show",
        Permission.AUDIT_SEE,
        "Jejak",
        "Periksa jejak perubahan",
        "Siapa mengubah apa, kapan, dan di mana.",
        "trail",
    ),
)


def tasks() -> list[Task]:
    """Return the tasks that the officer who asks may do."""
    return [task for task in TASKS if may(task.permission)]


def for_templates() -> dict[str, Any]:
    """Return what every template may ask for."""
    return {"tasks_here": tasks, "may": may, "Permission": Permission, "is_at": _is_at}


def _is_at(task: Task) -> bool:
    return request.blueprint == task.endpoint.partition(".")[0]
