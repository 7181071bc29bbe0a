"""What giving takes from the stock of a roster, where packages are counted there at all.

Deliveries, damage and counts stand in registry/giving/stock.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Table, bindparam, update

from registry.db import Connection, Session
from registry.models import Stock

__all__ = ["put_back", "take_from_stock"]

_stock: Table = Stock.__table__  # type: ignore[assignment]
_TAKE = (
    update(_stock)
    .where(
        _stock.c.roster_id == bindparam("of_roster"),
        _stock.c.damaged + _stock.c.returned + _stock.c.given + bindparam("packages") <= _stock.c.delivered,
    )
    .values(given=_stock.c.given + bindparam("packages"))
    .execution_options(preserve_rowcount=True)
)


def take_from_stock(connection: Connection, packages: Mapping[UUID, int]) -> bool:
    """Count packages as given, by roster; tell whether every roster had as many.

    When one had not, the transaction must be rolled back.
    """
    rows = [{"of_roster": roster_id, "packages": number} for roster_id, number in packages.items()]
    return connection.execute(_TAKE, rows).rowcount == len(rows)


def put_back(session: Session, roster_id: UUID) -> None:
    """Put a package back that was not given after all; where packages are not counted, nothing changes."""
    session.execute(
        update(Stock)
        # a giving from before the counting began is not among those given
        .where(Stock.roster_id == roster_id, Stock.given > 0)
        .values(given=Stock.given - 1)
        .execution_options(synchronize_session=False)
    )
