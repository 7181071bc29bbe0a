"""The stock of a service point: what was delivered, damaged, returned, given, and what is left by the books.

Counting begins with a roster's first delivery; before it packages are given without counting. Giving itself takes one
off in its own transaction (registry/giving/redemptions.py); the CHECKs of the table are the last guard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from registry.audit import Actor, record
from registry.db import Session
from registry.errors import Conflict, RegistryError
from registry.free_text import check_free_text
from registry.giving.redemptions import lock_own_hub
from registry.giving.standing import is_given, stands
from registry.keys.keys import KeyRing
from registry.kinds import Carrying, RoundState, StockKind, Unit
from registry.models import Entitlement, Redemption, RedemptionUndo, Roster, Stock, StockEntry

__all__ = ["KEPT_IN_STORE", "MOST_AT_ONCE", "StockState", "is_countable", "list_entries", "note_stock", "read_stock"]

KEPT_IN_STORE = frozenset({Unit.PACKAGE, Unit.GOODS})
"""What lies in a store and is counted; money, policies, registrations and status do not."""
MOST_AT_ONCE = 20_000
"""Packages in one entry: no point of the province has so many families; more is a slip of the finger."""
_LOW_TENTH = 10
_LONGEST_DOCUMENT, _LONGEST_NOTE = 80, 200  # the columns' widths


@dataclass(frozen=True, slots=True)
class StockState:
    """The stock of one roster in packages."""

    delivered: int
    damaged: int
    returned: int
    given: int
    to_come: int
    """How many packages are still to be given: rights that stand and have not been taken."""

    @property
    def left(self) -> int:
        """What must be there by the books."""
        return self.delivered - self.damaged - self.returned - self.given

    @property
    def lacking(self) -> int:
        """How many packages there are too few for those still to come."""
        return max(0, self.to_come - self.left)

    @property
    def is_low(self) -> bool:
        """Whether it is time to ask for more: too few for those still to come, or less than a tenth is left."""
        return self.to_come > 0 and (self.lacking > 0 or self.left * _LOW_TENTH < self.delivered)


def is_countable(roster: Roster) -> bool:
    """Tell whether what a roster gives lies in a store: packages or goods, not money, status or registrations."""
    programme = roster.round.programme
    return programme.carrying is Carrying.GIVEN and programme.unit in KEPT_IN_STORE


def read_stock(session: Session, roster_id: UUID) -> StockState | None:
    """Return the stock of a roster; none when nothing was delivered yet, so that nothing is counted."""
    row = session.execute(
        select(Stock.delivered, Stock.damaged, Stock.returned, Stock.given).where(Stock.roster_id == roster_id)
    ).one_or_none()
    if row is None:
        return None
    to_come = session.scalar(
        select(func.count()).select_from(Entitlement).where(Entitlement.roster_id == roster_id, stands(), ~is_given())
    )
    return StockState(*row, to_come=to_come or 0)


def list_entries(session: Session, roster_id: UUID) -> Sequence[StockEntry]:
    """Return what was noted of a roster's stock, the newest first."""
    return session.scalars(
        select(StockEntry).where(StockEntry.roster_id == roster_id).order_by(StockEntry.at.desc(), StockEntry.id.desc())
    ).all()


def note_stock(
    session: Session,
    roster: Roster,
    kind: StockKind,
    *,
    entry_id: UUID,
    quantity: int,
    document: str = "",
    note: str = "",
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> StockEntry:
    """Note a delivery, damage, return or count of packages; a count changes nothing in the books.

    Args:
        entry_id: made when the form was shown: sent twice, it is one entry.
        document: the delivery note or minutes that go with it; a delivery needs one.
        note: why; damage and return need it. No names and no numbers of people.

    Raises:
        RegistryError: code ``stock_not_kept`` (nothing of this programme lies in a store), ``quantity_out_of_bounds``,
            ``document_missing``, ``reason_missing``, ``delivery_below_given``, ``text_holds_number``.
        Conflict: code ``round_closed`` (a delivery), ``stock_not_begun``, ``stock_short``, ``stock_entry_differs``.
    """
    document = check_free_text(document)[:_LONGEST_DOCUMENT]
    note = check_free_text(note)[:_LONGEST_NOTE]
    if not is_countable(roster):
        raise RegistryError("stock_not_kept")
    if not (0 if kind is StockKind.COUNTED else 1) <= quantity <= MOST_AT_ONCE:
        raise RegistryError("quantity_out_of_bounds", largest=str(MOST_AT_ONCE))
    if kind is StockKind.DELIVERED and not document:
        raise RegistryError("document_missing")
    if kind in (StockKind.DAMAGED, StockKind.RETURNED) and not note:
        raise RegistryError("reason_missing")
    # no package is given between what is read here and what is written
    lock_own_hub(session.connection())
    if (earlier := session.get(StockEntry, entry_id)) is not None:
        if (earlier.roster_id, earlier.kind, earlier.quantity) != (roster.id, kind, quantity):
            raise Conflict("stock_entry_differs")
        return earlier
    _change(session, roster, kind, quantity)
    entry = StockEntry(
        id=entry_id,
        roster_id=roster.id,
        kind=kind,
        quantity=quantity,
        document=document,
        note=note,
        at=at,
        officer_id=actor.officer_id,
    )
    session.add(entry)
    record(
        session,
        "stock.noted",
        f"roster:{roster.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        stock=kind.value,
        quantity=quantity,
    )
    return entry


def _change(session: Session, roster: Roster, kind: StockKind, quantity: int) -> None:
    match kind:
        case StockKind.COUNTED:
            if session.get(Stock, roster.id) is None:
                raise Conflict("stock_not_begun")
        case StockKind.DELIVERED:
            if roster.round.state is RoundState.CLOSED:
                raise Conflict("round_closed")
            if not _add(session, roster.id, delivered=Stock.delivered + quantity):
                _begin(session, roster.id, quantity)
        case StockKind.DAMAGED:
            _take(session, roster.id, quantity, damaged=Stock.damaged + quantity)
        case StockKind.RETURNED:
            _take(session, roster.id, quantity, returned=Stock.returned + quantity)


def _begin(session: Session, roster_id: UUID, delivered: int) -> None:
    given = session.scalar(
        select(func.count())
        .select_from(Redemption)
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
        .where(Entitlement.roster_id == roster_id, RedemptionUndo.id.is_(None))
    )
    if (given or 0) > delivered:
        raise RegistryError("delivery_below_given", given=str(given))
    session.add(Stock(roster_id=roster_id, delivered=delivered, damaged=0, returned=0, given=given or 0))
    session.flush()


def _take(session: Session, roster_id: UUID, quantity: int, **change: object) -> None:
    if _add(session, roster_id, at_most_left=quantity, **change):
        return
    stock = read_stock(session, roster_id)
    if stock is None:
        raise Conflict("stock_not_begun")
    raise Conflict("stock_short", packages=str(stock.left))


def _add(session: Session, roster_id: UUID, *, at_most_left: int = 0, **change: object) -> bool:
    """Change the row in one guarded statement; tell whether it was there and had as many left."""
    left = Stock.delivered - Stock.damaged - Stock.returned - Stock.given
    changed = session.scalar(
        update(Stock)
        .where(Stock.roster_id == roster_id, left >= at_most_left)
        .values(**change)
        .returning(Stock.roster_id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None
