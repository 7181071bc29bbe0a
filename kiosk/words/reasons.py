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
    "card_not_read_back": Words(
        "Kode kartu belum dipindai",
        "Nomor yang diketik tidak membuktikan bahwa kode yang tercetak dapat dibaca.",
        "Pindai kodenya dengan pemindai atau kamera; bila tidak terbaca, catat rusak cetak lalu cetak lagi.",
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
        "Arahkan keluarga ke loket untuk {medium}.",
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
        "Tempat lain",
        "Hak untuk {round} dilayani di {point}.",
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
    "no_round_open": Words(
        "Belum ada tahap yang dibuka",
        "Syaratnya terpenuhi, tetapi belum ada tahap yang dibuka untuk desa keluarga ini.",
        "Sampaikan bahwa daftar disusun lagi pada tahap berikutnya; tanyakan waktunya kepada {office}.",
    ),
    "key_used_differently": Words(
        "Permintaan bertentangan",
        "Permintaan ini memakai kunci dari penyaluran lain, jadi tidak dijalankan.",
        "Pindai kartunya sekali lagi dari awal.",
    ),
    # the right: whose, how much, and on which list
    "person_not_chosen": Words(
        "Orangnya belum dipilih",
        "Hak ini milik satu orang, bukan seluruh keluarga.",
        "Pilih orang yang datang, cocokkan dengan KTP atau kartu pelajarnya, lalu lanjutkan.",
    ),
    "person_not_of_family": Words(
        "Bukan anggota keluarga ini",
        "Orang yang dipilih tidak tercatat dalam keluarga pemegang kartu.",
        "Minta KK yang terbaru; bila anggota keluarga berubah, arahkan ke loket.",
    ),
    "quota_used": Words(
        "Jatah sudah habis",
        "Jatah {quota} kali untuk {round} sudah dipakai semua, terakhir pada {at} di {point}, bukti {receipt}.",
        "Tunjukkan tanggal dan tempat itu kepada keluarga; bila dibantah, terima sebagai pengaduan.",
    ),
    "not_enough_left": Words(
        "Sisa saldo tidak cukup",
        "Sisa saldo keluarga {left}, yang diminta {amount}.",
        "Kurangi belanjaan sampai tidak melebihi sisa saldo.",
    ),
    "removed_from_list": Words(
        "Dikeluarkan dari daftar",
        "Keluarga ini dikeluarkan dari daftar {round} dengan adendum {addendum}.",
        "Jelaskan nomor adendumnya; bila dibantah, terima sebagai pengaduan.",
    ),
    "excluded_by_programme": Words(
        "Sudah menerima program lain",
        "Hak ini tidak dapat digabung dengan {programme} ({round}).",
        "Bila program itu sudah berhenti, arahkan keluarga ke loket.",
    ),
    "listed_in_period": Words(
        "Sudah ada di tahap lain",
        "Hak ini sudah ada pada {round} untuk masa yang sama.",
        "Layani dari tahap itu; satu masa hanya satu jatah.",
    ),
    "one_per_family": Words(
        "Satu orang per keluarga",
        "Hak ini hanya untuk satu orang dalam satu keluarga, dan sudah ada yang menerimanya.",
        "Jelaskan aturannya; bila keluarga keberatan, terima sebagai pengaduan.",
    ),
    "covered_before_split": Words(
        "Sudah tercakup di KK asal",
        "KK ini baru pecah dari KK lain yang sudah ada di daftar {round}.",
        "Hak KK baru dihitung mulai tahap berikutnya; arahkan ke petugas data keluarga.",
    ),
    "programme_withdrawn": Words(
        "Program dihentikan",
        "{programme} sudah dihentikan oleh perangkat daerah pemiliknya.",
        "Jangan salurkan lagi. Arahkan keluarga ke {office} untuk penjelasan.",
    ),
    "not_served_here": Words(
        "Tidak dilayani di tempat ini",
        "{programme} dilayani di {places}.",
        "Arahkan keluarga ke tempat layanan yang benar.",
    ),
    "wrong_day": Words(
        "Bukan harinya",
        "Undangan keluarga ini untuk {date}, pukul {starts}–{ends}, di {point}, nomor antrean {number}.",
        "Minta keluarga datang pada hari itu; bila sakit atau jauh, pengelola program dapat memindahkan undangannya.",
    ),
    # the hand-over at the counter
    "proof_missing": Words(
        "Pemeriksaan belum lengkap",
        "Program ini mewajibkan: {proofs}.",
        "Lakukan pemeriksaannya, centang, lalu salurkan. Langkah ini tidak dapat dilewati.",
    ),
    "not_paid": Words(
        "Belum dibayar",
        "Harga resminya {price} dan pembayarannya belum ditandai.",
        "Terima pembayaran sebesar harga resmi, tandai, lalu salurkan. Tidak ada pungutan lain.",
    ),
    "no_stock": Words(
        "Stok habis",
        "Menurut catatan stok, paket {round} di titik ini sudah habis.",
        "Hitung ulang stok dan catat kiriman yang baru; keluarga tetap berhak dan diundang lagi.",
    ),
    "receiver_under_age": Words(
        "Penerima masih di bawah umur",
        "Yang mengambil harus sudah berumur 17 tahun atau pernah kawin.",
        "Minta anggota keluarga yang dewasa datang, atau wakil dengan surat kuasa.",
    ),
    "proxy_letter_missing": Words(
        "Surat kuasa belum ada",
        "Wakil dari luar KK harus membawa surat kuasa.",
        "Catat nama, NIK, dan nomor surat kuasanya; tanpa itu hanya anggota KK yang boleh mengambil.",
    ),
    "proxy_limit": Words(
        "Wakil sudah terlalu banyak mengambil",
        "Orang ini sudah mengambil untuk {count} keluarga; batasnya {limit}.",
        "Minta anggota keluarga datang sendiri. Hal ini tercatat dalam laporan wakil.",
    ),
    "proxy_of_family": Words(
        "Ini anggota keluarga sendiri",
        "NIK yang diketik sebagai wakil tercatat sebagai anggota keluarga pemegang kartu.",
        "Pilih namanya di daftar anggota keluarga; surat kuasa tidak diperlukan.",
    ),
    "proxy_dead": Words(
        "NIK wakil tidak dapat dipakai",
        "Menurut catatan, orang dengan NIK ini sudah meninggal.",
        "Cocokkan NIK dengan KTP aslinya. Bila benar tertulis begitu, jangan salurkan dan laporkan ke penyelia.",
    ),
    # the pupil
    "pupil_not_listed": Words(
        "Tidak ada di daftar",
        "Anak ini tidak ada di daftar {round} yang disusun pada {listed_on}.",
        "Sampaikan alasannya; keluarga dapat bertanya ke loket atau Dinas Pendidikan.",
    ),
    "pupil_confirmed": Words(
        "Sudah dikonfirmasi",
        "Anak ini sudah dikonfirmasi di sini pada {at} oleh {officer}, bukti {receipt}.",
        "Tidak perlu dikonfirmasi lagi untuk tahun ajaran atau semester ini.",
    ),
    "pupil_elsewhere": Words(
        "Sudah terdaftar di sekolah lain",
        "Anak ini sudah dikonfirmasi pada {at} di {point}{npsn}.",
        "Jangan daftarkan dua kali. Dinas Pendidikan yang memutuskan; tanyakan dengan nomor kasus {case}.",
    ),
    "nisn_differs": Words(
        "NISN tidak cocok",
        "NISN yang diketik berbeda dari yang tercatat menurut {source}, {as_of}.",
        "Periksa kartu NISN angka demi angka. Bila yang tercatat salah, betulkan di Dapodik, lalu arahkan keluarga "
        "ke loket.",
    ),
    "nisn_malformed": Words(
        "NISN salah ketik",
        "NISN terdiri atas 10 angka.",
        "Ketik lagi NISN dari kartu atau rapor murid.",
    ),
    "campus_missing": Words(
        "Kampus atau buktinya belum diisi",
        "Kuliah Gratis dicatat dengan nama kampus dan surat aktif kuliah.",
        "Minta surat aktif kuliah semester ini, lalu isi keduanya.",
    ),
    "npsn_missing": Words(
        "NPSN sekolah belum diisi",
        "Tempat layanan ini belum mempunyai NPSN, jadi murid belum dapat dikonfirmasi.",
        "Minta administrator mengisi NPSN titik layanan ini.",
    ),
    # what a school is told in place of a reason that speaks of the family
    "card_not_usable": Words(
        "Kartu tidak dapat dipakai",
        "Kartu ini belum dapat dipakai sekarang.",
        "Keluarga dapat bertanya ke loket dengan membawa KTP dan KK.",
    ),
    # the visit
    "pregnancy_missing": Words(
        "Kehamilan belum didaftarkan",
        "Belum ada kehamilan yang sedang didampingi untuk orang ini.",
        "Daftarkan kehamilannya dengan hari perkiraan lahir, lalu catat kunjungannya.",
    ),
    # the rule of who is entitled
    "clause_failed": Words(
        "Syarat tidak terpenuhi",
        "{facts}; {words}.",
        "Bila keadaannya sudah berubah, sarankan sanggahan lewat desa atau terima sebagai pengaduan.",
    ),
    "clause_unknown": Words(
        "Syarat belum dapat dinilai",
        "{facts}; {words}.",
        "Arahkan ke petugas data keluarga untuk pemutakhiran data.",
    ),
    "not_told_here": Words(
        "Tidak memenuhi syarat program",
        "Ada syarat tentang keluarga yang tidak terpenuhi; rinciannya tidak ditampilkan di tempat layanan ini.",
        "Keluarga dapat bertanya ke loket. Layanan kepada orangnya jangan ditunda karena ini.",
    ),
    "card_exists": Words(
        "Kartu sudah ada",
        "Keluarga ini sudah mempunyai kartu yang berlaku: {number}.",
        "Pakai kartu itu, atau ganti bila hilang atau rusak.",
    ),
}
