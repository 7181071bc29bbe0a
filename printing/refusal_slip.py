"""The slip that tells a family why it was refused, and where to go with it: A6, black only, of one page or more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from printing.indonesian import WIB, clock_time, long_date
from printing.typesetting import typeset, typeset_first_fit
from printing.weave import lozenge_twill

__all__ = ["RefusalSlip", "ToldReason", "refusal_pdf"]

_MOST_PAGES = 6  # three or four reasons fit a page, and no refusal has twenty


@dataclass(frozen=True, slots=True)
class ToldReason:
    """One reason as the officer's screen said it."""

    title: str
    explanation: str
    next_step: str


@dataclass(frozen=True, slots=True)
class RefusalSlip:
    """What one slip says."""

    programme: str
    """Empty when nothing was asked for but the card itself."""
    card_number: str
    """Empty when no card of ours was shown."""
    person: str
    """Whose right was asked for, by name and birth year; empty where it is the family's, or nobody was chosen."""
    told_at: datetime
    """Aware; printed in WIB."""
    point: str
    reasons: Sequence[ToldReason]
    complaint_number: str
    """Empty when the family has not complained."""


def refusal_pdf(slip: RefusalSlip) -> bytes:
    """Return as many pages of A6 as the reasons need.

    Raises:
        PrintingError: ``pages_do_not_match`` if they need more than six.
    """
    return typeset_first_fit(range(1, _MOST_PAGES + 1), partial(_set, slip))


def _set(slip: RefusalSlip, pages: int) -> bytes:
    return typeset(
        "refusal_slip.html",
        pages=pages,
        slip=slip,
        weave=lozenge_twill,
        day=long_date(slip.told_at.astimezone(WIB).date()),
        time=clock_time(slip.told_at),
    )
