"""Words around complaints and offices: what cannot be done, what happens next, and where the family asks."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import Words
from registry.kinds import ComplaintKind

_RELOAD = "Muat ulang halamannya dan baca langkah yang terakhir."

COMPLAINT_FAULTS: Mapping[str, Words] = {
    "complaint_unknown": Words(
        "Pengaduan tidak ditemukan",
        "Tidak ada pengaduan dengan nomor ini yang dapat dilihat di titik ini.",
        "Periksa nomornya pada slip. Pengaduan pungutan liar ditanyakan di titik lain atau di Dinas Sosial.",
    ),
    "complaint_number_malformed": Words(
        "Nomor pengaduan salah ketik",
        "Nomor pengaduan berbentuk ADU-261122-K7M3-QF8W, tanpa angka 0 dan 1 serta huruf O, I, L, dan U di belakang.",
        "Ketik lagi nomor yang tercetak pada slip.",
    ),
    "complaint_changed": Words("Pengaduan sudah berubah", "Petugas lain baru saja mengerjakan pengaduan ini.", _RELOAD),
    "complaint_words_missing": Words(
        "Keterangan kosong", "Pengaduan dan setiap langkahnya perlu keterangan.", "Tulis satu atau dua kalimat."
    ),
    "complaint_words_long": Words(
        "Keterangan terlalu panjang", "Keterangan paling panjang {longest} karakter.", "Ringkas keterangannya."
    ),
    "complaint_office_missing": Words(
        "Perangkat daerah belum dipilih",
        "Pengaduan diteruskan kepada perangkat daerah yang mana belum disebut.",
        "Pilih perangkat daerahnya.",
    ),
    "budget_line_unknown": Words(
        "Baris anggaran tidak ditemukan",
        "Tidak ada baris anggaran dengan kode ini.",
        "Pilih dari halaman anggaran.",
    ),
    "ceiling_of_other_office": Words(
        "Pagu milik perangkat daerah lain",
        "Pagu ini hanya diubah oleh {office} di tingkat provinsi.",
        "Minta pengelola program di sana, atau pusat, untuk mengubahnya.",
    ),
    "ceiling_out_of_range": Words(
        "Pagu di luar batas", "Pagu adalah angka bulat dari 0 sampai sepuluh triliun rupiah.", "Periksa nolnya."
    ),
    "office_unknown": Words(
        "Perangkat daerah tidak dikenal", "Tidak ada perangkat daerah dengan kode ini.", "Pilih dari daftar."
    ),
    "refusal_unknown": Words(
        "Penolakan tidak ditemukan",
        "Tidak ada penolakan ini di titik Anda.",
        "Pindai kartunya sekali lagi; layar menyebut alasannya kembali.",
    ),
}

NEXT: Mapping[ComplaintKind, str] = {
    ComplaintKind.NOT_LISTED: (
        "Petugas memeriksa data keluarga. Bila keadaannya memang sesuai, keluarga diusulkan lewat RT, desa atau "
        "kelurahan, lalu musyawarah desa, sampai masuk DTSEN."
    ),
    ComplaintKind.WRONG_DATA: (
        "Petugas data keluarga mencocokkan data dengan KTP dan KK asli. Siapkan keduanya bila diminta datang."
    ),
    ComplaintKind.EXTORTION: (
        "Pengaduan ini tidak terlihat oleh petugas di titik yang diadukan. Penyelia di titik lain atau Dinas Sosial "
        "yang memeriksanya."
    ),
    ComplaintKind.DOUBLE: (
        "Petugas memeriksa catatan penyaluran: kapan, di mana, dan oleh petugas siapa bantuan itu diberikan."
    ),
    ComplaintKind.LOST_CARD: (
        "Datang ke loket dengan KTP dan KK asli. Kartu lama diblokir dan diganti tanpa biaya; hak keluarga tetap."
    ),
    ComplaintKind.SUPPLIES: (
        "Penyelia mencocokkan kotak, catatan cetak, dan kartu rusak dengan hitungan, lalu menulis hasilnya."
    ),
    ComplaintKind.OTHER: "Petugas membaca pengaduan ini dan meneruskannya kepada yang berwenang.",
}
"""What happens next, as it is told to the family."""

WHERE_TO_ASK = "Di loket, titik bagi, puskesmas, atau sekolah yang melayani Kartu Huma Betang: sebutkan nomor ini."
"""Where the family asks what became of it."""
WHERE_TO_ASK_ELSEWHERE = "Di titik lain atau di Dinas Sosial, bukan di titik yang diadukan: sebutkan nomor ini."
"""Where the family asks after extortion."""
