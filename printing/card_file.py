"""A PDF of cards, written sheet by sheet: what it says of a sheet is gone from memory once it is written.

Each page lists its own photos and codes only, so that a page cut out of a batch holds nothing of another family.
"""

from array import array
from collections.abc import Callable, Sequence
from typing import BinaryIO, NamedTuple
from zlib import compress

from printing.errors import PrintingError
from printing.face import CardFace
from printing.layout import CARD_HEIGHT, CARD_WIDTH, DOTS_PER_MM, POINTS_PER_DOT, TRIM_MM
from printing.pdf_objects import number
from printing.photo import PHOTO_SIZE
from printing.press import CATALOG, INFO, PAGES, Press
from printing.qr import MODULES
from printing.sheets import PLAIN, Adjustment, Place, Sheet

HAIR = 0.0001
"""Points by which the page is less than whole dots, so that no rasteriser rounds 1012.00002 dots up to 1013."""

_KIDS = 128
"""Pages of one branch of the page tree."""
_AT_ONCE = 4096
"""Lines of the table of offsets that are put together at a time."""

_PHOTO = (
    b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode"
    b"/Length %%d>>stream\n" % PHOTO_SIZE
)
_CODE = (
    b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ImageMask true/BitsPerComponent 1/Interpolate false"
    b"/Length %d>>stream\n" % (MODULES, MODULES, MODULES * ((MODULES + 7) // 8))
)
_TABLES = frozenset((0xE0, 0xDB, 0xC4))
"""The markers before a JPEG's frame: JFIF, quantisation, Huffman. What carries words of a camera is not among them."""
_BASELINE = 0xC0
_FRAME = b"\xff\xc0\x00\x11\x08" + PHOTO_SIZE[1].to_bytes(2) + PHOTO_SIZE[0].to_bytes(2) + b"\x03"
_END = b"\nendstream\nendobj\n"

_WRITTEN_AT = 1 << 18
"""Bytes that are gathered before they are written."""


class _Spot(NamedTuple):
    """Where a side of a card goes, and the operators around what changes."""

    page: int
    opening: bytes
    """Moves there and draws what is the same on all cards."""
    photo: bytes
    photo_name: bytes
    code: bytes
    code_name: bytes


class CardFile:
    """A PDF that grows in ``target`` by whole sheets; `close` makes it one."""

    def __init__(
        self,
        target: BinaryIO,
        press: Press,
        sheet: Sheet,
        *,
        front: Adjustment,
        back: Adjustment,
        code_of: Callable[[str], bytes],
    ) -> None:
        self._target = target
        self._code_of = code_of
        self._sides = press.sides
        self._openings = [_page_opening(sheet, adjustment) for adjustment in (front, back)[: sheet.pages]]
        self._spots = [
            (_spot(press, 0, sheet, sheet.front(index), index), _spot(press, 1, sheet, sheet.back(index), index))
            for index in range(sheet.cards)
        ]
        fonts = b"".join(b"/W%d %d 0 R" % (weight, font) for weight, font in press.fonts.items())
        forms = [b"/A%d %d 0 R" % (side, form) for side, form in enumerate(press.forms)]
        self._leaves = [
            b"<</Type/Page%s/Resources<</Font<<%s>>/XObject<<%s" % (_boxes(sheet), fonts, shown)
            for shown in (forms if sheet.pages > 1 else [b"".join(forms)])
        ]
        self._offsets = array("Q", [0, *press.offsets])
        self._kids: list[int] = []
        self._branches: list[tuple[int, int]] = []
        """Each with how many pages it has."""
        self._written: list[bytes] = [press.head]
        self._gathered = self._position = len(press.head)

    def draw(self, faces: Sequence[CardFace]) -> None:
        """Write one sheet with ``faces``, at most as many as it holds.

        Raises:
            PrintingError: as `printing.card.card_pdf`; then the file is good for nothing.
        """
        contents = [[opening] for opening in self._openings]
        own: list[list[bytes]] = [[] for _ in contents]
        for face, spots in zip(faces, self._spots, strict=False):
            for side, spot in zip(self._sides, spots, strict=True):
                drawing = contents[spot.page]
                drawing.append(spot.opening)
                if spot.photo and (photo := face.photo):
                    check_photo(photo)
                    own[spot.page].append(spot.photo_name % self._put(_PHOTO % len(photo), photo, _END))
                    drawing.append(spot.photo)
                if spot.code:
                    own[spot.page].append(spot.code_name % self._put(_CODE, self._code_of(face.qr_text), _END))
                    drawing.append(spot.code)
                drawing.append(b"BT")
                drawing += [line.draw(line.read(face)) for line in side.lines]
                drawing.append(b"ET Q")
        for leaf, drawing, images in zip(self._leaves, contents, own, strict=True):
            packed = compress(b"\n".join(drawing), 1)
            drawn = self._put(b"<</Filter/FlateDecode/Length %d>>stream\n" % len(packed), packed, _END)
            self._add_page(leaf, drawn, b"".join(images))
        if self._gathered > _WRITTEN_AT:
            self._write()

    def close(self) -> None:
        """Write what ties it together: the page tree and the table of offsets."""
        self._end_branch()
        kids = b" ".join(b"%d 0 R" % branch for branch, _ in self._branches)
        pages = sum(count for _, count in self._branches)
        self._put_as(PAGES, b"<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n" % (pages, kids))
        table = self._position
        self._written.append(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._offsets))
        for start in range(1, len(self._offsets), _AT_ONCE):
            lines = self._offsets[start : start + _AT_ONCE]
            self._written.append(b"".join([b"%010d 00000 n \n" % offset for offset in lines]))
            self._write()
        self._written.append(
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
            % (len(self._offsets), CATALOG, INFO, table)
        )
        self._write()

    def _put(self, *parts: bytes) -> int:
        """Write the next object; says its number."""
        number = len(self._offsets)
        self._offsets.append(0)
        self._put_as(number, *parts)
        return number

    def _put_as(self, number: int, *parts: bytes) -> None:
        self._offsets[number] = self._position
        body = b"".join((b"%d 0 obj\n" % number, *parts))
        self._written.append(body)
        self._gathered += len(body)
        self._position += len(body)

    def _add_page(self, leaf: bytes, drawn: int, images: bytes) -> None:
        if not self._kids:
            self._branches.append((len(self._offsets), 0))
            self._offsets.append(0)
        branch = self._branches[-1][0]
        self._kids.append(
            self._put(b"%s%s>>>>/Parent %d 0 R/Contents %d 0 R>>\nendobj\n" % (leaf, images, branch, drawn))
        )
        if len(self._kids) == _KIDS:
            self._end_branch()

    def _end_branch(self) -> None:
        if not self._kids:
            return
        branch, count = self._branches[-1][0], len(self._kids)
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        self._put_as(branch, b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>\nendobj\n" % (PAGES, count, kids))
        self._branches[-1] = (branch, count)
        self._kids.clear()

    def _write(self) -> None:
        self._target.write(b"".join(self._written))
        self._written.clear()
        self._gathered = 0


def check_photo(jpeg: bytes) -> None:
    """Look at the markers of a photo whether it is as `printing.photo` made it, without decoding it.

    A baseline JPEG of three colours and `PHOTO_SIZE`, whole to its last byte, with nothing in it but the picture.

    Raises:
        PrintingError: ``photo_not_ours``.
    """
    try:
        if not (jpeg.startswith(b"\xff\xd8\xff") and jpeg.endswith(b"\xff\xd9")):
            raise PrintingError("photo_not_ours")
        place = 2
        while (marker := jpeg[place + 1]) in _TABLES:
            place += 2 + int.from_bytes(jpeg[place + 2 : place + 4])
        frame = jpeg[place : place + 10]
    except IndexError:
        raise PrintingError("photo_not_ours") from None
    if marker != _BASELINE or frame != _FRAME:
        raise PrintingError("photo_not_ours")


def _spot(press: Press, side: int, sheet: Sheet, place: Place, index: int) -> _Spot:
    left, bottom = place.x * POINTS_PER_DOT, (sheet.height - place.y - CARD_HEIGHT) * POINTS_PER_DOT
    if place.turned:
        right, top = left + CARD_WIDTH * POINTS_PER_DOT, bottom + CARD_HEIGHT * POINTS_PER_DOT
        matrix = b"-1 0 0 -1 %s %s cm" % (number(right), number(top))
    else:
        matrix = b"1 0 0 1 %s %s cm" % (number(left), number(bottom))
    art = sheet.art_box(place)
    clip = b"%s %s %s %s re W n" % tuple(
        number(dots * POINTS_PER_DOT) for dots in (art.left, sheet.height - art.bottom, art.width, art.height)
    )
    own = press.sides[side]
    return _Spot(
        page=place.page,
        opening=b"q q %s %s /A%d Do Q %s" % (clip, matrix, side, matrix),
        photo=b"q %s /P%d Do Q" % (own.photo, index) if own.photo else b"",
        photo_name=b"/P%d %%d 0 R" % index,
        code=b"q %s /C%d Do Q" % (own.code, index) if own.code else b"",
        code_name=b"/C%d %%d 0 R" % index,
    )


def _page_opening(sheet: Sheet, adjustment: Adjustment) -> bytes:
    """Moves the page as its printer needs it, and draws its crop and fold marks."""
    width, height = sheet.width * POINTS_PER_DOT, sheet.height * POINTS_PER_DOT
    drawn = []
    if adjustment != PLAIN:
        drawn.append(b" ".join(f"{part:.8f}".encode() for part in adjustment.matrix(width, height)) + b" cm")
    if marks := sheet.marks():
        # a dot on either side of where to cut
        drawn.append(b"q 0 G 0.48 w")
        for mark in marks:
            dashes = b"[2 2] 0 d" if mark.fold else b"[] 0 d"
            ends = [
                number(dots * POINTS_PER_DOT)
                for dots in (mark.x1, sheet.height - mark.y1, mark.x2, sheet.height - mark.y2)
            ]
            drawn.append(b"%s %s %s m %s %s l S" % (dashes, *ends))
        drawn.append(b"Q")
    return b"\n".join(drawn)


def _boxes(sheet: Sheet) -> bytes:
    """The page, and on it the card as it is to be cut; of a sheet with several the whole of them."""
    width, height = (b"%s" % number(dots * POINTS_PER_DOT - HAIR) for dots in (sheet.width, sheet.height))
    boxes = b"/MediaBox[0 0 %s %s]" % (width, height)
    if sheet.cards == 1 and sheet.pages > 1:
        trim = _centred(sheet, *(mm * DOTS_PER_MM for mm in TRIM_MM))
        boxes += b"/TrimBox" + trim
        if sheet.bleed:
            boxes += b"/BleedBox" + _centred(sheet, CARD_WIDTH + 2 * sheet.bleed, CARD_HEIGHT + 2 * sheet.bleed)
    return boxes


def _centred(sheet: Sheet, width: float, height: float) -> bytes:
    left, bottom = (sheet.width - width) / 2, (sheet.height - height) / 2
    edges = (left, bottom, left + width, bottom + height)
    return b"[%s]" % b" ".join(number(dots * POINTS_PER_DOT) for dots in edges)
