"""A photo of nobody, for looking at a design."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from printing.photo import take_in

_WALL, _SKIN, _HAIR, _SHIRT = "#c9d6d2", "#b98a68", "#2b2320", "#2f6f5e"


@cache
def invented_photo() -> bytes:
    """Head and shoulders in plain colours, as `take_in` keeps a photo."""
    picture = Image.new("RGB", (810, 1080), _WALL)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((90, 760, 720, 1400), fill=_SHIRT)
    pen.rectangle((335, 640, 475, 820), fill=_SKIN)
    pen.ellipse((230, 190, 580, 640), fill=_HAIR)
    pen.ellipse((255, 270, 555, 720), fill=_SKIN)
    target = BytesIO()
    picture.save(target, "PNG")
    return take_in(target.getvalue())
