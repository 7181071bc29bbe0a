"""Words for every reason not to give a package or a card: what the officer reads, tells the family, and does next."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import Words

REASONS: Mapping[str, Words] = {
    # the text that was scanned or typed
    "unreadable": Words(
        "Kode tidak terbaca",
        "Teks yang masuk bukan kode kartu yang utuh.",
        "Bersihkan kartu lalu pindai lagi; bila tetap gagal, ketik nomor kartunya.",
    ),
    "number_mistyped": Words(
        "Nomor kartu salah ketik",
        "Angka terakhir tidak cocok dengan angka lainnya, jadi ada yang salah ketik.",
        "Ketik lagi nomor yang tercetak pada kartu, misalnya 62-06-207002-0.",
    ),
    "not_ours": Words(
        "Bukan Kartu Huma Betang",
        "Yang dipindai adalah {kind}.",
        "Minta keluarga menunjukkan Kartu Huma Betang miliknya.",
    ),
    "bad_signature": Words(
        "Kartu tidak asli",
        "Tanda tangan digital pada kartu tidak cocok dengan isinya.",
        "Jangan salurkan. Catat nama pembawanya dan lapor kepada penyelia.",
    ),
    "unknown_key": Words(
        "Penerbit tidak dikenal",
        "Kartu ini tidak diterbitkan oleh penerbit yang dipercaya di sini.",
        "Jangan salurkan. Lapor kepada penyelia.",
    ),
    "retired_key": Words(
        "Kunci penerbit sudah ditarik",
        "Kartu ditandatangani dengan kunci yang tidak berlaku lagi.",
        "Arahkan keluarga ke loket untuk mengganti kartunya.",
    ),
    # the card
    "card_unknown": Words(
        "Kartu tidak terdaftar",
        "Tidak ada kartu dengan nomor atau kode ini di basis data.",
        "Periksa lagi nomornya angka demi angka; bila benar, arahkan keluarga ke loket.",
    ),
    "card_elsewhere": Words(
        "Kartu wilayah lain",
        "Nomor ini milik keluarga di luar wilayah layanan Anda, jadi nomor saja tidak cukup.",
        "Pindai kode pada kartunya; bila kodenya rusak, arahkan keluarga ke loket di wilayahnya.",
    ),
    "card_blocked": Words(
        "Kartu diblokir",
        "Kartu ini diblokir karena {reason}.",
        "Arahkan keluarga ke loket dengan KTP dan KK.",
    ),
    "card_replaced": Words(
        "Ada kartu yang lebih baru",
        "Kartu ini sudah diganti karena {reason}.",
        "Minta keluarga membawa kartunya yang baru; kartu lama ditarik.",
    ),
    "card_not_handed_over": Words(
        "Kartu belum diserahkan",
        "Kartu sudah terbit tetapi belum diserahterimakan, jadi belum aktif.",
        "Arahkan ke loket untuk serah terima dengan KTP penerima.",
    ),
    "card_not_printed": Words(
        "Kartu belum ditandai tercetak",
        "Kartu ini sudah terbit, tetapi belum ditandai tercetak dengan baik.",
        "Periksa hasil cetaknya, tandai tercetak di halaman kartu, lalu pindai lagi.",
    ),
    "card_active_already": Words(
        "Kartu sudah diserahkan",
        "Kartu ini sudah diserahkan dan aktif.",
        "Lihat di halaman kartu kepada siapa; bila keluarga membantahnya, panggil penyelia.",
    ),
    "not_yet_valid": Words(
        "Kartu belum berlaku",
        "Kartu baru berlaku mulai {at}.",
        "Periksa tanggal dan jam komputer ini; bila benar, lapor kepada penyelia.",
    ),
    "expired": Words(
        "Masa berlaku habis",
        "Kartu berlaku sampai {at}.",
        "Arahkan keluarga ke loket untuk kartu baru.",
    ),
    # the family
    "family_moved": Words(
        "Keluarga sudah pindah",
        "Keluarga ini tercatat pindah dari wilayah layanan.",
        "Arahkan ke Dinas Sosial bila keluarga sebenarnya masih tinggal di sini.",
    ),
    "family_dissolved": Words(
        "KK tidak berlaku lagi",
        "Kartu Keluarga ini sudah pecah atau digabung dengan KK lain.",
        "Minta KK yang baru, lalu arahkan keluarga ke loket.",
    ),
    "head_dead": Words(
        "Kepala keluarga meninggal",
        "Nama pada kartu tercatat meninggal dan belum ada kepala keluarga pengganti.",
        "Arahkan keluarga ke loket dengan KK yang baru untuk mengganti kartu.",
    ),
    "no_head": Words(
        "Tidak ada kepala keluarga",
        "Keluarga ini belum mempunyai kepala keluarga dalam data.",
        "Arahkan ke petugas data keluarga untuk melengkapi KK.",
    ),
    "head_changed": Words(
        "Kepala keluarga sudah berganti",
        "Nama pada kartu bukan lagi kepala keluarga ini.",
        "Ganti kartu dengan alasan “kepala keluarga berganti”, lalu serahkan yang baru.",
    ),
    # the giving
    "already_given": Words(
        "Sudah diterima",
        "Paket {round} sudah disalurkan pada {at} di {point} oleh {officer}, bukti {receipt}.",
        "Tunjukkan tanggal dan tempat ini kepada keluarga; bila dibantah, panggil penyelia.",
    ),
    "not_entitled": Words(
        "Tidak ada di daftar salur",
        "Keluarga ini tidak ada di daftar {round} yang disusun pada {listed_on}.",
        "Sampaikan alasannya; keluarga dapat mengajukan sanggahan lewat desa atau Dinas Sosial.",
    ),
    "wrong_place": Words(
        "Titik bagi lain",
        "Hak keluarga ini untuk {round} disalurkan di {point}.",
        "Arahkan keluarga ke {point}.",
    ),
    "round_not_open": Words(
        "Tahap tidak dibuka",
        "{round} berlangsung {opens_on} sampai {closes_on} dan sekarang tidak menyalurkan.",
        "Sampaikan tanggal penyaluran kepada keluarga.",
    ),
    "no_round_here": Words(
        "Tidak ada penyaluran di sini",
        "Hari ini titik layanan ini tidak menyalurkan program yang diminta.",
        "Bila seharusnya ada penyaluran, hubungi pengelola program.",
    ),
    "key_used_differently": Words(
        "Permintaan bertentangan",
        "Permintaan ini memakai kunci dari penyaluran lain, jadi tidak dijalankan.",
        "Pindai kartunya sekali lagi dari awal.",
    ),
    # the rule of who is entitled
    "desil_unknown": Words(
        "Desil belum diketahui",
        "Belum ada sumber yang menyebut desil kesejahteraan keluarga ini.",
        "Arahkan ke petugas data keluarga untuk pemutakhiran DTSEN.",
    ),
    "desil_above_limit": Words(
        "Desil di atas batas",
        "Keluarga ini tercatat pada desil {desil}; batas program adalah desil {limit}.",
        "Bila keadaan keluarga sudah berubah, sarankan sanggahan lewat desa atau Dinas Sosial.",
    ),
    "other_aid": Words(
        "Sudah menerima bantuan lain",
        "Keluarga ini tercatat menerima {aid}, yang tidak dapat digabung dengan program ini.",
        "Bila bantuan itu sudah berhenti, arahkan ke petugas data keluarga.",
    ),
    "card_exists": Words(
        "Kartu sudah ada",
        "Keluarga ini sudah mempunyai kartu yang berlaku: {number}.",
        "Pakai kartu itu, atau ganti bila hilang atau rusak.",
    ),
}
