"""Cards as pictures: what a printer of 300 dpi puts down, one pixel for a dot, and how far two of them differ."""

from __future__ import annotations

from io import BytesIO

import pypdfium2 as pdfium
from PIL import Image, ImageChops

from printing.layout import POINTS_PER_DOT

__all__ = ["MOST_DIFFERENT", "as_png", "different_dots", "pages_as_seen"]

DIFFERENT = 96
"""Of 255: what two rasters of the same line differ by at its edges is less."""
MOST_DIFFERENT = 0.001
"""The part of a side's dots that may be different where the fast way and WeasyPrint draw the same card. Seen were none:
this is room for another rasteriser."""


def pages_as_seen(pdf: bytes) -> list[Image.Image]:
    """Every page as a printer of 300 dpi puts it down."""
    with pdfium.PdfDocument(pdf) as document:
        return [page.render(scale=1 / POINTS_PER_DOT).to_pil().convert("RGB") for page in document]


def as_png(picture: Image.Image) -> bytes:
    """A picture as a PNG file."""
    target = BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def different_dots(one: Image.Image, other: Image.Image) -> float:
    """The part of two pictures' dots, 0 to 1, that differ by more than `DIFFERENT` in one of their colours."""
    red, green, blue = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(most.histogram()[DIFFERENT + 1 :]) / (one.width * one.height)
