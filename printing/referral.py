"""The letter by which a puskesmas sends a person without health cover to Dinas Sosial: A5, black only.

It says what is asked and nothing of why: no diagnosis, and no NIK: Dinas Sosial looks at the KTP.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from printing.indonesian import WIB, clock_time, long_date
from printing.typesetting import typeset, typeset_first_fit
from printing.weave import lozenge_twill

_SIZES_PT = (9.5, 8.5, 7.5)
"""Nearly every letter is set at the first; the last holds the longest names."""


@dataclass(frozen=True)
class ReferralNote:
    """What one letter says."""

    point: str
    """The puskesmas."""
    regency: str
    """Kabupaten or kota of the family, whose Dinas Sosial is asked."""
    name: str
    birth_year: int
    card_number: str
    ask: str
    """What is asked, to follow "mohon agar"."""
    made_at: datetime
    """Aware; printed in WIB."""
    officer: str
    officer_id: str
    audit_tail: str
    """The last eight hex digits of the point's audit chain: the paper bears witness to the chain up to here."""


def referral_pdf(note: ReferralNote) -> bytes:
    """One page A5.

    Raises:
        PrintingError: ``pages_do_not_match`` if the words need more than one page at the smallest size.
    """
    return typeset_first_fit(_SIZES_PT, partial(_set, note))


def _set(note: ReferralNote, size: float) -> bytes:
    return typeset(
        "referral.html",
        pages=1,
        note=note,
        size=size,
        weave=lozenge_twill,
        day=long_date(note.made_at.astimezone(WIB).date()),
        time=clock_time(note.made_at),
    )
