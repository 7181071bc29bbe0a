"""Words for families that wait for a decision: why, what can be chosen, and what will happen then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kiosk.words.imports import DECISIONS
from kiosk.words.shape import Words
from registry.importing import HeldChoice
from registry.importing.checking import CheckedRow
from registry.importing.waiting import spokesman_of
from registry.kinds import Relation

REASONS: Mapping[str, Words] = {
    "two_heads": Words(
        "Dua kepala keluarga",
        "Daftar menyebut lebih dari satu kepala keluarga untuk Nomor KK ini.",
        "Pilih kepala keluarga menurut KK aslinya; yang lain dicatat sebagai anggota lainnya.",
    ),
    "family_without_head": Words(
        "Tanpa kepala keluarga",
        "Tidak ada baris kepala keluarga yang dapat diterima; mungkin barisnya ditolak.",
        "Pilih kepala keluarga bila memang salah satu dari mereka. Bila kepalanya hilang dari daftar, betulkan "
        "daftarnya dan jangan ambil keluarga ini.",
    ),
    "nik_in_two_families": Words(
        "NIK ada di dua keluarga",
        "Daftar menempatkan orang di keluarga ini, padahal ia sudah tercatat di keluarga lain.",
        "Cocokkan KK kedua keluarga, lalu pilih di mana orang itu tinggal.",
    ),
    "head_not_living": Words(
        "Kepala keluarga meninggal atau pindah",
        "Daftar menyebut kepala keluarga yang di sini tercatat meninggal atau pindah.",
        "Pilih kepala keluarga yang baru menurut KK, atau jangan ambil keluarga ini.",
    ),
    "number_of_another_family": Words(
        "Nomor KK milik keluarga lain",
        "Nomor KK ini di sini milik keluarga dengan anggota yang sama sekali lain.",
        "Bila memang keluarga yang sama, nyatakan di bawah. Bila Nomor KK salah ketik, betulkan daftarnya dan jangan "
        "ambil keluarga ini.",
    ),
    "family_outside_area": Words(
        "Tercatat di wilayah lain",
        "Nomor KK atau orang-orang dari keluarga ini tercatat di wilayah lain.",
        "Bila keluarganya memang pindah, teruskan kepada petugas yang wilayahnya mencakup keduanya. Bila nomornya "
        "salah ketik, betulkan daftarnya dan jangan ambil keluarga ini.",
    ),
}


def say_decision(decision: str) -> str:
    """Return a recorded decision in words."""
    return ", ".join(DECISIONS[part] for part in decision.split("+"))


def foretell(choice: HeldChoice, rows: Sequence[CheckedRow], homes: Mapping[int, str], village: str) -> list[str]:
    """Return what a choice will do, sentence by sentence, for the officer to confirm.

    Args:
        homes: by line, what the family is called that the registry has a person in.
        village: where the family will be recorded, by name.
    """
    if choice.drop:
        return [
            f"Tidak satu pun dari {len(rows)} baris keluarga ini diambil.",
            "Data yang sudah tercatat tidak berubah.",
        ]
    names = {row.line: row.name for row in rows}
    taken = [row for row in rows if row.line not in choice.leave_out]
    head = names[choice.head_line] if choice.head_line is not None else spokesman_of(taken).name
    said = [f"Keluarga {head} dicatat di {village} dengan {len(taken)} orang dari daftar ini."]
    if choice.is_same_family:
        said.append("Mereka masuk ke keluarga yang sudah tercatat dengan Nomor KK ini.")
    if choice.head_line is not None:
        said.append(f"{head} menjadi kepala keluarga.")
        said += [
            f"{row.name} dicatat sebagai anggota lainnya, bukan kepala keluarga."
            for row in taken
            if row.relation is Relation.HEAD and row.line != choice.head_line
        ]
    said += [
        f"{names[line]} tetap di keluarga {homes[line]} dan tidak ikut dicatat di sini."
        for line in sorted(choice.leave_out)
    ]
    said += [
        f"{names[line]} dipindahkan dari keluarga {homes[line]} ke keluarga ini." for line in sorted(choice.move_here)
    ]
    return said
