"""A village's list by name and address (*BNBA*) on A4, to hang up at the village office: no NIK, no Nomor KK."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from printing.indonesian import WIB, clock_time, long_date, rupiah
from printing.typesetting import typeset_confined

_HASH_DIGITS = 16  # of 64: what a person compares; the whole hash stands with the determination

__all__ = ["NameLine", "NameList", "name_list_pdf"]


@dataclass(frozen=True, slots=True)
class NameLine:
    """One family or person."""

    name: str
    head_name: str
    """The head of the person's family; empty where the name is the head's."""
    address: str
    rt_rw: str
    """``003/001``."""
    basis: str
    """On what the right stands, in words."""
    note: str = ""
    """That it came by an addendum."""


@dataclass(frozen=True, slots=True)
class NameList:
    """One village's part of a round's list."""

    programme: str
    round: str
    price: int
    """The official price in rupiah; 0 is free of charge."""
    village: str
    district: str
    regency: str
    decree_number: str
    """Empty while the list is not determined: the paper says that it is a draft."""
    decree_date: date | None
    list_hash: str
    """The whole list's SHA-256 as hex digits; empty while it is not determined."""
    printed_at: datetime
    """Aware; printed in WIB."""
    lines: Sequence[NameLine]
    complaint_contact: str


def name_list_pdf(listed: NameList) -> bytes:
    """Return the list as a PDF, as many pages of A4 as it needs, each numbered and with the decree and the hash."""
    return typeset_confined(
        "bnba.html",
        pages=None,
        listed=listed,
        decree_date=long_date(listed.decree_date) if listed.decree_date else "",
        digits=" ".join(listed.list_hash[start : start + 4] for start in range(0, _HASH_DIGITS, 4)),
        day=long_date(listed.printed_at.astimezone(WIB).date()),
        time=clock_time(listed.printed_at),
        price=rupiah(listed.price),
    )
