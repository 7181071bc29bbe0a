"""The day's minutes (*berita acara*) of one roster: closing a day, and what the paper says of it for ever after.

Closing stores the totals and the seq up to which the hub had given; the list of receivers is read again from history,
which nobody can change, up to that seq. So a paper printed a year later says what it said on the day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from registry.audit import Actor, head_hash, record
from registry.days import day_bounds, local_day
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.free_text import check_free_text
from registry.giving.redemptions import OwnHub, lock_own_hub
from registry.giving.standing import is_given, stands
from registry.giving.stock import note_stock, read_stock
from registry.keys.keys import KeyRing
from registry.kinds import Carrying, RoundState, StockKind
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
    ServicePoint,
    StockEntry,
)
from registry.regions import within

__all__ = [
    "DayLine",
    "DayOfGiving",
    "ProxyTally",
    "close_day",
    "find_unclosed_days",
    "get_minutes",
    "get_own_minutes",
    "given_since",
    "list_minutes",
    "list_minutes_of_round",
    "preview_figures",
    "read_day",
]

_CHAIN_DIGITS = 12
_LONGEST_NOTE = 200  # the column's width

Figures = dict[str, int | None]
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


def close_day(
    session: Session,
    roster: Roster,
    *,
    on_date: date,
    counted: int | None,
    note: str = "",
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Minutes:
    """Close a day of giving: count what is left, and store the minutes; done again they are the next revision.

    Nothing is locked by it. What is given afterwards stands in the next revision.

    Args:
        counted: the packages that were counted at the point; asked for where stock is kept and the day is today.
        note: what the officers want to have said; no names and no numbers of people.

    Raises:
        Conflict: code ``round_preparing``.
        RegistryError: code ``day_to_come``, ``count_missing``, ``difference_unexplained`` (the count differs from the
            books and no note says why), ``text_holds_number``, and those of
            :func:`registry.giving.stock.note_stock`.
    """
    note = check_free_text(note)[:_LONGEST_NOTE]
    if roster.round.state is RoundState.PREPARING:
        raise Conflict("round_preparing")
    if on_date > local_day(at):
        raise RegistryError("day_to_come")
    hub = lock_own_hub(session.connection())
    stock = read_stock(session, roster.id)
    if stock is not None and on_date == local_day(at):
        if counted is None:
            raise RegistryError("count_missing")
        if counted != stock.left and not note:
            raise RegistryError("difference_unexplained", packages=str(stock.left))
        note_stock(
            session,
            roster,
            StockKind.COUNTED,
            entry_id=new_id(),
            quantity=counted,
            note=note,
            actor=actor,
            keys=keys,
            at=at,
        )
    figures = _figures(session, roster, hub, on_date=on_date)
    newest = session.scalar(
        select(func.max(Minutes.revision)).where(Minutes.roster_id == roster.id, Minutes.on_date == on_date)
    )
    made = Minutes(
        id=new_id(),
        roster_id=roster.id,
        on_date=on_date,
        revision=(newest or 0) + 1,
        figures=figures,
        note=note,
        closed_at=at,
        officer_id=actor.officer_id,
    )
    # its own line stands in the chain before the digits are taken: they bear witness to these totals too
    record(
        session,
        "minutes.closed",
        f"minutes:{made.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        on_day=on_date.isoformat(),
        revision=made.revision,
        given=figures["given_today"],
        stock_left=figures["stock_left"],
        counted=figures["counted"],
    )
    made.chain_digits = head_hash(session, actor.point_id).hex()[-_CHAIN_DIGITS:]
    session.add(made)
    session.flush()
    return made


def preview_figures(session: Session, roster: Roster, *, on_date: date) -> Mapping[str, int | None]:
    """Return the totals of a day as closing would store them now; nothing is locked."""
    return _figures(session, roster, None, on_date=on_date)


def get_minutes(session: Session, minutes_id: UUID, *, area: str) -> Minutes:
    """Return minutes of a service point of an area, for who manages the rounds there.

    Raises:
        NotFound: code ``minutes_unknown``.
    """
    return _get_minutes(session, minutes_id, within(ServicePoint.area_code, area))


def get_own_minutes(session: Session, minutes_id: UUID, *, point_id: UUID) -> Minutes:
    """Return minutes of an officer's own service point.

    Raises:
        NotFound: code ``minutes_unknown``, also for another point's.
    """
    return _get_minutes(session, minutes_id, ServicePoint.id == point_id)


def find_unclosed_days(session: Session, roster_id: UUID, *, before: date) -> Sequence[date]:
    """Return the days before one on which something was given and that were never closed, the earliest first."""
    begins, _ = day_bounds(before)
    given_at = session.scalars(
        select(Redemption.given_at)
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .where(Entitlement.roster_id == roster_id, Redemption.given_at < begins)
    )
    closed = set(session.scalars(select(Minutes.on_date).where(Minutes.roster_id == roster_id)))
    return sorted({local_day(at) for at in given_at} - closed)


def list_minutes(session: Session, roster_id: UUID) -> Sequence[Minutes]:
    """Return all minutes of a roster, the newest first."""
    return session.scalars(
        select(Minutes).where(Minutes.roster_id == roster_id).order_by(Minutes.on_date.desc(), Minutes.revision.desc())
    ).all()


def list_minutes_of_round(session: Session, round_id: UUID) -> Sequence[Minutes]:
    """Return the minutes of all points of a round that hold: of each day the newest revision, the newest day first."""
    newest = (
        select(Minutes.roster_id, Minutes.on_date, func.max(Minutes.revision).label("revision"))
        .join(Roster, Roster.id == Minutes.roster_id)
        .where(Roster.round_id == round_id)
        .group_by(Minutes.roster_id, Minutes.on_date)
        .subquery()
    )
    return session.scalars(
        select(Minutes)
        .join(
            newest,
            (newest.c.roster_id == Minutes.roster_id)
            & (newest.c.on_date == Minutes.on_date)
            & (newest.c.revision == Minutes.revision),
        )
        .join(Minutes.roster)
        .join(Roster.point)
        .options(contains_eager(Minutes.roster).contains_eager(Roster.point))
        .order_by(Minutes.on_date.desc(), ServicePoint.name, Minutes.id)
    ).all()


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


def _get_minutes(session: Session, minutes_id: UUID, where: ColumnElement[bool]) -> Minutes:
    found = session.scalar(
        select(Minutes)
        .join(Roster, Roster.id == Minutes.roster_id)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .where(Minutes.id == minutes_id, where)
    )
    if found is None:
        raise NotFound("minutes_unknown")
    return found


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


def _figures(session: Session, roster: Roster, hub: OwnHub | None, *, on_date: date) -> Figures:
    begins, ends = day_bounds(on_date)
    counts_rights = roster.round.programme.carrying is Carrying.GIVEN
    entitled = _count_rights(session, roster.id)
    waiting = _count_rights(session, roster.id, ~is_given())
    stock = _stock_figures(session, roster, begins, ends)
    return {
        "entitled": entitled if counts_rights else None,
        "given_today": _count_given(session, roster.id, begins, ends),
        "given_before": _count_given(session, roster.id, None, begins),
        "undone_today": _count_undone(session, roster.id, begins, ends),
        "left": waiting if counts_rights else None,
        "value_today": _sum_given(session, roster.id, Redemption.value, begins, ends),
        "paid_today": _sum_given(session, roster.id, Redemption.price, begins, ends),
        **stock,
        "incarnation": hub.incarnation if hub else None,
        "seq": hub.last_seq if hub else None,
    }


def _count_rights(session: Session, roster_id: UUID, *further: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Entitlement).where(Entitlement.roster_id == roster_id, stands(), *further)
    return session.scalar(query) or 0


def _standing_on(roster_id: UUID, begins: datetime | None, ends: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions of packages given in a time and not taken back before its end."""
    is_undone = exists().where(RedemptionUndo.redemption_id == Redemption.id, RedemptionUndo.undone_at < ends)
    of_roster = Redemption.entitlement_id.in_(select(Entitlement.id).where(Entitlement.roster_id == roster_id))
    conditions = [of_roster, Redemption.given_at < ends, ~is_undone]
    return conditions if begins is None else [*conditions, Redemption.given_at >= begins]


