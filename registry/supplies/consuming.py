"""What printing uses up: each copy of a plastic card takes one blank, and one set of ribbon panels.

Where no box has any left it is taken from none: printing never waits for the books, and the count at closing tells the
difference.

A copy takes its blank once. A copy that was printed and is found spoilt later gets a second move, SPOILT, that takes
nothing more: in every sum a copy with both counts as spoilt.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select

from registry.audit import Actor, record, stand_in_line
from registry.db import Session
from registry.errors import RegistryError
from registry.keys.keys import KeyRing
from registry.kinds import CardMedium, SupplyKind, SupplyMoveKind
from registry.models import PrintCopy, SupplyBox, SupplyMove
from registry.supplies.entries import check_destroyer, check_reason
from registry.supplies.taking import take

__all__ = ["consume_supplies", "is_kept"]


def consume_supplies(
    session: Session,
    copy: PrintCopy,
    *,
    kind: SupplyMoveKind,
    reason: str = "",
    destroyed_by: str = "",
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> None:
    """Take the blank and the ribbon of a copy that came out of the printer; of a paper card nothing.

    Asked again of the same copy it does nothing; SPOILT after USED notes that the copy was spoilt and takes nothing.
    Ribbon is counted from a point's first box of ribbon on: a printer without any has none to count.

    Args:
        kind: USED, or SPOILT.
        reason: why it was spoilt; nothing of what was used, likewise ``destroyed_by``.
        destroyed_by: who destroyed it.

    Raises:
        RegistryError: code ``supply_kind_not_consumed``, ``text_holds_number``.
        Conflict: code ``reason_missing``, ``destroyer_missing``.
    """
    if kind not in (SupplyMoveKind.USED, SupplyMoveKind.SPOILT):
        raise RegistryError("supply_kind_not_consumed", kind=kind)
    if copy.card.medium is not CardMedium.PLASTIC:
        return
    if kind is SupplyMoveKind.SPOILT:
        reason, destroyed_by = check_reason(reason), check_destroyer(destroyed_by)
    stand_in_line(session, actor.point_id)
    taken = without_box = 0
    for supply in SupplyKind:
        earlier = session.scalars(
            select(SupplyMove).where(SupplyMove.copy_id == copy.id, SupplyMove.supply == supply)
        ).all()
        if any(move.kind in (kind, SupplyMoveKind.SPOILT) for move in earlier):
            continue
        if earlier:
            point_id, box_id, holder_id = earlier[0].point_id, earlier[0].box_id, earlier[0].holder_id
        elif supply is SupplyKind.RIBBON and not is_kept(session, supply, actor.point_id):
            continue
        else:
            point_id = actor.point_id
            [(box_id, holder_id)] = take(session, supply, 1, actor=actor)
        session.add(
            SupplyMove(
                supply=supply,
                kind=kind,
                box_id=box_id,
                quantity=1,
                point_id=point_id,
                holder_id=holder_id,
                copy_id=copy.id,
                reason=reason,
                destroyed_by=destroyed_by,
                at=at,
                officer_id=actor.officer_id,
            )
        )
        taken += 1
        without_box += box_id is None
    if taken:
        record(
            session,
            "supplies.consumed",
            f"print_copy:{copy.id}",
            actor=actor,
            key=keys.audit_key,
            at=at,
            move=kind,
            without_box=without_box or None,
        )


def is_kept(session: Session, supply: SupplyKind, point_id: UUID) -> bool:
    """Tell whether the point has or had a box of it."""
    has_box = exists().where(SupplyBox.kind == supply, SupplyBox.point_id == point_id)
    had_box = exists().where(
        SupplyMove.supply == supply, SupplyMove.point_id == point_id, SupplyMove.box_id.is_not(None)
    )
    return bool(session.scalar(select(has_box | had_box)))
