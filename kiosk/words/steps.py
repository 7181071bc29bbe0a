"""Words for steps that a round or a receipt does not allow, and for what was not found."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import Words

_RELOAD = "Muat ulang halamannya; mungkin petugas lain baru saja mengerjakannya."

STEPS: Mapping[str, Words] = {
    # programmes and rounds
    "programme_unknown": Words(
        "Program tidak dikenal", "Tidak ada program dengan kode {programme}.", "Periksa kodenya."
    ),
    "amount_missing": Words(
        "Besaran belum ditetapkan",
        "Program {programme} belum punya besaran untuk hari itu.",
        "Hubungi pengelola program.",
    ),
    "programme_list_malformed": Words(
        "Daftar program salah bentuk", "Berkas daftar program tidak dapat dibaca: {where}.", "Perbaiki berkasnya."
    ),
    "dated_entry_differs": Words(
        "Besaran lama berbeda",
        "Entri {where} sudah tersimpan dengan isi lain; riwayat tidak diubah.",
        "Tambahkan entri dengan tanggal baru.",
    ),
    "round_unknown": Words("Tahap tidak ditemukan", "Tidak ada tahap ini.", "Buka daftar tahap lalu pilih lagi."),
    "round_name_empty": Words("Nama tahap kosong", "Tahap perlu nama.", "Isi nama tahap."),
    "round_name_taken": Words(
        "Nama tahap sudah dipakai",
        "Tahap {name} sudah ada untuk program ini; satu nama dipakai sekali di seluruh provinsi.",
        "Tambahkan nama kecamatan atau kabupatennya.",
    ),
    "round_days_reversed": Words(
        "Tanggal terbalik", "Tanggal penutupan mendahului tanggal pembukaan.", "Periksa kedua tanggal."
    ),
    "round_without_places": Words(
        "Desa belum dipilih", "Tahap perlu paling sedikit satu titik bagi dengan desanya.", "Pilih titik dan desanya."
    ),
    "place_twice": Words(
        "Titik bagi ganda", "Satu titik bagi dipilih dua kali.", "Gabungkan desanya dalam satu titik."
    ),
    "village_twice": Words(
        "Desa ganda", "Satu desa dipilih untuk dua titik bagi.", "Pilih satu titik untuk tiap desa."
    ),
    "price_too_high": Words(
        "Harga melebihi ketetapan", "Harga resmi paling tinggi {most}.", "Isi harga yang tidak melebihi ketetapan."
    ),
    "round_closed": Words("Tahap sudah ditutup", "Tahap ini sudah ditutup.", _RELOAD),
    # giving
    "receipt_unknown": Words("Bukti tidak ditemukan", "Tidak ada bukti dengan nomor ini.", "Periksa nomornya."),
    "redemption_unknown": Words("Penyaluran tidak ditemukan", "Tidak ada penyaluran ini.", "Periksa nomor buktinya."),
    "own_giving": Words(
        "Penyaluran Anda sendiri",
        "Penyaluran yang Anda catat sendiri dibatalkan oleh penyelia lain, supaya selalu ada dua orang yang tahu.",
        "Minta penyelia lain membuka bukti ini dan membatalkannya.",
    ),
    "already_undone": Words("Sudah dibatalkan", "Penyaluran ini sudah dibatalkan.", _RELOAD),
}
