"""A design made ready for one kind of sheet: what is the same on every card drawn once, the rest as ready-made pieces.

For a card only its words, its code and its photo are written, as operators into the page's contents. The art and the
fixed words are two forms that WeasyPrint has drawn and that all pages share.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import pydyf
from weasyprint import Document

from printing.blueprint import CodePlace, PhotoPlace, Place, TextPlace, read_places
from printing.design import Design, packaged_design
from printing.design_layout import BLEED, OpenDesign
from printing.drawn_forms import take_pages
from printing.embedding import embed_font
from printing.errors import PrintingError
from printing.face import CardFace
from printing.fitting import line_runs, line_width
from printing.layout import CARD_HEIGHT, CARD_WIDTH, POINTS_PER_DOT
from printing.pdf_objects import Objects, number
from printing.qr import qr_stencil
from printing.self_test import check_weasyprint
from printing.sheets import SHEETS, Sheet
from registry.kinds import SheetCode

CATALOG, PAGES, INFO = 1, 2, 3
"""The numbers of the objects that every file has."""

_START = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"

INSET = 0.02
"""Dots by which the code's picture is smaller on each side than its place: on the line, poppler, pdfium and Ghostscript
each take another dot with it; a little within they all paint just its own. docs/decisions/0031."""

_NO_BREAK_SPACE = "\u00a0"
"""What every field says when the art is drawn: it makes WeasyPrint lay a line out and draw nothing."""

_REMEMBERED = 1024
"""Lines: those that many cards share, as their kecamatan."""

_PRESSES = 8
"""Designs and sheets that are kept ready: about 1 MB each."""


class Line(NamedTuple):
    """A place for words: what they are, and what draws them."""

    read: Callable[[CardFace], str]
    draw: Callable[[str], bytes]


class Side(NamedTuple):
    """One side of a card, as operators with the card's bottom left corner as the origin."""

    photo: bytes
    """Draws the photo once its name stands between this and ``Do``; nothing if the side has none."""
    code: bytes
    lines: Sequence[Line]


class Press:
    """Ready to draw cards of ``design`` on ``sheet``.

    Raises:
        PrintingError: ``design_…``, ``asset_denied``, ``pages_do_not_match``: this design cannot be drawn.
        RuntimeError: WeasyPrint is not the one that this was written for.
    """

    def __init__(self, design: Design, sheet: Sheet) -> None:
        check_weasyprint()
        opened = OpenDesign(design)
        objects = Objects()
        for _ in (CATALOG, PAGES, INFO):
            objects.reserve()
        blank = [_NO_BREAK_SPACE] * len(opened.slots)
        with opened.laid_out([blank], colour_back=sheet.colour_back) as document:
            self.places = read_places(opened, document)
            self.forms = _draw_forms(document, sheet.bleed, objects)
        sides = [slot.side for slot in opened.slots]
        weights = sorted({place.room.lettering.weight for place in self.places if isinstance(place, TextPlace)})
        self.fonts = {weight: embed_font(weight, objects) for weight in weights}
        self.sides = tuple(
            _side([place for place, its_side in zip(self.places, sides, strict=True) if its_side == side])
            for side in range(2)
        )
        objects.put(CATALOG, _catalog(sheet))
        objects.put(INFO, b"<</Title(Kartu)/Producer(Kartu Huma Betang)>>")
        self.head, self.offsets = objects.written(_START)

    def check(self, face: CardFace) -> None:
        """Look whether all of ``face`` finds its place.

        Raises:
            PrintingError: ``text_does_not_fit`` or ``text_not_in_typeface`` (about: the field),
                ``qr_text_not_printable``.
        """
        for side in self.sides:
            for line in side.lines:
                line.draw(line.read(face))
        qr_stencil(face.qr_text)


_ready: dict[tuple[str, SheetCode], Press] = {}
_making = Lock()


def press_for(design: Design | None, sheet: SheetCode) -> Press:
    """The press of a design (none: the packaged one) and a sheet; making it takes half a second, once in a process.

    Raises:
        PrintingError, RuntimeError: as `Press`.
    """
    design = design or packaged_design()
    key = (design.sha256, sheet)
    press = _ready.get(key)
    if press is None:
        with _making:
            press = _ready.get(key)
            if press is None:
                press = Press(design, SHEETS[sheet])
                if len(_ready) >= _PRESSES:
                    del _ready[next(iter(_ready))]
                _ready[key] = press
    return press


