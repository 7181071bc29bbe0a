"""The Indonesian words for every code of the rooms below: the core speaks codes, officers read words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from kiosk.filters import rupiah, tanggal, tanggal_jam
from kiosk.words.cards import CARD_FAULTS
from kiosk.words.faults import FAULTS
from kiosk.words.imports import REFUSALS, name_columns
from kiosk.words.kinds import AIDS, FOREIGN_CODES, KINDS
from kiosk.words.reasons import REASONS
from kiosk.words.shape import Words
from kiosk.words.steps import STEPS
from registry.kinds import BlockReason

__all__ = ["PARTS", "Words", "knows", "label", "of"]

PARTS: tuple[Mapping[str, Words], ...] = (FAULTS, STEPS, CARD_FAULTS, REFUSALS, REASONS)
"""All words for codes; no code stands in two of them."""
_WORDS: Mapping[str, Words] = {code: said for part in PARTS for code, said in part.items()}


def of(code: str, /, **detail: str) -> Words:
    """Return the words of a code, with the values of its detail in their places.

    Raises:
        KeyError: when the code has no words; a house test finds that first.
    """
    words, shown = _WORDS[code], _Shown({key: _show(key, value) for key, value in detail.items()})
    return replace(
        words,
        title=words.title.format_map(shown),
        explanation=words.explanation.format_map(shown),
        next_step=words.next_step.format_map(shown),
    )


def knows(code: str) -> bool:
    """Tell whether a code has words."""
    return code in _WORDS


def label(kind: StrEnum) -> str:
    """Return the word for a state, role, kind or right."""
    return KINDS[type(kind)][kind]


class _Shown(dict[str, str]):
    """The values of a detail; one that is missing is shown as a dash rather than failing the page."""

    def __missing__(self, key: str) -> str:
        return "–"


def _date(value: str) -> str:
    return tanggal(date.fromisoformat(value))


def _moment(value: str) -> str:
    return tanggal_jam(datetime.fromisoformat(value))


_SHOWN_AS: Mapping[str, Callable[[str], str]] = {
    "at": _moment,
    "opens_on": _date,
    "closes_on": _date,
    "listed_on": _date,
    "reason": lambda value: label(BlockReason(value)) if value else "–",
    "aid": lambda value: AIDS[value],
    "columns": name_columns,
    "kind": lambda value: FOREIGN_CODES[value],
    "most": lambda value: rupiah(int(value)),
    "officer": lambda value: value or "perintah sistem",
}
"""How the values of a detail are shown, by their name: codes and ISO times become words."""


def _show(key: str, value: str) -> str:
    return _SHOWN_AS[key](value) if key in _SHOWN_AS else value
