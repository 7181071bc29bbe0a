"""Words around the catalogue of programmes: what is wrong with a change, and with a rule."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import ASK_ADMINISTRATOR, Words

_CHOOSE = "Pilih dari daftar."

PROGRAMME_FAULTS: Mapping[str, Words] = {
    # the rule
    "clause_malformed": Words(
        "Syarat tidak terbaca",
        "Rumus syarat “{clause}” salah di sekitar tanda ke-{place}.",
        "Periksa kurung, tanda petik, dan perbandingannya; contohnya ada di bawah formulir.",
    ),
    "clause_names_unknown": Words(
        "Fakta tidak dikenal",
        "Syarat “{clause}” menyebut “{name}”, yang bukan fakta untuk program ini.",
        "Pakai nama dari daftar fakta; fakta orang hanya untuk program yang haknya milik orang.",
    ),
    "clause_not_a_condition": Words(
        "Syarat bukan pernyataan benar atau salah",
        "Rumus syarat “{clause}” tidak menghasilkan benar atau salah.",
        "Tulis perbandingan, misalnya desil <= 2.",
    ),
    "clause_asks_nothing": Words(
        "Syarat tidak menanyakan apa pun",
        "Rumus syarat “{clause}” tidak menyebut satu pun fakta keluarga atau orang.",
        "Sebut paling sedikit satu fakta, atau hapus syarat ini.",
    ),
    "rule_selects_nobody": Words(
        "Tidak ada yang memenuhi syarat",
        "Dengan syarat ini tidak ada satu pun keluarga atau orang yang berhak di seluruh provinsi.",
        "Coba syarat satu per satu untuk melihat yang menutup semuanya.",
    ),
    # the change
    "programme_of_other_office": Words(
        "Program milik perangkat daerah lain",
        "Program ini diatur oleh {office}.",
        "Minta pengelola program di sana, atau pusat, untuk mengubahnya.",
    ),
    "change_reason_missing": Words(
        "Alasan belum ditulis",
        "Setiap perubahan program perlu alasan, paling panjang 200 karakter.",
        "Tulis alasannya, misalnya nomor surat yang mendasarinya.",
    ),
    "version_waiting": Words(
        "Masih ada usulan yang menunggu",
        "Program ini sudah mempunyai usulan perubahan yang belum diputuskan.",
        "Putuskan usulan itu dahulu.",
    ),
    "version_unchanged": Words(
        "Tidak ada yang berubah", "Isi usulan sama dengan yang berlaku sekarang.", "Ubah isinya, lalu usulkan lagi."
    ),
    "version_unknown": Words(
        "Versi tidak ditemukan", "Program ini tidak mempunyai versi dengan nomor ini.", "Pilih dari daftar versi."
    ),
    "version_decided": Words(
        "Usulan sudah diputuskan", "Petugas lain baru saja memutuskan usulan ini.", "Muat ulang halaman programnya."
    ),
    "second_person_needed": Words(
        "Harus orang kedua",
        "Yang mengusulkan tidak dapat memutuskan usulannya sendiri.",
        "Minta rekan di perangkat daerah yang sama, atau pusat, untuk memutuskannya.",
    ),
    "programme_fixed": Words(
        "Jenis program tidak dapat diubah",
        "Kode, cara berjalan, subjek, dan satuan program tetap selamanya.",
        "Buat program baru dengan kode lain lewat perintah “kiosk programmes load”.",
    ),
    "pillar_unknown": Words("Pilar tidak dikenal", "Tidak ada pilar dengan kode {pillar}.", _CHOOSE),
    "pillar_name_malformed": Words(
        "Nama pilar tidak dapat dipakai", "Nama pilar harus berisi 1 sampai 80 karakter.", "Tulis lagi namanya."
    ),
    "centre_only": Words(
        "Hanya dari pusat",
        "Nama pilar dilihat semua perangkat daerah, jadi hanya titik PUSAT yang dapat menggantinya.",
        "Minta pengelola program di pusat.",
    ),
    "office_of_programme_unknown": Words(
        "Perangkat daerah tidak dikenal", "Tidak ada perangkat daerah dengan kode {office}.", _CHOOSE
    ),
    "budget_unknown": Words(
        "Mata anggaran tidak dikenal",
        "Mata anggaran {budget} tidak ada, atau milik perangkat daerah lain.",
        "Pilih mata anggaran perangkat daerah pemilik program.",
    ),
    "excluded_unknown": Words(
        "Program yang dikecualikan tidak dikenal", "Tidak ada program lain dengan kode {programme}.", _CHOOSE
    ),
    "amount_not_later": Words(
        "Tanggal besaran tidak dapat dipakai",
        "Besaran baru harus mulai berlaku sesudah semua besaran yang sudah ada.",
        "Isi tanggal yang lebih akhir.",
    ),
    "amount_needed": Words(
        "Besaran belum diisi",
        "Program yang disalurkan perlu paling sedikit satu besaran dengan tanggal dan dasar hukumnya.",
        "Isi besarannya.",
    ),
    "person_unknown": Words(
        "Orang tidak ditemukan", "Orang ini bukan anggota keluarga yang masih hidup.", ASK_ADMINISTRATOR
    ),
}
