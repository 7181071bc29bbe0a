"""Drawing a batch piece by piece: who works on it, what is drawn already, and the files.

A worker takes a lease and renews it; another takes over when it has run out. A piece counts when its file lies whole in
the batch's folder and its row stands, which happens in one transaction that first makes sure that the lease is still
the worker's own. So a worker that was killed leaves nothing half, and one that was given up for dead and comes back
changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import joinedload

from registry.audit import Actor, record
from registry.db import Session
from registry.errors import NotFound
from registry.keys.keys import KeyRing
from registry.kinds import BatchState, CardState, CopyFate
from registry.models import PrintBatch, PrintChunk, PrintCopy
from registry.prints.batches import release_copies, settle_if_done
from registry.prints.copies import note_cancelled, note_review
from registry.whole_files import sync_folder

__all__ = [
    "CHUNK",
    "LEASE",
    "DrawnFile",
    "Span",
    "batches_to_draw",
    "batches_to_print",
    "chunk_path",
    "chunks_of",
    "copies_to_draw",
    "finish_drawing",
    "folders_to_remove",
    "give_up_lease",
    "keep_chunk",
    "missing_spans",
    "read_chunk",
    "refuse_batch",
    "renew_lease",
    "stop_drawing",
    "stop_printing",
    "take_lease",
]

CHUNK = 500
"""Cards in one file: some 11 MB, opened anywhere. Whole sheets of ten."""
LEASE = timedelta(seconds=60)
"""How long a worker may be silent before another takes over; six times what it takes between two signs of life."""

_LONGEST_ABOUT = 80  # the column's width
_DRAWN = (BatchState.DRAWING, BatchState.READY)


class Span(NamedTuple):
    """Positions of a batch, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class DrawnFile:
    """A file that lies whole beside its place, and what stands in it."""

    draft: Path
    span: Span
    sha256: str
    size_bytes: int
    """0, and no file, when every card of the span is put aside."""
    milliseconds: int
    reviews: Sequence[tuple[int, str]]
    """Positions that are put aside, each with the code and the field."""


def take_lease(
    session: Session, batch_id: UUID, *, worker: str, state: BatchState = BatchState.DRAWING, at: datetime
) -> PrintBatch | None:
    """Take on a batch that nobody works on; none, when there is nothing to take.

    Args:
        worker: host and process, the same for all calls of one worker.
        state: drawing, or ready for one that is sent to its printer.
    """
    taken = session.scalar(
        update(PrintBatch)
        .where(
            PrintBatch.id == batch_id,
            PrintBatch.state == state,
            PrintBatch.fault_code == "",
            or_(PrintBatch.worker.in_(("", worker)), PrintBatch.worked_until < at),
        )
        .values(worker=worker, worked_until=at + LEASE)
        .returning(PrintBatch.id)
        .execution_options(synchronize_session=False)
    )
    return session.get_one(PrintBatch, batch_id, populate_existing=True) if taken else None


def renew_lease(
    session: Session, batch_id: UUID, *, worker: str, state: BatchState = BatchState.DRAWING, at: datetime
) -> bool:
    """Tell that the worker lives; false, when the batch is not its own any more."""
    return _as_worker(session, batch_id, worker, state_now=state, worked_until=at + LEASE)


def give_up_lease(session: Session, batch_id: UUID, *, worker: str, state: BatchState = BatchState.DRAWING) -> None:
    """Let another worker take over at once."""
    _as_worker(session, batch_id, worker, state_now=state, worker_after="", worked_until=None)


def batches_to_draw(session: Session, *, at: datetime) -> Sequence[UUID]:
    """Return the batches that nobody works on and that no fault has stopped, the oldest first."""
    return session.scalars(
        select(PrintBatch.id)
        .where(
            PrintBatch.state == BatchState.DRAWING,
            PrintBatch.fault_code == "",
            or_(PrintBatch.worker == "", PrintBatch.worked_until < at),
        )
        .order_by(PrintBatch.number)
    ).all()


def batches_to_print(session: Session, *, at: datetime) -> Sequence[UUID]:
    """Return the batches that were sent to a printer and that nobody works on, the oldest first.

    Of a paused one only what is at the printer still is looked after: its officer waits to hear whether it came out.
    """
    copies = exists().where(PrintCopy.batch_id == PrintBatch.id)
    has_more = copies.where(PrintCopy.fate.in_((CopyFate.WAITING, CopyFate.SENT, CopyFate.UNKNOWN)))
    return session.scalars(
        select(PrintBatch.id)
        .where(
            PrintBatch.state == BatchState.READY,
            PrintBatch.printer_id.is_not(None),
            or_(PrintBatch.worker == "", PrintBatch.worked_until < at),
            or_(PrintBatch.is_paused.is_(False) & has_more, copies.where(PrintCopy.fate == CopyFate.SENT)),
        )
        .order_by(PrintBatch.number)
    ).all()


