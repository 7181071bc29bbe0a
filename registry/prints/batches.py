"""Numbered batches of cards: made, looked at, paused, cancelled, settled.

::

    drawing ──▶ ready ──▶ settled        (the fate of every copy is known)
       │  └───────┴─────▶ cancelled      (what waited still goes into another batch)
       └──▶ refused                      (a code differs: nothing of it may be printed)

Its copies say what became of each card (:mod:`registry.prints.copies`); how it is drawn stands in
:mod:`registry.prints.chunks`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from registry.audit import Actor, record
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound
from registry.free_text import check_free_text
from registry.giving.redemptions import lock_own_hub
from registry.keys.keys import KeyRing
from registry.kinds import BatchChoice, BatchState, CopyFate, SheetCode
from registry.models import Card, Officer, PrintBatch, PrintCopy, Printer
from registry.prints.choosing import in_order
from registry.prints.copies import CAME_OUT, UNSETTLED
from registry.regions import within

__all__ = [
    "SeenBatch",
    "cancel_batch",
    "cards_to_reprint",
    "copies_of",
    "copy_of_card",
    "count_fates",
    "find_batches",
    "get_batch",
    "make_batch",
    "pause_batch",
    "positions_of_cards",
    "release_copies",
    "resume_drawing",
    "see_batch",
    "send_to_printer",
    "settle_if_done",
]

_AT_ONCE = 500
_LONGEST_ABOUT = 200  # the column's width


@dataclass(frozen=True, slots=True)
class SeenBatch:
    """A batch as a list shows it."""

    batch: PrintBatch
    officer: str
    """Who made it; empty when a command did."""
    fates: dict[CopyFate, int]

    @property
    def open(self) -> int:
        """How many copies have no fate yet."""
        return sum(self.fates.get(fate, 0) for fate in UNSETTLED)


def make_batch(
    session: Session,
    *,
    chosen_by: BatchChoice,
    about: str,
    cards: Sequence[UUID],
    sheet: SheetCode,
    design: str,
    design_sha256: str = "",
    area: str,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> PrintBatch:
    """Make a numbered batch, to be drawn; cards that do not wait for the printer any more are left out.

    The hub is locked first: numbers are without gaps, and of two officers who choose the same village the second finds
    nothing left.

    Args:
        about: of what: the village's code, the id of list or round, the reason.
        cards: ids, as :func:`registry.prints.choosing.choose_cards` returns them.
        design: its name, and with ``design_sha256`` of which files: all of the batch is drawn by the same.
        area: the officer's; no card outside it comes in.

    Raises:
        Conflict: ``nothing_to_print``; ``cards_taken_meanwhile``, when a counter printed one of them at this moment.
        RegistryError: ``text_holds_number``.
    """
    about = check_free_text(about)[:_LONGEST_ABOUT]
    lock_own_hub(session.connection())
    ordered = in_order(session, cards, area=area)
    if not ordered:
        raise Conflict("nothing_to_print")
    batch = PrintBatch(
        id=new_id(),
        number=(session.scalar(select(func.max(PrintBatch.number))) or 0) + 1,
        chosen_by=chosen_by,
        about=about,
        sheet=sheet,
        design=design,
        design_sha256=design_sha256,
        area_code=area,
        point_id=actor.point_id,
        officer_id=actor.officer_id,
        state=BatchState.DRAWING,
        copies_total=len(ordered),
        made_at=at,
    )
    session.add(batch)
    session.flush()
    try:
        with session.begin_nested():
            for start in range(0, len(ordered), _AT_ONCE):
                _add_copies(session, batch, ordered[start : start + _AT_ONCE], first_position=start + 1, at=at)
    except IntegrityError:
        raise Conflict("cards_taken_meanwhile") from None
    record(
        session,
        "batch.made",
        f"batch:{batch.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        number=batch.number,
        cards=batch.copies_total,
        chosen_by=chosen_by,
        sheet=sheet,
    )
    return batch


def get_batch(session: Session, number: int, *, area: str) -> PrintBatch:
    """Return the batch with this number, when it was made for the area or a part of it.

    Raises:
        NotFound: ``batch_unknown``, also for one elsewhere.
    """
    batch = session.scalar(select(PrintBatch).where(PrintBatch.number == number, within(PrintBatch.area_code, area)))
    if batch is None:
        raise NotFound("batch_unknown")
    return batch


def find_batches(session: Session, *, area: str, skip: int = 0, limit: int) -> list[SeenBatch]:
    """Return the batches of an area, the newest first."""
    rows = session.execute(
        select(PrintBatch, Officer.name)
        .outerjoin(Officer, Officer.id == PrintBatch.officer_id)
        .where(within(PrintBatch.area_code, area))
        .order_by(PrintBatch.number.desc())
        .offset(skip)
        .limit(limit)
    ).all()
    fates = count_fates(session, [batch.id for batch, _ in rows])
    return [SeenBatch(batch, officer or "", fates.get(batch.id, {})) for batch, officer in rows]


def see_batch(session: Session, batch: PrintBatch) -> SeenBatch:
    """Return a batch with who made it and the fates of its copies."""
    officer = session.scalar(select(Officer.name).where(Officer.id == batch.officer_id)) or ""
    return SeenBatch(batch, officer, count_fates(session, [batch.id]).get(batch.id, {}))


def count_fates(session: Session, batch_ids: Collection[UUID]) -> dict[UUID, dict[CopyFate, int]]:
    """Return how many copies of each batch have which fate."""
    counted: dict[UUID, dict[CopyFate, int]] = {}
    rows = session.execute(
        select(PrintCopy.batch_id, PrintCopy.fate, func.count())
        .where(PrintCopy.batch_id.in_(batch_ids))
        .group_by(PrintCopy.batch_id, PrintCopy.fate)
    )
    for batch_id, fate, count in rows:
        if batch_id is not None:
            counted.setdefault(batch_id, {})[fate] = count
    return counted


def copies_of(
    session: Session,
    batch: PrintBatch,
    *,
    fates: Collection[CopyFate] | None = None,
    first: int = 1,
    last: int | None = None,
    limit: int | None = None,
) -> Sequence[PrintCopy]:
    """Return copies of a batch with their cards and families, by position.

    Args:
        first: the position to begin with, ``last`` the one to end with.
    """
    query = (
        select(PrintCopy)
        .where(PrintCopy.batch_id == batch.id, PrintCopy.position >= first)
        .options(joinedload(PrintCopy.card).joinedload(Card.family))
        .order_by(PrintCopy.position)
        .limit(limit)
    )
    if fates is not None:
        query = query.where(PrintCopy.fate.in_(fates))
    if last is not None:
        query = query.where(PrintCopy.position <= last)
    return session.scalars(query).all()


def copy_of_card(session: Session, batch: PrintBatch, card: Card) -> PrintCopy | None:
    """Return the copy of a card that a batch holds."""
    return session.scalar(select(PrintCopy).where(PrintCopy.batch_id == batch.id, PrintCopy.card_id == card.id))


def positions_of_cards(session: Session, batch: PrintBatch, numbers: Collection[str]) -> dict[str, int]:
    """Return at which position a batch holds each of these cards, by number; what it does not hold is left out."""
    rows = session.execute(
        select(Card.number, PrintCopy.position)
        .join(PrintCopy, PrintCopy.card_id == Card.id)
        .where(PrintCopy.batch_id == batch.id, Card.number.in_(numbers))
    )
    return {number: position for number, position in rows if position is not None}


def cards_to_reprint(session: Session, batch: PrintBatch, *, area: str) -> list[UUID]:
    """Return the cards that a batch still owes: those of its spoilt copies, and those that replace missing ones."""
    of_batch = select(PrintCopy.card_id).where(PrintCopy.batch_id == batch.id)
    spoilt = of_batch.where(PrintCopy.fate.in_((CopyFate.SPOILT, CopyFate.REVIEW)))
    missing = of_batch.where(PrintCopy.fate == CopyFate.MISSING)
    ids = session.scalars(select(Card.id).where(Card.id.in_(spoilt) | Card.replaces_id.in_(missing))).all()
    return in_order(session, ids, area=area)


def send_to_printer(
    session: Session, batch: PrintBatch, printer: Printer, *, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Have a batch that is drawn printed by a printer, from the first copy that waits; workers do it.

    Raises:
        Conflict: ``batch_is_…``, when it isn't ready; ``batch_is_printing``, while another printer has a copy of it;
            ``printer_retired``.
    """
    if not printer.is_active:
        raise Conflict("printer_retired", printer=printer.name)
    with session.begin_nested():
        before, fresh = batch.printer_id, {"is_paused": False, "fault_code": "", "fault_about": ""}
        _step(session, batch, (BatchState.READY,), printer_id=printer.id, **fresh)
        fates = count_fates(session, [batch.id]).get(batch.id, {})
        if before != printer.id and (CopyFate.SENT in fates or CopyFate.UNKNOWN in fates):
            raise Conflict("batch_is_printing", number=str(batch.number))
        record(
            session,
            "batch.sent",
            f"batch:{batch.id}",
            actor=actor,
            key=keys.audit_key,
            at=at,
            number=batch.number,
            printer=printer.code,
        )


