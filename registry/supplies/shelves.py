"""The two shelves of a box at a point: the store, and what an officer holds.

Each change is one guarded UPDATE that names what must be there: of two counters at once nobody takes what is not.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Table, update
from sqlalchemy.dialects import postgresql, sqlite

from registry.db import Session
from registry.models import SupplyBox, SupplyHolding

__all__ = ["put_in_store", "put_on_holding", "take_from_holding", "take_from_store"]

_holding: Table = SupplyHolding.__table__  # type: ignore[assignment]
_on_sqlite, _on_postgresql = sqlite.insert(_holding), postgresql.insert(_holding)
_KEY = [_holding.c.box_id, _holding.c.officer_id]
_PUT = {
    "sqlite": _on_sqlite.on_conflict_do_update(
        index_elements=_KEY, set_={"quantity": _holding.c.quantity + _on_sqlite.excluded.quantity}
    ),
    "postgresql": _on_postgresql.on_conflict_do_update(
        index_elements=_KEY, set_={"quantity": _holding.c.quantity + _on_postgresql.excluded.quantity}
    ),
}


def take_from_store(session: Session, box_id: UUID, quantity: int, *, point_id: UUID) -> bool:
    """Take as many out of the store of a box at this point; tell whether they were there."""
    return put_in_store(session, box_id, -quantity, point_id=point_id)


def put_in_store(session: Session, box_id: UUID, quantity: int, *, point_id: UUID) -> bool:
    """Put as many into the store of a box, or with a negative number take them; tell whether that could be done."""
    changed = session.scalar(
        update(SupplyBox)
        .where(SupplyBox.id == box_id, SupplyBox.point_id == point_id, SupplyBox.in_store + quantity >= 0)
        .values(in_store=SupplyBox.in_store + quantity)
        .returning(SupplyBox.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None


def take_from_holding(session: Session, box_id: UUID, officer_id: UUID, quantity: int) -> bool:
    """Take as many from what an officer holds of a box; tell whether they were there."""
    changed = session.scalar(
        update(SupplyHolding)
        .where(
            SupplyHolding.box_id == box_id,
            SupplyHolding.officer_id == officer_id,
            SupplyHolding.quantity >= quantity,
        )
        .values(quantity=SupplyHolding.quantity - quantity)
        .returning(SupplyHolding.box_id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None


def put_on_holding(session: Session, box_id: UUID, officer_id: UUID, quantity: int) -> None:
    """Put as many on what an officer holds of a box."""
    session.execute(
        _PUT[session.connection().dialect.name], {"box_id": box_id, "officer_id": officer_id, "quantity": quantity}
    )
