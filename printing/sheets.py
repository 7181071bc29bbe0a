"""How cards lie on what is printed, as data, in dots of 300 to the inch from the page's top left corner.

A sheet is symmetrical: as much is left free at the right of its cards as at their left. So a back finds its front by
mirroring its place over the edge that the paper is turned over, whichever way the printer feeds it.

::

    two-sided, long edge      two-sided, short edge     fold                A6 slip
    front      back           front      back           front │ back        front
    1 2        2 1            1 2        9̲ 1̲0̲           1     ┆ 1           back
    3 4        4 3            …          …              2     ┆ 2           words
    …          …              9 10       1̲ 2̲ (turned)   …     ┆ …
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, radians, sin
from types import MappingProxyType
from typing import NamedTuple

from printing.layout import CARD_HEIGHT, CARD_WIDTH, Box
from registry.kinds import SheetCode

LONG_EDGE, SHORT_EDGE = "two-sided-long-edge", "two-sided-short-edge"
"""Over which edge the paper is turned, in IPP's words (PWG 5100.13, ``sides``)."""

UNPRINTABLE = 60
"""What an office printer leaves white at every edge of its paper: 5 mm; the usual laser wants 4.2."""
_MARK_GAP, _MARK_LENGTH = 6, 60


class Place(NamedTuple):
    """Where a side of a card lies on a sheet."""

    page: int
    """0, or 1 for the other side of the paper."""
    x: int
    """Of the corner that is top left on the paper, also when the card lies head down."""
    y: int
    turned: bool
    """By 180°."""


class Mark(NamedTuple):
    """A hairline that says where to cut, or where to fold."""

    x1: int
    y1: int
    x2: int
    y2: int
    fold: bool


@dataclass(frozen=True)
class Sheet:
    """A kind of paper or blank and how the cards lie on it.

    A two-page sheet has its fronts on page 0 and their backs on page 1. On one page the back lies ``aside`` of its
    front, beside it (to be folded behind it) or below.
    """

    code: SheetCode
    width: int
    height: int
    pages: int = 2
    columns: int = 1
    rows: int = 1
    left: int = 0
    """Of the first front."""
    top: int = 0
    gap: int = 0
    """Between one card and the next, both ways."""
    bleed: int = 0
    """How far the art runs past the card."""
    crop_marks: bool = False
    colour_back: bool = False
    """A back in black only takes one resin panel of a card printer where colour takes a whole second ribbon set."""
    duplex: str | None = None
    aside: tuple[int, int] = (0, 0)
    """From a front's place to its back's on a one-page sheet."""
    fold: bool = False
    unprintable: int = 0

    @property
    def cards(self) -> int:
        """How many cards a sheet holds."""
        return self.columns * self.rows

    def front(self, index: int) -> Place:
        """Where the front of the card ``index`` of a sheet lies, counted from 0 by rows."""
        if not 0 <= index < self.cards:
            raise IndexError(index)
        row, column = divmod(index, self.columns)
        x = self.left + column * (CARD_WIDTH + self.gap)
        y = self.top + row * (CARD_HEIGHT + self.gap)
        return Place(0, x, y, turned=False)

    def back(self, index: int) -> Place:
        """Where its back lies.

        Over the paper's upright edge columns change sides. Over the other one rows do, and the backs lie head down,
        so that a card that is turned like a page of a book shows both sides upright. Front and back that are folded
        along their short side are upright both.
        """
        front = self.front(index)
        if self.pages == 1:
            return Place(0, front.x + self.aside[0], front.y + self.aside[1], turned=False)
        if self.turns_over_upright_edge:
            return Place(1, self.width - front.x - CARD_WIDTH, front.y, turned=False)
        return Place(1, front.x, self.height - front.y - CARD_HEIGHT, turned=True)

    @property
    def turns_over_upright_edge(self) -> bool:
        """Whether the printer turns the paper over an edge that runs from top to bottom."""
        return (self.duplex == LONG_EDGE) == (self.height >= self.width)

    def art_box(self, place: Place) -> Box:
        """What the art of a card's side may cover, bleed included; at a fold it ends with the card."""
        left, top = place.x - self.bleed, place.y - self.bleed
        right, bottom = place.x + CARD_WIDTH + self.bleed, place.y + CARD_HEIGHT + self.bleed
        if self.fold:
            fold = self.left + CARD_WIDTH
            left, right = (max(left, fold), right) if place.x >= fold else (left, min(right, fold))
        return Box(left, top, right - left, bottom - top)

    def marks(self) -> Sequence[Mark]:
        """The crop and fold marks, outside of all art; the same on both pages, for the sheet is symmetrical."""
        if not self.crop_marks:
            return ()
        fronts = [self.front(index) for index in range(self.cards)]
        backs = [self.back(index) for index in range(self.cards)] if self.pages == 1 else []
        sides = fronts + backs
        across = {x for side in sides for x in (side.x, side.x + CARD_WIDTH)}
        down = {y for side in sides for y in (side.y, side.y + CARD_HEIGHT)}
        folds = {front.x + CARD_WIDTH for front in fronts} if self.fold else set()
        from_left, to_left = self._span(min(across))
        from_top, to_top = self._span(min(down))
        marks = []
        for x in sorted(across):
            marks += [
                Mark(x, from_top, x, to_top, x in folds),
                Mark(x, self.height - to_top, x, self.height - from_top, x in folds),
            ]
        for y in sorted(down):
            marks += [
                Mark(from_left, y, to_left, y, fold=False),
                Mark(self.width - to_left, y, self.width - from_left, y, fold=False),
            ]
        return marks

    def _span(self, edge: int) -> tuple[int, int]:
        """From where to where a mark runs between the paper's edge and the art of the outermost card."""
        end = edge - self.bleed - _MARK_GAP
        return max(self.unprintable, end - _MARK_LENGTH), end


