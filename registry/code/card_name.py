"""The head's name as a card can carry it."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["name_on_card", "shorten"]

LONGEST = 40  # characters; with it the code of a usual name stays well under what QR version 12-M holds
_LAST_LETTER = "\u024f"  # the end of Latin Extended-B: every letter of an Indonesian name, no look-alikes beyond
_MARKS = " .,'-/"
_TYPOGRAPHIC = str.maketrans({"`": "'", "´": "'", "‘": "'", "’": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"})
_NAMELESS = "-"


def name_on_card(name: str) -> str:
    """Return a name in the letters that a card's code admits, NFC, at most 40 characters, shortened at a word.

    What is no letter of the Latin script, digit or mark of a name is left out (markup, control and direction
    characters), so that no name is refused; of a name with nothing else a dash is left.
    """
    plain = unicodedata.normalize("NFC", name).translate(_TYPOGRAPHIC)
    kept = "".join(c if _is_admitted(c) else " " if c.isspace() else "" for c in plain)
    return shorten(re.sub(" +", " ", kept).strip(), LONGEST) or _NAMELESS


def shorten(name: str, longest: int) -> str:
    """Return a name of at most so many characters, cut between words where there are any."""
    if len(name) <= longest:
        return name
    words, space, _ = name[: longest + 1].rpartition(" ")
    return (words if space else name[:longest]).rstrip(" ,-/")


def _is_admitted(character: str) -> bool:
    if character <= "\x7f":
        return character.isalnum() or character in _MARKS
    return character <= _LAST_LETTER and character.isalpha()
