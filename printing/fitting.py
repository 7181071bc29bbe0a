"""Text into its box: as large as it may be, wrapped at words, and whole. Nothing is ever cut off."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from printing.errors import PrintingError
from printing.typeface import Weight, font_path

LINE_HEIGHT = 1.18
"""Lines are this many times their size apart: room for the tails of g and y above the next line's capitals."""

_WIDEST = 1.1
"""A letter that the typeface lacks comes from the machine's own fonts: reckon with the widest."""


@dataclass(frozen=True)
class Fitted:
    """A text as it stands in its box: its size in points and its lines."""

    size: float
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        """Of all its lines, in points."""
        return len(self.lines) * self.size * LINE_HEIGHT


def fit(text: str, width: float, height: float, *, sizes: Sequence[float], weight: Weight, field: str) -> Fitted:
    """``text`` at the first of ``sizes`` (largest first) at which it fits a box of ``width`` x ``height`` (points).

    Lines break at spaces and are about equally long. Only at the smallest size may a word be broken that is too long
    for a line of its own.

    Raises:
        PrintingError: ``text_does_not_fit`` about ``field``: refused, because a name cut off is a wrong name.
    """
    words = text.split()
    for size in sizes:
        if size == sizes[-1]:
            words = [piece for word in words for piece in _pieces(word, width / size, weight)]
        lines = _wrap(words, width / size, weight)
        if lines is not None and (fitted := Fitted(size, lines)).height <= height:
            return fitted
    raise PrintingError("text_does_not_fit", field)


def text_width(text: str, weight: Weight) -> float:
    """How wide ``text`` runs at size 1, without kerning (which in this typeface hardly ever widens)."""
    advances = _advances(weight)
    return sum(advances.get(ord(letter), _WIDEST) for letter in text)


def _wrap(words: list[str], width: float, weight: Weight) -> tuple[str, ...] | None:
    """The words in as few lines as can be, as even as can be; None if one of them is too wide."""
    lines = _fill(words, width, weight)
    widest = max((text_width(line, weight) for line in lines), default=0)
    if widest > width:
        return None
    while True:
        narrower = _fill(words, widest - 0.001, weight)
        next_widest = max((text_width(line, weight) for line in narrower), default=0)
        if len(narrower) > len(lines) or next_widest >= widest:
            return tuple(lines)
        lines, widest = narrower, next_widest


def _fill(words: list[str], width: float, weight: Weight) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and text_width(f"{lines[-1]} {word}", weight) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _pieces(word: str, width: float, weight: Weight) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, weight) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


@cache
def _advances(weight: Weight) -> dict[int, float]:
    font = TTFont(font_path(weight))
    unit = font["head"].unitsPerEm
    return {code: font["hmtx"][glyph][0] / unit for code, glyph in font.getBestCmap().items()}
