"""What many copies use up at once: as :func:`registry.supplies.consuming.consume_supplies`, in a few statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select

from registry.audit import Actor, Entry
from registry.db import Session, new_id
from registry.kinds import CardMedium, SupplyKind, SupplyMoveKind
from registry.models import PrintCopy, SupplyBox, SupplyHolding, SupplyMove
from registry.supplies.consuming import is_kept
from registry.supplies.shelves import take_from_holding, take_from_store

__all__ = ["consume_for_all"]


def consume_for_all(session: Session, copies: Sequence[PrintCopy], *, actor: Actor, at: datetime) -> list[Entry]:
    """Take the blanks and ribbon of copies that came out well and have taken none yet; of paper cards nothing.

    The caller has locked the chain of the actor's point, and records what is returned: a line for each copy.
    """
    plastic = [copy for copy in copies if copy.card.medium is CardMedium.PLASTIC]
    without_box = dict.fromkeys((copy.id for copy in plastic), 0)
    moves = []
    for supply in SupplyKind:
        if supply is SupplyKind.RIBBON and not is_kept(session, supply, actor.point_id):
            continue
        sources = _take(session, supply, len(plastic), actor=actor)
        for copy, (box_id, holder_id) in zip(plastic, sources, strict=True):
            without_box[copy.id] += box_id is None
            moves.append(
                {
                    "id": new_id(),
                    "supply": supply,
                    "kind": SupplyMoveKind.USED,
                    "box_id": box_id,
                    "quantity": 1,
                    "point_id": actor.point_id,
                    "holder_id": holder_id,
                    "copy_id": copy.id,
                    "at": at,
                    "officer_id": actor.officer_id,
                }
            )
    if moves:
        session.execute(insert(SupplyMove), moves)
    return [
        Entry(
            "supplies.consumed",
            f"print_copy:{copy_id}",
            actor,
            at,
            {"move": SupplyMoveKind.USED, "without_box": count or None},
        )
        for copy_id, count in without_box.items()
    ]


def _take(
    session: Session, supply: SupplyKind, needed: int, *, actor: Actor
) -> Iterator[tuple[UUID | None, UUID | None]]:
    """Take so many from what the officer holds, then from the store, oldest box first; give box and holder of each."""
    holder_id = actor.officer_id
    held = (
        select(SupplyHolding.box_id, SupplyHolding.quantity)
        .join(SupplyBox, SupplyBox.id == SupplyHolding.box_id)
        .where(
            SupplyHolding.officer_id == holder_id,
            SupplyHolding.quantity > 0,
            SupplyBox.kind == supply,
            SupplyBox.point_id == actor.point_id,
        )
        .order_by(SupplyBox.received_at, SupplyBox.number)
    )
    for box_id, quantity in session.execute(held).all() if holder_id else ():
        some = min(quantity, needed)
        if holder_id and some and take_from_holding(session, box_id, holder_id, some):
            needed -= some
            yield from [(box_id, holder_id)] * some
    stored = (
        select(SupplyBox.id, SupplyBox.in_store)
        .where(SupplyBox.kind == supply, SupplyBox.point_id == actor.point_id, SupplyBox.in_store > 0)
        .order_by(SupplyBox.received_at, SupplyBox.number)
    )
    for box_id, quantity in session.execute(stored).all() if needed else ():
        some = min(quantity, needed)
        if some and take_from_store(session, box_id, some, point_id=actor.point_id):
            needed -= some
            yield from [(box_id, None)] * some
    yield from [(None, None)] * needed
