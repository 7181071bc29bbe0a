"""The card's sizes as data, in dots of 300 to the inch: the grid that card printers print on.

Everything stands on whole dots, above all the QR code: what falls between two dots is thickened by the printer's
rasteriser. ID-1 (ISO/IEC 7810) is 85.60 x 53.98 mm with corners of 3.18 mm; 1012 x 638 dots are 85.68 x 54.02 mm,
within its tolerance.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

POINTS_PER_DOT = 72 / 300
DOTS_PER_MM = 300 / 25.4

CARD_WIDTH, CARD_HEIGHT = 1012, 638
TRIM_MM = (85.60, 53.98)
SAFE = 36
"""Nothing that must be read stands nearer to the edge than 3 mm: cutting and feeding are off by up to 1 mm."""
CORNER = 38
"""The corner's radius of 3.18 mm, rounded up."""


class Box(NamedTuple):
    """A rectangle on the card, in dots from the card's top left corner."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first dot to the right of it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first dot under it."""
        return self.top + self.height


@dataclass(frozen=True)
class Sheet:
    """The page that a card stands on: its margin around the card and how far the art runs past the card, in dots."""

    margin: int
    bleed: int
    crop_marks: bool
    colour_back: bool

    @property
    def width(self) -> int:
        """Of the page."""
        return CARD_WIDTH + 2 * self.margin

    @property
    def height(self) -> int:
        """Of the page."""
        return CARD_HEIGHT + 2 * self.margin


class CardForm(Enum):
    """For whom the card is laid out."""

    PRINTER = Sheet(margin=0, bleed=0, crop_marks=False, colour_back=False)
    """A card printer: the page is the card, and the art fills it past the trim.

    The back is pure black on white: it takes one resin panel (ribbon YMCKOK) where colour takes a whole second set.
    """
    PRESS = Sheet(margin=96, bleed=36, crop_marks=True, colour_back=True)
    """A print shop: 3 mm of bleed (36 dots are 3.05 mm) and crop marks outside it."""


# The front: the photo at the left, the words beside it, the longhouse under both.
PHOTO = Box(48, 48, 270, 360)
"""22.9 x 30.5 mm, 3:4."""
PHOTO_CHAMFER = 14
PROGRAMME = Box(358, 40, 606, 44)
HEAD_NAME = Box(358, 143, 606, 90)
CARD_NUMBER = Box(358, 258, 606, 60)
DISTRICT = Box(358, 346, 296, 44)
REGENCY = Box(668, 346, 296, 44)
ISSUE = Box(358, 410, 296, 36)
VALID_UNTIL = Box(668, 410, 296, 36)

# The back: the code at the right on its own white, the words at the left.
QR_DOTS_PER_MODULE = 5
QR = Box(639, 72, 325, 325)
NUMBER_AGAIN = Box(639, 418, 325, 36)
PROGRAMME_AGAIN = Box(48, 66, 520, 36)
FREE_OF_CHARGE = Box(48, 142, 520, 110)
NOT_FOR_SALE = Box(48, 236, 520, 44)
NO_MONEY = Box(48, 280, 520, 44)
LOSS = Box(48, 376, 520, 96)
