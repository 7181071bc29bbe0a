"""A code in a picture, straightened: seen from in front, every module as large as the next."""

from __future__ import annotations

from collections.abc import Sequence
from math import dist

from PIL import Image, ImageChops, ImageStat

QUIET = 4
"""Modules of quiet zone that are straightened along with the code."""
SCALE = 8
"""Pixels of a module in the straightened picture."""
_FINEST = 12
"""Pixels of a module above which the picture is made smaller first: more than that is only noise."""
_STEPS = (1.0, 0.5, 0.25)
"""In pixels: by how much the corners are moved while the picture fits better."""
_FITTING = 3
"""Pixels of a module while the corners are fitted."""

Corners = tuple[tuple[float, float], ...]
"""Top left, top right, bottom right, bottom left, as the code reads."""


def module_pixels(corners: Corners, modules: int) -> float:
    """How many pixels of the picture a module takes, on average over the code's four sides."""
    sides = (dist(corners[i], corners[(i + 1) % 4]) for i in range(4))
    return sum(sides) / (4 * modules)


def difference(grey: Image.Image, corners: Corners, matrix: Image.Image) -> float:
    """How far the code between these corners is from a matrix: on average over its pixels, of 255.

    Args:
        corners: of the code, without the quiet zone.
        matrix: one pixel to a module.
    """
    target = matrix.resize((matrix.width * _FITTING,) * 2, Image.Resampling.NEAREST)
    seen = _seen_from_front(grey, corners, matrix.width, quiet=0, scale=_FITTING)
    return ImageStat.Stat(ImageChops.difference(seen, target)).mean[0]


def fit_corners(grey: Image.Image, corners: Corners, matrix: Image.Image) -> Corners:
    """Move the corners to where the code fits best; the reader names them within a pixel or two.

    Args:
        corners: of the code, without the quiet zone.
        matrix: what the code should look like, one pixel to a module.
    """
    grey, corners, factor = _smaller(grey, corners, matrix.width)
    best = [value for corner in corners for value in corner]
    least = difference(grey, corners, matrix)
    for step in _STEPS:
        for index in range(len(best)):
            for way in (-step, step):
                moved = [*best]
                moved[index] += way
                while (now := difference(grey, _pairs(moved), matrix)) < least:
                    best, least = [*moved], now
                    moved[index] += way
    return _pairs([value * factor for value in best])


def straighten(grey: Image.Image, corners: Corners, modules: int) -> Image.Image:
    """The code with its quiet zone, `SCALE` pixels to a module."""
    grey, corners, _ = _smaller(grey, corners, modules)
    return _seen_from_front(grey, corners, modules, quiet=QUIET, scale=SCALE)


def _smaller(grey: Image.Image, corners: Corners, modules: int) -> tuple[Image.Image, Corners, int]:
    factor = max(1, round(module_pixels(corners, modules) / _FINEST))
    return grey.reduce(factor), tuple((x / factor, y / factor) for x, y in corners), factor


def _pairs(place: Sequence[float]) -> Corners:
    return tuple(zip(place[::2], place[1::2], strict=True))


def _seen_from_front(grey: Image.Image, corners: Corners, modules: int, *, quiet: int, scale: int) -> Image.Image:
    size = (modules + 2 * quiet) * scale
    coefficients = _projection(corners, unit=modules * scale, start=quiet * scale)
    return grey.transform((size, size), Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR)


def _projection(corners: Corners, *, unit: int, start: int) -> tuple[float, ...]:
    """The eight numbers that lead from the straightened picture to the corners (Heckbert: square to quadrilateral).

    Args:
        unit: pixels of the code's side in the straightened picture.
        start: pixels before it.
    """
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    dx1, dx2, sx = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
    dy1, dy2, sy = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
    area = dx1 * dy2 - dx2 * dy1
    g, h = (sx * dy2 - dx2 * sy) / area, (dx1 * sy - sx * dy1) / area
    rows = ((x1 - x0 + g * x1, x3 - x0 + h * x3, x0), (y1 - y0 + g * y1, y3 - y0 + h * y3, y0), (g, h, 1.0))
    moved = [(a / unit, b / unit, c - (a + b) * start / unit) for a, b, c in rows]
    return tuple(value / moved[2][2] for row in moved for value in row)[:8]
