"""Words for what cannot be done or taken: faults in what was sent, states that do not allow a step, broken pages."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import ASK_ADMINISTRATOR, Words

_RETYPE = "Periksa lagi lalu kirim ulang."


def _of_number(code: str, name: str) -> dict[str, Words]:
    """Return the words for what can be wrong with one of the two numbers of the state."""
    return {
        f"{code}_empty": Words(f"{name} kosong", f"{name} kosong.", "Isi 16 angkanya seperti pada KTP atau KK."),
        f"{code}_length": Words(f"Panjang {name} salah", f"{name} harus 16 angka, di sini {{digits}} angka.", _RETYPE),
        f"{code}_not_digits": Words(
            f"{name} bukan angka", f"{name} memuat huruf atau tanda yang bukan angka.", _RETYPE
        ),
        f"{code}_scientific": Words(
            f"{name} rusak oleh Excel",
            f"{name} rusak oleh Excel (bentuk 6,20E+15): angkanya hilang. Ketik ulang sebagai teks.",
            "Salin angkanya dari KTP atau KK.",
        ),
        f"{code}_no_province": Words(f"{name} salah", f"{name} tidak diawali kode provinsi.", _RETYPE),
    }


NUMBERS: Mapping[str, Words] = {**_of_number("nik", "NIK"), **_of_number("kk", "Nomor KK")}
"""Words for NIK and Nomor KK, the same in a form and on the lines of a list."""

FAULTS: Mapping[str, Words] = {
    # identifiers
    **NUMBERS,
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
        "Nomor KK tidak ditemukan", "Keluarga ini tidak mempunyai Nomor KK yang berlaku.", ASK_ADMINISTRATOR
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
    "npsn_malformed": Words(
        "NPSN salah bentuk", "NPSN terdiri atas 8 angka atau huruf besar, misalnya 30203456.", _RETYPE
    ),
    "facility_code_malformed": Words(
        "Kode puskesmas salah bentuk",
        "Kode puskesmas terdiri atas paling banyak 20 huruf besar, angka, titik, atau tanda hubung.",
        _RETYPE,
    ),
    "facility_code_unwanted": Words(
        "Titik ini tidak bernomor", "NPSN atau kode puskesmas hanya untuk sekolah dan puskesmas.", "Kosongkan isiannya."
    ),
    "facility_code_taken": Words(
        "Nomor sudah dipakai", "NPSN atau kode {facility} sudah dipakai titik lain.", "Periksa nomornya."
    ),
    "point_is_no_office": Words(
        "Titik ini bukan kantor",
        "Perangkat daerah hanya disebut pada titik berjenis kantor.",
        "Kosongkan perangkat daerahnya, atau pilih jenis kantor.",
    ),
    "point_unknown": Words("Titik tidak dikenal", "Tidak ada titik layanan dengan kode {point}.", _RETYPE),
    "username_malformed": Words(
        "Nama pengguna salah bentuk",
        "Nama pengguna terdiri atas 3–40 huruf kecil, angka, titik, garis bawah, atau tanda hubung.",
        _RETYPE,
    ),
    "username_taken": Words("Nama pengguna sudah dipakai", "Petugas {username} sudah ada.", "Pilih nama lain."),
    "officer_name_empty": Words("Nama petugas kosong", "Petugas perlu nama lengkap.", _RETYPE),
    "role_missing": Words("Peran belum dipilih", "Petugas perlu paling sedikit satu peran.", _RETYPE),
    "role_stands_alone": Words(
        "Peran tidak dapat digabung",
        "Administrator dan auditor tidak merangkap peran lain, supaya yang mengawasi bukan yang mengerjakan.",
        "Pilih satu peran itu saja, atau buat akun bagi orang lain.",
    ),
    "password_short": Words(
        "Kata sandi terlalu pendek",
        "Kata sandi paling sedikit {shortest} karakter; satu kalimat pendek mudah diingat dan sulit ditebak.",
        "Pilih kata sandi lain.",
    ),
    "password_long": Words("Kata sandi terlalu panjang", "Kata sandi paling panjang {longest} karakter.", _RETYPE),
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
    "setting_malformed": Words(
        "Pengaturan salah",
        "Nilai {name} tidak dapat dipakai: isi bilangan kecil, atau 0 untuk tidak dan 1 untuk ya.",
        "Periksa {name}.",
    ),
    "database_url_malformed": Words(
        "Pengaturan salah",
        "DATABASE_URL bukan alamat basis data yang dikenal.",
        "Pakai bentuk sqlite:////folder/kiosk.db atau postgresql+psycopg://….",
    ),
    "database_unreachable": Words(
        "Basis data tidak dapat dibuka",
        "Folder, server, atau hak masuknya tidak ada.",
        "Periksa DATABASE_URL.",
    ),
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
        ASK_ADMINISTRATOR,
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
    "openssl_failed": Words("Kunci gagal disegel", "Program openssl melaporkan kegagalan.", ASK_ADMINISTRATOR),
    "hub_missing": Words(
        "Instalasi belum lengkap", "Identitas simpul belum ada di basis data.", "Jalankan: kiosk setup."
    ),
    "schema_outdated": Words("Basis data belum siap", "Skema basis data belum yang terbaru.", "Jalankan: kiosk setup."),
    # pictures and printing
    "hand_over_photo_kept": Words(
        "Foto sudah ada",
        "Bukti ini sudah mempunyai foto serah terima, dan foto itu tetap.",
        "Lanjutkan tanpa foto baru.",
    ),
    "hand_over_photo_late": Words(
        "Foto tidak dapat disimpan",
        "Foto serah terima hanya diambil di tempat dan pada hari penyerahan, selama penyaluran itu tidak dibatalkan.",
        "Lanjutkan tanpa foto.",
    ),
    "code_not_found": Words(
        "Tidak ada kode di foto",
        "Kode QR tidak terlihat di foto ini.",
        "Dekatkan kamera sampai kode memenuhi sepertiga gambar, pegang kartu rata, lalu foto lagi.",
    ),
    "code_unclear": Words(
        "Kode terlihat, tetapi tidak terbaca",
        "Kode di foto ini kabur, silau, tertutup, atau cacat.",
        "Bersihkan kartu, hindari pantulan lampu, tahan kamera diam, lalu foto lagi; bila tetap gagal, cetak ulang.",
    ),
    "code_not_alone": Words(
        "Lebih dari satu kode di foto", "Foto ini memuat lebih dari satu kode QR.", "Foto satu kartu saja."
    ),
    "picture_dark": Words(
        "Foto terlalu gelap", "Cahaya tidak cukup untuk membaca kode.", "Tambah cahaya dari depan, lalu foto lagi."
    ),
    # HTTP
    "http_400": Words("Permintaan tidak dapat dibaca", "Isi kiriman tidak lengkap atau rusak.", _RETYPE),
    "http_403": Words("Tidak diizinkan", "Anda tidak diizinkan membuka halaman ini.", ASK_ADMINISTRATOR),
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
