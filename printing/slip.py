"""The receipt that a family takes home: 80 mm wide, black only, for thermal printers as for any other."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from printing.indonesian import WIB, clock_time, in_words, long_date, rupiah
from printing.typesetting import typeset, typeset_first_fit
from printing.weave import lozenge_twill

HEIGHTS_MM = (115, 150, 230)
"""WeasyPrint has no page as high as its words. Nearly every slip fits the first; the last holds the longest names."""


@dataclass(frozen=True)
class ReceiptSlip:
    """What one receipt says."""

    programme: str
    package: str
    """What was given: one package, worth this."""
    receipt_number: str
    head_name: str
    village: str
    point: str
    """The service point where it was given."""
    given_at: datetime
    """Aware; printed in WIB."""
    officer_id: str
    price: int
    """The official price in rupiah; 0 is free of charge."""
    complaint_contact: str
    title: str = "Bukti penyaluran"
    """What the slip is called, and with ``unpriced``, ``takes`` and ``ask`` how it speaks of what was given."""
    unpriced: tuple[str, str] = ("GRATIS", "tidak dipungut biaya")
    """What stands where there is no price, and what that means."""
    takes: str = "Diambil"
    ask: str = "Diminta membayar lebih atau barang kurang?"
    """When to complain."""
    taken_by: str = ""
    """Who took it, where that was not the head of the family: a member, or a proxy with the number of the letter."""
    substitution: str = ""
    """What was given in place of what."""
    spent: int | None = None
    """What was spent of a balance, in rupiah; a package has none."""
    undone_at: datetime | None = None
    """When it was taken back, where it was; the slip is no receipt then, and says so."""
    undo_reason: str = ""
    audit_tail: str | None = None
    """The last eight hex digits of the point's audit chain: the paper bears witness to the chain up to here."""


def receipt_pdf(slip: ReceiptSlip) -> bytes:
    """One page, 80 mm wide and as high as it needs of three heights.

    Raises:
        PrintingError: ``pages_do_not_match`` if the words need more than the highest.
    """
    return typeset_first_fit(HEIGHTS_MM, partial(_set, slip))


def _set(slip: ReceiptSlip, height: int) -> bytes:
    return typeset(
        "slip.html",
        pages=1,
        slip=slip,
        height=height,
        weave=lozenge_twill,
        day=long_date(slip.given_at.astimezone(WIB).date()),
        time=clock_time(slip.given_at),
        amount=rupiah(slip.price if slip.spent is None else slip.spent),
        words=in_words(slip.price if slip.spent is None else slip.spent),
        undone=_undone(slip),
    )


def _undone(slip: ReceiptSlip) -> str:
    if slip.undone_at is None:
        return ""
    day = long_date(slip.undone_at.astimezone(WIB).date())
    return f"{day}: {slip.undo_reason}" if slip.undo_reason else day
