"""Indonesian words for everything that the import of family lists finds, refuses or is asked to decide."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.faults import NUMBERS
from kiosk.words.shape import Words

__all__ = ["COLUMNS", "DECISIONS", "HELD_BECAUSE", "REFUSALS", "WORDS", "message", "message_of_many", "name_columns"]

COLUMNS = {
    "no_kk": "Nomor KK",
    "nik": "NIK",
    "nama": "nama",
    "hubungan": "hubungan keluarga",
    "jenis_kelamin": "jenis kelamin",
    "tanggal_lahir": "tanggal lahir",
    "kode_wilayah": "kode desa/kelurahan",
    "village_code": "kode desa/kelurahan",
    "alamat": "alamat",
    "address": "alamat",
    "rt": "RT",
    "rw": "RW",
    "desil": "desil",
    "pkh": "PKH",
    "receives_pkh": "PKH",
    "sembako": "sembako",
    "receives_sembako": "sembako",
    "blt_dd": "BLT Dana Desa",
    "receives_blt_dd": "BLT Dana Desa",
    "pekerjaan": "pekerjaan",
    "jkn": "JKN",
    "nisn": "NISN",
    "hamil": "hamil",
}
"""The columns of a list as an officer calls them."""

HELD_BECAUSE = {
    "two_heads": "ada dua kepala keluarga",
    "family_without_head": "tidak ada kepala keluarga yang dapat diterima",
    "nik_in_two_families": "ada NIK yang juga tercatat pada keluarga lain",
    "head_not_living": "kepala keluarganya tercatat meninggal atau pindah",
    "number_of_another_family": "Nomor KK ini milik keluarga lain",
    "family_outside_area": "keluarganya tercatat di wilayah lain",
}

WORDS: dict[str, str] = {
    # dirapikan
    "nik_repaired": "NIK dirapikan: tanda atau spasi di antara angka dibuang.",
    "kk_repaired": "Nomor KK dirapikan: tanda atau spasi di antara angka dibuang.",
    "name_tidied": "Penulisan nama dirapikan.",
    "date_rewritten": "Tanggal lahir '{value}' dibaca sebagai {read}.",
    "village_dotted": "Kode desa/kelurahan '{value}' dibaca sebagai {read}.",
    # perlu dilihat
    "looks_like_formula": (
        "Isi kolom {column} diawali tanda seperti rumus; disimpan apa adanya sebagai teks. Mohon diperiksa."
    ),
    "looks_like_markup": "Isi kolom {column} memuat tanda < atau >; disimpan apa adanya sebagai teks. Mohon diperiksa.",
    "text_shortened": "Isi kolom {column} terlalu panjang; dipotong menjadi {length} karakter.",
    "nik_date_differs": (
        "Tanggal lahir berbeda dengan tanggal di dalam NIK. Data tetap diterima; mohon dicocokkan dengan KTP/KK."
    ),
    "nik_sex_differs": (
        "Jenis kelamin berbeda dengan yang tertera di dalam NIK. Data tetap diterima; mohon dicocokkan dengan KTP/KK."
    ),
    "sex_from_nik": "Jenis kelamin '{value}' tidak dikenal; diambil dari NIK.",
    "age_unlikely": "Tanggal lahir {value} berarti usia lebih dari 120 tahun. Mohon diperiksa.",
    "relation_unknown": "Hubungan keluarga '{value}' tidak dikenal; dicatat sebagai lainnya.",
    "block_unclear": "Isi kolom {column} '{value}' bukan nomor RT/RW; dikosongkan.",
    "desil_out_of_range": "Desil '{value}' di luar 1 sampai 10; desil dicatat tidak diketahui.",
    "answer_unclear": "Isi kolom {column} '{value}' bukan ya atau tidak; dicatat tidak diketahui.",
    "jkn_unknown": "Status JKN '{value}' tidak dikenal; dicatat tidak diketahui.",
    "nisn_unclear": "NISN bukan 10 angka; tidak dicatat.",
    "differs_in_family": (
        "Isi kolom {column} berbeda dengan baris {line} dari keluarga yang sama; yang dipakai isi baris {line}."
    ),
    "nik_also_in_line": "NIK pada baris ini juga ada pada baris {line} di keluarga lain; keluarga itu ditahan.",
    "person_elsewhere": "Orang ini sudah tercatat pada keluarga lain menurut data yang lebih baru; tidak dipindahkan.",
    "person_not_living": "Orang ini tercatat meninggal atau pindah; catatan itu tidak diubah.",
    # ditolak
    **{code: said.explanation for code, said in NUMBERS.items()},
    "row_has_more_cells": (
        "Baris ini memiliki lebih banyak kolom daripada judulnya, mungkin karena tanda pemisah di dalam isi."
    ),
    "nik_twice_in_family": "NIK ini sudah ada pada baris {line} di keluarga yang sama.",
    "name_empty": "Nama kosong.",
    "date_empty": "Tanggal lahir kosong.",
    "date_impossible": "Tanggal lahir '{value}' tidak ada di kalender atau tidak terbaca.",
    "date_in_future": "Tanggal lahir {value} belum terjadi.",
    "village_empty": "Kode desa/kelurahan kosong.",
    "village_unknown": "Kode desa/kelurahan '{value}' tidak ada di Kalimantan Tengah.",
    "village_outside_area": "Desa/kelurahan {value} di luar wilayah titik layanan yang mengunggah daftar ini.",
    # ditahan
    "two_heads": "Keluarga ditahan: ada kepala keluarga lain pada baris {line}. Pilih siapa kepala keluarganya.",
    "family_without_head": "Keluarga ditahan: tidak ada kepala keluarga yang dapat diterima.",
    "nik_in_two_families": "Keluarga ditahan: NIK ini sudah ada pada baris {line} di keluarga lain.",
    "nik_known_elsewhere": "Keluarga ditahan: NIK ini sudah tercatat pada keluarga {family}.",
    "head_not_living": "Keluarga ditahan: kepala keluarga ini tercatat meninggal atau pindah.",
    "number_of_another_family": (
        "Keluarga ditahan: Nomor KK ini tercatat milik keluarga lain dengan anggota yang lain sama sekali."
    ),
    "family_outside_area": (
        "Keluarga ditahan: keluarga ini tercatat di luar wilayah titik layanan yang mengunggah daftar ini."
    ),
    "family_held": "Keluarga ini ditahan sampai diputuskan petugas: {because}{at_line}.",
    # berkas yang tidak dapat dibaca
    "format_unknown": "Berkas ini bukan CSV atau XLSX.",
    "list_empty": "Berkas ini tidak berisi baris data.",
    "list_from_future": "Tanggal keadaan datanya belum tiba; daftar ini akan mengalahkan semua daftar sesudahnya.",
    "columns_missing": "Kolom yang wajib ada tidak ditemukan: {columns}.",
    "nul_bytes": (
        "Berkas ini bukan teks CSV (mungkin disimpan sebagai Unicode/UTF-16). Simpan ulang sebagai CSV UTF-8 atau XLSX."
    ),
    "encoding_unknown": "Huruf di dalam berkas ini tidak terbaca. Simpan ulang sebagai CSV UTF-8 atau XLSX.",
    "text_broken": "Berkas ini rusak mulai baris {line}: tanda kutip tidak tertutup.",
    "workbook_broken": "Berkas XLSX ini rusak atau terkunci kata sandi.",
    "workbook_too_large": "Berkas XLSX ini terlalu besar setelah dibuka. Kirim sebagai CSV.",
    # langkah yang tidak dapat dilakukan
    "list_unknown": "Daftar ini tidak ada.",
    "list_applied": "Daftar ini sudah diterapkan.",
    "list_not_planned": "Rencana daftar ini terputus sebelum selesai. Unggah ulang berkasnya.",
    "list_begun": "Penerapan daftar ini sudah dimulai dan tidak dapat dibuang.",
    "list_being_applied": "Daftar ini sedang diterapkan oleh petugas atau perintah lain.",
    "working_file_missing": (
        "Berkas kerja daftar ini sudah dihapus. Unggah berkas yang sama sekali lagi, lalu lanjutkan."
    ),
    "list_reads_differently": (
        "Daftar ini pernah mulai diterapkan, tetapi barisnya sekarang terbaca berbeda, jadi tidak dapat dilanjutkan."
    ),
    "held_unknown": "Keluarga tertahan ini tidak ada atau di luar wilayah Anda.",
    "held_decided": "Keluarga ini sudah diputuskan.",
    "owner_outside_area": (
        "Keluarga lamanya di luar wilayah Anda. Memindahkan orangnya hanya dapat diputuskan petugas yang wilayahnya "
        "mencakup keduanya."
    ),
    "family_known_newer": (
        "Keluarga ini sudah tercatat menurut data yang lebih baru; keputusan ini tidak diperlukan lagi."
    ),
}
"""By code; the names in braces are filled from the finding's detail."""

