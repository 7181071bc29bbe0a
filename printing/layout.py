"""The card's sizes as data, in dots of 300 to the inch: the grid that card printers print on.

Everything stands on whole dots, above all the QR code: what falls between two dots is thickened by the printer's
rasteriser. ID-1 (ISO/IEC 7810) is 85.60 x 53.98 mm with corners of 3.18 mm; 1012 x 638 dots are 85.68 x 54.02 mm,
within its tolerance.
"""

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


# Where the packaged design has its pictures.
PHOTO = Box(48, 48, 270, 360)
"""22.9 x 30.5 mm, 3:4."""
QR_DOTS_PER_MODULE = 5
QR = Box(631, 72, 325, 325)
QR_QUIET = Box(611, 52, 365, 365)
"""The code with its four white modules (ISO/IEC 18004); all of it in the safe area, so that no cut reaches it."""
