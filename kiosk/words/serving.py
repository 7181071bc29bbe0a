"""Words for what cannot be done with a point's schedule, queue, stock and minutes."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import Words

_RELOAD = "Muat ulang halamannya, lalu lihat keadaannya sekarang."
_REENTER = "Perbaiki isiannya lalu kirim lagi."

SERVING_FAULTS: Mapping[str, Words] = {
    "roster_unknown": Words(
        "Daftar salur tidak ditemukan",
        "Titik layanan Anda tidak menyalurkan dari daftar ini.",
        "Buka lagi dari menu.",
    ),
    # schedule and queue
    "session_unknown": Words("Sesi tidak ditemukan", "Sesi ini tidak ada di titik bagi ini.", _RELOAD),
    "session_over": Words(
        "Sesinya sudah lewat", "Sesi yang sudah lewat tidak dapat dipakai lagi.", "Pilih sesi yang akan datang."
    ),
    "session_clash": Words(
        "Sesinya bertabrakan", "Titik bagi ini sudah mempunyai sesi pada jam itu.", "Pilih hari atau jam lain."
    ),
    "session_full": Words(
        "Sesinya penuh", "Tidak ada tempat lagi dalam sesi itu.", "Pilih sesi lain, atau tambah sesi."
    ),
    "session_outside_round": Words(
        "Di luar hari tahap",
        "Sesi harus di antara {opens_on} dan {closes_on}, dan tidak pada hari yang sudah lewat.",
        "Pilih hari lain.",
    ),
    "sessions_missing": Words(
        "Belum ada sesi", "Tidak ada sesi yang akan datang di titik bagi ini.", "Susun sesinya lebih dahulu."
    ),
    "windows_missing": Words("Sesi belum dipilih", "Jadwal perlu paling sedikit satu sesi setiap hari.", _REENTER),
    "windows_overlap": Words(
        "Jam sesi salah", "Sesi harus selesai sesudah mulai, dan tidak boleh bertabrakan.", _REENTER
    ),
    "capacity_out_of_bounds": Words("Jumlah tempat salah", "Satu sesi melayani 1 sampai {largest} keluarga.", _REENTER),
    "ticket_unknown": Words(
        "Undangan tidak ditemukan", "Keluarga ini belum mempunyai nomor antrean di titik bagi ini.", _RELOAD
    ),
    "already_in_session": Words(
        "Sudah di sesi itu", "Undangan keluarga ini memang untuk sesi itu.", "Pilih sesi lain."
    ),
    "invitations_none": Words(
        "Tidak ada undangan", "Belum ada undangan untuk dicetak di desa ini.", "Bagikan nomor antrean lebih dahulu."
    ),
    # stock
    "stock_not_kept": Words(
        "Tanpa stok", "Program ini tidak memberikan paket atau barang yang disimpan.", "Tidak ada yang perlu dicatat."
    ),
    "quantity_out_of_bounds": Words("Jumlah paket salah", "Isi angka bulat, paling banyak {largest}.", _REENTER),
    "document_missing": Words("Nomor surat kosong", "Kiriman dicatat dengan nomor surat jalannya.", _REENTER),
    "delivery_below_given": Words(
        "Kiriman kurang dari yang sudah disalurkan",
        "Di titik ini sudah {given} paket disalurkan, jadi kiriman pertama paling sedikit sebanyak itu.",
        "Jumlahkan semua surat jalan sampai sekarang, lalu catat lagi.",
    ),
    "stock_not_begun": Words(
        "Belum ada kiriman", "Stok dihitung sejak kiriman pertama dicatat.", "Catat kirimannya lebih dahulu."
    ),
    "stock_short": Words(
        "Stok tidak sebanyak itu",
        "Menurut catatan hanya tersisa {packages} paket.",
        "Hitung lagi, lalu perbaiki jumlahnya.",
    ),
    "stock_entry_differs": Words(
        "Sudah dicatat dengan isi lain", "Formulir ini sudah dikirim dengan jumlah lain.", _RELOAD
    ),
    # minutes
    "round_preparing": Words(
        "Tahap belum dibuka",
        "Daftar tahap ini belum ditetapkan, jadi belum ada yang disalurkan.",
        "Tunggu penetapannya.",
    ),
    "day_to_come": Words("Harinya belum tiba", "Hari yang belum tiba tidak dapat ditutup.", _REENTER),
    "count_missing": Words("Hitungan belum diisi", "Paket yang tersisa harus dihitung sebelum hari ditutup.", _REENTER),
    "difference_unexplained": Words(
        "Selisih belum dijelaskan",
        "Hasil hitung berbeda dari catatan ({packages} paket).",
        "Hitung sekali lagi; bila tetap berbeda, tulis penjelasannya pada catatan.",
    ),
    "minutes_unknown": Words(
        "Berita acara tidak ditemukan", "Tidak ada berita acara ini di wilayah Anda.", "Buka lagi dari halaman stok."
    ),
}
