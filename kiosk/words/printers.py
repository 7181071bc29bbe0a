"""Words for printers: what cannot be done with one, what hinders it, and what it said of a job."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import ASK_ADMINISTRATOR, Words

_CHECK = "Periksa lagi lalu kirim ulang."

PRINTER_FAULTS: Mapping[str, Words] = {
    # adding and changing
    "printer_code_malformed": Words(
        "Kode printer salah bentuk",
        "Kode printer terdiri atas 2–20 huruf besar, angka, atau tanda hubung, misalnya KARTU-1.",
        _CHECK,
    ),
    "printer_code_taken": Words("Kode printer sudah dipakai", "Printer {printer} sudah ada.", "Pilih kode lain."),
    "printer_name_empty": Words("Nama printer kosong", "Printer perlu nama, paling panjang 80 karakter.", _CHECK),
    "printer_uri_malformed": Words(
        "Alamat printer salah bentuk",
        "Alamat printer diawali ipp:// atau ipps://, tanpa nama pengguna dan sandi; misalnya "
        "ipp://192.168.1.20/ipp/print.",
        _CHECK,
    ),
    "printer_media_malformed": Words(
        "Nama media salah bentuk",
        "Media disebut dengan nama PWG-nya, misalnya om_cr80_53.98x85.6mm atau iso_a4_210x297mm.",
        _CHECK,
    ),
    "printer_sides_malformed": Words("Sisi cetak tidak dikenal", "Pilih satu sisi atau dua sisi.", _CHECK),
    "printer_resolution_out_of_bounds": Words(
        "Resolusi tidak cocok untuk kode kartu",
        "Kode hanya tepat di titik cetak pada kelipatan 60 titik per inci, dari 240 sampai 1.200; misalnya 300 atau "
        "600.",
        _CHECK,
    ),
    "printer_tray_malformed": Words(
        "Nama baki salah bentuk", "Nama baki hanya huruf, angka, titik, dan tanda hubung.", _CHECK
    ),
    "printer_option_malformed": Words(
        "Pilihan printer salah bentuk",
        "Pilihan {option} tidak dapat dipakai: satu per baris, nama=nilai. Media, sisi, salinan, skala diatur kiosk.",
        _CHECK,
    ),
    "printer_unknown": Words(
        "Printer tidak ada", "Tidak ada printer ini di titik layanan Anda.", "Pilih dari daftar printer."
    ),
    "printer_retired": Words(
        "Printer tidak dipakai lagi",
        "{printer} sudah dihentikan pemakaiannya.",
        "Pilih printer lain, atau minta penyelia memakainya lagi.",
    ),
    # speaking to it
    "printer_unreachable": Words(
        "Printer tidak menjawab",
        "Printer mati, kabelnya lepas, atau alamatnya berubah.",
        "Nyalakan dan periksa kabel jaringannya; bila tetap, periksa alamatnya.",
    ),
    "printer_answer_unreadable": Words(
        "Jawaban printer tidak terbaca",
        "Yang menjawab di alamat itu bukan printer IPP.",
        "Periksa alamatnya: banyak printer memakai /ipp/print.",
    ),
    "printer_refused": Words("Printer menolak", "Printer tidak menerima permintaan ini.", ASK_ADMINISTRATOR),
    "printer_busy": Words("Printer sedang dipakai", "Printer mengerjakan yang lain.", "Tunggu sebentar."),
    "media_not_supported": Words(
        "Media tidak cocok",
        "Printer tidak mengenal media yang diatur di kiosk, dan akan mencetak di ukuran lain.",
        "Ubah media di pengaturan printer.",
    ),
    "sides_not_supported": Words(
        "Sisi cetak tidak cocok",
        "Printer tidak mencetak dua sisi seperti yang diatur, jadi belakang kartu akan hilang.",
        "Ubah sisi cetak di pengaturan printer, atau pasang unit dua sisinya.",
    ),
    "format_not_supported": Words(
        "Printer tidak menerima PDF",
        "Printer ini hanya menerima gambar.",
        "Pasang printer lewat CUPS di server, lalu tambahkan antreannya.",
    ),
    "jobs_not_supported": Words(
        "Printer tidak aman untuk kartu",
        "Printer tidak dapat membuat pekerjaan dahulu dan menerima berkasnya kemudian, jadi kartu bisa tercetak ganda.",
        "Pasang printer lewat CUPS di server, lalu tambahkan antreannya.",
    ),
    "printing_failed": Words(
        "Pencetakan terhenti",
        "Kartu berikutnya tidak dapat disiapkan karena gangguan yang tidak dikenal.",
        "Coba lanjutkan sekali lagi; bila tetap terhenti, hubungi administrator.",
    ),
    # jobs
    "copy_not_waiting": Words(
        "Kartu sudah diambil", "Kartu ini baru saja dikirim atau dicatat di tempat lain.", "Muat ulang halamannya."
    ),
    "print_job_unknown": Words(
        "Pekerjaan cetak tidak ada", "Tidak ada pekerjaan cetak ini di printer titik Anda.", "Muat ulang halamannya."
    ),
    "print_job_ended": Words(
        "Pekerjaan cetak sudah selesai", "Hasil pekerjaan ini sudah dicatat.", "Muat ulang halamannya."
    ),
    "print_job_not_unknown": Words(
        "Sudah dijawab", "Pekerjaan ini sudah dijawab, mungkin oleh petugas lain.", "Muat ulang halamannya."
    ),
    "card_not_last_printed": Words(
        "Bukan kartu terakhir printer ini",
        "Kartu itu bukan bagian dari pekerjaan ini dan bukan pula kartu yang keluar tepat sebelumnya.",
        "Ambil kartu paling atas di baki keluar printer ini, lalu pindai kodenya.",
    ),
    "card_not_read": Words(
        "Kode kartu belum dipindai",
        "Nomor yang diketik tidak membuktikan kartu mana yang keluar.",
        "Pindai kode di sisi belakang kartu terakhir yang keluar.",
    ),
}

_WAIT = "Tunggu sebentar."
_SERVICE = "Bila tetap muncul, hubungi teknisi printer."

HINDRANCES: Mapping[str, Words] = {
    "media-empty": Words("Kartu atau kertas habis", "Wadah masuk printer kosong.", "Isi blanko; cetakan berlanjut."),
    "media-needed": Words("Perlu diisi", "Printer menunggu kartu atau kertas.", "Isi blanko; cetakan berlanjut."),
    "media-low": Words("Blanko hampir habis", "Isi wadah masuk tinggal sedikit.", "Siapkan blanko berikutnya."),
    "media-jam": Words(
        "Kartu atau kertas macet",
        "Ada yang tersangkut di dalam printer.",
        "Buka tutupnya, keluarkan dengan lembut, simpan yang rusak untuk dicatat, lalu tutup lagi.",
    ),
    "cover-open": Words("Tutup terbuka", "Tutup printer belum rapat.", "Tutup sampai berbunyi klik."),
    "door-open": Words("Pintu terbuka", "Pintu printer belum rapat.", "Tutup pintunya."),
    "interlock-open": Words("Pengaman terbuka", "Bagian printer belum terkunci.", "Tutup semua bagiannya."),
    "input-tray-missing": Words("Wadah masuk lepas", "Wadah kartu atau baki kertas tidak terpasang.", "Pasang lagi."),
    "output-tray-missing": Words("Wadah keluar lepas", "Wadah keluar tidak terpasang.", "Pasang lagi."),
    "output-area-full": Words("Wadah keluar penuh", "Kartu yang sudah jadi menumpuk.", "Ambil kartu yang sudah jadi."),
    "output-area-almost-full": Words(
        "Wadah keluar hampir penuh", "Kartu yang sudah jadi menumpuk.", "Ambil kartu yang sudah jadi."
    ),
    "marker-supply-empty": Words(
        "Pita atau tinta habis", "Pita printer kartu, atau tinta, sudah habis.", "Ganti, dan catat pita barunya."
    ),
    "marker-supply-low": Words("Pita atau tinta hampir habis", "Sisa sedikit.", "Siapkan penggantinya."),
    "marker-supply-missing": Words(
        "Pita tidak terpasang", "Pita tidak ada atau putus.", "Pasang atau sambung pitanya."
    ),
    "toner-empty": Words("Toner habis", "Printer tidak dapat mencetak.", "Ganti tonernya."),
    "toner-low": Words("Toner hampir habis", "Sisa toner sedikit.", "Siapkan penggantinya."),
    "marker-waste-full": Words("Penampung penuh", "Penampung sisa tinta atau pita penuh.", "Kosongkan atau ganti."),
    "marker-waste-almost-full": Words("Penampung hampir penuh", "Sisa tempat sedikit.", "Siapkan penggantinya."),
    "developer-empty": Words("Pengembang habis", "Printer tidak dapat mencetak.", _SERVICE),
    "developer-low": Words("Pengembang hampir habis", "Sisa sedikit.", _SERVICE),
    "fuser-over-temp": Words("Printer terlalu panas", "Pemanasnya perlu dingin.", "Tunggu 10 menit. " + _SERVICE),
    "fuser-under-temp": Words("Printer memanas", "Pemanasnya belum siap.", _WAIT),
    "opc-near-eol": Words("Drum hampir habis umurnya", "Hasil cetak akan memudar.", _SERVICE),
    "opc-life-over": Words("Drum habis umurnya", "Hasil cetak tidak terjamin.", _SERVICE),
    "paused": Words("Printer dijeda", "Seseorang menjeda printer.", "Lanjutkan di panel printer atau di CUPS."),
    "moving-to-paused": Words("Printer akan dijeda", "Printer berhenti setelah ini.", _WAIT),
    "stopped-partly": Words("Sebagian printer berhenti", "Salah satu mesinnya berhenti.", _SERVICE),
    "stopping": Words("Printer sedang berhenti", "Printer menghentikan pekerjaannya.", _WAIT),
    "shutdown": Words("Printer mati", "Printer dimatikan.", "Nyalakan printer."),
    "power-down": Words("Printer mati", "Printer dimatikan.", "Nyalakan printer."),
    "deactivated": Words("Printer dinonaktifkan", "Printer tidak menerima pekerjaan.", ASK_ADMINISTRATOR),
    "hold-new-jobs": Words("Printer menahan pekerjaan", "Pekerjaan baru ditahan.", "Lanjutkan di panel printer."),
    "offline": Words("Printer tidak tersambung", "Server tidak menemukan printernya.", "Nyalakan, periksa kabelnya."),
    "connecting-to-device": Words("Menyambung ke printer", "Server mencari printernya.", _WAIT),
    "timed-out": Words("Printer tidak menjawab", "Printer terlalu lama diam.", "Matikan dan nyalakan lagi."),
    "spool-area-full": Words(
        "Penyimpanan printer penuh", "Printer tidak dapat menerima.", "Matikan dan nyalakan lagi."
    ),
    "interpreter-resource-unavailable": Words("Printer kehabisan memori", "Berkasnya terlalu berat.", _SERVICE),
    "cups-missing-filter": Words("Penggerak printer belum lengkap", "CUPS kekurangan penggerak.", ASK_ADMINISTRATOR),
    "cups-insecure-filter": Words("Penggerak printer ditolak", "CUPS menolak penggeraknya.", ASK_ADMINISTRATOR),
    "cups-waiting-for-job-completed": Words("Printer menyelesaikan kartu", "Kartu sedang keluar.", _WAIT),
    "standby": Words("Printer tidur", "Printer bangun begitu ada pekerjaan.", ""),
    "hibernate": Words("Printer tidur", "Printer bangun begitu ada pekerjaan.", ""),
    "other": Words("Ada gangguan", "Printer tidak menyebut gangguannya.", "Lihat layar printer."),
}
"""What hinders a printer: the keywords of ``printer-state-reasons`` (IANA, IPP registry; CUPS's own)."""

_KIN: tuple[tuple[str, str], ...] = (
    ("jam", "media-jam"),
    ("ribbon", "marker-supply-empty"),
    ("cover-open", "cover-open"),
    ("door-open", "door-open"),
    ("media-empty", "media-empty"),
    ("waste-full", "marker-waste-full"),
    ("marker", "marker-supply-low"),
    ("offline", "offline"),
)
"""A part of a keyword that makers add of their own, and what it comes to."""

_SAID: Mapping[str, str] = {
    "job-completed-successfully": "keluar dengan baik",
    "job-canceled-by-user": "dibatalkan di printer",
    "job-canceled-by-operator": "dibatalkan di printer",
    "job-canceled-at-device": "dibatalkan di panel printer",
    "processing-to-stop-point": "berhenti setelah kartu ini",
    "aborted-by-system": "dihentikan printer",
    "job-forgotten": "printer tidak ingat pekerjaan ini",
    "job-incoming": "berkas belum sampai",
    "job-printing": "sedang dicetak",
    "job-queued": "menunggu di printer",
    "document-format-error": "berkas tidak terbaca printer",
    "unsupported-document-format": "printer tidak menerima PDF",
    "printer-stopped": "printer berhenti",
}
"""What a printer says of a job (``job-state-reasons``), and what we say where it knows nothing of it."""

STATES: Mapping[int, str] = {3: "siap", 4: "mencetak", 5: "berhenti"}
"""The states of a printer."""


def say_hindrance(reason: str) -> Words:
    """Return the words for a keyword that hinders a printer; one that nobody knows is shown as it is."""
    known = HINDRANCES.get(reason)
    if known is None:
        kin = next((of for part, of in _KIN if part in reason), None)
        known = HINDRANCES[kin] if kin else None
    return known or Words("Printer melapor", f"Printer menyebut: {reason}.", "Lihat layar printer.")


def say_job(said: str) -> str:
    """Return in words what is kept of a job: the printer's keywords, or the code of a fault."""
    parts = []
    for keyword in said.split():
        if fault := PRINTER_FAULTS.get(keyword):
            parts.append(fault.title)
        elif keyword in _SAID:
            parts.append(_SAID[keyword])
        elif keyword != "none":
            parts.append(say_hindrance(keyword).title)
    return "; ".join(dict.fromkeys(parts))
