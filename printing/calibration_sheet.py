"""The sheet by which an officer measures how far beside its mark a printer's tray prints, and what follows from it.

On each side stand four crosses at a known distance from the paper's edges, with scales that run to these edges. The
officer reads the distances to half a millimetre; from the eight numbers of a side come its offset, stretch and turn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import atan2, cos, degrees, dist, sin
from typing import NamedTuple

import pydyf
from weasyprint import Document

from printing.errors import PrintingError
from printing.layout import DOTS_PER_MM, POINTS_PER_DOT
from printing.sheets import PLAIN, Adjustment, Sheet
from printing.typesetting import typeset

__all__ = ["Corner", "Reading", "adjustment_for", "calibration_pdf", "inset"]

_ON_A_CARD, _ON_PAPER = 10, 15
"""Millimetres from a cross to both edges. Office printers leave 5 mm white; a card has no more room."""
_LARGEST_RESIDUE = 0.75
"""Millimetres by which a cross may stand beside what fits all four best. Readings rounded to half a millimetre can't
leave more (a quarter in each of eight numbers, 0.71 together); one that is misread by 3 mm does."""

Spot = tuple[float, float]


class Corner(StrEnum):
    """A cross, by the corner that it stands in as one reads the side; its letter on the sheet."""

    TOP_LEFT = "A"
    TOP_RIGHT = "B"
    BOTTOM_RIGHT = "C"
    BOTTOM_LEFT = "D"

    @property
    def is_left(self) -> bool:
        """Whether it is measured from the left edge; else from the right one."""
        return self in (Corner.TOP_LEFT, Corner.BOTTOM_LEFT)

    @property
    def is_top(self) -> bool:
        """Whether it is measured from the top edge; else from the bottom one."""
        return self in (Corner.TOP_LEFT, Corner.TOP_RIGHT)


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a cross stands from the nearest upright and the nearest level edge of the paper, in millimetres."""

    across: float
    down: float


def inset(sheet: Sheet) -> int:
    """How far a cross should stand from both edges, in millimetres."""
    return _ON_PAPER if sheet.unprintable else _ON_A_CARD


def calibration_pdf(
    sheet: Sheet, *, printer: str, tray: str, front: Adjustment = PLAIN, back: Adjustment = PLAIN
) -> bytes:
    """The sheet's front, and its back where it has one.

    Without adjustments, to be measured; with the stored ones, to see that they help.

    Raises:
        PrintingError: ``pages_do_not_match`` if a name is too long for the page.
    """
    adjustments = (front, back)[: sheet.pages]

    def adjust(_document: Document, pdf: pydyf.PDF) -> None:
        for number, adjustment in zip(pdf.pages["Kids"][::3], adjustments, strict=True):
            page = pdf.objects[number]
            matrix = adjustment.matrix(sheet.width * POINTS_PER_DOT, sheet.height * POINTS_PER_DOT)
            before = pydyf.Stream(["q " + " ".join(f"{value:.7f}" for value in matrix) + " cm"])
            after = pydyf.Stream(["Q"])
            pdf.add_object(before)
            pdf.add_object(after)
            page["Contents"] = pydyf.Array([before.reference, page["Contents"], after.reference])
        preferences = {"PrintScaling": "/None", "PickTrayByPDFSize": "true"}
        pdf.catalog["ViewerPreferences"] = pydyf.Dictionary(preferences)

    width, height = sheet.width / DOTS_PER_MM, sheet.height / DOTS_PER_MM
    return typeset(
        "calibration_sheet.html",
        pages=sheet.pages,
        finisher=adjust,
        sheet=sheet,
        width=width,
        height=height,
        inset=inset(sheet),
        margin=sheet.unprintable / DOTS_PER_MM,
        corners=[(corner, *_nominal(corner, width, height, inset(sheet))) for corner in Corner],
        is_small=not sheet.unprintable,
        is_adjusted=(front, back) != (PLAIN, PLAIN),
        printer=printer,
        tray=tray,
        sides=("Depan", "Belakang")[: sheet.pages],
    )


def adjustment_for(sheet: Sheet, readings: Mapping[Corner, Reading]) -> Adjustment:
    """What has to be done to a side's pages so that its crosses come out where they should.

    The four crosses give eight numbers for five unknowns; what doesn't fit together was misread.

    Raises:
        PrintingError: ``readings_contradict``.
    """
    width, height = sheet.width / DOTS_PER_MM, sheet.height / DOTS_PER_MM
    nominal, found = [], []
    for corner, reading in readings.items():
        x, y = _nominal(corner, width, height, inset(sheet))
        found_x = reading.across if corner.is_left else width - reading.across
        found_y = reading.down if corner.is_top else height - reading.down
        nominal.append((x - width / 2, y - height / 2))
        found.append((found_x - width / 2, found_y - height / 2))
    printed = _fit(nominal, found)
    beside = [dist(printed.spot(*there), seen) for there, seen in zip(nominal, found, strict=True)]
    if max(beside) > _LARGEST_RESIDUE:
        raise PrintingError("readings_contradict")
    return _undo(printed)


def _nominal(corner: Corner, width: float, height: float, inset: int) -> Spot:
    return (inset if corner.is_left else width - inset, inset if corner.is_top else height - inset)


class _Printed(NamedTuple):
    """How a side came out about its middle: stretched, turned clockwise (radians), moved (millimetres)."""

    wider: float
    higher: float
    turn: float
    right: float
    down: float

    def spot(self, x: float, y: float) -> Spot:
        """Where a spot comes out; y counts downwards."""
        x, y = x * self.wider, y * self.higher
        return (
            x * cos(self.turn) - y * sin(self.turn) + self.right,
            x * sin(self.turn) + y * cos(self.turn) + self.down,
        )


def _fit(nominal: Sequence[Spot], found: Sequence[Spot]) -> _Printed:
    """The least squares: the crosses stand symmetrically about the middle, so each sum gives one unknown."""
    pairs = list(zip(nominal, found, strict=True))
    across, down = sum(x * x for x, _ in nominal), sum(y * y for _, y in nominal)
    a = sum(x * seen_x for (x, _), (seen_x, _) in pairs) / across
    b = sum(y * seen_x for (_, y), (seen_x, _) in pairs) / down
    c = sum(x * seen_y for (x, _), (_, seen_y) in pairs) / across
    d = sum(y * seen_y for (_, y), (_, seen_y) in pairs) / down
    turn = atan2(c * across - b * down, a * across + d * down)
    return _Printed(
        wider=a * cos(turn) + c * sin(turn),
        higher=d * cos(turn) - b * sin(turn),
        turn=turn,
        right=sum(x for x, _ in found) / len(found),
        down=sum(y for _, y in found) / len(found),
    )


def _undo(printed: _Printed) -> Adjustment:
    """The opposite. Stretching before turning instead of after it differs by less than a hair at these sizes."""
    back_x = -(printed.right * cos(printed.turn) + printed.down * sin(printed.turn)) / printed.wider
    back_y = -(printed.down * cos(printed.turn) - printed.right * sin(printed.turn)) / printed.higher
    return Adjustment(
        shift_x=round(back_x * 1000),
        shift_y=round(back_y * 1000),
        scale_x=round((1 / printed.wider - 1) * 1e6),
        scale_y=round((1 / printed.higher - 1) * 1e6),
        turn=round(degrees(-printed.turn) * 1000),
    )
