"""Words for the audit trail: what was done, to what, and the details that an auditor reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kiosk import words
from kiosk.filters import angka, rupiah, tanggal
from kiosk.words.held import say_decision
from kiosk.words.imports import HELD_BECAUSE
from registry.kinds import (
    BatchChoice,
    BlockReason,
    CoverAsk,
    FamilyEventKind,
    ListOfNames,
    PointKind,
    Referral,
    Role,
    SheetCode,
    ShowReason,
    StockKind,
    SupplyKind,
    SupplyMoveKind,
)
from registry.trail import TrailLine

ACTIONS: Mapping[str, str] = {
    "catalogue.loaded": "Berkas program dimuat",
    "batch.cancelled": "Paket cetak dibatalkan",
    "batch.drawn": "Paket cetak siap",
    "batch.made": "Paket cetak dibuat",
    "batch.paused": "Paket cetak dijeda",
    "batch.redrawn": "Penyiapan paket cetak dilanjutkan",
    "batch.refused": "Paket cetak ditolak pemeriksaan",
    "batch.sent": "Paket cetak dikirim ke printer",
    "batch.settled": "Paket cetak selesai",
    "batch.stopped": "Paket cetak terhenti karena gangguan",
    "budget.changed": "Pagu diubah",
    "card.blocked": "Kartu diblokir",
    "card.handed_over": "Kartu diserahkan",
    "card.issued": "Kartu diterbitkan",
    "card.printed": "Kartu ditandai tercetak",
    "card.read_back": "Kartu yang baru dicetak dipindai",
    "card.replaced": "Kartu diganti",
    "card.spoilt": "Cetakan kartu rusak",
    "complaint.answered": "Pengaduan dijawab",
    "complaint.case_opened": "Kasus dibuka",
    "complaint.closed": "Pengaduan selesai",
    "complaint.referred": "Pengaduan diteruskan",
    "copy.missing": "Cetakan kartu hilang",
    "complaint.taken": "Pengaduan diterima",
    "design.brought": "Rancangan kartu dimuat",
    "design.chosen": "Rancangan kartu dipakai",
    "enrolment.stated": "Pendaftaran murid dinyatakan",
    "event.approved": "Peristiwa keluarga disetujui dan dijalankan",
    "event.proposed": "Peristiwa keluarga diusulkan",
    "event.rejected": "Peristiwa keluarga ditolak",
    "family.nik_shown": "NIK lengkap ditampilkan",
    "family.registered": "Keluarga didaftarkan",
    "held.decided": "Keluarga yang ditahan diputuskan",
    "list.applied": "Daftar keluarga diterapkan",
    "list.downloaded": "Daftar nama diunduh",
    "list.discarded": "Rencana daftar keluarga dibuang",
    "list.planned": "Daftar keluarga direncanakan",
    "officer.added": "Petugas ditambahkan",
    "officer.deactivated": "Petugas dinonaktifkan",
    "officer.password_changed": "Kata sandi diganti sendiri",
    "officer.password_set": "Kata sandi petugas diganti",
    "officer.reinstated": "Petugas diaktifkan lagi",
    "officer.signed_in": "Masuk",
    "officer.signed_out": "Keluar",
    "person.nisn_stated": "NISN dinyatakan sekolah",
    "photo.taken": "Foto diambil",
    "pillar.renamed": "Nama pilar diganti",
    "point.added": "Titik layanan ditambahkan",
    "point.changed": "Titik layanan diubah",
    "printer.added": "Printer ditambahkan",
    "printer.changed": "Printer diubah",
    "printer.reinstated": "Printer dipakai lagi",
    "printer.retired": "Printer tidak dipakai lagi",
    "print_job.answered": "Hasil cetak yang belum pasti dijawab",
    "print_job.cancelled": "Pembatalan cetakan diminta",
    "programme.approved": "Perubahan program disetujui",
    "programme.proposed": "Perubahan program diusulkan",
    "programme.rejected": "Perubahan program ditolak",
    "printer.calibrated": "Kalibrasi printer disimpan",
    "pregnancy.ended": "Pendampingan kehamilan selesai",
    "pregnancy.registered": "Kehamilan didaftarkan",
    "pregnancy.reopened": "Pendampingan kehamilan dilanjutkan",
    "redemption.given": "Bantuan disalurkan",
    "redemption.undone": "Penyaluran dibatalkan",
    "redemption.photographed": "Foto serah terima disimpan",
    "referral.made": "Surat ke Dinas Sosial dibuat",
    "round.added_to": "Daftar tahap ditambah lewat adendum",
    "round.closed": "Tahap ditutup",
    "round.determined": "Daftar tahap ditetapkan",
    "round.evaluated": "Daftar tahap disusun",
    "round.list_brought": "Daftar SK dimuat ke tahap",
    "round.opened": "Tahap dibuka",
    "round.prepared": "Tahap disiapkan",
    "round.removed_from": "Daftar tahap dikurangi lewat adendum",
    "scan.refused": "Pindaian ditolak",
    "schedule.planned": "Sesi pembagian disusun",
    "queue.allotted": "Nomor antrean dibagikan",
    "session.moved": "Sesi pembagian dipindahkan",
    "ticket.moved": "Undangan dipindahkan",
    "stock.noted": "Stok dicatat",
    "minutes.closed": "Hari ditutup dengan berita acara",
    "supplies.consumed": "Blanko dan pita terpakai untuk kartu",
    "supplies.counted": "Blanko atau pita dihitung",
    "supplies.moved": "Blanko atau pita dicatat",
    "visit.recorded": "Kunjungan dicatat",
    "visit.undone": "Kunjungan dibatalkan",
}
"""Every action that the registry records."""

SUBJECTS: Mapping[str, str] = {
    "attempt": "percobaan",
    "batch": "paket cetak",
    "card": "kartu",
    "complaint": "pengaduan",
    "design": "rancangan kartu",
    "enrolment": "pendaftaran",
    "family": "keluarga",
    "family_event": "peristiwa keluarga",
    "family_list": "daftar",
    "held_family": "keluarga ditahan",
    "office": "perangkat daerah",
    "officer": "petugas",
    "person": "anggota keluarga",
    "photo": "foto",
    "pillar": "pilar",
    "point": "titik layanan",
    "pregnancy": "kehamilan",
    "printer": "printer",
    "print_job": "cetakan",
    "programme_version": "versi program",
    "redemption": "penyaluran",
    "round": "tahap",
    "roster": "daftar salur",
    "session": "sesi",
    "entitlement": "hak",
    "minutes": "berita acara",
    "supply_box": "kotak blanko atau pita",
    "supply_count": "hitungan blanko atau pita",
    "print_copy": "cetakan kartu",
    "visit": "kunjungan",
}

_LAST_SIGNS = 6  # of a random identifier: enough to find the same thing again among the lines of a page

_DETAILS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "amounts": ("besaran", lambda value: angka(int(value))),
    "area": ("wilayah", str),
    "ask": ("diminta", lambda value: words.label(CoverAsk(value))),
    "budget": ("baris anggaran", str),
    "card": ("kartu", str),
    "cards": ("kartu", lambda value: angka(int(value))),
    "chosen_by": ("menurut", lambda value: words.label(BatchChoice(value))),
    "sheet": ("lembar", lambda value: words.label(SheetCode(value))),
    "waiting": ("masih menunggu", lambda value: angka(int(value))),
    "printed": ("tercetak", lambda value: angka(int(value))),
    "spoilt": ("rusak", lambda value: angka(int(value))),
    "missing": ("hilang", lambda value: angka(int(value))),
    "printer": ("printer", str),
    "ceiling": ("pagu", lambda value: rupiah(int(value))),
    "ceiling_before": ("pagu sebelumnya", lambda value: rupiah(int(value))),
    "closes_on": ("sampai", lambda value: tanggal(date.fromisoformat(value))),
    "code": ("kode", lambda value: HELD_BECAUSE.get(value, value)),
    "decision": ("putusan", say_decision),
    "left_out": ("tidak masuk", lambda value: angka(int(value))),
    "hash": ("sidik daftar", lambda value: value[:16]),
    "entitled": ("berhak", lambda value: angka(int(value))),
    "design": ("rancangan", str),
    "document": ("dokumen", str),
    "decree": ("penetapan", str),
    "addendum": ("adendum", str),
    "event": ("peristiwa", lambda value: words.label(FamilyEventKind(value))),
    "facility": ("NPSN atau kode", str),
    "families": ("keluarga", lambda value: angka(int(value))),
    "first": ("dari", lambda value: f"keluarga ke-{angka(int(value))}"),
    "kind": ("jenis", lambda value: words.label(PointKind(value))),
    "last": ("sampai", lambda value: f"keluarga ke-{angka(int(value))}"),
    "names": ("daftar", lambda value: words.label(ListOfNames(value))),
    "npsn": ("NPSN", str),
    "number": ("nomor", str),
    "office": ("perangkat daerah", str),
    "opens_on": ("mulai", lambda value: tanggal(date.fromisoformat(value))),
    "people": ("orang", lambda value: angka(int(value))),
    "pillar": ("pilar", str),
    "places": ("tempat", lambda value: angka(int(value))),
    "point": ("titik", str),
    "price": ("harga", lambda value: rupiah(int(value))),
    "programme": ("program", str),
    "programmes": ("program", lambda value: angka(int(value))),
    "reason": ("alasan", lambda value: _one_of(value, BlockReason, ShowReason)),
    "reasons": ("alasan", lambda value: ", ".join(_title(code) for code in value.split())),
    "receipt": ("bukti", str),
    "receiver": ("penerima", {"head": "kepala keluarga", "proxy": "wakil keluarga"}.__getitem__),
    "referral": ("diteruskan kepada", lambda value: words.label(Referral(value))),
    "roles": ("peran", lambda value: ", ".join(words.label(Role(role)) for role in value.split())),
    "shift_x": ("geser mendatar", lambda value: f"{angka(int(value))} µm"),
    "shift_y": ("geser tegak", lambda value: f"{angka(int(value))} µm"),
    "side": ("sisi", {"front": "depan", "back": "belakang"}.__getitem__),
    "source": ("sumber", str),
    "step": ("langkah", str),
    "version": ("versi", str),
    "value": ("nilai", lambda value: rupiah(int(value))),
    "capacity": ("tempat tiap sesi", str),
    "counted": ("hasil hitung", lambda value: angka(int(value))),
    "given": ("disalurkan", lambda value: angka(int(value))),
    "invited": ("diundang", lambda value: angka(int(value))),
    "on_day": ("hari", lambda value: tanggal(date.fromisoformat(value))),
    "quantity": ("paket", lambda value: angka(int(value))),
    "revision": ("revisi", str),
    "sessions": ("sesi", lambda value: angka(int(value))),
    "stock": ("stok", lambda value: words.label(StockKind(value))),
    "stock_left": ("sisa menurut catatan", lambda value: angka(int(value))),
    "tray": ("baki", str),
    "supply": ("barang", lambda value: words.label(SupplyKind(value))),
    "move": ("gerak", lambda value: words.label(SupplyMoveKind(value))),
    "pieces": ("jumlah", lambda value: angka(int(value))),
    "expected": ("menurut catatan", lambda value: angka(int(value))),
    "without_box": ("tanpa kotak", lambda value: angka(int(value))),
    "to_day": ("ke hari", lambda value: tanggal(date.fromisoformat(value))),
    "without_number": ("belum bernomor", lambda value: angka(int(value))),
}
"""What is shown of a line's detail, by what name and how; identifiers of ours say nothing to a reader and are not."""


@dataclass(frozen=True)
class SaidLine:
    """One line of the trail in words."""

    line: TrailLine
    what: str
    about: str
    details: tuple[tuple[str, str], ...]


def say(line: TrailLine) -> SaidLine:
    """Return a line of the trail in words."""
    kind, _, identifier = line.subject.partition(":")
    details = tuple(
        (name, show(str(line.detail[key])))
        for key, (name, show) in _DETAILS.items()
        if line.detail.get(key) is not None
    )
    return SaidLine(line, ACTIONS[line.action], f"{SUBJECTS[kind]} …{identifier[-_LAST_SIGNS:]}", details)


def _one_of(value: str, *kinds: type[StrEnum]) -> str:
    kind = next((kind for kind in kinds if value in {member.value for member in kind}), None)
    return words.label(kind(value)) if kind else value


def _title(code: str) -> str:
    return words.of(code).title.lower() if words.knows(code) else code
