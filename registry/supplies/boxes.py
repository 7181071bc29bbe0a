"""Numbered boxes of blanks and ribbons: received from the supplier, found by their number, and who holds what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ScalarSelect, exists, func, or_, select
from sqlalchemy.exc import IntegrityError

from registry.audit import Actor, stand_in_line
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.free_text import check_free_text
from registry.keys.keys import KeyRing
from registry.kinds import SupplyKind, SupplyMoveKind
from registry.models import Officer, SupplyBox, SupplyHolding, SupplyMove
from registry.supplies.entries import LONGEST_NAME, MOST_AT_ONCE, write_move

__all__ = [
    "Held",
    "check_box_number",
    "find_box",
    "find_boxes",
    "find_empty_boxes",
    "find_held",
    "get_own_box",
    "receive_box",
]

_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9 ./_+()#-]{0,35}")
"""As a label or a barcode has it; room is left for ``/2`` of a part."""
_LONGEST_SERIAL = 40  # the column's width


@dataclass(frozen=True, slots=True)
class Held:
    """What an officer holds of a box."""

    box: SupplyBox
    officer: Officer
    quantity: int


def check_box_number(text: str) -> str:
    """Return a box's number in capitals, with single spaces.

    Raises:
        RegistryError: code ``supply_number_malformed``.
    """
    number = " ".join(text.upper().split())
    if not _NUMBER.fullmatch(number):
        raise RegistryError("supply_number_malformed")
    return number


def receive_box(
    session: Session,
    supply: SupplyKind,
    *,
    move_id: UUID,
    number: str,
    content: str,
    quantity: int,
    document: str,
    first_serial: str = "",
    last_serial: str = "",
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> SupplyBox:
    """Note a box that came to the actor's point from outside.

    Args:
        move_id: made when the form was shown: sent twice, it is one box.
        number: as it stands on the box; a scanned barcode will do.
        content: what it is: ``CR80 PVC 0,76 mm``, ``YMCKOK 200``.
        quantity: cards, or sets of ribbon panels (one set prints one card).
        document: the delivery note.
        first_serial: where the blanks are numbered; ``last_serial`` likewise.

    Raises:
        RegistryError: code ``supply_number_malformed``, ``supply_quantity_out_of_bounds``, ``supply_document_missing``,
            ``text_holds_number``.
        Conflict: code ``supply_box_known`` (some point has or had it), ``supply_move_differs``.
    """
    number = check_box_number(number)
    if not 1 <= quantity <= MOST_AT_ONCE:
        raise RegistryError("supply_quantity_out_of_bounds", largest=str(MOST_AT_ONCE))
    document = check_free_text(document)[:LONGEST_NAME]
    if not document:
        raise RegistryError("supply_document_missing")
    stand_in_line(session, actor.point_id)
    earlier = session.get(SupplyMove, move_id)
    if earlier is not None:
        return _same_box(session, earlier, supply, number, quantity, actor=actor)
    box = SupplyBox(
        id=new_id(),
        kind=supply,
        number=number,
        content=check_free_text(content)[:LONGEST_NAME],
        quantity=quantity,
        in_store=quantity,
        first_serial=first_serial.strip()[:_LONGEST_SERIAL],
        last_serial=last_serial.strip()[:_LONGEST_SERIAL],
        point_id=actor.point_id,
        received_at=at,
    )
    try:
        with session.begin_nested():
            session.add(box)
    except IntegrityError as error:
        raise Conflict("supply_box_known") from error
    write_move(
        session,
        box,
        SupplyMoveKind.RECEIVED,
        move_id=move_id,
        quantity=quantity,
        document=document,
        actor=actor,
        keys=keys,
        at=at,
    )
    return box


def get_own_box(session: Session, box_id: UUID, *, point_id: UUID) -> SupplyBox:
    """Return a box that is at this point now.

    Raises:
        NotFound: code ``supply_box_unknown``, also for a box elsewhere.
    """
    box = session.get(SupplyBox, box_id)
    if box is None or box.point_id != point_id:
        raise NotFound("supply_box_unknown")
    return box


def find_box(session: Session, number: str, *, point_id: UUID) -> SupplyBox | None:
    """Return the box with this number at a point; where blanks and ribbon bear the same number, the blanks."""
    return session.scalar(
        select(SupplyBox)
        .where(SupplyBox.number == number, SupplyBox.point_id == point_id)
        .order_by(SupplyBox.kind)
        .limit(1)
    )


def find_boxes(
    session: Session, point_id: UUID, supply: SupplyKind, *, moved_after: datetime | None = None
) -> Sequence[SupplyBox]:
    """Return a point's boxes of which something is left, in the store or with officers; the oldest first.

    Args:
        moved_after: with those that something was taken from after this moment, though they are empty now.
    """
    has_some = or_(SupplyBox.in_store > 0, _held_of_box() > 0)
    if moved_after is not None:
        has_some |= exists().where(SupplyMove.box_id == SupplyBox.id, SupplyMove.at > moved_after)
    return session.scalars(
        select(SupplyBox)
        .where(SupplyBox.point_id == point_id, SupplyBox.kind == supply, has_some)
        .order_by(SupplyBox.received_at, SupplyBox.number)
    ).all()


def find_empty_boxes(session: Session, point_id: UUID, *, limit: int) -> Sequence[SupplyBox]:
    """Return a point's boxes of which nothing is left, the newest first."""
    return session.scalars(
        select(SupplyBox)
        .where(SupplyBox.point_id == point_id, SupplyBox.in_store == 0, _held_of_box() == 0)
        .order_by(SupplyBox.received_at.desc(), SupplyBox.number)
        .limit(limit)
    ).all()


def find_held(session: Session, point_id: UUID) -> list[Held]:
    """Return what officers hold of a point's boxes, by officer, the oldest box first."""
    rows = session.execute(
        select(SupplyBox, Officer, SupplyHolding.quantity)
        .select_from(SupplyHolding)
        .join(SupplyBox, SupplyBox.id == SupplyHolding.box_id)
        .join(Officer, Officer.id == SupplyHolding.officer_id)
        .where(SupplyBox.point_id == point_id, SupplyHolding.quantity > 0)
        .order_by(SupplyBox.kind, Officer.name, Officer.id, SupplyBox.received_at, SupplyBox.number)
    )
    return [Held(*row) for row in rows]


def _held_of_box() -> ScalarSelect[int]:
    return (
        select(func.coalesce(func.sum(SupplyHolding.quantity), 0))
        .where(SupplyHolding.box_id == SupplyBox.id)
        .correlate(SupplyBox)
        .scalar_subquery()
    )


def _same_box(
    session: Session, earlier: SupplyMove, supply: SupplyKind, number: str, quantity: int, *, actor: Actor
) -> SupplyBox:
    box = session.get(SupplyBox, earlier.box_id) if earlier.box_id else None
    if (
        box is None
        or earlier.kind is not SupplyMoveKind.RECEIVED
        or (box.kind, box.number, earlier.quantity, earlier.point_id) != (supply, number, quantity, actor.point_id)
    ):
        raise Conflict("supply_move_differs")
    return box
