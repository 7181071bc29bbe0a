"""What a printer was sent, and what became of it: the record of printing, which no spooler is trusted with.

::

    intended ──accepted──▶ accepted ──▶ completed            (its copies are printed)
        │                      ├──────▶ failed, cancelled    (its copies wait again)
        └──────▶ failed        └──────▶ unknown ──answered──▶ completed, failed

A job is *intended* in a committed transaction before the printer hears of it. It becomes *accepted*, again committed,
when the printer has made a job of that name, and only then is the document sent. So a job that is found intended after
a crash was certainly not printed; one that is found accepted is looked up in the printer's own history; and what the
printer has forgotten is asked of an officer. Every step is one UPDATE that names the state it starts from: a worker
that was given up for dead and comes back cannot send what another has already put back.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from registry.audit import Actor, record
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound
from registry.keys.keys import KeyRing
from registry.kinds import CopyFate, JobState
from registry.models import Card, PrintBatch, PrintCopy, Printer, PrintJob
from registry.prints.batches import pause_batch, settle_if_done
from registry.prints.copies import note_cancelled, note_printed, note_spoilt, note_unknown, note_unprinted

__all__ = [
    "IN_FLIGHT",
    "accept_job",
    "answer_nothing_came_out",
    "answer_spoilt",
    "answer_unknown",
    "cancel_copies",
    "cards_of_copies",
    "cards_of_job",
    "close_answered",
    "copies_of_job",
    "end_job",
    "get_job",
    "intend_job",
    "job_in_flight",
    "jobs_of",
    "note_cancel_asked",
    "note_said",
    "unknown_jobs",
    "waiting_copies",
]

_AT_PRINTER = (JobState.INTENDED, JobState.ACCEPTED)
IN_FLIGHT = (*_AT_PRINTER, JobState.UNKNOWN)
_OPEN = (CopyFate.SENT, CopyFate.UNKNOWN)
_LONGEST_SAID = 200  # the column's width


def waiting_copies(session: Session, batch: PrintBatch, *, limit: int) -> list[PrintCopy]:
    """Return the next copies of a batch that wait to be printed, by position, each with its card."""
    waiting = (
        select(PrintCopy)
        .where(PrintCopy.batch_id == batch.id, PrintCopy.fate == CopyFate.WAITING)
        .options(joinedload(PrintCopy.card))
        .order_by(PrintCopy.position)
        .limit(limit)
    )
    return list(session.scalars(waiting))


def cancel_copies(session: Session, copies: Sequence[PrintCopy], *, at: datetime) -> None:
    """Cancel copies that wait; one of which an officer has said something meanwhile keeps his word."""
    for copy in copies:
        with suppress(Conflict):
            note_cancelled(session, session.get_one(PrintCopy, copy.id), at=at)


def intend_job(
    session: Session,
    printer: Printer,
    batch: PrintBatch,
    copies: Sequence[PrintCopy],
    *,
    sha256: str,
    printer_up_time: int | None,
    at: datetime,
) -> PrintJob:
    """Write down that these copies are about to be sent; the caller commits before he speaks to the printer.

    Args:
        sha256: of the bytes that will be sent.
        printer_up_time: seconds that the printer has been up now, where it says so.

    Raises:
        Conflict: ``printer_busy``, when another job is in flight there; ``copy_not_waiting``, when somebody else has
            taken one of the copies meanwhile.
    """
    job = PrintJob(
        id=new_id(),
        printer_id=printer.id,
        batch_id=batch.id,
        sha256=sha256,
        printer_up_time=printer_up_time,
        intended_at=at,
        officer_id=batch.officer_id,
    )
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError as error:
        raise Conflict("printer_busy", printer=printer.code) from error
    taken = session.execute(
        update(PrintCopy)
        .where(PrintCopy.id.in_([copy.id for copy in copies]), PrintCopy.fate == CopyFate.WAITING)
        .values(fate=CopyFate.SENT, job_id=job.id, fate_at=at, officer_id=None)
        .returning(PrintCopy.id)
    ).all()
    if len(taken) != len(copies):
        raise Conflict("copy_not_waiting")
    return job


def accept_job(session: Session, job: PrintJob, *, printer_job_id: int, at: datetime) -> None:
    """Note that the printer has made the job; only after this is committed may its document be sent.

    Raises:
        Conflict: ``print_job_ended``, when the job was put back meanwhile: its document must not be sent.
    """
    _step(session, job, (JobState.INTENDED,), state=JobState.ACCEPTED, printer_job_id=printer_job_id, accepted_at=at)


def note_said(session: Session, job: PrintJob, said: str) -> None:
    """Keep what the printer says of itself now, as IPP keywords, for the screens."""
    session.execute(update(PrintJob).where(PrintJob.id == job.id).values(said=said[:_LONGEST_SAID]))


def end_job(
    session: Session,
    job: PrintJob,
    state: JobState,
    *,
    said: str = "",
    pauses_batch: bool = False,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> None:
    """Note what became of a job, and so of its copies.

    Args:
        state: ``completed`` (the copies are printed), ``failed`` or ``cancelled`` (nothing came out: they wait
            again), or ``unknown`` (an officer is asked).
        said: what the printer said last, as IPP keywords.
        pauses_batch: whether an officer must look before the batch goes on.

    Raises:
        Conflict: ``print_job_ended``, when another has noted it already.
    """
    is_open = state is JobState.UNKNOWN
    _step(
        session,
        job,
        _AT_PRINTER,
        state=state,
        said=said[:_LONGEST_SAID],
        ended_at=None if is_open else at,
    )
    for copy in copies_of_job(session, job):
        if copy.fate is not CopyFate.SENT:  # an officer was quicker: he has the card in his hand
            continue
        if state is JobState.COMPLETED:
            _note_out(session, copy, actor=actor, keys=keys, at=at)
        elif is_open:
            note_unknown(session, copy, at=at)
        else:
            note_unprinted(session, copy, at=at)
    batch = session.get_one(PrintBatch, job.batch_id)
    if pauses_batch:
        pause_batch(session, batch, actor=actor, keys=keys, at=at)
    elif not is_open:
        settle_if_done(session, batch, actor=actor, keys=keys, at=at)


def job_in_flight(session: Session, printer: Printer) -> PrintJob | None:
    """Return the job that a printer has, or may have: there is at most one."""
    return session.scalar(select(PrintJob).where(PrintJob.printer_id == printer.id, PrintJob.state.in_(IN_FLIGHT)))


def get_job(session: Session, job_id: UUID, *, printer: Printer) -> PrintJob:
    """Return a job of a printer.

    Raises:
        NotFound: code ``print_job_unknown``, also for one of another printer.
    """
    job = session.get(PrintJob, job_id)
    if job is None or job.printer_id != printer.id:
        raise NotFound("print_job_unknown")
    return job


def jobs_of(session: Session, printer: Printer, *, limit: int) -> list[tuple[PrintJob, PrintBatch]]:
    """Return the newest jobs of a printer, each with its batch."""
    rows = session.execute(
        select(PrintJob, PrintBatch)
        .join(PrintBatch, PrintBatch.id == PrintJob.batch_id)
        .where(PrintJob.printer_id == printer.id)
        .order_by(PrintJob.intended_at.desc(), PrintJob.id.desc())
        .limit(limit)
    )
    return [(job, batch) for job, batch in rows]


def copies_of_job(session: Session, job: PrintJob) -> list[PrintCopy]:
    """Return the copies that a job carries or carried last, by position."""
    return list(session.scalars(select(PrintCopy).where(PrintCopy.job_id == job.id).order_by(PrintCopy.position)))


def cards_of_job(session: Session, job: PrintJob) -> list[Card]:
    """Return the cards that a job carries, by position."""
    return _cards_of(session, PrintCopy.job_id == job.id)


def cards_of_copies(session: Session, copy_ids: Sequence[UUID]) -> list[Card]:
    """Return the cards of copies of one batch, by position."""
    return _cards_of(session, PrintCopy.id.in_(copy_ids))


def unknown_jobs(session: Session, *, point_id: UUID) -> list[tuple[PrintJob, Printer]]:
    """Return the jobs of a point's printers of which nobody can say whether they came out: an officer is asked."""
    rows = session.execute(
        select(PrintJob, Printer)
        .join(Printer, Printer.id == PrintJob.printer_id)
        .where(Printer.point_id == point_id, PrintJob.state == JobState.UNKNOWN)
        .order_by(PrintJob.intended_at)
    )
    return [(job, printer) for job, printer in rows]


