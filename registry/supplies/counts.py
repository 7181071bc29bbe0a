"""The count at closing: every shelf of a point against the books, a difference as a case, the books put right.

Counted is what must be there to be touched: each box in the store, and what each officer holds. A count is of one kind,
and good only while nothing moves: what was entered after its form was shown makes it void.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import func, select

from registry.audit import Actor, record, stand_in_line
from registry.complaints.cases import open_case
from registry.days import local_day
from registry.db import Session
from registry.errors import Conflict, RegistryError
from registry.free_text import check_free_text
from registry.keys.keys import KeyRing
from registry.kinds import ComplaintKind, SupplyKind, SupplyMoveKind
from registry.models import Complaint, Officer, ServicePoint, SupplyBox, SupplyCount, SupplyMove
from registry.supplies.boxes import find_boxes, find_held
from registry.supplies.entries import LONGEST_REASON, MOST_AT_ONCE, check_reason
from registry.supplies.shelves import put_in_store, put_on_holding, take_from_holding

__all__ = ["CountLine", "Shelf", "Shelves", "count_supplies", "has_count", "list_counts", "read_shelves"]


_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One place where blanks or ribbon lie: a box in the store, or what an officer holds of a box."""

    box: SupplyBox
    holder: Officer | None
    quantity: int
    """By the books."""

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"{self.box.id}-{self.holder.id}" if self.holder else str(self.box.id)


@dataclass(frozen=True, slots=True)
class Shelves:
    """All places of one kind at a point, at one moment."""

    supply: SupplyKind
    shelves: tuple[Shelf, ...]
    newest_move: str
    """Of the point and the kind; by it a count knows whether anything was entered meanwhile."""
    without_box: int
    """What printing used since the last count though no box in the books had any."""

    @property
    def expected(self) -> int:
        """What must be there by the books."""
        return sum(shelf.quantity for shelf in self.shelves)


@dataclass(frozen=True, slots=True)
class CountLine:
    """A count as an officer reads it."""

    count: SupplyCount
    by: str
    case_number: str


def read_shelves(session: Session, point_id: UUID, supply: SupplyKind) -> Shelves:
    """Return where blanks or ribbon of a point lie; also a box that was used up since the last count."""
    last = session.scalar(
        select(func.max(SupplyCount.at)).where(SupplyCount.point_id == point_id, SupplyCount.supply == supply)
    )
    boxes = find_boxes(session, point_id, supply, moved_after=last or _BEFORE_ALL)
    stored = [Shelf(box, None, box.in_store) for box in boxes]
    held = [Shelf(one.box, one.officer, one.quantity) for one in find_held(session, point_id) if one.box.kind is supply]
    return Shelves(
        supply,
        (*stored, *held),
        _newest_move(session, point_id, supply),
        without_box=_used_without_box(session, point_id, supply, since=last),
    )