def _draw_forms(document: Document, bleed: int, objects: Objects) -> list[int]:
    """The two sides as forms whose origin is the card's bottom left corner."""
    margin, cut = BLEED * POINTS_PER_DOT, (BLEED - bleed) * POINTS_PER_DOT
    right, top = ((dots + BLEED + bleed) * POINTS_PER_DOT for dots in (CARD_WIDTH, CARD_HEIGHT))
    box = b" ".join(number(edge) for edge in (cut, cut, right, top))
    matrix = b"1 0 0 1 %s %s" % (number(-margin), number(-margin))
    forms: list[int] = []

    def take(_document: Document, pdf: pydyf.PDF) -> None:
        forms.extend(take_pages(pdf, [(box, matrix)] * 2, objects))

    document.write_pdf(finisher=take)
    return forms


def _side(places: Sequence[Place]) -> Side:
    photos = [_photo(place) for place in places if isinstance(place, PhotoPlace)]
    codes = [_code(place) for place in places if isinstance(place, CodePlace)]
    lines = [_line(place) for place in places if isinstance(place, TextPlace)]
    if len(photos) > 1 or len(codes) > 1:
        raise PrintingError("design_field_twice", "photo" if len(photos) > 1 else "code")
    return Side(photo=photos[0] if photos else b"", code=codes[0] if codes else b"", lines=lines)


def _line(place: TextPlace) -> Line:
    """The words of one place; setting the same words again is a look into a dictionary."""
    room, lettering = place.room, place.room.lettering
    red, green, blue = place.colour
    # grey 0, never CMYK: card printers take the resin black for pure black alone
    colour = b"%s %s %s rg" % (number(red), number(green), number(blue)) if red or green or blue else b"0 g"
    style = b"%s/W%d " % (colour, lettering.weight)

    @lru_cache(_REMEMBERED)
    def draw(text: str) -> bytes:
        fitted = place.fit(text)
        size, squeeze = fitted.size, fitted.squeeze
        spacing = lettering.spacing_at(size)
        drawn = [style + b"%s Tf %s Tc %s Tz" % (number(size), number(spacing), number(100 * squeeze))]
        y = place.top - place.down(fitted) - place.baseline * size
        for line in fitted.lines:
            x = place.left
            if place.align:
                x += place.align * (room.width - squeeze * line_width(line, size, lettering))
            shown = b"".join(run.shown for run in line_runs(line, lettering)).replace(b"><", b"")
            drawn.append(b"1 0 0 1 %s %s Tm[%s]TJ" % (number(x), number(y), shown))
            y -= room.pitch * size
        return b"\n".join(drawn)

    return Line(place.reader(), draw)


def _photo(place: PhotoPlace) -> bytes:
    left, bottom, cut = place.left, place.bottom, place.chamfer
    right, top = left + place.width, bottom + place.height
    corners = [
        (left + cut, top), (right - cut, top), (right, top - cut), (right, bottom + cut),
        (right - cut, bottom), (left + cut, bottom), (left, bottom + cut), (left, top - cut),
    ]  # fmt: skip
    path = b" l ".join(b"%s %s" % (number(x), number(y)) for x, y in corners).replace(b" l ", b" m ", 1)
    return b"%s l h W n %s 0 0 %s %s %s cm" % (
        path, number(place.width), number(place.height), number(left), number(bottom),
    )  # fmt: skip


def _code(place: CodePlace) -> bytes:
    size = (place.size - 2 * INSET) * POINTS_PER_DOT
    left = (place.left + INSET) * POINTS_PER_DOT
    bottom = (CARD_HEIGHT - place.top - place.size + INSET) * POINTS_PER_DOT
    # grey 0, never CMYK: card printers take the resin black for pure black alone
    return b"0 g %s 0 0 %s %s %s cm" % (number(size), number(size), number(left), number(bottom))


def _catalog(sheet: Sheet) -> bytes:
    """Asks the printing program not to scale, which would blur the code, and to turn the paper over the right edge."""
    duplex = {
        "two-sided-short-edge": b"/Duplex/DuplexFlipShortEdge",
        "two-sided-long-edge": b"/Duplex/DuplexFlipLongEdge",
        None: b"/Duplex/Simplex",
    }[sheet.duplex]
    return b"<</Type/Catalog/Pages %d 0 R/ViewerPreferences<</PrintScaling/None%s/PickTrayByPDFSize true>>>>" % (
        PAGES,
        duplex,
    )
