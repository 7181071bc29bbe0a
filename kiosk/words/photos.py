"""Indonesian words for photos: what is refused, what is planned with each file of a village, and hints."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import Words

__all__ = ["FATES", "HINTS", "PHOTO_FAULTS"]

_SMALLER_PARTS = "Bagi menjadi beberapa ZIP, misalnya per RT."

PHOTO_FAULTS: Mapping[str, Words] = {
    # one picture
    "photo_too_large": Words(
        "Foto terlalu besar", "Berkas foto lebih dari 8 MB.", "Ambil foto dengan ukuran lebih kecil."
    ),
    "photo_too_many_pixels": Words(
        "Foto terlalu besar", "Ukuran gambar lebih dari 25 megapiksel.", "Ambil foto dengan ukuran lebih kecil."
    ),
    "photo_too_small": Words(
        "Foto terlalu kecil",
        "Bagian yang dipotong kurang dari 90 × 120 piksel; wajahnya tidak akan dikenali di kartu.",
        "Perkecil pembesarannya, atau ambil foto dari lebih dekat.",
    ),
    "photo_unreadable": Words("Foto tidak terbaca", "Berkas ini bukan gambar yang utuh.", "Ambil foto lagi."),
    "photo_wrong_format": Words("Jenis foto salah", "Foto harus JPEG, PNG, atau WebP.", "Pilih berkas lain."),
    "photo_not_ours": Words("Foto tidak cocok", "Foto ini tidak berasal dari kios.", "Ambil foto lagi."),
    "photo_cut_outside": Words(
        "Potongan foto tidak terbaca", "Letak potongannya di luar gambar.", "Pilih fotonya sekali lagi."
    ),
    "photo_is_archive": Words(
        "Arsip di dalam arsip", "Berkas ini arsip, bukan foto.", "Buka arsipnya, lalu kirim fotonya langsung."
    ),
    # one file among many
    "photo_ready": Words("Disimpan", "Fotonya cocok dan disimpan sebagai foto kepala keluarga."),
    "photo_replaces": Words("Mengganti foto lama", "Fotonya cocok dan mengganti foto yang sekarang."),
    "photo_same": Words("Sudah tersimpan", "Foto yang sama persis sudah tersimpan."),
    "photo_has_one": Words(
        "Sudah punya foto",
        "Kepala keluarga ini sudah punya foto lain, dan foto itu tetap.",
        "Bila memang harus diganti, ulangi dengan pilihan mengganti foto.",
    ),
    "photo_name_unknown": Words(
        "Nama berkas tidak dikenal",
        "Nama berkas bukan nomor kartu dan bukan rujukan keluarga.",
        "Namai seperti 62-06-207002-0.jpg.",
    ),
    "photo_owner_unknown": Words(
        "Kartu atau keluarga tidak ada",
        "Tidak ada kartu atau keluarga dengan nomor ini di wilayah Anda.",
        "Cocokkan dengan nomor pada kartu.",
    ),
    "photo_owner_elsewhere": Words(
        "Bukan dari desa ini", "Keluarga ini tinggal di luar desa yang dipilih.", "Kirim bersama foto desanya."
    ),
    "photo_twice": Words(
        "Dua foto untuk satu orang",
        "Ada lebih dari satu foto untuk kepala keluarga ini, dan tidak satu pun diambil.",
        "Sisakan yang benar, lalu kirim lagi.",
    ),
    "photo_head_changed": Words(
        "Kepala keluarga sudah berganti",
        "Kartu ini atas nama kepala keluarga yang lama.",
        "Ambil foto kepala keluarga yang sekarang.",
    ),
    "photo_family_ended": Words(
        "Keluarga tidak dilayani lagi", "Keluarga ini sudah pindah atau bubar.", "Keluarkan fotonya dari kiriman."
    ),
    # many at once
    "archive_unreadable": Words("ZIP tidak terbaca", "Berkas ini bukan arsip ZIP yang utuh.", "Buat ZIP-nya lagi."),
    "archive_locked": Words(
        "ZIP terkunci", "Arsip ini dikunci dengan kata sandi.", "Buat ZIP-nya lagi tanpa kata sandi."
    ),
    "archive_empty": Words("Tidak ada foto", "Di dalamnya tidak ada satu berkas pun.", "Periksa foldernya."),
    "archive_too_many": Words("Terlalu banyak berkas", "Isinya lebih dari 5.000 berkas.", _SMALLER_PARTS),
    "archive_packed_too_well": Words(
        "Isi ZIP tidak wajar",
        "Isinya mengembang jauh melebihi ukuran foto yang wajar, jadi tidak dibuka.",
        "Masukkan hanya foto ke dalam ZIP.",
    ),
    "archive_takes_too_long": Words(
        "Terlalu lama dibaca", "Foto-foto ini tidak selesai dibaca dalam dua menit.", _SMALLER_PARTS
    ),
    "photo_plan_unknown": Words(
        "Rencana tidak ada lagi",
        "Rencana foto disimpan satu hari, dan hanya tampak di wilayah pembuatnya.",
        "Unggah ZIP-nya sekali lagi.",
    ),
}

FATES: Mapping[str, str] = {"take": "disimpan", "leave": "dibiarkan", "refuse": "tidak diambil"}
"""By :class:`kiosk.photo_import.Fate`."""

HINTS: Mapping[str, str] = {
    "background_dark": "Latar belakang gelap.",
    "background_uneven": "Latar belakang tidak rata.",
}
"""By :class:`printing.photo.PhotoHint`."""
