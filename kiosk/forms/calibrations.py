"""The form of a calibration: how far four crosses stand from the paper's edges, on one side."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DecimalField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import TextInput

from printing.calibration_sheet import Corner, Reading

_MOST_BESIDE = 10
"""Millimetres: a cross that stands farther from its place was not printed at 100 %, or the paper lay wrong."""


class _Millimetres(DecimalField):
    """Millimetres as they are read: ``15``, ``14,5`` or ``14.5``; a browser's number field takes no comma."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read them."""
        try:
            super().process_formdata([value.strip().replace(",", ".") for value in valuelist])
        except ValueError as error:
            raise ValueError("Tulis angka dalam milimeter, misalnya 14,5.") from error

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else ""


def _distance(edge: str) -> _Millimetres:
    return _Millimetres(
        f"dari {edge}",
        [InputRequired("Isi jaraknya.")],
        places=None,
        render_kw={"inputmode": "decimal", "autocomplete": "off", "maxlength": 6, "size": 6},
    )


class SideForm(FlaskForm):
    """The eight distances of a side; the prefix is the side, so that two forms stand on one page."""

    a_across, a_down = _distance("kiri"), _distance("atas")
    b_across, b_down = _distance("kanan"), _distance("atas")
    c_across, c_down = _distance("kanan"), _distance("bawah")
    d_across, d_down = _distance("kiri"), _distance("bawah")

    def expect(self, inset: int) -> None:
        """Take only distances that a cross can have which should stand at this one."""
        low, high = max(0, inset - _MOST_BESIDE), inset + _MOST_BESIDE
        for field in self.distances():
            field.validators = [*field.validators, NumberRange(low, high, f"Isi antara {low} dan {high} mm.")]

    def distances(self) -> list[_Millimetres]:
        """Return the fields that hold a distance."""
        return [field for field in self if isinstance(field, _Millimetres)]

    def of(self, corner: Corner) -> tuple[_Millimetres, _Millimetres]:
        """Return the two fields of a cross."""
        return self[f"{corner.lower()}_across"], self[f"{corner.lower()}_down"]

    def readings(self) -> Mapping[Corner, Reading]:
        """Return what was read, once it is valid."""
        return {corner: Reading(*(_number(field) for field in self.of(corner))) for corner in Corner}


def _number(field: Any) -> float:
    distance: Decimal = field.data
    return float(distance)
