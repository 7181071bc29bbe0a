"""Invitations with queue numbers: A6 tickets, four on a sheet of A4, each RT led by a ticket that says how many follow.

No number of the state stands on them: they pass through the hands of neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby

from printing.fitting import Fitted, Room, fit
from printing.indonesian import rupiah, weekday_date
from printing.shaping import Lettering
from printing.typeface import Weight
from printing.typesetting import typeset_confined

__all__ = ["Occasion", "Ticket", "invitations_pdf"]

_PER_SHEET = 4
_MM = 72 / 25.4
_NAME = Room(89 * _MM, 12 * _MM, size=13, smallest=6, lettering=Lettering(Weight.BOLD), lines=4, narrowest=1)


@dataclass(frozen=True)
class Occasion:
    """What all the tickets of one printing invite to."""

    programme: str
    package: str
    point: str
    address: str
    """Of the point; may be empty."""
    price: int
    """The official price in rupiah; 0 is free of charge."""
    bring: str
    """What to bring along, in words."""
    proxy: str
    """Who may come in the family's place, in words."""
    unpriced: tuple[str, str] = ("GRATIS", "tidak dipungut biaya")
    """What stands where there is no price, and what that means."""


@dataclass(frozen=True)
class Ticket:
    """One family's invitation."""

    village: str
    rt: str
    rw: str
    name: str
    """The head of the family; or the person whose right it is."""
    number: int
    on_date: date
    starts_at: time
    ends_at: time


@dataclass(frozen=True)
class _Cover:
    village: str
    rt: str
    rw: str
    tickets: int
    sessions: list[str]


@dataclass(frozen=True)
class _Face:
    ticket: Ticket
    name: Fitted
    day: str
    window: str


def invitations_pdf(occasion: Occasion, tickets: Sequence[Ticket]) -> bytes:
    """The tickets in their order; each change of village, RW or RT begins with a cover for who hands them out.

    Raises:
        PrintingError: ``text_does_not_fit`` about ``name``; ``pages_do_not_match`` when words run over their ticket.
    """
    cells: list[_Cover | _Face] = []
    for (village, rw, rt), group in groupby(tickets, key=lambda one: (one.village, one.rw, one.rt)):
        of_lane = list(group)
        cells.append(_Cover(village, rt, rw, len(of_lane), _sessions(of_lane)))
        cells += [_face(ticket) for ticket in of_lane]
    sheets = [cells[start : start + _PER_SHEET] for start in range(0, len(cells), _PER_SHEET)]
    return typeset_confined(
        "invitations.html",
        pages=len(sheets),
        sheets=sheets,
        occasion=occasion,
        price=rupiah(occasion.price),
    )


def _face(ticket: Ticket) -> _Face:
    name = fit(ticket.name, _NAME, "name")
    return _Face(ticket, name, weekday_date(ticket.on_date), _window(ticket.starts_at, ticket.ends_at))


def _window(starts_at: time, ends_at: time) -> str:
    return f"{starts_at:%H.%M}–{ends_at:%H.%M} WIB"


def _sessions(tickets: Sequence[Ticket]) -> list[str]:
    """The sessions of one lane with its numbers in each: ``Senin, 23 November 2026, 08.00–10.00 WIB: nomor 1–12``."""
    said = []
    by_session = sorted(tickets, key=lambda one: (one.on_date, one.starts_at, one.ends_at, one.number))
    for (day, starts_at, ends_at), group in groupby(
        by_session, key=lambda one: (one.on_date, one.starts_at, one.ends_at)
    ):
        numbers = [one.number for one in group]
        span = f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else f"{numbers[0]}"
        said.append(f"{weekday_date(day)}, {_window(starts_at, ends_at)}: nomor {span}")
    return said
