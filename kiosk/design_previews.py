"""What a design's cards look like, kept as files: drawing them takes seconds, and a page asks for a dozen pictures."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from printing.design import Design
from printing.design_check import Preview
from registry.whole_files import write_whole

__all__ = ["WAYS", "find_preview", "keep_preview"]

WAYS = ("cetak", "warna", "asli")
"""As the cards are printed on cards, the first also as on sheets (the back in colour), and as WeasyPrint draws them."""

_PDF = "contoh.pdf"


def find_preview(folder: Path, design: Design, file: str = _PDF) -> Path | None:
    """Return where a file of a design's preview lies; none while it was not drawn.

    Args:
        folder: the designs folder of the installation.
        file: ``contoh.pdf``, or as ``cetak-1.png``: the way, and the page counted from 1.
    """
    path = _place(folder, design) / file
    # the PDF is written last: with it everything is there
    return path if path.exists() and path.with_name(_PDF).exists() else None


def keep_preview(folder: Path, design: Design, preview: Preview) -> None:
    """Write the preview's files."""
    place = _place(folder, design)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for way, pictures in zip(WAYS, (preview.printed, preview.coloured, preview.proof), strict=True):
        for page, picture in enumerate(pictures, start=1):
            write_whole(place / f"{way}-{page}.png", picture)
    write_whole(place / _PDF, preview.pdf)


def _place(folder: Path, design: Design) -> Path:
    # another release of the kiosk may draw the same design otherwise
    return folder / ".previews" / f"{version('kartu-huma-betang')}-{design.sha256}"
