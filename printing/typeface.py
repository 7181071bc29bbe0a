"""The typeface that everything is set in: Plus Jakarta Sans, which travels with the project (fonts/README.md)."""

from enum import IntEnum
from pathlib import Path

FAMILY = "Plus Jakarta Sans"

_FONTS = Path(__file__).parent / "fonts"


class Weight(IntEnum):
    """The weights that are used, as CSS numbers them."""

    MEDIUM = 500
    BOLD = 700
    EXTRA_BOLD = 800


def font_path(weight: Weight) -> Path:
    """Where the font file of a weight lies."""
    return _FONTS / f"PlusJakartaSans-{weight.name.title().replace('_', '')}.ttf"
