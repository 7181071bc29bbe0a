"""Words for batches of cards: what cannot be done with one, and what stopped its drawing."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import ASK_ADMINISTRATOR, Words

PRINT_FAULTS: Mapping[str, Words] = {
    # the fate that a copy has now
    "copy_is_waiting": Words(
        "Kartu masih menunggu dicetak", "Kartu {number} belum tercatat keluar dari printer.", "Muat ulang halamannya."
    ),
    "copy_is_sent": Words(
        "Kartu sedang di printer", "Kartu {number} sudah dikirim ke printer.", "Tunggu sampai printer selesai."
    ),
    "copy_is_unknown": Words(
        "Belum pasti tercetak",
        "Tidak diketahui apakah kartu {number} keluar dari printer.",
        "Jawab dahulu di halaman printernya: pindai kartu terakhir yang keluar.",
    ),
    "copy_is_printed": Words(
        "Kartu sudah tercetak", "Kartu {number} sudah ditandai tercetak, mungkin oleh petugas lain.", "Lanjutkan."
    ),
    "copy_is_spoilt": Words(
        "Cetakan sudah dicatat rusak", "Cetakan kartu {number} ini sudah dicatat rusak.", "Cetak ulang kartunya."
    ),
    "copy_is_missing": Words(
        "Cetakan sudah dicatat hilang",
        "Cetakan kartu {number} ini sudah dicatat hilang dan kartunya ditutup.",
        "Bila ditemukan, hancurkan: keluarganya mendapat kartu baru.",
    ),
    "copy_is_review": Words(
        "Kartu perlu diperiksa", "Kartu {number} belum dapat dicetak sebagaimana mestinya.", "Perbaiki datanya dahulu."
    ),
    "copy_is_cancelled": Words(
        "Cetakan dibatalkan", "Cetakan kartu {number} ini dibatalkan.", "Masukkan kartunya ke paket lain."
    ),
    "copy_is_open": Words(
        "Kartu sudah masuk paket",
        "Kartu {number} sudah ada di sebuah paket cetak, atau sudah tercetak.",
        "Cetak dari paketnya, atau batalkan paket itu dahulu.",
    ),
    # the state that a batch has now
    "batch_unknown": Words(
        "Paket tidak ada", "Tidak ada paket cetak dengan nomor itu di wilayah ini.", "Periksa nomornya."
    ),
    "batch_is_drawing": Words(
        "Paket sedang disiapkan", "Paket {number} masih disiapkan.", "Tunggu sampai siap dicetak."
    ),
    "batch_is_refused": Words(
        "Paket ditolak", "Paket {number} ditolak pemeriksaan; kartunya menunggu lagi.", "Buat paket baru."
    ),
    "batch_is_ready": Words("Paket sudah siap", "Paket {number} sudah siap dicetak.", "Muat ulang halamannya."),
    "batch_is_settled": Words(
        "Paket sudah selesai", "Nasib semua kartu paket {number} sudah jelas.", "Buat paket baru."
    ),
    "batch_is_cancelled": Words("Paket sudah dibatalkan", "Paket {number} sudah dibatalkan.", "Buat paket baru."),
    "batch_is_printing": Words(
        "Paket sedang dicetak",
        "Masih ada kartu paket {number} di printer, atau yang belum pasti tercetak.",
        "Jeda dahulu, tunggu kartu terakhir keluar, lalu coba lagi.",
    ),
    "cards_taken_meanwhile": Words(
        "Kartu baru saja dicetak",
        "Salah satu kartu baru saja dicetak di loket lain.",
        "Kirim sekali lagi; kartu itu tidak akan ikut.",
    ),
    "choice_malformed": Words("Pilihan tidak dikenal", "Pilihan kartunya tidak dapat dibaca.", "Pilih lagi."),
    "position_unknown": Words(
        "Tidak ada di paket ini", "{place} tidak ada di paket ini.", "Periksa nomor urut atau nomor kartunya."
    ),
    "card_not_scanned": Words(
        "Bukan pindaian kartu",
        "Nomor yang diketik tidak membuktikan bahwa kodenya terbaca.",
        "Pindai kode di sisi belakang kartunya, atau catat nomor urutnya di halaman paket.",
    ),
    "card_not_in_batch": Words(
        "Bukan kartu paket ini", "Kartu {number} tidak ada di paket ini.", "Sisihkan, lalu pindai di paketnya."
    ),
    "print_file_missing": Words(
        "Berkas cetak tidak ada",
        "Berkas paket ini tidak ada di mesin ini, atau isinya berubah.",
        "Batalkan paket lalu buat yang baru; bila berulang, hubungi administrator: folder cetak harus dipakai bersama.",
    ),
    # why a worker machine does not begin
    "photos_not_shared": Words(
        "Folder foto tidak dipakai bersama",
        "Foto terbaru tidak ada di mesin ini; kartu akan tercetak tanpa foto.",
        "Pasang folder foto server di KIOSK_HOME/photos, lalu jalankan lagi.",
    ),
    # what stopped the drawing
    "disk_full": Words(
        "Penyimpanan penuh",
        "Tempat penyimpanan server penuh. Yang sudah disiapkan tidak hilang, dan tidak ada yang setengah jadi.",
        "Minta administrator mengosongkan tempat, lalu tekan Lanjutkan.",
    ),
    "print_file_unwritable": Words(
        "Berkas tidak dapat ditulis", "Server tidak dapat menulis berkas cetaknya.", ASK_ADMINISTRATOR
    ),
    "drawing_failed": Words("Penyiapan terhenti", "Ada kesalahan saat paket disiapkan.", ASK_ADMINISTRATOR),
}
