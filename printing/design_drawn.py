"""What comes of a design: cards drawn by it are looked at as a printer and a scanner would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from math import ceil, floor
from typing import NamedTuple

import pypdfium2 as pdfium
from PIL import Image, ImageChops

from printing.blueprint import FEWEST_DOTS
from printing.card_file import CardFile
from printing.card_pictures import MOST_DIFFERENT, different_dots, pages_as_seen
from printing.design import Design
from printing.design_markup import SIDES
from printing.errors import PrintingError
from printing.face import CardFace
from printing.layout import CARD_HEIGHT, CARD_WIDTH, DOTS_PER_MM, POINTS_PER_DOT, SAFE
from printing.press import press_for
from printing.proof import proof_pdf
from printing.qr import MODULES, QUIET_MODULES, qr_stencil
from printing.reading import find_codes
from printing.sheets import PLAIN, SHEETS
from registry.kinds import SheetCode

__all__ = ["DrawnCards", "draw_cards", "drawn_faults"]

REQUIRED_WORDS = ("GRATIS", "tidak diperjualbelikan", "bukan alat bayar")
"""What stands on every card of the province, in whatever letters (capital or small)."""

_DOTS_PER_MODULE = range(FEWEST_DOTS, 9)
_LIGHTEST_MARK = 216
"""Of 255: paler than this is white to a scanner; the quiet zone may carry a tint, no pattern."""
_LEAST_CONTRAST = 64
"""Of 255, between the darkest and the lightest dot of a letter's box: with less the letter is not seen."""
_MUCH = 0.35
"""Part of a letter's box that another may cover: kerning does so by less."""


class Letter(NamedTuple):
    """A letter as it stands on a side, in dots from the card's top left corner."""

    sign: str
    left: float
    top: float
    right: float
    bottom: float
    place: int
    """In the page's text."""


class Side(NamedTuple):
    """One side of a card as it is printed."""

    name: str
    picture: Image.Image
    text: str
    letters: Sequence[Letter]


class DrawnCards(NamedTuple):
    """Cards of a design with one of its two backs, drawn in both ways."""

    faces: Sequence[CardFace]
    sheet: SheetCode
    printed: Sequence[Side]
    """As they are printed; front and back in turn, as in ``proof``."""
    proof_pdf: bytes
    """As WeasyPrint draws them."""
    proof: Sequence[Image.Image]


def draw_cards(design: Design, faces: Sequence[CardFace], sheet: SheetCode) -> DrawnCards:
    """Draw cards as single cards.

    Args:
        sheet: says whether their backs may have colour.

    Raises:
        PrintingError: as `printing.card.card_pdf`.
    """
    printed = _sides(_printed(design, faces, sheet))
    slow = proof_pdf(faces, design=design, sheet=sheet)
    return DrawnCards(faces, sheet, printed, slow, pages_as_seen(slow))


def drawn_faults(design: Design, cards: DrawnCards) -> Iterator[PrintingError]:
    """Everything that is wrong with cards, of which the first has a photo.

    Codes, each about what it is: ``design_words_missing``, ``design_outside_safe_area``, ``design_words_pale``,
    ``design_fields_overlap``, ``design_code_unreadable``, ``design_code_size``, ``design_code_crowded``,
    ``design_ways_differ``.
    """
    sides = cards.printed
    said = " ".join(" ".join(side.text.split()) for side in sides[: len(SIDES)]).casefold()
    for words in REQUIRED_WORDS:
        if words.casefold() not in said:
            yield PrintingError("design_words_missing", words)
    for side in sides:
        yield from _letter_faults(side)
    yield from _photo_faults(design, cards)
    for number, face in enumerate(cards.faces):
        yield from _code_faults(face, sides[len(SIDES) * number :][: len(SIDES)])
    for side, slow in zip(sides, cards.proof, strict=True):
        if different_dots(side.picture, slow) > MOST_DIFFERENT:
            yield PrintingError("design_ways_differ", side.name)


def _printed(design: Design, faces: Sequence[CardFace], sheet: SheetCode) -> bytes:
    target = BytesIO()
    press, form = press_for(design, sheet), SHEETS[SheetCode.CARD]
    file = CardFile(target, press, form, front=PLAIN, back=PLAIN, code_of=qr_stencil)
    for face in faces:
        file.draw([face])
    file.close()
    return target.getvalue()


def _sides(pdf: bytes) -> list[Side]:
    pictures = pages_as_seen(pdf)
    with pdfium.PdfDocument(pdf) as document:
        sides = []
        for number, page in enumerate(document):
            text = page.get_textpage()
            sides.append(
                Side(SIDES[number % len(SIDES)], pictures[number], text.get_text_range(), list(_letters(page, text)))
            )
        return sides