@dataclass(frozen=True)
class Adjustment:
    """How a page is moved, stretched and turned so that it comes out where it should: a printer's tray and side.

    Stretched and turned about the page's middle, then moved.
    """

    shift_x: int = 0
    """Micrometres to the right; ``shift_y`` downwards."""
    shift_y: int = 0
    scale_x: int = 0
    """Parts per million by which it is stretched; ``scale_y`` likewise."""
    scale_y: int = 0
    turn: int = 0
    """Thousandths of a degree, clockwise."""

    def matrix(self, page_width: float, page_height: float) -> tuple[float, float, float, float, float, float]:
        """The six numbers of PDF's ``cm`` for a page of this size, all in points."""
        cosine, sine = cos(radians(self.turn / 1000)), sin(radians(self.turn / 1000))
        wider, higher = 1 + self.scale_x / 1e6, 1 + self.scale_y / 1e6
        a, b, c, d = wider * cosine, -wider * sine, higher * sine, higher * cosine
        middle_x, middle_y = page_width / 2, page_height / 2
        points = 72 / 25_400
        e = middle_x - a * middle_x - c * middle_y + self.shift_x * points
        f = middle_y - b * middle_x - d * middle_y - self.shift_y * points
        return a, b, c, d, e, f


PLAIN = Adjustment()

_TEN_UP = Sheet(
    SheetCode.A4_LONG_EDGE,
    width=2480,
    height=3508,
    columns=2,
    rows=5,
    left=216,
    top=111,
    gap=24,
    bleed=12,
    crop_marks=True,
    colour_back=True,
    duplex=LONG_EDGE,
    unprintable=UNPRINTABLE,
)
"""A4 is 210 x 297 mm. Between two cards are 2 mm: a millimetre of bleed for each, and two cuts."""

_SHEETS = (
    # a card printer: the page is the card, and the art fills it past the trim
    Sheet(SheetCode.CARD, width=CARD_WIDTH, height=CARD_HEIGHT, duplex=SHORT_EDGE),
    # a print shop: 3 mm of bleed (36 dots are 3.05 mm) and crop marks outside it
    Sheet(
        SheetCode.PRESS,
        width=CARD_WIDTH + 2 * 96,
        height=CARD_HEIGHT + 2 * 96,
        left=96,
        top=96,
        bleed=36,
        crop_marks=True,
        colour_back=True,
        duplex=SHORT_EDGE,
    ),
    _TEN_UP,
    replace(_TEN_UP, code=SheetCode.A4_SHORT_EDGE, duplex=SHORT_EDGE),
    # a printer of one side: folded along the short side, glued, cut out; a fold along the long side holds four cards
    replace(
        _TEN_UP,
        code=SheetCode.A4_FOLD,
        pages=1,
        columns=1,
        left=228,
        aside=(CARD_WIDTH, 0),
        fold=True,
        duplex=None,
    ),
    # a temporary card: both sides upright, one below the other, never cut out of the words around them
    Sheet(
        SheetCode.A6_SLIP,
        width=1240,
        height=1748,
        pages=1,
        left=114,
        top=190,
        aside=(0, CARD_HEIGHT + 24),
        unprintable=UNPRINTABLE,
    ),
)

SHEETS: Mapping[SheetCode, Sheet] = MappingProxyType({sheet.code: sheet for sheet in _SHEETS})
