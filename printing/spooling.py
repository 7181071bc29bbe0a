"""Prints the waiting copies of a batch on one printer, one job at a time, so that no crash doubles or skips a card.

For every job, in this order: the intent is committed; the printer makes a job of that name; that is committed too; only
then the document is sent; the printer's own history says what became of it; that is committed. Whoever takes over after
a crash reads from the record how far it came (see :mod:`registry.prints.jobs`) and asks the printer for the rest:

- intended: no document was ever sent. What the printer has of that name is cancelled, and the copies wait again.
- accepted and still waiting at the printer, perhaps without its document, or waiting again after it was begun (CUPS,
  restarted): cancelled first, then judged.
- completed: printed. Cancelled or aborted before the printer began with it: the copies wait again.
- cancelled or aborted after it began: a card on its way still comes out, so an officer is asked; after a jam too.
- accepted, and the printer knows nothing of it: it was there and is forgotten, so an officer is asked.

Impressions are not believed: CUPS counts pages that it has sent on, and a printer that of a card under way still none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from printing.errors import PrintingError
from printing.printers.looking import PrinterLook, PrinterState, look_at_printer
from printing.printers.sending import (
    ENDED,
    WAITING,
    JobLook,
    RemoteState,
    Setting,
    cancel_job,
    create_job,
    find_job,
    send_document,
)
from printing.sheets import SHEETS
from registry.audit import Actor
from registry.db import Database, Session
from registry.errors import Conflict
from registry.keys.keys import KeyRing
from registry.kinds import BatchState, CardState, JobState
from registry.models import PrintBatch, Printer, PrintJob
from registry.prints.jobs import (
    accept_job,
    cancel_copies,
    close_answered,
    end_job,
    intend_job,
    job_in_flight,
    note_said,
    waiting_copies,
)
from registry.prints.printers import get_printer

__all__ = ["Draw", "Ended", "Spool", "print_copies"]

Draw = Callable[[Sequence[UUID]], bytes]
"""Draws the copies with these ids, in this order, as one PDF: one job."""

_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.02, 1.0, 1.5  # seconds between two looks; a card takes 15 to 40


class Ended(StrEnum):
    """Why printing stopped."""

    DONE = "done"
    """No copy of the batch waits."""
    PAUSED = "paused"
    """An officer paused it, or has to look at something first."""
    ASKED = "asked"
    """Nobody can say what became of a job: an officer is asked, and nothing is sent until he has answered."""
    WAITING = "waiting"
    """The printer is silent, hindered or busy with another batch: come back later."""
    LEFT = "left"
    """The one who prints was told to stop."""


@dataclass(frozen=True, slots=True)
class Spool:
    """What printing needs besides the batch and the printer.

    Args:
        now: reads the clock.
        wait: sleeps so many seconds.
        goes_on: asked between two steps: whether this process may go on (its lease holds, nobody stops it).
        patience: how many seconds nothing may change before it comes back with ``waiting``.
    """

    database: Database
    keys: KeyRing
    now: Callable[[], datetime]
    wait: Callable[[float], object]
    goes_on: Callable[[], bool] = lambda: True
    patience: float = 60.0


def print_copies(spool: Spool, batch_id: UUID, printer_id: UUID, draw: Draw) -> Ended:
    """Print what waits of a batch, and first clear up what is still in flight at the printer.

    May be killed at any moment and called again, by whoever: it takes up where the record says that it was. Where the
    printer cannot print as it is set up, the batch is paused and the job says why, by the code of a PrintingError:
    ``media_not_supported``, ``sides_not_supported``, ``format_not_supported``, ``jobs_not_supported``,
    ``printer_refused``.

    Raises:
        PrintingError: from ``draw``, before anything was sent.
        NotFound: ``printer_unknown``.
    """
    return _Loop(spool, batch_id, printer_id, draw).run()


class _Patience:
    """How long nothing has changed; the pauses grow as long as nothing does."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self.renew()

    def renew(self) -> None:
        self._pause, self._waited = _FIRST_PAUSE, 0.0

    @property
    def has_ended(self) -> bool:
        return self._waited >= self._spool.patience

    def wait(self) -> None:
        self._spool.wait(self._pause)
        self._waited += self._pause
        self._pause = min(self._pause * _GROWTH, _LONGEST_PAUSE)


