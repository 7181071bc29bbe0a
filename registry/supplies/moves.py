"""What happens to a box besides printing: issued to officers and given back, returned, transferred, spoilt.

Only at the point where the box is. Nothing is ever taken that is not there: every change is one guarded UPDATE
(registry/supplies/shelves.py), the CHECKs of the tables are the last guard. A form sent twice is one entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from registry.audit import Actor
from registry.db import Session, new_id
from registry.errors import Conflict
from registry.free_text import check_free_text
from registry.keys.keys import KeyRing
from registry.kinds import PointKind, SupplyMoveKind
from registry.models import Officer, ServicePoint, SupplyBox, SupplyMove
from registry.supplies.entries import LONGEST_NAME, begin_entry, check_destroyer, check_reason, write_move
from registry.supplies.shelves import put_in_store, put_on_holding, take_from_holding, take_from_store

__all__ = [
    "find_officers",
    "find_other_points",
    "give_back",
    "issue_to_officer",
    "return_to_supplier",
    "spoil",
    "transfer",
]

_KEEPING = (PointKind.COUNTER, PointKind.OFFICE)


def issue_to_officer(
    session: Session,
    box: SupplyBox,
    officer: Officer,
    *,
    move_id: UUID,
    quantity: int,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> SupplyMove:
    """Give blanks or ribbon sets from the store into the hands of an officer of the same point.

    Args:
        move_id: made when the form was shown: sent twice, it is one entry.

    Raises:
        RegistryError: code ``supply_quantity_out_of_bounds``.
        NotFound: code ``supply_box_unknown``.
        Conflict: code ``officer_not_of_point``, ``supplies_short`` (detail ``pieces``), ``supply_move_differs``.
    """
    kind = SupplyMoveKind.ISSUED
    if earlier := begin_entry(session, box, kind, move_id=move_id, quantity=quantity, holder=officer, actor=actor):
        return earlier
    if officer.point_id != actor.point_id or not officer.is_active:
        raise Conflict("officer_not_of_point")
    _take(session, box, quantity)
    put_on_holding(session, box.id, officer.id, quantity)
    return write_move(
        session, box, kind, move_id=move_id, quantity=quantity, holder=officer, actor=actor, keys=keys, at=at
    )


def give_back(
    session: Session,
    box: SupplyBox,
    officer: Officer,
    *,
    move_id: UUID,
    quantity: int,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> SupplyMove:
    """Put back into the store what an officer held, also of one who works elsewhere by now.

    Raises:
        RegistryError, NotFound: as :func:`issue_to_officer`.
        Conflict: code ``holding_short``, ``supply_move_differs``.
    """
    kind = SupplyMoveKind.GIVEN_BACK
    if earlier := begin_entry(session, box, kind, move_id=move_id, quantity=quantity, holder=officer, actor=actor):
        return earlier
    if not take_from_holding(session, box.id, officer.id, quantity):
        raise Conflict("holding_short")
    put_in_store(session, box.id, quantity, point_id=box.point_id)
    return write_move(
        session, box, kind, move_id=move_id, quantity=quantity, holder=officer, actor=actor, keys=keys, at=at
    )


def return_to_supplier(
    session: Session,
    box: SupplyBox,
    *,
    move_id: UUID,
    quantity: int,
    reason: str,
    document: str = "",
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> SupplyMove:
    """Send back what the supplier is to take: the wrong kind, a faulty delivery.

    Raises:
        RegistryError: code ``supply_quantity_out_of_bounds``, ``text_holds_number``.
        NotFound: code ``supply_box_unknown``.
        Conflict: code ``reason_missing``, ``supplies_short``, ``supply_move_differs``.
    """
    kind = SupplyMoveKind.RETURNED
    reason, document = check_reason(reason), check_free_text(document)[:LONGEST_NAME]
    if earlier := begin_entry(session, box, kind, move_id=move_id, quantity=quantity, actor=actor):
        return earlier
    _take(session, box, quantity)
    return write_move(
        session,
        box,
        kind,
        move_id=move_id,
        quantity=quantity,
        reason=reason,
        document=document,
        actor=actor,
        keys=keys,
        at=at,
    )


def spoil(
    session: Session,
    box: SupplyBox,
    holder: Officer | None,
    *,
    move_id: UUID,
    quantity: int,
    reason: str,
    destroyed_by: str,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> SupplyMove:
    """Note blanks or ribbon that were damaged outside printing and destroyed.

    Args:
        holder: who held them; none when they lay in the store.
        destroyed_by: who destroyed them.

    Raises:
        RegistryError: code ``supply_quantity_out_of_bounds``, ``text_holds_number``.
        NotFound: code ``supply_box_unknown``.
        Conflict: code ``reason_missing``, ``destroyer_missing``, ``supplies_short``, ``holding_short``,
            ``supply_move_differs``.
    """
    kind = SupplyMoveKind.SPOILT
    reason, destroyed_by = check_reason(reason), check_destroyer(destroyed_by)
    if earlier := begin_entry(session, box, kind, move_id=move_id, quantity=quantity, holder=holder, actor=actor):
        return earlier
    if holder is None:
        _take(session, box, quantity)
    elif not take_from_holding(session, box.id, holder.id, quantity):
        raise Conflict("holding_short")
    return write_move(
        session,
        box,
        kind,
        move_id=move_id,
        quantity=quantity,
        holder=holder,
        reason=reason,
        destroyed_by=destroyed_by,
        actor=actor,
        keys=keys,
        at=at,
    )


def transfer(
    session: Session,
    box: SupplyBox,
    to_point: ServicePoint,
    *,
    move_id: UUID,
    quantity: int,
    document: str = "",
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> SupplyBox:
    """Bring blanks or ribbon to another point and return the box there.

    A box of which nothing was taken yet goes as it is, with its number; of any other a part goes, as a box of its own
    with the number and ``/2``, ``/3``, … behind it. It stands in the other point's books at once.

    Raises:
        RegistryError: code ``supply_quantity_out_of_bounds``, ``text_holds_number``.
        NotFound: code ``supply_box_unknown``.
        Conflict: code ``point_keeps_no_supplies`` (also the own point), ``supplies_short``, ``supply_move_differs``.
    """
    kind = SupplyMoveKind.TRANSFERRED
    document = check_free_text(document)[:LONGEST_NAME]
    if earlier := _sent_before(session, box, to_point, move_id=move_id, quantity=quantity, actor=actor):
        return earlier
    begin_entry(session, box, kind, move_id=move_id, quantity=quantity, actor=actor)
    if to_point.id == actor.point_id or to_point.kind not in _KEEPING:
        raise Conflict("point_keeps_no_supplies")
    arrived = box
    if not _move_whole(session, box, to_point, quantity):
        _take(session, box, quantity)
        arrived = _split_off(session, box, to_point, quantity, at=at)
    write_move(
        session,
        box,
        kind,
        move_id=move_id,
        quantity=quantity,
        to_point=to_point,
        document=document,
        actor=actor,
        keys=keys,
        at=at,
    )
    return arrived


def find_officers(session: Session, point_id: UUID) -> Sequence[Officer]:
    """Return the officers who work at a point, by name, with their roles."""
    return session.scalars(
        select(Officer)
        .where(Officer.point_id == point_id, Officer.is_active)
        .options(selectinload(Officer.role_rows))
        .order_by(Officer.name, Officer.number)
    ).all()


def find_other_points(session: Session, point_id: UUID) -> Sequence[ServicePoint]:
    """Return the points that a box can go to from here: counters and offices, by name."""
    return session.scalars(
        select(ServicePoint)
        .where(ServicePoint.kind.in_(_KEEPING), ServicePoint.id != point_id)
        .order_by(ServicePoint.name, ServicePoint.code)
    ).all()


def _take(session: Session, box: SupplyBox, quantity: int) -> None:
    if not take_from_store(session, box.id, quantity, point_id=box.point_id):
        session.refresh(box)
        raise Conflict("supplies_short", pieces=str(box.in_store))


def _sent_before(
    session: Session, box: SupplyBox, to_point: ServicePoint, *, move_id: UUID, quantity: int, actor: Actor
) -> SupplyBox | None:
    """Return the box that arrived, when this form was sent before; the box itself may be at the other point now."""
    earlier = session.get(SupplyMove, move_id)
    if earlier is None:
        return None
    told = (earlier.box_id, earlier.kind, earlier.quantity, earlier.point_id, earlier.to_point_id)
    if told != (box.id, SupplyMoveKind.TRANSFERRED, quantity, actor.point_id, to_point.id):
        raise Conflict("supply_move_differs")
    part = session.scalar(select(SupplyBox).where(SupplyBox.parent_id == box.id, SupplyBox.received_at == earlier.at))
    return part or box


def _move_whole(session: Session, box: SupplyBox, to_point: ServicePoint, quantity: int) -> bool:
    moved = session.scalar(
        update(SupplyBox)
        .where(
            SupplyBox.id == box.id,
            SupplyBox.point_id == box.point_id,
            SupplyBox.quantity == quantity,
            SupplyBox.in_store == quantity,
        )
        .values(point_id=to_point.id)
        .returning(SupplyBox.id)
        .execution_options(synchronize_session=False)
    )
    return moved is not None


def _split_off(session: Session, box: SupplyBox, to_point: ServicePoint, quantity: int, *, at: datetime) -> SupplyBox:
    first = box
    while first.parent_id:
        first = session.get_one(SupplyBox, first.parent_id)
    of_same_box = SupplyBox.number.startswith(f"{first.number}/", autoescape=True)
    known = session.scalar(select(func.count()).select_from(SupplyBox).where(of_same_box)) or 0
    for ordinal in count(known + 2):
        part = SupplyBox(
            id=new_id(),
            kind=box.kind,
            number=f"{first.number}/{ordinal}",
            content=box.content,
            quantity=quantity,
            in_store=quantity,
            parent_id=box.id,
            point_id=to_point.id,
            received_at=at,
        )
        try:
            with session.begin_nested():
                session.add(part)
        except IntegrityError:  # another point took the number for a part of the same box
            continue
        return part
    raise AssertionError("numbers do not end")