def _count_given(session: Session, roster_id: UUID, begins: datetime | None, ends: datetime) -> int:
    query = select(func.count()).select_from(Redemption).where(*_standing_on(roster_id, begins, ends))
    return session.scalar(query) or 0


def _sum_given(session: Session, roster_id: UUID, column: Any, begins: datetime, ends: datetime) -> int:
    return int(session.scalar(select(func.sum(column)).where(*_standing_on(roster_id, begins, ends))) or 0)


def _count_undone(session: Session, roster_id: UUID, begins: datetime, ends: datetime) -> int:
    query = (
        select(func.count())
        .select_from(RedemptionUndo)
        .join(Redemption, Redemption.id == RedemptionUndo.redemption_id)
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .where(Entitlement.roster_id == roster_id, RedemptionUndo.undone_at >= begins, RedemptionUndo.undone_at < ends)
    )
    return session.scalar(query) or 0


def _stock_figures(session: Session, roster: Roster, begins: datetime, until: datetime) -> Figures:
    """Return what the books said at a day's end, from history; all null where nothing had been delivered by then."""
    rows = session.execute(
        select(StockEntry.kind, func.sum(StockEntry.quantity))
        .where(StockEntry.roster_id == roster.id, StockEntry.kind != StockKind.COUNTED, StockEntry.at < until)
        .group_by(StockEntry.kind)
    )
    sums = {kind: int(quantity) for kind, quantity in rows}
    if StockKind.DELIVERED not in sums:
        return dict.fromkeys(("delivered", "damaged", "returned", "given", "stock_left", "counted", "difference"), None)
    delivered, damaged, returned = (
        sums.get(kind, 0) for kind in (StockKind.DELIVERED, StockKind.DAMAGED, StockKind.RETURNED)
    )
    given = _count_given(session, roster.id, None, until)
    left = delivered - damaged - returned - given
    counted = session.scalar(
        select(StockEntry.quantity)
        .where(
            StockEntry.roster_id == roster.id,
            StockEntry.kind == StockKind.COUNTED,
            StockEntry.at >= begins,
            StockEntry.at < until,
        )
        .order_by(StockEntry.at.desc(), StockEntry.id.desc())
        .limit(1)
    )
    return {
        "delivered": delivered,
        "damaged": damaged,
        "returned": returned,
        "given": given,
        "stock_left": left,
        "counted": counted,
        "difference": None if counted is None else counted - left,
    }
