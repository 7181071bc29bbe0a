"""Words for every state, role, kind and right."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from kiosk.permissions import Permission
from registry.audit import FaultCode
from registry.kinds import (
    BlockReason,
    CardEventKind,
    CardState,
    FamilyState,
    Fate,
    JknStatus,
    ListState,
    Outcome,
    PeriodKind,
    PersonState,
    PointKind,
    RegionLevel,
    Relation,
    Role,
    RoundState,
    Sex,
    ShowReason,
)

KINDS: Mapping[type[StrEnum], Mapping[Any, str]] = {
    RegionLevel: {
        RegionLevel.PROVINCE: "provinsi",
        RegionLevel.REGENCY: "kabupaten",
        RegionLevel.CITY: "kota",
        RegionLevel.DISTRICT: "kecamatan",
        RegionLevel.VILLAGE: "desa",
        RegionLevel.WARD: "kelurahan",
    },
    Sex: {Sex.MALE: "laki-laki", Sex.FEMALE: "perempuan"},
    Relation: {
        Relation.HEAD: "kepala keluarga",
        Relation.HUSBAND: "suami",
        Relation.WIFE: "istri",
        Relation.CHILD: "anak",
        Relation.CHILD_IN_LAW: "menantu",
        Relation.GRANDCHILD: "cucu",
        Relation.PARENT: "orang tua",
        Relation.PARENT_IN_LAW: "mertua",
        Relation.RELATIVE: "famili lain",
        Relation.HELPER: "pembantu",
        Relation.OTHER: "lainnya",
    },
    FamilyState: {
        FamilyState.ACTIVE: "dilayani di sini",
        FamilyState.MOVED: "sudah pindah",
        FamilyState.DISSOLVED: "KK tidak berlaku lagi",
    },
    PersonState: {PersonState.LIVING: "hidup", PersonState.DEAD: "meninggal", PersonState.MOVED: "pindah KK"},
    JknStatus: {
        JknStatus.PBI: "PBI (iuran dibayar pemerintah)",
        JknStatus.PBPU: "peserta mandiri",
        JknStatus.PPU: "pekerja penerima upah",
        JknStatus.BP: "bukan pekerja",
        JknStatus.NONE: "belum peserta",
    },
    Fate: {
        Fate.ACCEPT: "diterima",
        Fate.FIX: "diperbaiki",
        Fate.WARN: "diterima dengan catatan",
        Fate.REJECT: "ditolak",
        Fate.HOLD: "ditahan untuk diputuskan",
    },
    ListState: {
        ListState.PLANNED: "rencana siap",
        ListState.APPLYING: "sedang diterapkan",
        ListState.APPLIED: "sudah diterapkan",
    },
    PointKind: {
        PointKind.COUNTER: "loket",
        PointKind.PUSKESMAS: "puskesmas",
        PointKind.SCHOOL: "sekolah",
        PointKind.HANDOUT: "titik bagi",
        PointKind.BANK: "bank",
        PointKind.OFFICE: "kantor",
    },
    Role: {
        Role.ADMINISTRATOR: "administrator",
        Role.REGISTRAR: "petugas data keluarga",
        Role.CARD_CLERK: "petugas kartu",
        Role.PROGRAMME_MANAGER: "pengelola program",
        Role.DISTRIBUTOR: "petugas penyaluran",
        Role.SUPERVISOR: "penyelia",
        Role.AUDITOR: "auditor",
    },
    ShowReason: {
        ShowReason.COMPARE: "mencocokkan dengan KTP atau KK asli",
        ShowReason.CORRECT: "keluarga melaporkan data yang salah",
        ShowReason.CONFLICT: "memutuskan NIK atau Nomor KK yang bertentangan",
        ShowReason.OVERSEE: "pemeriksaan oleh pengawas",
    },
    CardState: {
        CardState.ISSUED: "terbit, belum dicetak",
        CardState.PRINTED: "tercetak, belum diserahkan",
        CardState.ACTIVE: "aktif",
        CardState.BLOCKED: "diblokir",
        CardState.REPLACED: "diganti",
    },
    CardEventKind: {
        CardEventKind.ISSUED: "diterbitkan",
        CardEventKind.PRINTED: "dicetak",
        CardEventKind.SPOILT: "cetakan rusak",
        CardEventKind.HANDED_OVER: "diserahkan",
        CardEventKind.BLOCKED: "diblokir",
        CardEventKind.REPLACED: "diganti",
    },
    BlockReason: {
        BlockReason.LOST: "hilang",
        BlockReason.DAMAGED: "rusak",
        BlockReason.HEAD_CHANGED: "kepala keluarga berganti",
        BlockReason.MISUSED: "disalahgunakan",
    },
    PeriodKind: {PeriodKind.ROUND: "per tahap", PeriodKind.EVENT: "per kegiatan pasar"},
    RoundState: {RoundState.OPEN: "dibuka", RoundState.CLOSED: "ditutup"},
    Outcome: {
        Outcome.GRANTED: "Berhak",
        Outcome.REFUSED: "Ditolak",
        Outcome.UNKNOWN: "Bukan kartu kita",
    },
    FaultCode: {
        FaultCode.EDITED: "isinya diubah",
        FaultCode.DELETED: "satu atau lebih baris sebelumnya dihapus",
        FaultCode.GAP: "nomor sebelumnya tidak ada",
        FaultCode.HEAD_DIFFERS: "ujung rantai tidak cocok dengan baris terakhirnya",
    },
    Permission: {
        Permission.PUBLIC: "melihat halaman umum",
        Permission.HOME: "masuk ke kios",
        Permission.FAMILIES_SEE: "melihat data keluarga",
        Permission.FAMILIES_SEE_NIK: "melihat NIK lengkap",
        Permission.FAMILIES_IMPORT: "memuat daftar keluarga",
        Permission.FAMILIES_DECIDE: "memutuskan data keluarga yang ditahan",
        Permission.CARDS_ISSUE: "menerbitkan kartu",
        Permission.CARDS_PRINT: "mencetak kartu",
        Permission.CARDS_HAND_OVER: "menyerahkan kartu",
        Permission.CARDS_BLOCK: "memblokir dan mengganti kartu",
        Permission.SCAN_LOOK: "memindai kartu",
        Permission.SCAN_GIVE: "menyalurkan bantuan",
        Permission.SCAN_UNDO: "membatalkan penyaluran",
        Permission.ROUNDS_MANAGE: "mengatur tahap penyaluran",
        Permission.OFFICERS_MANAGE: "mengelola petugas",
        Permission.AUDIT_SEE: "melihat jejak perubahan",
    },
}

AIDS: Mapping[str, str] = {"pkh": "PKH", "sembako": "Program Sembako", "blt_dd": "BLT Dana Desa"}
"""Other aid that a family may receive, by its code."""

FOREIGN_CODES: Mapping[str, str] = {
    "qris": "kode pembayaran QRIS",
    "bpjs": "kartu BPJS Kesehatan",
    "url": "tautan ke sebuah situs",
    "sample": "contoh kartu, bukan kartu yang berlaku",
    "other": "kode lain",
}
"""What a scanned code is when it is no card of ours."""
