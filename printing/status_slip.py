"""What a family has in every programme, on an A6 slip to take home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from printing.indonesian import WIB, clock_time, long_date
from printing.typesetting import typeset

__all__ = ["StatusLine", "StatusSlip", "status_slip_pdf"]


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One programme."""

    programme: str
    word: str
    """The family's one word: ``Berhak``."""
    is_good: bool
    """Whether the family has it, or had it."""
    lines: Sequence[str]
    """What, where and when; or why not."""


@dataclass(frozen=True, slots=True)
class StatusSlip:
    """What the slip says."""

    head_name: str
    reference: str
    village: str
    statuses: Sequence[StatusLine]
    elsewhere: Sequence[tuple[str, str]]
    """Programmes that are not carried by a card, each with the office to ask."""
    printed_at: datetime
    """Aware; printed in WIB."""
    point: str
    complaint_contact: str


def status_slip_pdf(slip: StatusSlip) -> bytes:
    """Return the slip as a PDF of as many A6 pages as it needs."""
    return typeset(
        "status_slip.html",
        pages=None,
        slip=slip,
        day=long_date(slip.printed_at.astimezone(WIB).date()),
        time=clock_time(slip.printed_at),
    )
