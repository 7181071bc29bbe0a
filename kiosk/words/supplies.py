"""Words for blanks and ribbons: what cannot be done with a box, and what a case says of a difference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kiosk.filters import angka, kapital, tanggal
from kiosk.words.kinds import KINDS
from kiosk.words.shape import Words
from registry.kinds import SupplyKind
from registry.supplies.counts import Shelves

_REENTER = "Perbaiki isiannya, lalu kirim lagi."
_RELOAD = "Muat ulang halamannya, lalu lihat catatannya sebelum mengisi lagi."

SUPPLY_FAULTS: Mapping[str, Words] = {
    "supply_box_unknown": Words(
        "Kotak tidak ditemukan",
        "Di titik layanan ini tidak ada kotak dengan nomor itu.",
        "Periksa nomornya. Kotak yang baru datang dicatat lewat Terima kotak.",
    ),
    "supply_unknown": Words(
        "Tidak ada yang dihitung begitu",
        "Yang dihitung adalah blanko atau pita.",
        "Buka lagi dari halaman Blanko dan pita.",
    ),
    "supply_box_known": Words(
        "Nomor kotak sudah dipakai",
        "Kotak dengan nomor ini sudah pernah diterima, di sini atau di titik lain.",
        "Periksa nomor pada kotaknya. Bila datang dari titik lain, mintalah titik itu mencatat pemindahannya.",
    ),
    "supply_number_malformed": Words(
        "Nomor kotak tidak dapat dibaca",
        "Nomor kotak berisi paling banyak 36 huruf, angka, dan tanda seperti - . / dan spasi.",
        _REENTER,
    ),
    "supply_quantity_out_of_bounds": Words("Jumlah salah", "Isi angka bulat, paling banyak {largest}.", _REENTER),
    "supply_document_missing": Words("Nomor surat kosong", "Kotak diterima dengan nomor surat jalannya.", _REENTER),
    "supply_move_differs": Words(
        "Sudah dicatat dengan isi lain", "Formulir ini sudah dikirim dengan isi lain.", _RELOAD
    ),
    "supply_kind_not_consumed": Words(
        "Bukan hasil cetak", "Cetakan hanya dapat dicatat terpakai atau rusak.", _REENTER
    ),
    "supplies_short": Words(
        "Di gudang tidak sebanyak itu",
        "Menurut catatan, di gudang tersisa {pieces} dari kotak ini.",
        "Hitung lagi. Bila catatannya yang salah, catat lewat Hitung penutupan.",
    ),
    "holding_short": Words(
        "Petugas tidak memegang sebanyak itu",
        "Menurut catatan, petugas itu memegang kurang dari jumlah ini dari kotak ini.",
        "Lihat catatan kotaknya, lalu perbaiki jumlahnya.",
    ),
    "officer_not_of_point": Words(
        "Petugas titik lain",
        "Blanko dan pita hanya diserahkan kepada petugas yang bertugas di titik layanan ini.",
        "Pindahkan kotaknya bila yang memerlukan adalah titik lain.",
    ),
    "destroyer_missing": Words(
        "Pemusnah belum disebut", "Yang rusak dicatat dengan siapa yang memusnahkannya.", _REENTER
    ),
    "point_keeps_no_supplies": Words(
        "Titik ini tidak mencetak kartu",
        "Kotak hanya dipindahkan ke loket atau kantor lain.",
        "Pilih titik tujuan yang lain.",
    ),
    "nothing_destroyed": Words(
        "Tidak ada yang dimusnahkan",
        "Pada hari itu tidak ada kartu, blanko, atau pita rusak yang dicatat di titik ini.",
        "Pilih harinya pada halaman Blanko dan pita.",
    ),
    "supplies_moved_meanwhile": Words(
        "Catatan berubah selagi dihitung",
        "Sesudah formulir hitungan dibuka, ada yang dicetak atau dicatat dari kotak di titik ini.",
        "Hentikan pencetakan, buka hitungan sekali lagi, lalu hitung ulang.",
    ),
}

IN_STORE = "Gudang"
"""The place of what nobody holds."""
NOBODY_NAMED = "belum dicatat"
"""Who destroyed a copy that was noted before the name was asked for."""


def say_difference(shelves: Shelves, counted: int, *, point: str, note: str, day: date) -> str:
    """Return what a case says of a count that differs from the books: the figures, and what may explain them."""
    difference = counted - shelves.expected
    sign = "lebih" if difference > 0 else "kurang"
    what = kapital(KINDS[SupplyKind][shelves.supply])
    said = (
        f"{what} di {point}, {tanggal(day)}: menurut catatan {angka(shelves.expected)}, "
        f"dihitung {angka(counted)}, {sign} {angka(abs(difference))}. "
    )
    if shelves.without_box:
        said += f"Sejak hitungan sebelumnya {angka(shelves.without_box)} tercetak tanpa kotak di catatan. "
    return f"{said}Penjelasan petugas: {note}"
