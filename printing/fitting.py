"""Text into its place, by the one rule for what is printed and what is proofed. Nothing is ever cut off.

From the size that the design gives it downwards, half a point at a time: the lines as they are; if that is too wide,
squeezed to no less than 85 %; if that is too wide as well, the next smaller size. At the smallest size a word that is
too long for a line may be broken. What does not fit then is refused, because a name cut off is a wrong name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from printing.errors import PrintingError
from printing.shaping import Lettering, Run, shape

NARROWEST = 0.85
"""Letters squeezed further look like another typeface."""

LINE_HEIGHT = 1.18
"""Lines are this many times their size apart where nobody says otherwise: room for the tails of g above capitals."""

_STEP = 0.5
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Room:
    """The place that a text may take, in points, and what it is set in."""

    width: float
    height: float
    size: float
    """The size that it is meant to have."""
    smallest: float
    lettering: Lettering
    lines: int = 1
    """At most."""
    pitch: float = LINE_HEIGHT
    """From one line to the next, in sizes."""
    narrowest: float = NARROWEST
    """1 where lines are set as they are, by a template of WeasyPrint's."""

    def sizes(self) -> Iterator[float]:
        """From the one it is meant to have down to the smallest."""
        size = self.size
        while size > self.smallest + _TOLERANCE:
            yield size
            size -= _STEP
        yield min(self.size, self.smallest)


@dataclass(frozen=True)
class Fitted:
    """A text as it stands in its place: its size in points, how far it is squeezed (1: not at all), its lines."""

    size: float
    squeeze: float
    lines: tuple[str, ...]

    def height(self, pitch: float = LINE_HEIGHT) -> float:
        """Of all its lines, in points."""
        return len(self.lines) * self.size * pitch


def fit(text: str, room: Room, field: str) -> Fitted:
    """``text`` as it fits ``room``; lines break at spaces and are about equally long.

    Raises:
        PrintingError: ``text_does_not_fit``, about ``field``.
    """
    words = text.split()
    for size in room.sizes():
        is_smallest = size <= room.smallest
        for squeeze in (1.0, room.narrowest):
            allowed = room.width / squeeze
            pieces = list(_broken(words, size, allowed, room)) if is_smallest else words
            lines = _wrap(pieces, size, allowed, room)
            if lines is not None:
                widest = max((line_width(line, size, room.lettering) for line in lines), default=0)
                return Fitted(size, min(1.0, room.width / widest) if widest else 1.0, lines)
    raise PrintingError("text_does_not_fit", field)


def line_runs(line: str, lettering: Lettering) -> list[Run]:
    """A line's words and the spaces between them, shaped. The typeface kerns no letter with a space."""
    space = shape(" ", lettering)
    runs: list[Run] = []
    for word in line.split(" "):
        runs += (shape(word, lettering), space)
    return runs[:-1]


def line_width(line: str, size: float, lettering: Lettering) -> float:
    """How wide a line runs unsqueezed, in points; the spacing after its last letter counts."""
    spacing = lettering.spacing_at(size)
    return sum(run.width(size, spacing) for run in line_runs(line, lettering))


def _wrap(words: Sequence[str], size: float, width: float, room: Room) -> tuple[str, ...] | None:
    """The words in as few lines as can be, as even as can be; None if they do not fit the room at this size."""
    most = min(room.lines, int(room.height / (size * room.pitch) + _TOLERANCE))
    widths = [line_width(word, size, room.lettering) for word in words]
    if any(word > width + _TOLERANCE for word in widths):
        return None
    space = line_width(" ", size, room.lettering)
    breaks, widest = _fill(widths, space, width)
    if len(breaks) > most:
        return None
    while len(breaks) > 1:
        narrower, next_widest = _fill(widths, space, widest - 1e-3)
        if len(narrower) > len(breaks) or next_widest >= widest:
            break
        breaks, widest = narrower, next_widest
    return tuple(" ".join(words[start:end]) for start, end in pairwise([*breaks, len(words)]))


def _fill(widths: Sequence[float], space: float, width: float) -> tuple[list[int], float]:
    """With which words lines begin that are filled one after the other, and how wide the widest becomes."""
    breaks: list[int] = []
    line = widest = 0.0
    for index, word in enumerate(widths):
        if breaks and line + space + word <= width + _TOLERANCE:
            line += space + word
        else:
            breaks.append(index)
            line = word
        widest = max(widest, line)
    return breaks, widest


def _broken(words: Sequence[str], size: float, width: float, room: Room) -> Iterator[str]:
    for word in words:
        piece = ""
        for letter in word:
            if piece and line_width(piece + letter, size, room.lettering) > width:
                yield piece
                piece = ""
            piece += letter
        yield piece
