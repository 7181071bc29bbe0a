"""The slip that a family takes home with the number of its complaint: A6, black only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from printing.indonesian import WIB, clock_time, long_date
from printing.typesetting import typeset
from printing.weave import lozenge_twill

__all__ = ["ComplaintSlip", "complaint_pdf"]


@dataclass(frozen=True, slots=True)
class ComplaintSlip:
    """What one slip says: nothing of the family, for it may be found by anybody."""

    number: str
    kind: str
    made_at: datetime
    """Aware; printed in WIB."""
    point: str
    """The service point where it was taken."""
    next_step: str
    where_to_ask: str


def complaint_pdf(slip: ComplaintSlip) -> bytes:
    """Return one page of A6.

    Raises:
        PrintingError: ``pages_do_not_match`` if the words need more.
    """
    return typeset(
        "complaint_slip.html",
        pages=1,
        slip=slip,
        weave=lozenge_twill,
        day=long_date(slip.made_at.astimezone(WIB).date()),
        time=clock_time(slip.made_at),
    )
