"""Words for what cannot be recorded of a family, or not any more."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import Words

_LOOK_AGAIN = "Buka lagi halaman keluarganya, lihat keadaannya sekarang, lalu catat peristiwa yang sesuai."

EVENT_FAULTS: Mapping[str, Words] = {
    "event_unknown": Words(
        "Peristiwa tidak ditemukan",
        "Tidak ada peristiwa ini di wilayah layanan Anda.",
        "Pilih lagi dari daftar peristiwa.",
    ),
    "event_in_future": Words("Tanggal belum lewat", "Peristiwa dicatat setelah terjadi.", "Periksa tanggalnya."),
    "evidence_missing": Words(
        "Bukti belum diisi", "Setiap peristiwa perlu dokumen dan nomornya.", "Lihat dokumen aslinya, isi nomornya."
    ),
    "event_waits_already": Words(
        "Sudah diusulkan",
        "Peristiwa yang sama untuk keluarga ini sudah menunggu persetujuan.",
        "Lihat di daftar peristiwa; jangan diusulkan dua kali.",
    ),
    "event_decided": Words(
        "Sudah diputuskan",
        "Petugas lain sudah memutuskan peristiwa ini.",
        "Muat ulang halamannya untuk melihat putusannya.",
    ),
    "event_own_proposal": Words(
        "Usulan Anda sendiri",
        "Yang mengusulkan tidak boleh memutuskan: setiap peristiwa diperiksa dua orang.",
        "Mintalah petugas data atau penyelia lain memeriksanya.",
    ),
    "event_outside_area": Words(
        "Di luar wilayah Anda",
        "Peristiwa ini menyangkut keluarga atau desa di luar wilayah layanan Anda.",
        "Teruskan kepada petugas yang wilayahnya mencakup keduanya.",
    ),
    "event_person_gone": Words(
        "Orangnya tidak di keluarga ini lagi",
        "Salah seorang yang disebut sudah meninggal, pindah, atau berada di keluarga lain.",
        _LOOK_AGAIN,
    ),
    "event_people_differ": Words(
        "Anggota keluarga sudah berubah",
        "Sejak peristiwa ini diusulkan, anggota keluarga bertambah atau berkurang.",
        _LOOK_AGAIN,
    ),
    "event_head_changed": Words(
        "Kepala keluarga sudah berubah",
        "Peristiwa ini menyebut kepala pengganti, padahal kepalanya sekarang orang lain.",
        _LOOK_AGAIN,
    ),
    "event_head_missing": Words(
        "Kepala bagi yang tinggal belum dipilih",
        "Kepala keluarga ikut pergi, jadi yang tinggal perlu kepala baru.",
        "Pilih kepala baru di antara yang tinggal, menurut KK yang baru.",
    ),
    "event_head_already": Words(
        "Sudah kepala keluarga", "Orang yang dipilih sudah kepala keluarga ini.", "Pilih orang lain."
    ),
    "event_head_minor": Words(
        "Kepala keluarga belum dewasa",
        "Yang dipilih belum 17 tahun, padahal masih ada orang dewasa yang dapat menjadi kepala keluarga.",
        "Pilih orang dewasa menurut KK yang baru; bila KK-nya memang begitu, arahkan keluarga ke Dukcapil.",
    ),
    "event_nobody_stays": Words(
        "Tidak ada yang tinggal",
        "Dengan ini tidak seorang pun tinggal di keluarga ini.",
        "Bila seluruh keluarga pindah, pilih seluruh keluarga; bila nomornya saja berganti, catat Nomor KK berganti.",
    ),
    "event_in_one": Words(
        "Keluarga yang sama", "Keluarga tidak dapat digabung dengan dirinya sendiri.", "Periksa Nomor KK tujuannya."
    ),
    "event_family_is_here": Words(
        "Keluarga ini sudah di sini", "Keluarga ini tidak tercatat pindah.", "Muat ulang halaman keluarganya."
    ),
    "event_person_is_here": Words(
        "Sudah anggota keluarga ini", "Pemilik NIK ini sudah tercatat di keluarga ini.", "Periksa NIK-nya."
    ),
    "event_person_dead": Words(
        "Tercatat meninggal",
        "Pemilik NIK ini tercatat sudah meninggal.",
        "Periksa NIK-nya; bila benar, lapor kepada petugas data keluarga.",
    ),
    "event_head_elsewhere": Words(
        "Masih kepala keluarga lain",
        "Orang ini kepala keluarga {family}, dan masih ada yang tinggal di sana.",
        "Catat dulu kepala keluarga baru di sana, atau gabungkan kedua KK.",
    ),
    "event_last_elsewhere": Words(
        "Orang terakhir di keluarganya",
        "Orang ini satu-satunya yang masih tercatat di keluarga {family}.",
        "Catat dari keluarga itu sebagai gabung KK.",
    ),
    "event_nik_unknown": Words(
        "NIK belum dikenal",
        "Tidak ada orang dengan NIK ini di daftar keluarga.",
        "Periksa NIK-nya. Orang yang baru datang dari luar provinsi masuk lewat daftar keluarga dari desanya.",
    ),
    "event_same_number": Words(
        "Nomor KK tidak berubah", "Ini Nomor KK yang sekarang sudah berlaku.", "Salin nomor dari KK yang baru."
    ),
}
