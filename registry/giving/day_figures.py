"""The totals of a day of giving: what was given and taken back, what it was worth, what the books say is left."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select

from registry.days import day_bounds
from registry.db import Session
from registry.giving.standing import is_given, stands
from registry.kinds import Carrying, StockKind
from registry.models import Entitlement, Redemption, RedemptionUndo, Roster, StockEntry

__all__ = ["Figures", "sum_up_day"]

Figures = dict[str, int | None]


def sum_up_day(session: Session, roster: Roster, *, on_date: date) -> Figures:
    """Return the totals of a roster's day in packages and rupiah, as closing would store them now; nothing is locked.

    What does not apply is null: rights where balances are spent in parts, stock where none is kept.
    """
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
