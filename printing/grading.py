"""How well a card's code is printed, judged from a photo or scan of the card.

What is looked at follows ISO/IEC 15415 (symbol contrast, modulation, print growth, unused error correction), but this
is no verifier: that standard asks for a calibrated instrument, and an office's camera is none. Contrast is therefore
measured against the white of the same card, and a blurred picture cannot be told from a blurred print.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from statistics import median
from types import MappingProxyType
from typing import Any, NamedTuple, cast

import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageMath

from printing.errors import PrintingError
from printing.pictures import opened
from printing.qr import MODULES, VERSION, qr_matrix
from printing.reading import the_code
from printing.second_maker import made_elsewhere
from printing.straightening import QUIET, SCALE, Corners, difference, fit_corners, module_pixels, straighten

_BLOCKS = 5
"""Light and dark are measured in so many blocks by so many: a lamp from the side is no fault of the print."""
_FEWEST_PIXELS = 3.5
"""Of a module; below, what the camera does to edges is more than what the printer did."""
_WEAK_FROM = 77
"""Of 255: a module that is off its shade by so much has less than 0.4 of its contrast left (ISO/IEC 15415: C)."""
_APERTURE = 0.6
"""Of a module: what is averaged of its middle."""
_LIGHT = [round(255 * (value / 255) ** 2.2) for value in range(256)]
"""From a picture's grey values to the light that they stand for."""


class Grade(IntEnum):
    """How good a print is; the worst of what is measured."""

    POOR = 0
    FAIR = 1
    GOOD = 2


class Scale(NamedTuple):
    """From where on a value is good, and from where on it is fair."""

    good: float
    fair: float

    def grade(self, value: float) -> Grade:
        """Grade a value; where good is less than fair, less is better."""
        sign = 1 if self.good >= self.fair else -1
        if sign * value >= sign * self.good:
            return Grade.GOOD
        return Grade.FAIR if sign * value >= sign * self.fair else Grade.POOR


SCALES: Mapping[str, Scale] = MappingProxyType(
    {
        "contrast": Scale(0.75, 0.50),
        "blur": Scale(0.20, 0.265),
        "growth": Scale(0.15, 0.35),
        "weak": Scale(0.02, 0.08),
        "quiet_zone": Scale(0.02, 0.10),
        "unused_correction": Scale(0.62, 0.37),  # ISO/IEC 15415: A, and the end of C
        "size": Scale(0.416, 0.335),  # five dots are 0.423 mm; below four (0.339 mm) no worn card is read
    }
)


@dataclass(frozen=True, slots=True)
class PrintGrade:
    """What a picture shows of a printed code."""

    text: str
    module_pixels: float
    """Of the picture."""
    measured: Mapping[str, float]
    """By the names of `SCALES`.

    ``contrast``: how much darker the dark modules are than the light ones, 0 to 1 (in light, not in grey values).
    ``blur``: width of the half-light along an edge, in modules. ``growth``: by how much dark modules are too wide, in
    modules; less than 0 where they are too thin. ``weak``: share of modules that are nearly or wholly of the wrong
    shade. ``quiet_zone``: share of it that is dark. ``unused_correction``: what is left of the code's error
    correction, 0 to 1. ``size``: of a module in millimetres, only where the picture's dots per inch are known.
    """

    @property
    def is_too_far(self) -> bool:
        """Whether the picture shows too little of each module to judge the print at all."""
        return self.module_pixels < _FEWEST_PIXELS

    @property
    def grades(self) -> dict[str, Grade]:
        """What each measured value is worth."""
        return {name: SCALES[name].grade(abs(value)) for name, value in self.measured.items()}

    @property
    def grade(self) -> Grade:
        """The worst of them."""
        return min(self.grades.values())

    @property
    def faults(self) -> list[str]:
        """What is not good, the worst first; of a blurred code not what follows from the blur."""
        found = [name for name, grade in self.grades.items() if grade is not Grade.GOOD]
        if "blur" in found:
            found = [name for name in found if name not in ("growth", "weak")]
        return sorted(found, key=lambda name: self.grades[name])


def grade_print(picture: bytes, *, dots_per_inch: int | None = None) -> PrintGrade:
    """Judge the print of the one code in a picture (JPEG, PNG or WebP).

    Args:
        dots_per_inch: of a scan; without it nobody can say how large the code was printed.

    Raises:
        PhotoError: as `printing.reading.read_code`; such a print, or picture, is worse than any grade.
    """
    with opened(picture) as image:
        grey = image.convert("L")
    code = the_code(grey)
    told = cast("dict[str, Any]", code.extra)
    matrix = _matrix_of(grey, code, version=int(told["Version"]), mask=int(told["DataMask"]))
    corners = fit_corners(grey, _corners_of(code), matrix)
    pixels = module_pixels(corners, matrix.width)
    measured = _measure(straighten(grey, corners, matrix.width), matrix)
    measured["unused_correction"] = float(told["UEC"])
    if dots_per_inch:
        measured["size"] = pixels * 25.4 / dots_per_inch
    return PrintGrade(code.text, pixels, measured)


