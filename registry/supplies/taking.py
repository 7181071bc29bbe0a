"""Where printing takes from: what the acting officer holds at his point, then the store; of each the oldest box first.

Who takes has locked the chain of the point, and so has everybody else who moves supplies there: what was looked up is
still there when it is taken.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from registry.audit import Actor
from registry.db import Session
from registry.kinds import SupplyKind
from registry.models import SupplyBox, SupplyHolding
from registry.supplies.shelves import take_from_holding, take_from_store

__all__ = ["Source", "take"]

Source = tuple[UUID | None, UUID | None]
"""The box, and the officer who held it; no box when none had any left, and nobody for the store."""


def take(session: Session, supply: SupplyKind, needed: int, *, actor: Actor) -> list[Source]:
    """Take so many, and return where each came from."""
    taken: list[Source] = []
    if actor.officer_id is not None:
        held = (
            select(SupplyHolding.box_id, SupplyHolding.quantity)
            .join(SupplyBox, SupplyBox.id == SupplyHolding.box_id)
            .where(
                SupplyHolding.officer_id == actor.officer_id,
                SupplyHolding.quantity > 0,
                SupplyBox.kind == supply,
                SupplyBox.point_id == actor.point_id,
            )
            .order_by(SupplyBox.received_at, SupplyBox.number)
            .limit(needed)
        )
        for box_id, quantity in session.execute(held).all():
            some = min(quantity, needed - len(taken))
            if some and take_from_holding(session, box_id, actor.officer_id, some):
                taken += [(box_id, actor.officer_id)] * some
    stored = (
        select(SupplyBox.id, SupplyBox.in_store)
        .where(SupplyBox.kind == supply, SupplyBox.point_id == actor.point_id, SupplyBox.in_store > 0)
        .order_by(SupplyBox.received_at, SupplyBox.number)
        .limit(needed - len(taken))
    )
    for box_id, quantity in session.execute(stored).all():
        some = min(quantity, needed - len(taken))
        if some and take_from_store(session, box_id, some, point_id=actor.point_id):
            taken += [(box_id, None)] * some
    return taken + [(None, None)] * (needed - len(taken))
