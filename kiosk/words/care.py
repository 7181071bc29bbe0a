"""Words around visits: what cannot be recorded, and what is done in an emergency."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import Words

FREE_HOSPITALS = ("RSUD dr. Doris Sylvanus", "RSUD Hanau", "RSJ Kalawa Atei")
"""Where the province pays an emergency of the poor without cover, class III (statement of the province, March 2026)."""

CARE_FAULTS: Mapping[str, Words] = {
    "due_date_unlikely": Words(
        "Hari perkiraan lahir tidak mungkin",
        "Hari perkiraan lahir paling jauh 40 minggu lagi, dan paling lama 3 minggu yang lalu.",
        "Periksa tahun dan bulannya di buku KIA.",
    ),
    "next_visit_unlikely": Words(
        "Tanggal kunjungan berikutnya tidak mungkin",
        "Kunjungan berikutnya paling cepat besok dan paling jauh 4 bulan lagi.",
        "Pilih tanggal yang lain, atau kosongkan.",
    ),
    "pregnancy_goes_on": Words(
        "Kehamilan sudah terdaftar",
        "Orang ini sudah mempunyai kehamilan yang sedang didampingi, dengan hari perkiraan lahir lain.",
        "Pindai kartunya lagi dan lihat catatannya; bila kehamilan itu sudah selesai, tandai selesai dulu.",
    ),
    "pregnancy_ended": Words(
        "Pendampingan sudah selesai",
        "Tidak ada kehamilan yang sedang didampingi untuk orang ini.",
        "Pindai kartunya lagi dan lihat catatannya.",
    ),
    "step_taken_meanwhile": Words(
        "Kunjungan ini baru saja dicatat",
        "Tempat lain mencatat kunjungan yang sama pada saat yang sama.",
        "Pindai kartunya lagi dan lihat catatannya.",
    ),
    "visit_unknown": Words(
        "Catatan tidak ditemukan",
        "Tidak ada catatan kunjungan ini di tempat layanan Anda.",
        "Buka lagi dari halaman kunjungan.",
    ),
    "visit_undone": Words(
        "Sudah dibatalkan", "Catatan kunjungan ini sudah dibatalkan sebelumnya.", "Muat ulang halamannya."
    ),
}
