"""The slip of a school or campus that confirmed a pupil: 80 mm wide and black only, as the receipt of a package.

It shows the child, and nothing of the family: no head, no village, no card.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from printing.indonesian import WIB, clock_time, long_date
from printing.slip import HEIGHTS_MM
from printing.typesetting import typeset, typeset_first_fit
from printing.weave import lozenge_twill

__all__ = ["EnrolmentSlip", "enrolment_pdf"]


@dataclass(frozen=True, slots=True)
class EnrolmentSlip:
    """What one slip says."""

    programme: str
    receipt_number: str
    name: str
    """The pupil's."""
    birth_year: int
    stated: Sequence[tuple[str, str]]
    """What the school or campus stated with it, each with its name: the NISN, or the campus and the letter."""
    point: str
    """The school or campus office, with its NPSN where it has one."""
    given_at: datetime
    """Aware; printed in WIB."""
    officer_id: str
    complaint_contact: str
    undone_at: datetime | None = None
    """When it was taken back, where it was; the slip proves nothing then, and says so."""
    audit_tail: str | None = None
    """The last eight hex digits of the point's audit chain: the paper bears witness to the chain up to here."""


def enrolment_pdf(slip: EnrolmentSlip) -> bytes:
    """Return one page, 80 mm wide and as high as it needs of three heights.

    Raises:
        PrintingError: ``pages_do_not_match`` if the words need more than the highest.
    """
    return typeset_first_fit(HEIGHTS_MM, partial(_set, slip))


def _set(slip: EnrolmentSlip, height: int) -> bytes:
    return typeset(
        "enrolment_slip.html",
        pages=1,
        slip=slip,
        height=height,
        weave=lozenge_twill,
        day=long_date(slip.given_at.astimezone(WIB).date()),
        time=clock_time(slip.given_at),
        undone=slip.undone_at and long_date(slip.undone_at.astimezone(WIB).date()),
    )
