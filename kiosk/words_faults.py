"""Words for what cannot be done or taken: faults in what was sent, states that do not allow a step, broken pages."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.wording import Words

_RETYPE = "Periksa lagi lalu kirim ulang."
_ASK_ADMINISTRATOR = "Hubungi administrator."

FAULTS: Mapping[str, Words] = {
    # identifiers
    "nik_empty": Words("NIK kosong", "NIK belum diisi.", "Isi 16 angka NIK dari KTP atau KK."),
    "nik_length": Words("Panjang NIK salah", "NIK terdiri atas 16 angka.", _RETYPE),
    "nik_not_digits": Words("NIK bukan angka", "NIK hanya berisi angka.", _RETYPE),
    "nik_scientific": Words(
        "NIK rusak oleh lembar hitung",
        "NIK tersimpan sebagai bilangan pendek (misalnya 6,2E+15), jadi angka aslinya hilang.",
        "Ambil lagi NIK dari sumbernya, simpan kolomnya sebagai teks.",
    ),
    "nik_no_province": Words("NIK salah", "NIK diawali kode provinsi, dari 11 ke atas.", _RETYPE),
    "kk_empty": Words("Nomor KK kosong", "Nomor KK belum diisi.", "Isi 16 angka Nomor KK."),
    "kk_length": Words("Panjang Nomor KK salah", "Nomor KK terdiri atas 16 angka.", _RETYPE),
    "kk_not_digits": Words("Nomor KK bukan angka", "Nomor KK hanya berisi angka.", _RETYPE),
    "kk_scientific": Words(
        "Nomor KK rusak oleh lembar hitung",
        "Nomor KK tersimpan sebagai bilangan pendek (misalnya 6,2E+15), jadi angka aslinya hilang.",
        "Ambil lagi Nomor KK dari sumbernya, simpan kolomnya sebagai teks.",
    ),
    "kk_no_province": Words("Nomor KK salah", "Nomor KK diawali kode provinsi, dari 11 ke atas.", _RETYPE),
    "card_number_shape": Words(
        "Nomor kartu salah bentuk",
        "Nomor kartu berbentuk 62-06-207002-0.",
        "Ketik lagi nomor yang tercetak pada kartu.",
    ),
    "card_number_check": Words(
        "Nomor kartu salah ketik",
        "Angka terakhir tidak cocok dengan angka lainnya, jadi ada yang salah ketik.",
        "Ketik lagi nomor yang tercetak pada kartu.",
    ),
    # regions and families
    "region_unknown": Words("Wilayah tidak dikenal", "Tidak ada wilayah dengan kode {code}.", _RETYPE),
    "family_unknown": Words(
        "Keluarga tidak ditemukan",
        "Tidak ada keluarga ini di wilayah layanan Anda.",
        "Cari lagi dengan Nomor KK atau NIK.",
    ),
    "family_number_unknown": Words(
        "Nomor KK tidak ditemukan", "Keluarga ini tidak mempunyai Nomor KK yang berlaku.", _ASK_ADMINISTRATOR
    ),
    "family_number_known": Words(
        "Nomor KK sudah terdaftar", "Nomor KK ini milik keluarga yang sudah terdaftar.", "Cari keluarganya."
    ),
    "nik_known": Words(
        "NIK sudah terdaftar",
        "NIK ini milik orang yang sudah terdaftar di keluarga lain.",
        "Periksa KK keduanya sebelum memutuskan.",
    ),
    "nik_twice": Words("NIK muncul dua kali", "Satu NIK dipakai dua orang dalam keluarga ini.", _RETYPE),
    "two_heads": Words(
        "Dua kepala keluarga", "Keluarga hanya mempunyai satu kepala.", "Periksa hubungan keluarga pada KK."
    ),
    "family_without_head": Words(
        "Tidak ada kepala keluarga", "Keluarga perlu satu kepala.", "Periksa hubungan keluarga pada KK."
    ),
    "reason_missing": Words("Alasan belum diisi", "Langkah ini perlu alasan.", "Isi alasannya lalu kirim lagi."),
    # officers and points
    "point_code_malformed": Words(
        "Kode titik salah bentuk",
        "Kode titik terdiri atas 2–20 huruf besar, angka, atau tanda hubung, misalnya LOKET-BUNTOK.",
        _RETYPE,
    ),
    "point_code_taken": Words("Kode titik sudah dipakai", "Titik {point} sudah ada.", "Pilih kode lain."),
    "point_name_empty": Words("Nama titik kosong", "Titik layanan perlu nama.", _RETYPE),
    "point_unknown": Words("Titik tidak dikenal", "Tidak ada titik layanan dengan kode {point}.", _RETYPE),
    "username_malformed": Words(
        "Nama pengguna salah bentuk",
        "Nama pengguna terdiri atas 3–40 huruf kecil, angka, titik, garis bawah, atau tanda hubung.",
        _RETYPE,
    ),
    "username_taken": Words("Nama pengguna sudah dipakai", "Petugas {username} sudah ada.", "Pilih nama lain."),
    "officer_name_empty": Words("Nama petugas kosong", "Petugas perlu nama lengkap.", _RETYPE),
    "role_missing": Words("Peran belum dipilih", "Petugas perlu paling sedikit satu peran.", _RETYPE),
    "password_short": Words(
        "Kata sandi terlalu pendek",
        "Kata sandi paling sedikit {shortest} huruf; satu kalimat pendek mudah diingat dan sulit ditebak.",
        "Pilih kata sandi lain.",
    ),
    "password_long": Words("Kata sandi terlalu panjang", "Kata sandi paling panjang {longest} huruf.", _RETYPE),
    "password_has_username": Words(
        "Kata sandi mudah ditebak", "Kata sandi tidak boleh memuat nama pengguna.", "Pilih kata sandi lain."
    ),
    "officer_unknown": Words(
        "Petugas tidak ditemukan", "Tidak ada petugas ini di wilayah Anda.", "Pilih lagi dari daftar petugas."
    ),
    "officer_is_oneself": Words(
        "Ini akun Anda sendiri",
        "Anda tidak dapat menonaktifkan akun Anda sendiri.",
        "Mintalah kepada administrator lain.",
    ),
    "officer_inactive": Words("Petugas sudah nonaktif", "Petugas ini sudah dinonaktifkan.", "Muat ulang halamannya."),
    "officer_active": Words("Petugas sudah aktif", "Petugas ini sudah aktif.", "Muat ulang halamannya."),
    "password_wrong": Words(
        "Kata sandi sekarang salah", "Kata sandi Anda yang sekarang tidak cocok.", "Periksa Caps Lock, lalu coba lagi."
    ),
    "password_same": Words(
        "Kata sandi tidak berubah", "Kata sandi baru sama dengan yang sekarang.", "Pilih kata sandi lain."
    ),
    # signing in
    "sign_in_wrong": Words(
        "Belum berhasil masuk",
        "Nama pengguna atau kata sandi tidak cocok.",
        "Periksa Caps Lock, lalu coba lagi. Bila lupa kata sandi, hubungi administrator.",
    ),
    "sign_in_throttled": Words(
        "Terlalu banyak percobaan",
        "Untuk menjaga akun Anda, masuk ditahan sebentar.",
        "Tunggu {seconds} detik, lalu coba lagi.",
    ),
    "sign_in_busy": Words(
        "Sedang ramai", "Banyak petugas masuk pada saat yang sama.", "Coba lagi beberapa detik lagi."
    ),
    "session_ended": Words("Sesi berakhir", "Sesi Anda sudah berakhir. Silakan masuk lagi."),
    "session_idle": Words("Sesi berakhir", "Anda keluar otomatis karena kios lama tidak dipakai. Silakan masuk lagi."),
    "session_too_long": Words("Sesi berakhir", "Satu hari kerja sudah lewat sejak Anda masuk. Silakan masuk lagi."),
    "signed_out": Words("Sudah keluar", "Anda sudah keluar. Terima kasih."),
    "right_missing": Words(
        "Anda tidak berhak membuka halaman ini",
        "Halaman ini perlu hak {right}.",
        "Hak itu dimiliki: {roles}. Bila tugas Anda memerlukannya, mintalah kepada administrator.",
    ),
    "form_outdated": Words(
        "Formulir kedaluwarsa",
        "Halaman ini dibuka sebelum Anda masuk, atau di jendela lain, jadi kiriman tidak dijalankan.",
        "Kembali, muat ulang halamannya, lalu kirim sekali lagi.",
    ),
    # keys and database
    "key_missing": Words(
        "Kunci tidak ada",
        "Berkas kunci {file} tidak ditemukan.",
        "Instalasi baru: jalankan kiosk setup. Instalasi lama: pulihkan dari cadangan kunci.",
    ),
    "key_unreadable": Words(
        "Kunci tidak terbaca", "Berkas kunci {file} rusak atau tidak boleh dibaca.", "Pulihkan dari cadangan kunci."
    ),
    "key_wrong_passphrase": Words(
        "Frasa sandi kunci salah",
        "Kunci tidak dapat dibuka dengan frasa sandi yang ada.",
        "Periksa KIOSK_PASSPHRASE atau berkas keys/passphrase.",
    ),
    "sealed_text_unreadable": Words(
        "Data tersegel tidak terbuka",
        "Isian {column} tidak dapat dibuka dengan kunci instalasi ini.",
        _ASK_ADMINISTRATOR,
    ),
    "keys_of_another_database": Words(
        "Kunci dan basis data tidak sepasang",
        "Basis data ini mempercayai kunci lain daripada yang ada di folder kunci.",
        "Periksa KIOSK_HOME dan DATABASE_URL.",
    ),
    "trust_list_unreadable": Words(
        "Daftar kunci tepercaya rusak",
        "Daftar kunci tidak terbaca atau tidak ditandatangani oleh kunci akar instalasi ini.",
        "Pulihkan dari cadangan kunci.",
    ),
    "passphrase_unfit": Words(
        "Frasa sandi kunci tidak dapat dipakai",
        "Frasa sandi kosong, terlalu panjang, atau memuat pindah baris.",
        "Pilih satu baris lain untuk KIOSK_PASSPHRASE.",
    ),
    "openssl_missing": Words(
        "Program openssl tidak ada", "Kunci disegel dengan program openssl.", "Pasang: apt-get install openssl."
    ),
    "openssl_failed": Words("Kunci gagal disegel", "Program openssl melaporkan kegagalan.", _ASK_ADMINISTRATOR),
    "hub_missing": Words(
        "Instalasi belum lengkap", "Identitas simpul belum ada di basis data.", "Jalankan: kiosk setup."
    ),
    "schema_outdated": Words("Basis data belum siap", "Skema basis data belum yang terbaru.", "Jalankan: kiosk setup."),
    # pictures and printing
    "photo_too_large": Words("Foto terlalu besar", "Berkas foto melebihi batas.", "Ambil foto lebih kecil."),
    "photo_too_many_pixels": Words("Foto terlalu besar", "Ukuran gambar melebihi batas.", "Ambil foto lebih kecil."),
    "photo_unreadable": Words("Foto tidak terbaca", "Berkas ini bukan gambar yang utuh.", "Ambil foto lagi."),
    "photo_wrong_format": Words("Jenis foto salah", "Foto harus JPEG, PNG, atau WebP.", "Pilih berkas lain."),
    "photo_not_ours": Words("Foto tidak cocok", "Foto ini tidak berasal dari kios.", "Ambil foto lagi."),
    # HTTP
    "http_400": Words("Permintaan tidak dapat dibaca", "Isi kiriman tidak lengkap atau rusak.", _RETYPE),
    "http_403": Words("Tidak diizinkan", "Halaman ini tidak dibuka untuk siapa pun.", _ASK_ADMINISTRATOR),
    "http_404": Words(
        "Halaman tidak ditemukan",
        "Alamat ini tidak ada, atau berada di luar wilayah layanan Anda.",
        "Kembali ke halaman awal lalu cari lagi.",
    ),
    "http_405": Words(
        "Cara membukanya keliru",
        "Alamat ini hanya menerima kiriman dari formulirnya.",
        "Kembali ke halaman awal lalu buka lagi dari menu.",
    ),
    "http_409": Words("Keadaan sudah berubah", "Langkah ini tidak berlaku lagi.", "Muat ulang halamannya."),
    "http_413": Words("Kiriman terlalu besar", "Isi kiriman melebihi batas.", "Kirim berkas yang lebih kecil."),
    "http_422": Words("Isian belum benar", "Ada isian yang belum dapat diterima.", _RETYPE),
    "http_429": Words("Terlalu sering", "Permintaan datang terlalu cepat.", "Tunggu sebentar, lalu coba lagi."),
    "http_500": Words(
        "Ada yang rusak di pihak kami",
        "Pekerjaan Anda yang terakhir tidak disimpan. Nomor gangguan: {number}.",
        "Coba sekali lagi; bila berulang, sampaikan nomor gangguan ini kepada administrator.",
    ),
}
