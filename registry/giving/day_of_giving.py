"""What was given on a day that was closed, package by package: read from history as it stood at the closing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from registry.days import day_bounds
from registry.db import Session
from registry.models import (
    Card,
    Entitlement,
    Minutes,
    Person,
    Proxy,
    QueueTicket,
    Redemption,
    RedemptionUndo,
    Roster,
)

__all__ = ["DayLine", "DayOfGiving", "ProxyTally", "given_since", "read_day"]

_Receiver = aliased(Person, name="receiver")


@dataclass(frozen=True, slots=True)
class DayLine:
    """One package that was given on the day, or taken back on it."""

    receipt_number: str
    queue_number: int | None
    head_name: str
    """As it stands on the card that was scanned."""
    receiver: str
    """Who of the family took it, by name; empty when none was named or a proxy did."""
    proxy: str
    proxy_letter: str
    value: int
    price: int
    given_at: datetime
    is_undone: bool
    substitution: str


@dataclass(frozen=True, slots=True)
class ProxyTally:
    """One proxy from outside, and for how many families they have collected in the round up to the closing."""

    name: str
    nik_last: str
    families: int


@dataclass(frozen=True, slots=True)
class DayOfGiving:
    """What the minutes list besides their totals."""

    lines: Sequence[DayLine]
    """What was given on the day, in the order of giving."""
    undone_later: Sequence[DayLine]
    """What was given on an earlier day and taken back on this one."""
    proxies: Sequence[ProxyTally]
    """The proxies of the day, those who collected most at the head."""


def read_day(session: Session, minutes: Minutes) -> DayOfGiving:
    """Return what was given and taken back on the day of these minutes, as it stood when they were closed."""
    begins, ends = day_bounds(minutes.on_date)
    known = _was_given_before(minutes.figures)
    today = and_(Redemption.given_at >= begins, Redemption.given_at < ends)
    undone_today = and_(
        Redemption.given_at < begins, RedemptionUndo.undone_at >= begins, RedemptionUndo.undone_at < ends
    )
    is_undone = RedemptionUndo.undone_at.is_not(None) & (RedemptionUndo.undone_at <= minutes.closed_at)
    rows = session.execute(
        select(
            Redemption.receipt_number,
            QueueTicket.number,
            Card.head_name,
            func.coalesce(_Receiver.name, ""),
            func.coalesce(Proxy.name, ""),
            Redemption.proxy_letter,
            Redemption.value,
            Redemption.price,
            Redemption.given_at,
            func.coalesce(is_undone, False),
            Redemption.substitution,
        )
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .join(Card, Card.id == Redemption.card_id)
        .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
        .outerjoin(QueueTicket, QueueTicket.entitlement_id == Entitlement.id)
        .outerjoin(_Receiver, _Receiver.id == Redemption.receiver_id)
        .outerjoin(Proxy, Proxy.id == Redemption.proxy_id)
        .where(Entitlement.roster_id == minutes.roster_id, known, or_(today, and_(undone_today, is_undone)))
        .order_by(Redemption.seq, Redemption.id)
    )
    lines = [DayLine(*row) for row in rows]
    return DayOfGiving(
        [line for line in lines if line.given_at >= begins],
        [line for line in lines if line.given_at < begins],
        _tally_proxies(session, minutes, known & today),
    )


def given_since(session: Session, minutes: Minutes) -> int:
    """Return how many packages were given on the day of these minutes after they were closed."""
    begins, ends = day_bounds(minutes.on_date)
    query = (
        select(func.count())
        .select_from(Redemption)
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .where(
            Entitlement.roster_id == minutes.roster_id,
            Redemption.given_at >= begins,
            Redemption.given_at < ends,
            ~_was_given_before(minutes.figures),
        )
    )
    return session.scalar(query) or 0


def _tally_proxies(session: Session, minutes: Minutes, of_the_day: ColumnElement[bool]) -> Sequence[ProxyTally]:
    is_undone = exists().where(
        RedemptionUndo.redemption_id == Redemption.id, RedemptionUndo.undone_at <= minutes.closed_at
    )
    came_today = (
        select(Redemption.proxy_id)
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .where(Entitlement.roster_id == minutes.roster_id, Redemption.proxy_id.is_not(None), of_the_day)
    )
    families = func.count(func.distinct(Entitlement.family_id)).label("families")
    round_id = select(Roster.round_id).where(Roster.id == minutes.roster_id).scalar_subquery()
    rows = session.execute(
        select(Proxy.name, Proxy.nik_last, families)
        .join(Redemption, Redemption.proxy_id == Proxy.id)
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .where(
            Proxy.id.in_(came_today),
            Entitlement.round_id == round_id,
            ~is_undone,
            _was_given_before(minutes.figures),
        )
        .group_by(Proxy.id, Proxy.name, Proxy.nik_last)
        .order_by(families.desc(), Proxy.name, Proxy.id)
    )
    return [ProxyTally(*row) for row in rows]


def _was_given_before(figures: Mapping[str, Any]) -> ColumnElement[bool]:
    """Return the condition that a package was given before a day was closed: by seq, since clocks overlap."""
    incarnation, seq = figures["incarnation"], figures["seq"]
    return or_(Redemption.incarnation < incarnation, and_(Redemption.incarnation == incarnation, Redemption.seq <= seq))