def note_cancel_asked(session: Session, job: PrintJob, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Note that an officer wants the job stopped: its batch pauses; what became of the card is found out after.

    Raises:
        Conflict: ``print_job_ended``, when it is over, or only an answer is missing.
    """
    if job.state not in _AT_PRINTER:
        raise Conflict("print_job_ended")
    batch = session.get_one(PrintBatch, job.batch_id)
    pause_batch(session, batch, actor=actor, keys=keys, at=at)
    record(session, "print_job.cancelled", f"print_job:{job.id}", actor=actor, key=keys.audit_key, at=at)


def answer_unknown(
    session: Session, job: PrintJob, last_card: Card, *, actor: Actor, keys: KeyRing, at: datetime
) -> bool:
    """Take the last card that came out of the printer as the answer what became of a job; tell whether the job did.

    A card of the job says that the job came out whole: a sheet is one piece of paper. The last card of the job that
    the printer completed before says that nothing came out since. Any other card says nothing.

    Raises:
        Conflict: ``print_job_not_unknown``; ``card_not_last_printed``, when the card is of neither.
    """
    if last_card.id in {copy.card_id for copy in copies_of_job(session, job)}:
        _answer(session, job, JobState.COMPLETED, actor=actor, at=at)
        for copy in _open_copies(session, job):
            _note_out(session, copy, actor=actor, keys=keys, at=at)
        _tell(session, job, actor=actor, keys=keys, at=at)
        return True
    if last_card.id not in _cards_before(session, job):
        raise Conflict("card_not_last_printed")
    answer_nothing_came_out(session, job, actor=actor, keys=keys, at=at)
    return False


def answer_nothing_came_out(session: Session, job: PrintJob, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Take an officer's word that nothing of a job came out: its copies wait again.

    Raises:
        Conflict: ``print_job_not_unknown``.
    """
    _answer(session, job, JobState.FAILED, actor=actor, at=at)
    for copy in _open_copies(session, job):
        note_unprinted(session, copy, at=at)
    _tell(session, job, actor=actor, keys=keys, at=at)


def answer_spoilt(
    session: Session, job: PrintJob, *, reason: str, destroyed_by: str, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Take an officer's word that what came out of a job is spoilt: the blanks are gone, the cards are printed again.

    Raises:
        Conflict: ``print_job_not_unknown``, ``reason_missing``, ``destroyer_missing``.
        RegistryError: ``text_holds_number``.
    """
    _answer(session, job, JobState.COMPLETED, actor=actor, at=at)
    for copy in _open_copies(session, job):
        note_spoilt(session, copy, reason=reason, destroyed_by=destroyed_by, actor=actor, keys=keys, at=at)
    _tell(session, job, actor=actor, keys=keys, at=at)


def close_answered(session: Session, job: PrintJob, *, actor: Actor, keys: KeyRing, at: datetime) -> bool:
    """Close an unknown job whose every copy an officer has decided one by one; tell whether it is closed.

    The batch's own screen takes the fate of single copies, and knows nothing of jobs.
    """
    copies = copies_of_job(session, job)
    if any(copy.fate in _OPEN for copy in copies):
        return False
    _answer(session, job, JobState.COMPLETED if copies else JobState.FAILED, actor=actor, at=at)
    _tell(session, job, actor=actor, keys=keys, at=at)
    return True


def _cards_of(session: Session, which: ColumnElement[bool]) -> list[Card]:
    asked = select(Card).join(PrintCopy, PrintCopy.card_id == Card.id).where(which).order_by(PrintCopy.position)
    return list(session.scalars(asked))


def _answer(session: Session, job: PrintJob, state: JobState, *, actor: Actor, at: datetime) -> None:
    changed = session.execute(
        update(PrintJob)
        .where(PrintJob.id == job.id, PrintJob.state == JobState.UNKNOWN)
        .values(state=state, ended_at=at, officer_id=actor.officer_id)
        .returning(PrintJob.id)
    ).all()
    if not changed:
        raise Conflict("print_job_not_unknown")
    session.refresh(job)


def _tell(session: Session, job: PrintJob, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    settle_if_done(session, session.get_one(PrintBatch, job.batch_id), actor=actor, keys=keys, at=at)
    record(
        session,
        "print_job.answered",
        f"print_job:{job.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        outcome=job.state.value,
    )


def _note_out(session: Session, copy: PrintCopy, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    with suppress(Conflict):  # an officer was quicker, and his word stands
        note_printed(session, copy, actor=actor, keys=keys, at=at)


def _open_copies(session: Session, job: PrintJob) -> list[PrintCopy]:
    return [copy for copy in copies_of_job(session, job) if copy.fate in _OPEN]


def _cards_before(session: Session, job: PrintJob) -> set[UUID]:
    """Return the cards of the job that the printer completed last before this one."""
    before = (
        select(PrintJob.id)
        .where(
            PrintJob.printer_id == job.printer_id,
            PrintJob.state == JobState.COMPLETED,
            PrintJob.intended_at <= job.intended_at,
            PrintJob.id != job.id,
        )
        .order_by(PrintJob.intended_at.desc(), PrintJob.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return set(session.scalars(select(PrintCopy.card_id).where(PrintCopy.job_id == before)))


def _step(session: Session, job: PrintJob, starts: tuple[JobState, ...], **values: object) -> None:
    changed = session.execute(
        update(PrintJob)
        .where(PrintJob.id == job.id, PrintJob.state.in_(starts))
        .values(**values)
        .returning(PrintJob.id)
    ).all()
    if not changed:
        raise Conflict("print_job_ended")
    session.refresh(job)
