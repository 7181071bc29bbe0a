"""The equation of custody: what came in is in the store, held, used, spoilt, returned or transferred.

A correction after a count stands on the side of what came in. What was used without a box in the books belongs to no
box and is told beside the equation.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from registry.db import Session
from registry.kinds import SupplyKind, SupplyMoveKind
from registry.models import SupplyBox, SupplyHolding, SupplyMove

__all__ = ["Balance", "balance_of_box", "balance_of_point", "is_last_of_copy"]

_Later = aliased(SupplyMove, name="later")


@dataclass(frozen=True, slots=True)
class Balance:
    """The sums of a box, or of a point's boxes of one kind, in cards or ribbon sets."""

    received: int
    corrected: int
    """What counts found too much; negative for too little."""
    in_store: int
    held: int
    used: int
    spoilt: int
    returned: int
    transferred: int

    @property
    def is_even(self) -> bool:
        """Whether the books agree with themselves."""
        left = self.in_store + self.held
        return self.received + self.corrected == left + self.used + self.spoilt + self.returned + self.transferred


def balance_of_box(session: Session, box: SupplyBox) -> Balance:
    """Return the sums of a box, wherever it has been."""
    moved = _sums(session, SupplyMove.box_id == box.id)
    in_store = session.scalar(select(SupplyBox.in_store).where(SupplyBox.id == box.id))
    parts = session.scalar(select(func.sum(SupplyBox.quantity)).where(SupplyBox.parent_id == box.id))
    return Balance(
        received=box.quantity,
        corrected=moved.get(SupplyMoveKind.CORRECTED, 0),
        in_store=in_store or 0,
        held=_held(session, SupplyBox.id == box.id),
        used=moved.get(SupplyMoveKind.USED, 0),
        spoilt=moved.get(SupplyMoveKind.SPOILT, 0),
        returned=moved.get(SupplyMoveKind.RETURNED, 0),
        transferred=parts or 0,
    )


def balance_of_point(session: Session, point_id: UUID, supply: SupplyKind) -> Balance:
    """Return the sums of a point; received is what suppliers and other points brought."""
    of_supply = and_(SupplyMove.supply == supply, SupplyMove.box_id.is_not(None))
    moved = _sums(session, of_supply, SupplyMove.point_id == point_id)
    came = _sums(session, of_supply, SupplyMove.to_point_id == point_id)
    at_point = and_(SupplyBox.point_id == point_id, SupplyBox.kind == supply)
    return Balance(
        received=moved.get(SupplyMoveKind.RECEIVED, 0) + came.get(SupplyMoveKind.TRANSFERRED, 0),
        corrected=moved.get(SupplyMoveKind.CORRECTED, 0),
        in_store=session.scalar(select(func.sum(SupplyBox.in_store)).where(at_point)) or 0,
        held=_held(session, at_point),
        used=moved.get(SupplyMoveKind.USED, 0),
        spoilt=moved.get(SupplyMoveKind.SPOILT, 0),
        returned=moved.get(SupplyMoveKind.RETURNED, 0),
        transferred=moved.get(SupplyMoveKind.TRANSFERRED, 0),
    )


def is_last_of_copy() -> ColumnElement[bool]:
    """Return the condition that a move is not overtaken: a copy that was used and spoilt later counts as spoilt."""
    overtaken = exists().where(
        SupplyMove.kind == SupplyMoveKind.USED,
        _Later.copy_id == SupplyMove.copy_id,
        _Later.supply == SupplyMove.supply,
        _Later.kind == SupplyMoveKind.SPOILT,
    )
    return ~overtaken


def _sums(session: Session, *conditions: ColumnElement[bool]) -> dict[SupplyMoveKind, int]:
    rows = session.execute(
        select(SupplyMove.kind, func.sum(SupplyMove.quantity))
        .where(*conditions, is_last_of_copy())
        .group_by(SupplyMove.kind)
    )
    return dict(rows.all())


def _held(session: Session, condition: ColumnElement[bool]) -> int:
    held = session.scalar(
        select(func.sum(SupplyHolding.quantity)).join(SupplyBox, SupplyBox.id == SupplyHolding.box_id).where(condition)
    )
    return held or 0
