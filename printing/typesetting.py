"""HTML to PDF: our templates, our typeface, nothing fetched."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TypeVar

import pydyf
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import ImageFile
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from printing.confined import run_confined
from printing.errors import PrintingError
from printing.fetcher import AssetFetcher
from printing.layout import POINTS_PER_DOT
from printing.typeface import FAMILY, Weight, font_path

# WeasyPrint switches this on for the whole process when it is imported; photo.py must go on refusing half a picture
ImageFile.LOAD_TRUNCATED_IMAGES = False

Finisher = Callable[[Document, pydyf.PDF], None]

_Size = TypeVar("_Size")

_SECONDS, _MEGABYTES = 300.0, 2000
"""For 10,000 lines of names, twice as many as the largest kelurahan has families: docs/decisions/0115."""

ONE_AT_A_TIME = Lock()
"""Pango's font map, which all documents share, is not made for two threads."""


def typeset(template: str, *, pages: int | None, finisher: Finisher | None = None, **values: object) -> bytes:
    """The PDF of ``templates/<template>`` filled with ``values``, every one of them escaped.

    ``finisher`` may change the PDF's objects before they are written. ``pages`` is none for a list that takes as many
    as it needs.

    Raises:
        PrintingError: ``asset_denied`` if the document asked for anything outside; ``pages_do_not_match`` if it has not
            just ``pages`` pages, before words that ran over could land on another family's page.
    """
    text = _environment().get_template(template).render(values)
    fetcher = AssetFetcher({})
    with ONE_AT_A_TIME, fetcher.denials_reported():
        fonts, faces = typeface()
        document = HTML(string=text, url_fetcher=fetcher).render(stylesheets=[faces], font_config=fonts)
        if pages is not None and len(document.pages) != pages:
            raise PrintingError("pages_do_not_match", template)
        pdf: bytes = document.write_pdf(finisher=finisher)
    return pdf


def typeset_first_fit(sizes: Sequence[_Size], typeset_at: Callable[[_Size], bytes]) -> bytes:
    """What ``typeset_at`` makes of the first of ``sizes`` at which the words take just their pages.

    WeasyPrint has no page that grows with its words, and no letters that shrink with their number.

    Raises:
        PrintingError: ``pages_do_not_match`` if they do at none.
    """
    *before, last = sizes
    for size in before:
        try:
            return typeset_at(size)
        except PrintingError as fault:
            if fault.code != "pages_do_not_match":
                raise
    return typeset_at(last)


def typeset_confined(template: str, *, pages: int | None, **values: object) -> bytes:
    """`typeset` for a list that may be as long as a kelurahan: in a process of its own, which is ended at its limits.

    Raises:
        PrintingError: as `typeset`; ``took_too_long``, ``took_too_much_memory``, ``worker_died``.
    """
    return run_confined(typeset, template, pages=pages, seconds=_SECONDS, megabytes=_MEGABYTES, **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["pt"] = lambda dots: f"{dots * POINTS_PER_DOT:.2f}pt"
    return environment


@cache
def typeface() -> tuple[FontConfiguration, CSS]:
    """The fonts, loaded once for the process: reading them costs as much as setting a card."""
    fetcher = AssetFetcher({f"asset:{weight:d}": font_path(weight).read_bytes() for weight in Weight})
    rules = "".join(
        f"@font-face {{ font-family: '{FAMILY}'; font-weight: {weight:d}; src: url(asset:{weight:d}) }}"
        for weight in Weight
    )
    fonts = FontConfiguration()
    with fetcher.denials_reported():
        faces = CSS(string=rules, font_config=fonts, url_fetcher=fetcher)
    return fonts, faces
