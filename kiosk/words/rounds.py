"""Words for preparing, determining and changing the list of a round, and for a family's status in the programmes."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import Words
from registry.programmes.office_lists import LineFault
from verify.reasons import ReasonCode
from verify.statuses import StatusKind

__all__ = ["LEFT_OUT_BY", "LINE_FAULTS", "ROUND_FAULTS", "STATUSES"]

_RELOAD = "Muat ulang halamannya; mungkin petugas lain baru saja mengerjakannya."

ROUND_FAULTS: Mapping[str, Words] = {
    # preparing
    "programme_without_rounds": Words(
        "Program tanpa tahap", "Program ini tidak disalurkan menurut tahap.", "Pilih program lain."
    ),
    "programme_stopped": Words(
        "Program dihentikan", "Program ini sudah dihentikan oleh pemiliknya.", "Pilih program lain."
    ),
    "document_empty": Words(
        "Nomor dokumen kosong", "Dasar hak ini perlu nomor dokumen.", "Isi nomor SK atau surat keputusannya."
    ),
    "list_too_long": Words(
        "Daftar terlalu panjang", "Satu berkas memuat terlalu banyak baris.", "Bagi menjadi beberapa berkas."
    ),
    # determining
    "decree_number_empty": Words("Nomor penetapan kosong", "Penetapan perlu nomor.", "Isi nomor SK penetapannya."),
    "decree_date_future": Words(
        "Tanggal penetapan belum tiba", "SK belum dapat bertanggal hari esok.", "Periksa tanggal SK-nya."
    ),
    "round_list_empty": Words(
        "Daftar masih kosong",
        "Belum ada yang berhak di daftar tahap ini, jadi tidak ada yang ditetapkan.",
        "Susun daftarnya atau unggah daftar SK lebih dahulu.",
    ),
    "list_outdated": Words(
        "Syarat program sudah berubah",
        "Daftar ini disusun menurut syarat yang lama.",
        "Susun ulang daftarnya, periksa, lalu tetapkan.",
    ),
    "list_excluded": Words(
        "Ada yang sudah menerima program lain",
        "{count} di daftar ini sudah ada di daftar yang ditetapkan untuk program lain, yang tidak boleh digabung.",
        "Susun ulang daftarnya: mereka dikeluarkan, lalu tetapkan.",
    ),
    "list_in_period": Words(
        "Ada yang sudah di tahap lain",
        "{count} di daftar ini sudah mendapat jatah masa ini di tahap lain program yang sama.",
        "Susun ulang daftarnya: mereka dikeluarkan, lalu tetapkan.",
    ),
    "round_determined": Words(
        "Daftar sudah ditetapkan",
        "Daftar tahap ini sudah dibekukan dengan nomor penetapan.",
        "Perubahan hanya lewat adendum.",
    ),
    "round_not_determined": Words(
        "Daftar belum ditetapkan", "Daftar tahap ini belum dibekukan.", "Tetapkan daftarnya lebih dahulu."
    ),
    "round_started": Words("Tahap sudah dibuka", "Penyaluran tahap ini sudah dibuka.", _RELOAD),
    # addenda
    "addendum_number_empty": Words("Nomor adendum kosong", "Adendum perlu nomor.", "Isi nomor adendumnya."),
    "addendum_reason_empty": Words("Alasan kosong", "Adendum perlu alasan.", "Tulis alasannya dengan singkat."),
    "nik_not_registered": Words(
        "NIK belum terdaftar",
        "Tidak ada orang dengan NIK ini di data keluarga.",
        "Periksa angkanya; bila benar, minta petugas data memuat keluarganya lebih dahulu.",
    ),
    "nobody_serves_village": Words(
        "Desanya tidak dilayani", "Tidak ada titik tahap ini yang melayani desa keluarga itu.", "Periksa tahapnya."
    ),
    "nobody_serves_school": Words(
        "Sekolahnya tidak ada di tahap ini", "Tidak ada titik tahap ini dengan NPSN itu.", "Periksa NPSN-nya."
    ),
    "subject_differs": Words("Pemilik hak tidak cocok", "Hak program ini bukan milik jenis penerima itu.", _RELOAD),
    "family_not_served": Words(
        "Keluarga tidak dilayani lagi",
        "Keluarga ini tercatat pindah, atau KK-nya tidak berlaku lagi.",
        "Perbarui data keluarganya lebih dahulu.",
    ),
    "person_not_living": Words(
        "Orang ini tidak lagi di keluarganya", "Orang ini tercatat meninggal atau pindah KK.", "Periksa datanya."
    ),
    "on_list_already": Words("Sudah ada di daftar", "Yang ini sudah ada di daftar tahap ini.", _RELOAD),
    "not_on_list": Words("Tidak ada di daftar", "Yang ini tidak ada di daftar tahap ini.", "Periksa NIK-nya."),
    "given_in_round": Words(
        "Sudah menerima",
        "Haknya sudah disalurkan, jadi tidak dapat lagi dikeluarkan dari daftar.",
        "Bila penyalurannya keliru, minta penyelia membatalkannya lebih dahulu.",
    ),
}
"""What a round's list does not allow."""

LINE_FAULTS: Mapping[LineFault, str] = {
    LineFault.NIK_MALFORMED: "NIK salah tulis: harus 16 angka",
    LineFault.NIK_UNKNOWN: "NIK belum terdaftar di data keluarga",
    LineFault.PERSON_GONE: "tercatat meninggal atau pindah KK",
    LineFault.FAMILY_NOT_SERVED: "keluarganya tercatat pindah atau KK-nya tidak berlaku",
    LineFault.SCHOOL_UNKNOWN: "NPSN-nya bukan sekolah di tahap ini",
    LineFault.VILLAGE_NOT_SERVED: "desanya tidak dilayani di tahap ini",
    LineFault.ON_LIST_ALREADY: "sudah ada di daftar",
    LineFault.ONE_PER_FAMILY: "sudah ada anggota lain dari keluarganya",
    LineFault.EXCLUDED: "sudah menerima program lain",
    LineFault.IN_PERIOD: "sudah ada di tahap lain untuk masa ini",
}
"""Why a line of an office's list was not taken over."""

LEFT_OUT_BY: Mapping[ReasonCode, str] = {
    ReasonCode.CLAUSE_FAILED: "tidak memenuhi syarat",
    ReasonCode.CLAUSE_UNKNOWN: "datanya belum ada",
    ReasonCode.EXCLUDED_BY_PROGRAMME: "sudah menerima program lain",
    ReasonCode.LISTED_IN_PERIOD: "sudah ada di tahap lain untuk masa ini",
    ReasonCode.ONE_PER_FAMILY: "bukan yang tertua di keluarganya; hanya satu orang per keluarga",
}
"""Why the rule leaves somebody out of a list, as it is counted."""

STATUSES: Mapping[StatusKind, str] = {
    StatusKind.ENTITLED: "Berhak",
    StatusKind.SERVED: "Dilayani kapan saja",
    StatusKind.WAITING: "Menunggu tahap",
    StatusKind.NOT_ENTITLED: "Tidak berhak",
    StatusKind.INFORMATION: "Tidak memakai kartu",
}
"""How a family stands to a programme; of what it has had already, kiosk/words/given.py has the word."""
