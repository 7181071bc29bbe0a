"""The minutes of what was destroyed on a day (*berita acara pemusnahan*): spoilt cards, blanks, ribbon; to be signed.

After the practice for spoilt identity cards (SE Mendagri 470.13/11176/SJ of 13 December 2018): recorded, destroyed, and
witnessed on paper, each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from printing.indonesian import WIB, clock_time, long_date, weekday_date
from printing.typesetting import typeset

__all__ = ["DestroyedPaper", "DestroyedRow", "destroyed_pdf"]


@dataclass(frozen=True)
class DestroyedRow:
    """One spoilt card, or several blanks or ribbon sets that were spoilt outside printing."""

    what: str
    is_blank: bool
    quantity: int
    card: str
    """The card's number; empty outside printing."""
    copy_number: int | None
    """The how-manieth copy of the card it was."""
    box: str
    """The box's number; empty where none was in the books."""
    reason: str
    destroyed_by: str
    at: datetime
    """Aware; printed in WIB."""


@dataclass(frozen=True)
class DestroyedPaper:
    """Everything that stands on the minutes. No NIK, no Nomor KK, no family's name."""

    number: str
    point: str
    point_address: str
    region: str
    """Kecamatan and kabupaten of the point."""
    on_date: date
    printed_at: datetime
    rows: Sequence[DestroyedRow]
    made_by: str
    """Name and number of the officer who printed the paper."""
    chain_digits: str


def destroyed_pdf(paper: DestroyedPaper) -> bytes:
    """The minutes on sheets of A4, with places for who destroyed, two witnesses and the supervisor."""
    blanks = [row for row in paper.rows if row.is_blank]
    return typeset(
        "destroyed.html",
        pages=None,
        paper=paper,
        day=weekday_date(paper.on_date),
        printed=f"{long_date(paper.printed_at.astimezone(WIB).date())}, {clock_time(paper.printed_at)}",
        cards=[(row, clock_time(row.at)) for row in blanks if row.card],
        unprinted=[(row, clock_time(row.at)) for row in paper.rows if not row.card],
        cards_total=sum(row.quantity for row in blanks if row.card),
        blanks_total=sum(row.quantity for row in blanks if not row.card),
        ribbon_total=sum(row.quantity for row in paper.rows if not row.is_blank),
    )