def missing_spans(session: Session, batch: PrintBatch, *, longest: int = CHUNK) -> list[Span]:
    """Return the positions that no piece holds yet, in spans of so many at most."""
    spans, at = [], 1
    for chunk in [*chunks_of(session, batch), None]:
        end = chunk.first_position if chunk else batch.copies_total + 1
        spans += [Span(first, min(first + longest, end) - 1) for first in range(at, end, longest)]
        at = chunk.last_position + 1 if chunk else end
    return spans


def copies_to_draw(session: Session, batch: PrintBatch, span: Span, *, at: datetime) -> Sequence[PrintCopy]:
    """Return the copies of a span, without those whose card was closed since: they are cancelled here."""
    copies = session.scalars(
        select(PrintCopy)
        .where(
            PrintCopy.batch_id == batch.id,
            PrintCopy.position.between(span.first, span.last),
            PrintCopy.fate == CopyFate.WAITING,
        )
        .options(joinedload(PrintCopy.card))
        .order_by(PrintCopy.position)
    ).all()
    for copy in copies:
        if copy.card.state is not CardState.ISSUED:
            note_cancelled(session, copy, at=at)
    return [copy for copy in copies if copy.fate is CopyFate.WAITING]


def keep_chunk(
    session: Session,
    batch_id: UUID,
    drawn: DrawnFile,
    *,
    worker: str,
    folder: Path,
    at: datetime,
) -> bool:
    """Put a piece that was drawn in its place; false, when the batch is not the worker's own any more.

    The file is named before the transaction ends: what its row tells of lies there.

    Args:
        folder: the installation's prints folder.
    """
    span = drawn.span
    is_own = _as_worker(
        session,
        batch_id,
        worker,
        copies_drawn=PrintBatch.copies_drawn + span.last - span.first + 1,
        worked_until=at + LEASE,
    )
    overlaps = exists().where(
        PrintChunk.batch_id == batch_id,
        PrintChunk.first_position <= span.last,
        PrintChunk.last_position >= span.first,
    )
    if not is_own or session.scalar(select(overlaps)):
        return False
    newest = session.scalar(select(func.max(PrintChunk.ordinal)).where(PrintChunk.batch_id == batch_id)) or 0
    chunk = PrintChunk(
        batch_id=batch_id,
        ordinal=newest + 1,
        first_position=span.first,
        last_position=span.last,
        sha256=drawn.sha256,
        size_bytes=drawn.size_bytes,
        milliseconds=drawn.milliseconds,
        drawn_at=at,
    )
    session.add(chunk)
    reviews = dict(drawn.reviews)
    for copy in session.scalars(
        select(PrintCopy).where(PrintCopy.batch_id == batch_id, PrintCopy.position.in_(reviews))
    ):
        note_review(session, copy, reason=reviews[copy.position or 0], at=at)
    session.flush()
    if drawn.size_bytes:
        drawn.draft.replace(chunk_path(folder, chunk))
        sync_folder(drawn.draft.parent)
    return True


def finish_drawing(session: Session, batch_id: UUID, *, worker: str, keys: KeyRing, at: datetime) -> bool:
    """Note that a batch is drawn whole; false, when it isn't, or is not the worker's own any more."""
    is_own = _as_worker(
        session,
        batch_id,
        worker,
        PrintBatch.copies_drawn == PrintBatch.copies_total,
        state=BatchState.READY,
        worker_after="",
        worked_until=None,
        drawn_at=at,
    )
    if is_own:
        batch = session.get_one(PrintBatch, batch_id, populate_existing=True)
        _tell(session, "batch.drawn", f"batch:{batch_id}", batch, keys=keys, at=at)
        settle_if_done(session, batch, actor=_maker(batch), keys=keys, at=at)  # every card of it was put aside
    return is_own


def stop_drawing(
    session: Session, batch_id: UUID, code: str, about: str, *, worker: str, keys: KeyRing, at: datetime
) -> None:
    """Leave a batch as it is until an officer has seen to a fault: a full disk, a worker that died."""
    _stop(session, batch_id, code, about, worker=worker, state=BatchState.DRAWING, keys=keys, at=at)


