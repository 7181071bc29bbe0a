"""Words for how good a print is: what was measured, why that is bad, and what to do at the printer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.words.shape import Words
from printing.grading import Grade, PrintGrade

GRADES: Mapping[Grade, str] = {Grade.GOOD: "baik", Grade.FAIR: "cukup", Grade.POOR: "buruk"}
TOO_FAR = Words(
    "Foto terlalu jauh untuk dinilai",
    "Kodenya terbaca, tetapi satu kotaknya hanya beberapa titik foto.",
    "Dekatkan kamera sampai kode memenuhi setengah gambar, atau pindai kartu pada 600 dpi.",
)
REASONS: Mapping[str, Words] = {
    "contrast": Words(
        "Hitamnya kurang hitam",
        "Beda terang antara kotak gelap dan terang hanya {value}%; yang baik sedikitnya 75%.",
        "Ganti atau periksa pita, naikkan kepekatan hitam (K), dan pastikan kode dicetak dengan panel hitam.",
    ),
    "blur": Words(
        "Tepi kotak kabur",
        "Batas kotak gelap dan terang tidak tajam.",
        "Foto ulang tanpa bergerak; bila tetap kabur, bersihkan kepala cetak dan rol.",
    ),
    "thick": Words(
        "Kotak hitam melebar",
        "Kotak gelap {value}% lebih lebar daripada seharusnya.",
        "Turunkan kepekatan, bersihkan kepala cetak, dan cetak PDF dari kios pada 300 dpi tanpa “sesuaikan halaman”.",
    ),
    "thin": Words(
        "Kotak hitam menipis",
        "Kotak gelap {value}% lebih sempit daripada seharusnya.",
        "Ganti pita, bersihkan kepala cetak, dan naikkan kepekatan hitam (K).",
    ),
    "weak": Words(
        "Ada bagian yang pudar atau bergaris",
        "{value}% kotak hampir atau sudah salah warna.",
        "Bersihkan kepala cetak dan rol; bila garisnya selalu di tempat yang sama, kepala cetaknya rusak.",
    ),
    "quiet_zone": Words(
        "Tepi putih kode tidak bersih",
        "{value}% tepi putih di sekeliling kode gelap: tertutup, terpotong di foto, atau cetakannya bergeser.",
        "Foto ulang dengan seluruh sisi kartu terlihat; bila cetakannya bergeser, kalibrasi pencetaknya.",
    ),
    "unused_correction": Words(
        "Cadangan koreksi hampir habis",
        "Tinggal {value}% dari kemampuan kode menutup kerusakan; sedikit gores lagi dan kode tidak terbaca.",
        "Cetak ulang kartu ini; bila kartu berikutnya sama, bersihkan pencetak dan ganti pita.",
    ),
    "size": Words(
        "Kode dicetak terlalu kecil",
        "Satu kotak berukuran {value} mm; seharusnya 0,42 mm.",
        "Matikan “sesuaikan halaman” dan cetak pada ukuran sebenarnya (100%).",
    ),
}
"""By what is measured; growth is told as thick or thin. The worst come first."""


@dataclass(frozen=True)
class Judgement:
    """What an officer reads of a print."""

    word: str
    kind: str
    """Of templates/macros/verdict.html."""
    reasons: tuple[Words, ...]
    values: tuple[tuple[str, str], ...]
    """What was measured, by name."""


def judge(found: PrintGrade) -> Judgement:
    """Put a grade into words: how good, because of what, and what to do."""
    values = _values(found)
    if found.is_too_far:
        return Judgement("Tidak dapat dinilai", "unknown", (TOO_FAR,), values)
    kind = {Grade.GOOD: "granted", Grade.FAIR: "already", Grade.POOR: "refused"}[found.grade]
    reasons = tuple(_reason(name, found.measured[name]) for name in found.faults)
    return Judgement(f"Mutu {GRADES[found.grade]}", kind, reasons, values)


def _reason(name: str, value: float) -> Words:
    if name == "growth":
        name = "thick" if value > 0 else "thin"
    said = REASONS[name]
    shown = _decimal(value, 2) if name == "size" else f"{abs(value):.0%}".removesuffix("%")
    return Words(said.title, said.explanation.format(value=shown), said.next_step)


def _values(found: PrintGrade) -> tuple[tuple[str, str], ...]:
    measured = found.measured
    rows = [
        ("Kontras", f"{measured['contrast']:.0%}"),
        ("Lebar kotak hitam", f"{1 + measured['growth']:.0%}"),
        ("Kotak pudar", f"{measured['weak']:.0%}"),
        ("Sisa koreksi kesalahan", f"{measured['unused_correction']:.0%}"),
        ("Satu kotak di foto", f"{_decimal(found.module_pixels, 1)} titik"),
    ]
    if "size" in measured:
        rows.append(("Satu kotak di kartu", f"{_decimal(measured['size'], 2)} mm"))
    return tuple(rows)


def _decimal(value: float, places: int) -> str:
    return f"{value:.{places}f}".replace(".", ",")
