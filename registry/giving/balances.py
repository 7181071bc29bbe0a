"""Balances in rupiah: each spending takes a slice, and the slices never come to more than what was granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, update

from registry.db import Connection, Session
from registry.models import Balance, Entitlement

__all__ = ["NewSlice", "give_back", "take_slices"]

_balance: Table = Balance.__table__  # type: ignore[assignment]
_SPEND = (
    update(_balance)
    .where(
        _balance.c.id == bindparam("of_balance"),
        _balance.c.spent + bindparam("amount") <= _balance.c.granted,
        _balance.c.removal_id.is_(None),
    )
    .values(spent=_balance.c.spent + bindparam("amount"))
    .execution_options(preserve_rowcount=True)
)
_SLICE = insert(Entitlement.__table__)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class NewSlice:
    """A part of a balance that is to be spent; it becomes an entitlement of its own, so that it is given once."""

    entitlement_id: UUID
    balance_id: UUID
    round_id: UUID
    roster_id: UUID
    family_id: UUID
    ordinal: int
    amount: int


def take_slices(connection: Connection, slices: Sequence[NewSlice]) -> bool:
    """Spend slices of balances, under the hub's lock; tell whether every balance had enough left.

    When it had not, the transaction must be rolled back.
    """
    spent = connection.execute(_SPEND, [{"of_balance": one.balance_id, "amount": one.amount} for one in slices])
    if spent.rowcount < len(slices):
        return False
    rows = [
        {
            "id": one.entitlement_id,
            "round_id": one.round_id,
            "roster_id": one.roster_id,
            "family_id": one.family_id,
            "ordinal": one.ordinal,
            "balance_id": one.balance_id,
        }
        for one in slices
    ]
    connection.execute(_SLICE, rows)
    return True


def give_back(session: Session, balance_id: UUID, amount: int) -> None:
    """Put back into a balance what was spent of it by a giving that was undone."""
    session.execute(
        update(Balance)
        .where(Balance.id == balance_id)
        .values(spent=Balance.spent - amount)
        .execution_options(synchronize_session=False)
    )
