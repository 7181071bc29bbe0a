"""The day's minutes of a service point (*berita acara*): one sheet of totals to sign, then the list of receivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from printing.indonesian import WIB, clock_time, long_date, rupiah, weekday_date
from printing.typesetting import typeset

__all__ = ["MinutesPaper", "ProxyLine", "ReceiverLine", "StockFigures", "minutes_pdf"]


@dataclass(frozen=True)
class ReceiverLine:
    """One package that was given, or given before and taken back on the day."""

    receipt_number: str
    queue_number: int | None
    head_name: str
    receiver: str
    """Who took it, in words."""
    given_at: datetime
    """Aware; printed in WIB."""
    is_undone: bool
    substitution: str


@dataclass(frozen=True)
class ProxyLine:
    """One proxy from outside a family, and for how many families they collected in the round."""

    name: str
    nik_last: str
    families: int


@dataclass(frozen=True)
class StockFigures:
    """Packages at the point; a count that was not made is None, as is its difference from the books."""

    delivered: int
    given: int
    damaged: int
    returned: int
    left: int
    counted: int | None
    difference: int | None


@dataclass(frozen=True)
class MinutesPaper:
    """Everything that stands on the minutes. No NIK, no Nomor KK, no official's portrait."""

    number: str
    revision: int
    office: str
    programme: str
    round_name: str
    package: str
    act: str
    """What the giving is called, in words: ``penyaluran``, ``tanda bayar``."""
    deed: str
    """What was done, in words: ``disalurkan``, ``ditandai sudah dibayar``."""
    left_words: str
    """What the rest is called, in words: ``belum diambil``."""
    is_of_goods: bool
    """Whether packages or goods were given, and not money marked as paid or a status recorded."""
    decree: str
    """Under which decree the list was determined, in words; empty when none is known."""
    point: str
    point_address: str
    region: str
    """Kecamatan and kabupaten of the point."""
    on_date: date
    closed_at: datetime
    entitled: int | None
    """None where rights are not counted in units (a balance), as is ``left``."""
    given_today: int
    given_before: int
    undone_today: int
    left: int | None
    paid_today: int
    """What families paid on the day in rupiah."""
    stock: StockFigures | None
    """None where packages are not counted."""
    proxy_limit: int
    proxies: Sequence[ProxyLine]
    lines: Sequence[ReceiverLine]
    undone_later: Sequence[ReceiverLine]
    note: str
    closed_by: str
    """Name and number of the officer who closed the day."""
    chain_digits: str


def minutes_pdf(paper: MinutesPaper) -> bytes:
    """The minutes on sheets of A4, every one with its number among all, the day and the verification code."""
    return typeset(
        "minutes.html",
        pages=None,
        paper=paper,
        day=weekday_date(paper.on_date),
        closed=f"{long_date(paper.closed_at.astimezone(WIB).date())}, {clock_time(paper.closed_at)}",
        paid=rupiah(paper.paid_today),
        lines=[(line, clock_time(line.given_at)) for line in paper.lines],
        undone_later=[
            (line, long_date(line.given_at.astimezone(WIB).date()), clock_time(line.given_at))
            for line in paper.undone_later
        ],
        substitutions=[line for line in paper.lines if line.substitution and not line.is_undone],
        by_proxy=sum(proxy.families for proxy in paper.proxies),
    )