def stop_printing(
    session: Session, batch_id: UUID, code: str, about: str, *, worker: str, keys: KeyRing, at: datetime
) -> None:
    """Pause a batch whose next cards cannot be drawn for its printer, until an officer has seen to it.

    Args:
        code: why, of a PrintingError.
        about: which part of it.
    """
    _stop(session, batch_id, code, about, worker=worker, state=BatchState.READY, keys=keys, at=at, is_paused=True)


def refuse_batch(
    session: Session, batch_id: UUID, code: str, about: str, *, worker: str, keys: KeyRing, at: datetime
) -> None:
    """Refuse a batch of which a code is not what the database says: nothing of it is printed, its cards wait again.

    Args:
        about: the number of the card.
    """
    is_own = _as_worker(
        session,
        batch_id,
        worker,
        fault_code=code,
        fault_about=about[:_LONGEST_ABOUT],
        state=BatchState.REFUSED,
        worker_after="",
        worked_until=None,
    )
    if is_own:
        batch = session.get_one(PrintBatch, batch_id, populate_existing=True)
        release_copies(session, batch, at=at)
        _tell(session, "batch.refused", f"batch:{batch_id}", batch, keys=keys, at=at, code=code, card=about)


def chunks_of(session: Session, batch: PrintBatch) -> Sequence[PrintChunk]:
    """Return the pieces of a batch by position."""
    return session.scalars(
        select(PrintChunk).where(PrintChunk.batch_id == batch.id).order_by(PrintChunk.first_position)
    ).all()


def chunk_path(folder: Path, chunk: PrintChunk) -> Path:
    """Return where a piece lies."""
    return folder / str(chunk.batch_id) / f"{chunk.ordinal}.pdf"


def read_chunk(folder: Path, chunk: PrintChunk) -> bytes:
    """Return the PDF of a piece.

    Raises:
        NotFound: ``print_file_missing``, when it is gone, lies on another machine, or is not what was drawn.
    """
    try:
        pdf = chunk_path(folder, chunk).read_bytes()
    except FileNotFoundError:
        raise NotFound("print_file_missing") from None
    if sha256(pdf).hexdigest() != chunk.sha256:
        raise NotFound("print_file_missing")
    return pdf


def folders_to_remove(session: Session, batch_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return those of the batches whose files are not needed any more."""
    needed = set(
        session.scalars(select(PrintBatch.id).where(PrintBatch.id.in_(batch_ids), PrintBatch.state.in_(_DRAWN)))
    )
    return [batch_id for batch_id in batch_ids if batch_id not in needed]


def _as_worker(
    session: Session,
    batch_id: UUID,
    worker: str,
    *conditions: ColumnElement[bool],
    state_now: BatchState = BatchState.DRAWING,
    worker_after: str | None = None,
    **values: object,
) -> bool:
    """Change a batch that this worker and nobody else works on."""
    if worker_after is not None:
        values["worker"] = worker_after
    changed = session.scalar(
        update(PrintBatch)
        .where(
            PrintBatch.id == batch_id,
            PrintBatch.state == state_now,
            PrintBatch.worker == worker,
            *conditions,
        )
        .values(**values)
        .returning(PrintBatch.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None


def _stop(
    session: Session,
    batch_id: UUID,
    code: str,
    about: str,
    *,
    worker: str,
    state: BatchState,
    keys: KeyRing,
    at: datetime,
    **values: object,
) -> None:
    is_own = _as_worker(
        session,
        batch_id,
        worker,
        state_now=state,
        fault_code=code,
        fault_about=about[:_LONGEST_ABOUT],
        worker_after="",
        worked_until=None,
        **values,
    )
    if is_own:
        batch = session.get_one(PrintBatch, batch_id, populate_existing=True)
        _tell(session, "batch.stopped", f"batch:{batch_id}", batch, keys=keys, at=at, code=code)


def _maker(batch: PrintBatch) -> Actor:
    """Return on whose order workers draw."""
    return Actor(officer_id=batch.officer_id, point_id=batch.point_id)


def _tell(
    session: Session,
    action: str,
    subject: str,
    batch: PrintBatch,
    *,
    keys: KeyRing,
    at: datetime,
    **detail: str | int | None,
) -> None:
    record(session, action, subject, actor=_maker(batch), key=keys.audit_key, at=at, number=batch.number, **detail)