def count_supplies(
    session: Session,
    point: ServicePoint,
    shelves: Shelves,
    *,
    count_id: UUID,
    counted: Mapping[str, int],
    as_of: str,
    note: str,
    words: str,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> SupplyCount:
    """Keep a count; where it differs from the books, open a case and put each shelf right by a correction.

    Args:
        shelves: as :func:`read_shelves` read them.
        count_id: made when the form was shown: sent twice, it is one count.
        counted: what was found on each shelf, by its key.
        as_of: ``newest_move`` of the shelves when the form was shown.
        note: what the officer says of a difference; needed when a shelf differs, also when the sum does not.
        words: the case's, as officers read them.

    Raises:
        RegistryError: code ``supply_quantity_out_of_bounds``, ``text_holds_number``.
        Conflict: code ``supplies_moved_meanwhile``, ``reason_missing``.
    """
    note = check_free_text(note)[:LONGEST_REASON]
    stand_in_line(session, actor.point_id)
    earlier = session.get(SupplyCount, count_id)
    if earlier is not None:
        return earlier
    # asked again in line: another counter may have printed since the shelves were read
    is_still_so = as_of == shelves.newest_move == _newest_move(session, point.id, shelves.supply)
    if not is_still_so or set(counted) != {shelf.key for shelf in shelves.shelves}:
        raise Conflict("supplies_moved_meanwhile")
    if not all(0 <= found <= MOST_AT_ONCE for found in counted.values()):
        raise RegistryError("supply_quantity_out_of_bounds", largest=str(MOST_AT_ONCE))
    if any(counted[shelf.key] != shelf.quantity for shelf in shelves.shelves):
        check_reason(note)
    found = sum(counted.values())
    case: Complaint | None = None
    if found != shelves.expected:
        case = open_case(
            session,
            ComplaintKind.SUPPLIES,
            words=words,
            family_id=None,
            person_id=None,
            round_id=None,
            area_code=point.area_code,
            key=f"supply_count:{count_id}",
            actor=actor,
            keys=keys,
            at=at,
        )
    made = SupplyCount(
        id=count_id,
        supply=shelves.supply,
        point_id=point.id,
        on_date=local_day(at),
        revision=_next_revision(session, point.id, shelves.supply, local_day(at)),
        expected=shelves.expected,
        counted=found,
        complaint_id=case.id if case else None,
        note=note,
        at=at,
        officer_id=actor.officer_id,
    )
    session.add(made)
    for shelf in shelves.shelves:
        _put_right(session, shelf, counted[shelf.key] - shelf.quantity, count=made, actor=actor, at=at)
    session.flush()
    record(
        session,
        "supplies.counted",
        f"supply_count:{made.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        supply=made.supply,
        expected=made.expected,
        counted=made.counted,
        revision=made.revision,
    )
    return made


def has_count(session: Session, count_id: str) -> bool:
    """Tell whether the count of this form was kept already; of what is no id, it was not."""
    try:
        return session.get(SupplyCount, UUID(count_id)) is not None
    except ValueError:
        return False


def list_counts(session: Session, point_id: UUID, *, limit: int) -> Sequence[CountLine]:
    """Return a point's counts, the newest first."""
    rows = session.execute(
        select(SupplyCount, Officer.name, Complaint.number)
        .outerjoin(Officer, Officer.id == SupplyCount.officer_id)
        .outerjoin(Complaint, Complaint.id == SupplyCount.complaint_id)
        .where(SupplyCount.point_id == point_id)
        .order_by(SupplyCount.at.desc(), SupplyCount.id.desc())
        .limit(limit)
    )
    return [CountLine(count, by or "", case or "") for count, by, case in rows]


def _put_right(
    session: Session, shelf: Shelf, difference: int, *, count: SupplyCount, actor: Actor, at: datetime
) -> None:
    if not difference:
        return
    box = shelf.box
    if shelf.holder is None:
        is_done = put_in_store(session, box.id, difference, point_id=count.point_id)
    elif difference < 0:
        is_done = take_from_holding(session, box.id, shelf.holder.id, -difference)
    else:
        put_on_holding(session, box.id, shelf.holder.id, difference)
        is_done = True
    if not is_done:  # somebody took from the shelf after it was read
        raise Conflict("supplies_moved_meanwhile")
    session.add(
        SupplyMove(
            supply=box.kind,
            kind=SupplyMoveKind.CORRECTED,
            box_id=box.id,
            quantity=difference,
            point_id=count.point_id,
            holder_id=shelf.holder.id if shelf.holder else None,
            reason=count.note,
            at=at,
            officer_id=actor.officer_id,
        )
    )


def _newest_move(session: Session, point_id: UUID, supply: SupplyKind) -> str:
    """Return the id of the newest move to, from or at a point; empty when there was none."""
    newest = session.scalar(
        select(SupplyMove.id)
        .where(SupplyMove.supply == supply, (SupplyMove.point_id == point_id) | (SupplyMove.to_point_id == point_id))
        .order_by(SupplyMove.at.desc(), SupplyMove.id.desc())
        .limit(1)
    )
    return str(newest or "")


def _used_without_box(session: Session, point_id: UUID, supply: SupplyKind, *, since: datetime | None) -> int:
    used = select(func.count(SupplyMove.copy_id.distinct())).where(
        SupplyMove.point_id == point_id, SupplyMove.supply == supply, SupplyMove.box_id.is_(None)
    )
    return session.scalar(used.where(SupplyMove.at > since) if since else used) or 0


def _next_revision(session: Session, point_id: UUID, supply: SupplyKind, day: date) -> int:
    last = session.scalar(
        select(func.max(SupplyCount.revision)).where(
            SupplyCount.point_id == point_id, SupplyCount.supply == supply, SupplyCount.on_date == day
        )
    )
    return (last or 0) + 1