def _matrix_of(grey: Image.Image, code: zxingcpp.Barcode, *, version: int, mask: int) -> Image.Image:
    """What the code should look like, one pixel to a module: the way to write its text that it is nearest to.

    The other maker writes about one text in some thousands in fewer bits than the cards' own.
    """
    ways = [made_elsewhere(code.text, version=version, level=code.ec_level, mask=mask)]
    if version == VERSION:
        with suppress(PrintingError):  # a text that no card has
            modules = bytes(0 if dark else 255 for row in qr_matrix(code.text) for dark in row)
            ways.append(Image.frombytes("L", (MODULES, MODULES), modules))
    return min(ways, key=lambda way: difference(grey, _corners_of(code), way))


def _corners_of(code: zxingcpp.Barcode) -> Corners:
    place = code.position
    # the reader names the last pixel of a side, not its end
    return (
        (place.top_left.x, place.top_left.y),
        (place.top_right.x + 1, place.top_right.y),
        (place.bottom_right.x + 1, place.bottom_right.y + 1),
        (place.bottom_left.x, place.bottom_left.y + 1),
    )


def _measure(straight: Image.Image, matrix: Image.Image) -> dict[str, float]:
    light = straight.point(_LIGHT)
    dark_level, light_level = _levels(_centres(light, matrix), matrix)
    even = _evened(light, dark_level, light_level)
    inner = _inside(even)
    edges, area = _edges(matrix), matrix.width * matrix.height
    return {
        "contrast": _contrast(dark_level, light_level),
        "blur": _share(inner, 64, 192) * area / edges,
        "growth": 2 * (_share(inner, 0, 128) - _share(matrix, 0, 128)) * area / edges,
        "weak": _share(ImageChops.difference(_centres(even, matrix), matrix), _WEAK_FROM, 256),
        "quiet_zone": _share_around(even),
    }


def _centres(straight: Image.Image, matrix: Image.Image) -> Image.Image:
    """The middle of each module, one pixel to a module."""
    blurred = straight.filter(ImageFilter.BoxBlur(_APERTURE * SCALE / 2))
    return _inside(blurred).resize(matrix.size, Image.Resampling.NEAREST)


def _levels(centres: Image.Image, matrix: Image.Image) -> tuple[Image.Image, Image.Image]:
    """How light dark and light modules are, one pixel to a block of modules."""
    found: dict[tuple[int, int], list[int]] = {}
    side = matrix.width
    for index, (seen, wanted) in enumerate(zip(centres.tobytes(), matrix.tobytes(), strict=True)):
        y, x = divmod(index, side)
        found.setdefault((wanted, y * _BLOCKS // side * _BLOCKS + x * _BLOCKS // side), []).append(seen)
    dark, light = (bytes(round(median(found[shade, block])) for block in range(_BLOCKS**2)) for shade in (0, 255))
    return _blocks(dark), _blocks(light)


def _blocks(values: bytes) -> Image.Image:
    return Image.frombytes("L", (_BLOCKS, _BLOCKS), values)


def _evened(light: Image.Image, dark_level: Image.Image, light_level: Image.Image) -> Image.Image:
    """The picture as an even lamp would show it: dark modules 0, light ones 255."""
    low, high = (level.resize(light.size, Image.Resampling.BILINEAR) for level in (dark_level, light_level))
    even: Image.Image = ImageMath.lambda_eval(
        lambda args: args["convert"](
            (args["seen"] - args["low"]) * 255 / args["max"](args["high"] - args["low"], 1), "L"
        ),
        seen=light,
        low=low,
        high=high,
    )
    return even


def _contrast(dark_level: Image.Image, light_level: Image.Image) -> float:
    """How much of the light that light modules give is missing in the dark ones; of the middle block."""
    return median(
        1 - dark / max(light, 1) for dark, light in zip(dark_level.tobytes(), light_level.tobytes(), strict=True)
    )


def _inside(straight: Image.Image) -> Image.Image:
    margin = QUIET * SCALE
    return straight.crop((margin, margin, straight.width - margin, straight.height - margin))


def _share(picture: Image.Image, start: int, end: int) -> float:
    """The share of the pixels from one value to before another."""
    return sum(picture.histogram()[start:end]) / (picture.width * picture.height)


def _share_around(even: Image.Image) -> float:
    """The share of the quiet zone that is dark."""
    inner = _inside(even)
    dark = sum(even.histogram()[:128]) - sum(inner.histogram()[:128])
    return dark / (even.width * even.height - inner.width * inner.height)


def _edges(matrix: Image.Image) -> int:
    """How many neighbours in the code are of different shades."""
    side = matrix.width
    across, down = (0, 0, side - 1, side), (0, 0, side, side - 1)
    moved = ((across, (1, 0, side, side)), (down, (0, 1, side, side)))
    return sum(ImageChops.difference(matrix.crop(one), matrix.crop(other)).histogram()[255] for one, other in moved)