def pause_batch(session: Session, batch: PrintBatch, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Stop sending a batch to its printer after the card that is there now; :func:`send_to_printer` goes on."""
    _step(session, batch, BatchState, is_paused=True)
    record(session, "batch.paused", f"batch:{batch.id}", actor=actor, key=keys.audit_key, at=at, number=batch.number)


def resume_drawing(session: Session, batch: PrintBatch, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Let workers go on drawing a batch that a fault has stopped; what was drawn stays.

    Raises:
        Conflict: ``batch_is_…``, when it isn't being drawn.
    """
    _step(session, batch, (BatchState.DRAWING,), fault_code="", fault_about="")
    record(session, "batch.redrawn", f"batch:{batch.id}", actor=actor, key=keys.audit_key, at=at, number=batch.number)


def cancel_batch(session: Session, batch: PrintBatch, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Cancel what still waits of a batch: those cards may go into another one; what came out keeps its fate.

    Raises:
        Conflict: ``batch_is_…``, when it is over; ``batch_is_printing``, while a copy is at the printer or nobody
            knows what became of it. Nothing is changed then.
    """
    with session.begin_nested():
        _step(
            session,
            batch,
            (BatchState.DRAWING, BatchState.READY),
            state=BatchState.CANCELLED,
            worker="",
            worked_until=None,
        )
        fates = count_fates(session, [batch.id]).get(batch.id, {})
        if CopyFate.SENT in fates or CopyFate.UNKNOWN in fates:
            raise Conflict("batch_is_printing", number=str(batch.number))
        release_copies(session, batch, at=at)
        record(
            session,
            "batch.cancelled",
            f"batch:{batch.id}",
            actor=actor,
            key=keys.audit_key,
            at=at,
            number=batch.number,
            waiting=fates.get(CopyFate.WAITING, 0),
        )


def settle_if_done(session: Session, batch: PrintBatch, *, actor: Actor, keys: KeyRing, at: datetime) -> bool:
    """Close a batch that is drawn and has no copy left without a fate; tell whether it is closed by this."""
    session.flush()
    undecided = select(PrintCopy.id).where(PrintCopy.batch_id == batch.id, PrintCopy.fate.in_(UNSETTLED)).limit(1)
    settled = session.scalar(
        update(PrintBatch)
        .where(PrintBatch.id == batch.id, PrintBatch.state == BatchState.READY, ~undecided.exists())
        .values(state=BatchState.SETTLED, settled_at=at, is_paused=False, worker="", worked_until=None)
        .returning(PrintBatch.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(batch)
    if settled is None:
        return False
    fates = count_fates(session, [batch.id]).get(batch.id, {})
    record(
        session,
        "batch.settled",
        f"batch:{batch.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        number=batch.number,
        printed=fates.get(CopyFate.PRINTED, 0),
        spoilt=fates.get(CopyFate.SPOILT, 0),
        missing=fates.get(CopyFate.MISSING, 0),
    )
    return True


def _add_copies(
    session: Session, batch: PrintBatch, cards: Sequence[UUID], *, first_position: int, at: datetime
) -> None:
    newest = (
        select(PrintCopy.card_id, func.max(PrintCopy.copy_number).label("copy_number"))
        .where(PrintCopy.card_id.in_(cards), PrintCopy.fate.in_(CAME_OUT))
        .group_by(PrintCopy.card_id)
        .subquery()
    )
    before = {
        card_id: (number, reason)
        for card_id, number, reason in session.execute(
            select(PrintCopy.card_id, PrintCopy.copy_number, PrintCopy.fate_reason)
            .join(newest, (newest.c.card_id == PrintCopy.card_id) & (newest.c.copy_number == PrintCopy.copy_number))
            .where(PrintCopy.fate.in_(CAME_OUT))
        )
    }
    rows = []
    for position, card_id in enumerate(cards, start=first_position):
        number, reason = before.get(card_id, (0, ""))
        rows.append(
            {
                "id": new_id(),
                "card_id": card_id,
                "copy_number": number + 1,
                "reprint_reason": reason,
                "batch_id": batch.id,
                "position": position,
                "fate": CopyFate.WAITING,
                "fate_at": at,
            }
        )
    session.execute(insert(PrintCopy), rows)


def release_copies(session: Session, batch: PrintBatch, *, at: datetime) -> None:
    """Let go of the copies that wait: their cards may go into another batch."""
    session.execute(
        update(PrintCopy)
        .where(PrintCopy.batch_id == batch.id, PrintCopy.fate == CopyFate.WAITING)
        .values(fate=CopyFate.CANCELLED, fate_at=at)
        .execution_options(synchronize_session=False)
    )


def _step(session: Session, batch: PrintBatch, expected: Iterable[BatchState], **values: object) -> None:
    moved = session.scalar(
        update(PrintBatch)
        .where(PrintBatch.id == batch.id, PrintBatch.state.in_(expected))
        .values(**values)
        .returning(PrintBatch.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(batch)
    if moved is None:
        raise Conflict(f"batch_is_{batch.state}", number=str(batch.number))