def _letters(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> Iterator[Letter]:
    height = page.get_height()
    for place in range(text.count_chars()):
        sign = text.get_text_range(place, 1)
        if sign.strip():
            left, bottom, right, top = text.get_charbox(place)
            if right > left and top > bottom:
                left, right = (edge / POINTS_PER_DOT for edge in (left, right))
                top, bottom = ((height - edge) / POINTS_PER_DOT for edge in (top, bottom))
                yield Letter(sign, left, top, right, bottom, place)


def _letter_faults(side: Side) -> Iterator[PrintingError]:
    for letter in side.letters:
        if not _is_safe((letter.left, letter.top, letter.right, letter.bottom)):
            yield PrintingError("design_outside_safe_area", f"“{_around(side, letter)}”")
            break
    grey = side.picture.convert("L")
    for letter in side.letters:
        # with a dot around it: of an l or a full stop the box is nothing but ink
        box = (floor(letter.left) - 1, floor(letter.top) - 1, ceil(letter.right) + 1, ceil(letter.bottom) + 1)
        darkest, lightest = grey.crop(box).getextrema()
        if lightest - darkest < _LEAST_CONTRAST:  # type: ignore[operator] # one band: two numbers
            yield PrintingError("design_words_pale", f"“{_around(side, letter)}”")
            break
    for one, other in combinations(side.letters, 2):
        if _covered(one, other) > _MUCH:
            yield PrintingError("design_fields_overlap", f"“{_around(side, one)}” dan “{_around(side, other)}”")
            break


def _photo_faults(design: Design, cards: DrawnCards) -> Iterator[PrintingError]:
    sides = cards.printed[: len(SIDES)]
    bare = pages_as_seen(_printed(design, [replace(cards.faces[0], photo=None)], cards.sheet))
    for side, without in zip(sides, bare, strict=True):
        box = ImageChops.difference(side.picture, without).getbbox()
        if box is None:
            continue
        if not _is_safe(box):
            yield PrintingError("design_outside_safe_area", "photo")
        place = Letter("photo", *box, 0)
        for letter in side.letters:
            if _covered(letter, place) > 0:
                yield PrintingError("design_fields_overlap", f"photo dan “{_around(side, letter)}”")
                break


def _code_faults(face: CardFace, sides: Sequence[Side]) -> Iterator[PrintingError]:
    found = [(side, code) for side in sides for code in find_codes(side.picture.convert("L"))]
    if len(found) != 1 or found[0][1].text != face.qr_text:
        yield PrintingError("design_code_unreadable", "code")
        return
    side, code = found[0]
    near = code.position.top_left
    place = _find_code(side.picture.convert("L"), face.qr_text, near.x, near.y)
    if place is None:
        width = (code.position.top_right.x - near.x) / DOTS_PER_MM
        yield PrintingError("design_code_size", f"{width:.1f} mm".replace(".", ","))
        return
    left, top, dots = place
    size, quiet = MODULES * dots, QUIET_MODULES * dots
    if not _is_safe((left, top, left + size, top + size)):
        yield PrintingError("design_outside_safe_area", "code")
    around = (left - quiet, top - quiet, left + size + quiet, top + size + quiet)
    zone = side.picture.convert("L").crop(around)
    zone.paste(255, (quiet, quiet, quiet + size, quiet + size))
    if zone.getextrema()[0] < _LIGHTEST_MARK:  # type: ignore[operator] # one band: two numbers
        yield PrintingError("design_code_crowded", "code")


def _find_code(picture: Image.Image, text: str, left: int, top: int) -> tuple[int, int, int] | None:
    """Where the code stands to the dot, and with how many dots a module; none if it is not on whole dots."""
    black = picture.point(lambda grey: 255 if grey >= 128 else 0)
    for dots in _DOTS_PER_MODULE:
        size = MODULES * dots
        modules = Image.frombytes("1", (size, size), qr_stencil(text, dots)).convert("L")
        for x in range(left - 3, left + 4):
            for y in range(top - 3, top + 4):
                seen = black.crop((x, y, x + size, y + size))
                if ImageChops.difference(seen, modules).getbbox() is None:
                    return x, y, dots
    return None


def _is_safe(box: Sequence[float]) -> bool:
    left, top, right, bottom = box
    return left >= SAFE and top >= SAFE and right <= CARD_WIDTH - SAFE and bottom <= CARD_HEIGHT - SAFE


def _covered(one: Letter, other: Letter) -> float:
    """How much of the smaller box lies in the other."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0
    return width * height / min(_area(one), _area(other))


def _area(letter: Letter) -> float:
    return (letter.right - letter.left) * (letter.bottom - letter.top)


def _around(side: Side, letter: Letter) -> str:
    """The words that a letter stands in."""
    text = " ".join(side.text[max(0, letter.place - 8) : letter.place + 12].split())
    return text[:24]
