"""The Indonesian words for every code of the rooms below: the core speaks codes, officers read words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from kiosk.filters import hari_tanggal, rupiah, tanggal, tanggal_jam
from kiosk.words.calibrations import CALIBRATION_FAULTS
from kiosk.words.cards import CARD_FAULTS
from kiosk.words.care import CARE_FAULTS
from kiosk.words.clauses import say_facts
from kiosk.words.complaints import COMPLAINT_FAULTS
from kiosk.words.designs import DESIGN_FAULTS
from kiosk.words.event_faults import EVENT_FAULTS
from kiosk.words.faults import FAULTS
from kiosk.words.given import ALREADY_GIVEN_AS
from kiosk.words.imports import REFUSALS, name_columns
from kiosk.words.kinds import FOREIGN_CODES, KINDS
from kiosk.words.photos import PHOTO_FAULTS
from kiosk.words.printers import PRINTER_FAULTS
from kiosk.words.prints import PRINT_FAULTS
from kiosk.words.programmes import PROGRAMME_FAULTS
from kiosk.words.reasons import REASONS
from kiosk.words.rounds import ROUND_FAULTS
from kiosk.words.serving import SERVING_FAULTS
from kiosk.words.shape import Words
from kiosk.words.steps import STEPS
from kiosk.words.supplies import SUPPLY_FAULTS
from registry.kinds import BlockReason, CardMedium, PointKind, Proof

__all__ = ["PARTS", "Words", "knows", "label", "of"]

PARTS: tuple[Mapping[str, Words], ...] = (
    FAULTS,
    STEPS,
    CALIBRATION_FAULTS,
    CARD_FAULTS,
    CARE_FAULTS,
    PRINT_FAULTS,
    PRINTER_FAULTS,
    REFUSALS,
    REASONS,
    SERVING_FAULTS,
    COMPLAINT_FAULTS,
    PHOTO_FAULTS,
    PROGRAMME_FAULTS,
    ROUND_FAULTS,
    EVENT_FAULTS,
    SUPPLY_FAULTS,
    DESIGN_FAULTS,
)
"""All words for codes; no code stands in two of them."""
_WORDS: Mapping[str, Words] = {code: said for part in PARTS for code, said in part.items()}
_BY_UNIT: Mapping[str, Mapping[str, Words]] = {"already_given": ALREADY_GIVEN_AS}


def of(code: str, /, **detail: str) -> Words:
    """Return the words of a code, with the values of its detail in their places; by the unit where they differ.

    Raises:
        KeyError: when the code has no words; a house test finds that first.
    """
    words = _BY_UNIT.get(code, {}).get(detail.get("unit", ""), _WORDS[code])
    shown = _Shown({key: _show(key, value) for key, value in detail.items()})
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


_AT_THE_COUNTER: Mapping[CardMedium, str] = {
    CardMedium.PLASTIC: "kartu baru",
    CardMedium.PAPER: "mengambil kartu tetap, pengganti kartu sementara ini",
}
_SHOWN_AS: Mapping[str, Callable[[str], str]] = {
    "at": _moment,
    "opens_on": _date,
    "closes_on": _date,
    "listed_on": _date,
    "as_of": _date,
    "medium": lambda value: _AT_THE_COUNTER[CardMedium(value)],
    "reason": lambda value: label(BlockReason(value)) if value else "–",
    "facts": say_facts,
    "columns": name_columns,
    "kind": lambda value: FOREIGN_CODES[value],
    "most": lambda value: rupiah(int(value)),
    "officer": lambda value: value or "perintah sistem",
    "proofs": lambda value: ", ".join(label(Proof(proof)) for proof in value.split()),
    "price": lambda value: rupiah(int(value)),
    "left": lambda value: rupiah(int(value)),
    "amount": lambda value: rupiah(int(value)) if value else "lebih dari itu",
    "date": lambda value: hari_tanggal(date.fromisoformat(value)),
    "starts": lambda value: value.replace(":", "."),
    "ends": lambda value: f"{value.replace(':', '.')} WIB",
    "npsn": lambda value: f" (NPSN {value})" if value else "",
    "places": lambda value: ", ".join(label(PointKind(place)) for place in value.split()) or "–",
}
"""How the values of a detail are shown, by their name: codes and ISO times become words."""


def _show(key: str, value: str) -> str:
    return _SHOWN_AS[key](value) if key in _SHOWN_AS else value
