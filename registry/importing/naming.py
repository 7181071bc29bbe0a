"""Which families of the registry a list named: by this officers choose the cards of a list.

Named is a family that the list brought, changed, confirmed, or knew less well than a newer list had stated it already.
One that waits for a decision is named once it is decided, unless it was dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from registry.db import Connection
from registry.models import ListedFamily

__all__ = ["note_named"]

_listed: Table = ListedFamily.__table__  # type: ignore[assignment]
# a list may name a family twice: by its present Nomor KK, and in the rows that waited for a decision
_NOTE = {
    "sqlite": sqlite.insert(_listed).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_listed).on_conflict_do_nothing(),
}


def note_named(connection: Connection, list_id: UUID, families: Iterable[UUID]) -> None:
    """Note that a list named these families; those that are noted already are passed over."""
    rows = [{"list_id": list_id, "family_id": family_id} for family_id in families]
    if rows:
        connection.execute(_NOTE[connection.dialect.name], rows)
