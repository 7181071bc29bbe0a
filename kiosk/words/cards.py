"""Words for what cannot be done with a card, and for what is printed on every one."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import ASK_ADMINISTRATOR, Words

PROGRAMME = "Kartu Huma Betang"
LOSS_CONTACT = "Lapor ke kantor desa atau kelurahan, atau ke Dinas Sosial {regency}."

CARD_FAULTS: Mapping[str, Words] = {
    # the state that a card has now
    "card_is_issued": Words(
        "Kartu menunggu dicetak", "Kartu {number} belum dicetak.", "Cetak dan tandai tercetak lebih dahulu."
    ),
    "card_is_printed": Words(
        "Kartu sudah tercetak",
        "Kartu {number} sudah ditandai tercetak.",
        "Bila perlu dicetak lagi, catat dulu cetakan yang rusak di halaman kartunya.",
    ),
    "card_is_active": Words(
        "Kartu sudah aktif", "Kartu {number} sudah diserahkan dan aktif.", "Bila hilang atau rusak, ganti kartunya."
    ),
    "card_is_blocked": Words(
        "Kartu diblokir", "Kartu {number} sudah diblokir.", "Bila keluarga masih berhak, ganti dengan kartu baru."
    ),
    "card_is_replaced": Words(
        "Kartu sudah diganti", "Kartu {number} sudah diganti dengan yang lebih baru.", "Pakai kartu yang baru."
    ),
    "card_not_provisional": Words(
        "Bukan kartu sementara",
        "Hanya kartu sementara (kertas) yang diganti dengan kartu tetap; kartu {number} bukan kartu sementara.",
        "Pilih alasan lain.",
    ),
    # issuing
    "card_numbers_exhausted": Words(
        "Nomor kartu tidak didapat",
        "Nomor kartu yang bebas tidak ditemukan.",
        "Coba lagi; bila berulang, hubungi administrator.",
    ),
    "status_list_full": Words("Daftar status penuh", "Daftar status kabupaten ini penuh.", ASK_ADMINISTRATOR),
    "issuing_key_untrusted": Words(
        "Kunci penerbit belum dipercaya", "Kartu yang terbit sekarang akan ditolak saat dipindai.", ASK_ADMINISTRATOR
    ),
    "card_rule_missing": Words("Aturan kartu belum ada", "Belum ada aturan kartu yang berlaku.", ASK_ADMINISTRATOR),
    "village_unknown": Words(
        "Desa tidak dikenal", "Tidak ada desa atau kelurahan dengan kode {code}.", "Periksa lagi lalu kirim ulang."
    ),
    # handing over
    "id_not_seen": Words(
        "KTP belum dilihat", "Kartu hanya diserahkan setelah KTP asli penerima dilihat.", "Lihat KTP-nya lebih dahulu."
    ),
    "receiver_not_of_family": Words(
        "Penerima bukan anggota keluarga", "Kartu hanya diserahkan kepada anggota KK yang sama.", "Pilih penerima lain."
    ),
    "receiver_too_young": Words(
        "Penerima belum dewasa",
        "Kartu hanya diserahkan kepada kepala keluarga atau anggota keluarga yang sudah berumur 17 tahun.",
        "Pilih penerima lain.",
    ),
    "receiver_unknown": Words(
        "Penerima tidak dikenal",
        "Tidak ada penerima dengan nama itu dalam keluarga ini.",
        "Tulis namanya seperti di KK.",
    ),
    # what an officer writes
    "text_holds_number": Words(
        "Tulisan memuat nomor",
        "Tulisan ini disimpan untuk selamanya, jadi tidak boleh memuat NIK, Nomor KK, atau nomor panjang lain.",
        "Hapus nomornya lalu kirim lagi.",
    ),
    "text_unreadable": Words(
        "Tulisan tidak terbaca", "Ada tanda yang tidak dapat disimpan di dalam tulisan ini.", "Ketik lagi tulisannya."
    ),
    # printing
    "nothing_to_print": Words(
        "Tidak ada yang menunggu dicetak",
        "Semua kartu pilihan ini sudah tercetak atau sudah masuk paket.",
        "Pilih yang lain.",
    ),
    "text_does_not_fit": Words(
        "Tulisan tidak muat di kartu", "Nama atau wilayah terlalu panjang untuk tempatnya.", ASK_ADMINISTRATOR
    ),
    "text_not_in_typeface": Words(
        "Ada huruf yang tidak dapat dicetak",
        "Huruf kartu tidak punya satu tanda di nama atau wilayah ini.",
        "Periksa ejaannya; biasanya salah ketik atau salah salin.",
    ),
    "text_too_long": Words("Tulisan terlalu panjang", "Nama atau wilayah melebihi batas kartu.", ASK_ADMINISTRATOR),
    "qr_text_not_printable": Words(
        "Kode kartu tidak dapat dicetak", "Isi kode QR tidak dapat dicetak.", ASK_ADMINISTRATOR
    ),
    "code_differs": Words(
        "Kode di PDF tidak cocok",
        "Kode kartu yang digambar tidak sama dengan yang tercatat, jadi tidak ada yang boleh dicetak.",
        ASK_ADMINISTRATOR,
    ),
    "asset_denied": Words("PDF tidak dibuat", "Rancangan kartu meminta berkas dari luar.", ASK_ADMINISTRATOR),
    "pages_do_not_match": Words("PDF tidak dibuat", "Jumlah halaman PDF tidak cocok.", ASK_ADMINISTRATOR),
    "photo_missing": Words("Foto tidak ada", "Foto ini tidak ada, atau berkasnya hilang.", "Ambil foto lagi."),
}
