"""Pictures of a village for tests: faces that are told apart, and archives of every kind, good and bad."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from colorsys import hsv_to_rgb

from PIL import Image, ImageDraw


def face(number: int, *, size: tuple[int, int] = (480, 640), kind: str = "JPEG") -> bytes:
    """Return a drawn head and shoulders before a bright wall; each number has its own colour."""
    width, height = size
    colour = tuple(int(255 * part) for part in hsv_to_rgb(number * 0.17 % 1, 0.55, 0.6))
    image = Image.new("RGB", size, "#d9dde0")
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.08, height * 0.74, width * 0.92, height * 1.4), fill=colour)
    draw.ellipse((width * 0.24, height * 0.1, width * 0.76, height * 0.72), fill="#2b211c")
    draw.ellipse((width * 0.29, height * 0.18, width * 0.71, height * 0.74), fill="#b98765")
    for x in (0.41, 0.59):
        draw.ellipse((width * (x - 0.03), height * 0.41, width * (x + 0.03), height * 0.44), fill="#20160f")
    draw.arc((width * 0.42, height * 0.5, width * 0.58, height * 0.64), 25, 155, fill="#7a2f2f", width=width // 60)
    target = io.BytesIO()
    image.save(target, kind)
    return target.getvalue()


def zipped(files: Mapping[str, bytes], *, packing: int = zipfile.ZIP_STORED) -> bytes:
    """Return a ZIP archive of files by their paths."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return target.getvalue()
