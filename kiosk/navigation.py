"""The tasks of the kiosk: what stands in the navigation and on the first page, each for those who have the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from kiosk.permissions import Permission, may
from kiosk.sign_in import signed_in
from kiosk.supply_levels import supply_levels
from registry.kinds import PointKind


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
    point_kinds: frozenset[PointKind] = frozenset(PointKind)
    """The kinds of service point where it is done."""


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
        "care.page",
        Permission.CARE_SERVE,
        "Kesehatan",
        "Layanan kesehatan",
        "Pindai kartu, pilih orangnya, catat berobat, ibu hamil, atau ambulans.",
        "care",
    ),
    Task(
        "schooling.page",
        Permission.SCHOOL_SERVE,
        "Murid",
        "Konfirmasi murid",
        "Pindai kartu keluarga, pilih anaknya, dan konfirmasi sekali setahun.",
        "school",
    ),
    Task(
        "attendance.page",
        Permission.ATTENDANCE_TAKE,
        "Kehadiran",
        "Catat kehadiran",
        "Pindai kartu, pilih orangnya: hadir mengaji hari ini.",
        "attendance",
        frozenset({PointKind.OFFICE, PointKind.SCHOOL}),
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
        "read_back.page",
        Permission.CARDS_PRINT,
        "Periksa",
        "Periksa hasil cetak",
        "Pindai kartu yang baru dicetak satu demi satu: siap diserahkan, atau apa yang salah.",
        "read_back",
    ),
    Task(
        "batches.index",
        Permission.CARDS_PRINT,
        "Paket",
        "Cetak satu paket",
        "Kartu satu desa, daftar, atau tahap sekaligus: disiapkan, dicetak, lalu dicocokkan.",
        "print",
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
        "events.index",
        Permission.FAMILIES_SEE,
        "Peristiwa",
        "Peristiwa keluarga",
        "Kematian, kelahiran, pindah, pecah dan gabung KK: diusulkan seorang, disetujui orang kedua.",
        "event",
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
        "programmes.index",
        Permission.PROGRAMMES_SEE,
        "Program",
        "Lihat program",
        "Isi, syarat, besaran, dan pemilik setiap program Huma Betang.",
        "programme",
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
        "complaints.desk",
        Permission.COMPLAINTS_TAKE,
        "Pengaduan",
        "Terima pengaduan",
        "Catat yang disampaikan keluarga, beri nomornya, dan jawab bila keluarga bertanya.",
        "complaint",
    ),
    Task(
        "complaint_list.index",
        Permission.COMPLAINTS_ANSWER,
        "Jawab aduan",
        "Jawab pengaduan",
        "Pengaduan dan kasus yang menunggu: diteruskan, dijawab, diselesaikan.",
        "complaint",
    ),
    Task(
        "budgets.show",
        Permission.BUDGET_SEE,
        "Anggaran",
        "Lihat anggaran",
        "Pagu, yang berhak, yang sudah disalurkan, dan sisanya.",
        "money",
    ),
    Task(
        "visits.index",
        Permission.SCAN_UNDO,
        "Kunjungan",
        "Batalkan catatan kunjungan",
        "Kunjungan dan kehadiran yang salah catat di wilayah ini.",
        "clock",
    ),
    Task(
        "queue.index",
        Permission.QUEUE_SEE,
        "Antrean",
        "Lihat antrean hari ini",
        "Berapa yang sudah dilayani dan yang masih menunggu, juga untuk layar di pintu.",
        "queue",
    ),
    Task(
        "stock.index",
        Permission.STOCK_KEEP,
        "Stok",
        "Catat stok dan tutup hari",
        "Kiriman, paket rusak, pengembalian, hitungan akhir, dan berita acara.",
        "stock",
    ),
    Task(
        "print_jobs.index",
        Permission.CARDS_PRINT,
        "Printer",
        "Lihat printer",
        "Siap atau kehabisan kartu, apa yang sedang dicetak, dan kartu yang belum pasti keluar.",
        "printer",
        frozenset({PointKind.COUNTER, PointKind.OFFICE}),
    ),
    Task(
        "printers.index",
        Permission.PRINTERS_MANAGE,
        "Atur printer",
        "Kelola printer",
        "Tambah printer kartu atau kantor, ubah pengaturannya, dan kalibrasi.",
        "printer",
        frozenset({PointKind.COUNTER, PointKind.OFFICE}),
    ),
    Task(
        "supplies.index",
        Permission.SUPPLIES_KEEP,
        "Blanko",
        "Catat blanko dan pita",
        "Kotak yang datang, siapa memegang apa, yang rusak, dan hitungan penutupan.",
        "box",
        frozenset({PointKind.COUNTER, PointKind.OFFICE}),
    ),
    Task(
        "designs.index",
        Permission.DESIGNS_CHANGE,
        "Rancangan",
        "Rancangan kartu",
        "Lihat, unggah, dan pakai rancangan kartu; dengan data karangan.",
        "design",
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
    return [task for task in TASKS if may(task.permission) and signed_in().point_kind in task.point_kinds]


def for_templates() -> dict[str, Any]:
    """Return what every template may ask for."""
    return {"tasks_here": tasks, "may": may, "Permission": Permission, "is_at": _is_at, "supplies_here": supply_levels}


def _is_at(task: Task) -> bool:
    return request.blueprint == task.endpoint.partition(".")[0]
