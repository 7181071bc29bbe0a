"""The book of movements: what every entry is checked for, and how it is written, once for each form that was shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from registry.audit import Actor, record, stand_in_line
from registry.db import Session
from registry.errors import Conflict, NotFound, RegistryError
from registry.free_text import check_free_text
from registry.keys.keys import KeyRing
from registry.kinds import SupplyMoveKind
from registry.models import Officer, ServicePoint, SupplyBox, SupplyMove

__all__ = [
    "LONGEST_NAME",
    "LONGEST_REASON",
    "MOST_AT_ONCE",
    "begin_entry",
    "check_destroyer",
    "check_reason",
    "write_move",
]

MOST_AT_ONCE = 10_000
"""Cards or ribbon sets in one entry: boxes hold 100 to 1,000; more is a slip of the finger."""
LONGEST_REASON, LONGEST_NAME = 200, 80  # the columns' widths


def begin_entry(
    session: Session,
    box: SupplyBox,
    kind: SupplyMoveKind,
    *,
    move_id: UUID,
    quantity: int,
    holder: Officer | None = None,
    actor: Actor,
) -> SupplyMove | None:
    """Take the point's turn and return the entry that was made from the same form before; else check the new one.

    Raises:
        RegistryError: code ``supply_quantity_out_of_bounds``.
        Conflict: code ``supply_move_differs``, when something else was entered from the same form.
        NotFound: code ``supply_box_unknown``, for a box of another point.
    """
    if not 1 <= quantity <= MOST_AT_ONCE:
        raise RegistryError("supply_quantity_out_of_bounds", largest=str(MOST_AT_ONCE))
    stand_in_line(session, actor.point_id)
    earlier = session.get(SupplyMove, move_id)
    if earlier is None:
        session.refresh(box)
        if box.point_id != actor.point_id:
            raise NotFound("supply_box_unknown")
        return None
    told = (earlier.box_id, earlier.kind, earlier.quantity, earlier.point_id, earlier.holder_id)
    if told != (box.id, kind, quantity, actor.point_id, holder.id if holder else None):
        raise Conflict("supply_move_differs")
    return earlier


def check_reason(reason: str) -> str:
    """Return a reason that may be kept.

    Raises:
        Conflict: code ``reason_missing``.
        RegistryError: code ``text_holds_number``.
    """
    reason = check_free_text(reason)[:LONGEST_REASON]
    if not reason:
        raise Conflict("reason_missing")
    return reason


def check_destroyer(name: str) -> str:
    """Return who destroyed what was spoilt, as it may be kept.

    Raises:
        Conflict: code ``destroyer_missing``.
        RegistryError: code ``text_holds_number``.
    """
    name = check_free_text(name)[:LONGEST_NAME]
    if not name:
        raise Conflict("destroyer_missing")
    return name


def write_move(
    session: Session,
    box: SupplyBox,
    kind: SupplyMoveKind,
    *,
    move_id: UUID,
    quantity: int,
    holder: Officer | None = None,
    to_point: ServicePoint | None = None,
    reason: str = "",
    destroyed_by: str = "",
    document: str = "",
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> SupplyMove:
    """Write what was moved, with its line in the trail; the shelves were changed before."""
    move = SupplyMove(
        id=move_id,
        supply=box.kind,
        kind=kind,
        box_id=box.id,
        quantity=quantity,
        point_id=actor.point_id,
        to_point_id=to_point.id if to_point else None,
        holder_id=holder.id if holder else None,
        reason=reason,
        destroyed_by=destroyed_by,
        document=document,
        at=at,
        officer_id=actor.officer_id,
    )
    session.add(move)
    session.flush()
    session.refresh(box)
    detail: dict[str, Any] = {"supply": box.kind, "move": kind, "pieces": quantity}
    if holder:
        detail["number"] = holder.number
    if to_point:
        detail["point"] = to_point.code
    record(session, "supplies.moved", f"supply_box:{box.id}", actor=actor, key=keys.audit_key, at=at, **detail)
    return move
