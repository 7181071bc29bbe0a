"""Pictures of codes, as a camera or scanner would bring them."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from printing.qr import qr_matrix


def code_picture(text: str, *, module: int = 5) -> Image.Image:
    """A code on white, so many pixels to a module."""
    matrix = qr_matrix(text)
    image = Image.new("L", (len(matrix) + 8,) * 2, 255)
    image.putdata([0 if dark else 255 for row in framed(matrix) for dark in row])
    return image.resize((image.width * module,) * 2, Image.Resampling.NEAREST)


def framed(matrix: list[list[bool]]) -> list[list[bool]]:
    side = [False] * 4
    blank = [[False] * (len(matrix) + 8)] * 4
    return [*blank, *([*side, *row, *side] for row in matrix), *blank]


def file_of(image: Image.Image, kind: str = "PNG") -> bytes:
    target = BytesIO()
    image.save(target, kind)
    return target.getvalue()


def code_file(text: str) -> bytes:
    """A picture file of a code."""
    return file_of(code_picture(text))
