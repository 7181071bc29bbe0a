"""What many copies use up at once: as :func:`registry.supplies.consuming.consume_supplies`, in a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from registry.audit import Actor, Entry
from registry.db import Session, new_id
from registry.kinds import CardMedium, SupplyKind, SupplyMoveKind
from registry.models import PrintCopy, SupplyMove
from registry.supplies.consuming import is_kept
from registry.supplies.taking import take

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
        sources = take(session, supply, len(plastic), actor=actor)
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