DECISIONS = {
    "dropped": "tidak diambil",
    "superseded": "diganti data yang lebih baru",
    "registered": "dicatat",
    "head": "kepala keluarga dipilih",
    "kept_there": "tetap di keluarga lama",
    "moved_here": "dipindahkan ke keluarga ini",
    "same": "dicatat sebagai keluarga yang sama",
}
"""The parts of a decision on a held family; several are joined by ``+``."""


_OF_MANY = {"family_held": "Baris lain dari keluarga yang sama ditahan, jadi baris ini menunggu bersamanya."}

_AGAIN = "Betulkan berkasnya, lalu unggah lagi."
_TITLES = {
    "format_unknown": ("Jenis berkas tidak dikenal", "Simpan daftar sebagai CSV atau XLSX, lalu unggah lagi."),
    "list_empty": ("Daftar kosong", _AGAIN),
    "list_from_future": ("Tanggal belum tiba", "Isi tanggal keadaan data yang benar."),
    "columns_missing": ("Kolom wajib tidak ada", "Periksa baris judul daftar, lalu unggah lagi."),
    "nul_bytes": ("Berkas bukan CSV", ""),
    "encoding_unknown": ("Huruf tidak terbaca", ""),
    "text_broken": ("Berkas rusak", _AGAIN),
    "workbook_broken": ("Berkas XLSX tidak terbuka", "Buka di Excel tanpa kata sandi, simpan ulang, lalu unggah lagi."),
    "workbook_too_large": ("Berkas XLSX terlalu besar", ""),
    "list_unknown": ("Daftar tidak ditemukan", "Kembali ke daftar-daftar yang sudah diunggah."),
    "list_applied": ("Daftar sudah diterapkan", "Lihat hasilnya di halaman daftar ini."),
    "list_not_planned": ("Rencana belum lengkap", ""),
    "list_begun": ("Daftar sudah mulai diterapkan", "Lanjutkan penerapannya sampai selesai."),
    "list_being_applied": ("Sedang diterapkan", "Tunggu sebentar, lalu muat ulang halaman daftarnya."),
    "working_file_missing": ("Berkas kerja tidak ada lagi", ""),
    "held_unknown": ("Keluarga tidak ditemukan", "Kembali ke halaman Putusan."),
    "held_decided": ("Sudah diputuskan", "Kembali ke halaman Putusan."),
    "family_known_newer": ("Data lebih baru sudah ada", "Pilih untuk tidak mengambil keluarga ini."),
    "nik_in_two_families": ("NIK ada di dua keluarga", "Pilih di mana orang itu tinggal."),
    "head_not_living": ("Kepala keluarga meninggal atau pindah", "Pilih kepala keluarga yang lain."),
    "number_of_another_family": ("Nomor KK milik keluarga lain", "Nyatakan bahwa keluarganya sama, atau jangan ambil."),
    "list_reads_differently": (
        "Daftar tidak dapat dilanjutkan",
        "Unggah lagi dengan sumber yang dinamai sedikit lain, misalnya ditambah tanggalnya.",
    ),
    "family_outside_area": ("Keluarga di luar wilayah Anda", "Teruskan kepada petugas kabupaten atau provinsi."),
    "owner_outside_area": ("Di luar wilayah Anda", "Teruskan kepada petugas kabupaten atau provinsi."),
}
REFUSALS: Mapping[str, Words] = {
    code: Words(title, WORDS[code], next_step) for code, (title, next_step) in _TITLES.items()
}
"""What is refused as a whole, in the shape of every refusal; the other codes stand on lines of a list only."""


def message(code: str, detail: Mapping[str, str]) -> str:
    """Return the words for a finding.

    Raises:
        KeyError: for a code that has no words, or a detail that they need and do not get.
    """
    filled = dict(detail)
    if "column" in filled:
        filled["column"] = COLUMNS.get(filled["column"], filled["column"])
    if code == "columns_missing":
        filled["columns"] = name_columns(filled["columns"])
    if code == "family_held":
        filled["because"] = HELD_BECAUSE[filled["reason"]]
        filled["at_line"] = f" (baris {filled['line']})" if filled.get("line", "") not in ("", "0") else ""
    return WORDS[code].format_map(filled)


def message_of_many(code: str, detail: Mapping[str, str]) -> str:
    """Return the words for lines on which the same was found, by the detail of one of them."""
    return _OF_MANY.get(code) or message(code, detail)


def name_columns(names: str) -> str:
    """Return columns as an officer calls them, from their names joined by commas."""
    return ", ".join(COLUMNS.get(name, name) for name in names.split(", "))