class _Loop:
    def __init__(self, spool: Spool, batch_id: UUID, printer_id: UUID, draw: Draw) -> None:
        self._spool, self._batch_id, self._draw = spool, batch_id, draw
        with spool.database.reading() as session:
            self._printer = get_printer(session, printer_id)
        self._actor = Actor(None, self._printer.point_id)
        self._patience = _Patience(spool)

    def run(self) -> Ended:
        while self._spool.goes_on():
            with self._spool.database.reading() as session:
                job = job_in_flight(session, self._printer)
                stop = self._must_stop(session, job)
            if stop is None and job is not None:
                stop = self._clear_up(job)
            elif stop is None:
                stop = self._print_next()
            if stop is not None:
                return stop
        return Ended.LEFT

    def _must_stop(self, session: Session, job: PrintJob | None) -> Ended | None:
        if job is not None:
            return Ended.WAITING if self._is_anothers(session, job) else None
        batch = session.get_one(PrintBatch, self._batch_id)
        if batch.state is not BatchState.READY or not waiting_copies(session, batch, limit=1):
            return Ended.DONE
        is_in_use = session.get_one(Printer, self._printer.id).is_active
        return Ended.PAUSED if batch.is_paused or not is_in_use else None

    def _is_anothers(self, session: Session, job: PrintJob) -> bool:
        """Tell whether the job is of another batch whose worker still lives; a dead one's is cleared up here."""
        if job.batch_id == self._batch_id or job.state is JobState.UNKNOWN:
            return False
        worked_until = session.get_one(PrintBatch, job.batch_id).worked_until
        return worked_until is not None and worked_until > self._spool.now()

    def _clear_up(self, job: PrintJob) -> Ended | None:
        if job.state is not JobState.UNKNOWN:
            return self._follow(job, is_resumed=True)
        with self._spool.database.writing() as session:
            unknown = session.get_one(PrintJob, job.id)
            if unknown.state is not JobState.UNKNOWN or close_answered(
                session, unknown, actor=self._actor, keys=self._spool.keys, at=self._spool.now()
            ):
                return None
        return Ended.ASKED

    def _print_next(self) -> Ended | None:
        try:
            look = look_at_printer(self._printer.uri)
        except PrintingError:
            return self._later()
        if look.hindered or look.state is PrinterState.PROCESSING:  # with what somebody else sent it
            return self._later()
        with self._spool.database.reading() as session:
            batch = session.get_one(PrintBatch, self._batch_id)
            copies = waiting_copies(session, batch, limit=SHEETS[batch.sheet].cards)
        if closed := [copy for copy in copies if copy.card.state is not CardState.ISSUED]:  # since it was drawn
            with self._spool.database.writing() as session:
                cancel_copies(session, closed, at=self._spool.now())
            return None
        pdf = self._draw([copy.id for copy in copies])
        if not self._spool.goes_on():  # looking and drawing may have taken a minute each
            return Ended.LEFT
        try:
            with self._spool.database.writing() as session:
                batch = session.get_one(PrintBatch, self._batch_id)
                job = intend_job(
                    session,
                    self._printer,
                    batch,
                    copies,
                    sha256=sha256(pdf).hexdigest(),
                    printer_up_time=look.up_time,
                    at=self._spool.now(),
                )
        except Conflict:  # somebody took the printer or one of the copies meanwhile: look again
            return self._later()
        return self._send(job, look, pdf)

    def _setting(self, look: PrinterLook) -> Setting:
        """Return how the job is printed.

        Raises:
            PrintingError: when this printer would print it otherwise, or not at all.
        """
        printer = self._printer
        media = look.media_for(printer.media)
        if not look.takes_pdf:
            raise PrintingError("format_not_supported")
        if not look.takes_jobs_in_two_steps:
            raise PrintingError("jobs_not_supported")
        if media is None:
            raise PrintingError("media_not_supported", printer.media)
        if look.sides and printer.sides not in look.sides:
            raise PrintingError("sides_not_supported", printer.sides)
        return Setting(
            media=media,
            sides=printer.sides,
            dots_per_inch=printer.dots_per_inch if printer.dots_per_inch in look.resolutions else None,
            tray=printer.tray,
            options=printer.options,
        )

    def _send(self, job: PrintJob, look: PrinterLook, pdf: bytes) -> Ended | None:
        uri = self._printer.uri
        try:
            number = create_job(uri, str(job.id), self._setting(look))
        except PrintingError as error:
            if error.code == "printer_busy":
                self._end(job, JobState.FAILED, said=error.code)
                return self._later()
            if error.code in ("printer_unreachable", "printer_answer_unreadable"):
                return self._follow(job, is_resumed=True)  # the printer may have made it
            self._end(job, JobState.FAILED, said=error.code, pauses_batch=True)
            return Ended.PAUSED
        try:
            with self._spool.database.writing() as session:
                accept_job(session, session.get_one(PrintJob, job.id), printer_job_id=number, at=self._spool.now())
        except Conflict:  # we were given up for dead, and another has put the copies back
            with suppress(PrintingError):  # without its document it prints nothing, wherever it stays
                cancel_job(uri, number)
            return None
        job.state, job.printer_job_id = JobState.ACCEPTED, number
        try:
            send_document(uri, number, pdf)
        except PrintingError:
            return self._follow(job, is_resumed=True)
        return self._follow(job, is_resumed=False)

    def _follow(self, job: PrintJob, *, is_resumed: bool) -> Ended | None:
        """Look at a job until it has ended.

        Args:
            is_resumed: whether it isn't sure that its document was sent; what only waits is cancelled then.
        """
        self._patience.renew()
        given_up = is_resumed
        while self._spool.goes_on():
            try:
                look = find_job(self._printer.uri, str(job.id), job.printer_job_id)
                if look and (look.was_taken_back or (is_resumed and self._is_to_be_given_up(job, look))):
                    cancel_job(self._printer.uri, look.number)
                    look = find_job(self._printer.uri, str(job.id), look.number)
                if look is None or look.state in ENDED:
                    return self._judge(job, look, given_up=given_up)
                is_resumed = False
                self._note_hindrance(job)
            except PrintingError:
                is_resumed = given_up = True  # it may have restarted, and wait for us to send again
            if self._patience.has_ended:
                return Ended.WAITING
            self._patience.wait()
        return Ended.LEFT

    def _is_to_be_given_up(self, job: PrintJob, look: JobLook) -> bool:
        if look.state in ENDED:
            return False
        return job.state is JobState.INTENDED or look.state in WAITING or look.is_incoming

    def _judge(self, job: PrintJob, look: JobLook | None, *, given_up: bool) -> Ended | None:
        """Write down what became of a job that has ended at the printer, or that the printer does not know."""
        said = " ".join(look.reasons) if look else ""
        self._patience.renew()
        if look is not None and look.state is RemoteState.COMPLETED:
            self._end(job, JobState.COMPLETED, said=said)
            return None
        if job.state is JobState.INTENDED:
            self._end(job, JobState.FAILED, said=said)
            return None
        if look is None or look.has_begun:
            self._end(job, JobState.UNKNOWN, said=said or "job-forgotten")
            return Ended.ASKED
        state = JobState.CANCELLED if look.state is RemoteState.CANCELLED else JobState.FAILED
        # what somebody cancelled at the printer, or the printer refused, would only be refused again
        self._end(job, state, said=said, pauses_batch=not given_up)
        return None if given_up else Ended.PAUSED

    def _end(self, job: PrintJob, state: JobState, *, said: str, pauses_batch: bool = False) -> None:
        try:
            with self._spool.database.writing() as session:
                end_job(
                    session,
                    session.get_one(PrintJob, job.id),
                    state,
                    said=said,
                    pauses_batch=pauses_batch,
                    actor=self._actor,
                    keys=self._spool.keys,
                    at=self._spool.now(),
                )
        except Conflict as error:  # another worker was quicker, and saw the same
            if error.code != "print_job_ended":
                raise

    def _note_hindrance(self, job: PrintJob) -> None:
        said = " ".join(look_at_printer(self._printer.uri).reasons)
        if said != job.said:
            with self._spool.database.writing() as session:
                note_said(session, job, said)
            job.said = said
            self._patience.renew()

    def _later(self) -> Ended | None:
        if self._patience.has_ended:
            return Ended.WAITING
        self._patience.wait()
        return None
