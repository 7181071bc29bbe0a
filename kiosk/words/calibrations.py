"""Words for how far a printer prints beside its mark, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping

from babel.numbers import format_decimal

from kiosk.words.shape import Words
from registry.models import Calibration

CALIBRATION_FAULTS: Mapping[str, Words] = {
    "readings_contradict": Words(
        "Pembacaan tidak cocok satu sama lain",
        "Keempat tanda tidak mungkin tercetak di tempat-tempat itu sekaligus: ada jarak yang salah baca.",
        "Ukur lagi kedelapan jaraknya.",
    ),
    "calibration_out_of_bounds": Words(
        "Melesetnya terlalu jauh",
        "Koreksi hanya untuk geseran sampai 10 mm, ukuran sampai 5%, dan putaran sampai 3°.",
        "Periksa apakah kertas terpasang lurus dan lembar dicetak pada 100%, lalu cetak dan ukur lagi.",
    ),
}

_TINY_SHIFT, _TINY_SCALE, _TINY_TURN = 50, 500, 50  # what no eye sees: 0.05 mm, 0.05 %, 0.05 degrees


def say_calibration(calibration: Calibration) -> str:
    """Return what is done to every page of a side: ``Digeser 1,5 mm ke kanan; diputar 0,3° searah jarum jam.``"""
    said = [
        f"digeser {_number(abs(shift) / 1000)} mm ke {right if shift > 0 else left}"
        for shift, right, left in ((calibration.shift_x, "kanan", "kiri"), (calibration.shift_y, "bawah", "atas"))
        if abs(shift) >= _TINY_SHIFT
    ]
    said += [
        f"{'diperbesar' if scale > 0 else 'diperkecil'} {_number(abs(scale) / 1e4)}% {way}"
        for scale, way in ((calibration.scale_x, "mendatar"), (calibration.scale_y, "tegak"))
        if abs(scale) >= _TINY_SCALE
    ]
    if abs(calibration.turn) >= _TINY_TURN:
        way = "searah" if calibration.turn > 0 else "berlawanan arah"
        said.append(f"diputar {_number(abs(calibration.turn) / 1000)}° {way} jarum jam")
    text = "; ".join(said) or "tidak perlu dikoreksi"
    return f"{text[0].upper()}{text[1:]}."


def _number(value: float) -> str:
    return format_decimal(value, "0.0#", locale="id")
