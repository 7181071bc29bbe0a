"""Closing a day of giving, and the days that nobody has closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from registry.audit import Actor, head_hash, record
from registry.days import day_bounds, local_day
from registry.db import Session, new_id
from registry.errors import Conflict, RegistryError
from registry.free_text import check_free_text
from registry.giving.day_figures import sum_up_day
from registry.giving.redemptions import lock_own_hub
from registry.giving.stock import note_stock, read_stock
from registry.keys.keys import KeyRing
from registry.kinds import RoundState, StockKind
from registry.models import Entitlement, Minutes, Redemption, Roster

__all__ = ["close_day", "find_unclosed_days"]

_CHAIN_DIGITS = 12
_LONGEST_NOTE = 200  # the column's width


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
    figures = sum_up_day(session, roster, on_date=on_date) | {"incarnation": hub.incarnation, "seq": hub.last_seq}
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
