"""Sending a batch to its printer: one worker at a time, from the lease to the last card."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from kiosk.calibrated import adjustments_of
from kiosk.card_faces import faces_of
from kiosk.clock import now
from kiosk.designs import get_design
from kiosk.settings import Settings
from kiosk.work.kept_lease import KeptLease
from printing.card import card_pdf
from printing.confined import Confined
from printing.design import Design
from printing.errors import PrintingError
from printing.sheets import Adjustment
from printing.spooling import Draw, Spool, print_copies
from registry.audit import Actor
from registry.db import Database
from registry.keys.keys import KeyRing
from registry.kinds import BatchState
from registry.models import PrintBatch, Printer
from registry.prints.batches import settle_if_done
from registry.prints.chunks import give_up_lease, renew_lease, stop_printing, take_lease
from registry.prints.jobs import cards_of_copies

__all__ = ["Sender"]

_SIGN_OF_LIFE = 10.0  # seconds; the lease lasts six times as long
_SECONDS, _MEGABYTES = 60.0, 1000  # for the cards of one sheet

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sender:
    """One worker that sends batches to printers.

    Args:
        worker: its name, of which no other worker has the same.
        stopped: set when the process is to end.
    """

    settings: Settings
    database: Database
    keys: KeyRing
    worker: str
    stopped: threading.Event

    def send(self, batch_id: UUID) -> None:
        """Send what waits of a batch to its printer, when nobody else does, until nothing waits or it must stop.

        What keeps the next cards from being drawn pauses the batch, and stands with it in a code that has words.
        """
        with self.database.writing() as session:
            batch = take_lease(session, batch_id, worker=self.worker, state=BatchState.READY, at=now())
        if batch is None:
            return
        try:
            if batch.printer_id is not None:
                self._print(batch, batch.printer_id)
        except PrintingError as error:
            with self.database.writing() as session:
                stop_printing(session, batch_id, error.code, error.about, worker=self.worker, keys=self.keys, at=now())
        finally:
            with self.database.writing() as session:
                batch = session.get_one(PrintBatch, batch_id)
                give_up_lease(session, batch_id, worker=self.worker, state=BatchState.READY)
                actor = Actor(officer_id=batch.officer_id, point_id=batch.point_id)
                settle_if_done(session, batch, actor=actor, keys=self.keys, at=now())

    def _print(self, batch: PrintBatch, printer_id: UUID) -> None:
        def renew() -> bool:
            with self.database.writing() as session:
                return renew_lease(session, batch.id, worker=self.worker, state=BatchState.READY, at=now())

        with (
            KeptLease(renew, every=_SIGN_OF_LIFE) as lease,
            Confined(seconds=_SECONDS, megabytes=_MEGABYTES) as confined,
        ):
            spool = Spool(
                database=self.database,
                keys=self.keys,
                now=now,
                wait=self.stopped.wait,
                goes_on=lambda: lease.holds and not self.stopped.is_set(),
            )
            print_copies(spool, batch.id, printer_id, self._drawing(batch, printer_id, confined))

    def _drawing(self, batch: PrintBatch, printer_id: UUID, confined: Confined) -> Draw:
        @cache  # only once something is drawn: also when its design is gone, what is at the printer is cleared up first
        def how() -> tuple[Design, Adjustment, Adjustment]:
            with self.database.reading() as session:
                adjustments = adjustments_of(session, session.get_one(Printer, printer_id))
            return get_design(self.settings.designs_folder, batch.design, sha256=batch.design_sha256), *adjustments

        def draw(copies: Sequence[UUID]) -> bytes:
            try:
                design, front, back = how()
                with self.database.reading() as session:
                    cards = cards_of_copies(session, copies)
                    faces = list(faces_of(session, cards, photos=self.settings.photos_folder))
                return confined.run(card_pdf, faces, sheet=batch.sheet, design=design, front=front, back=back)
            except PrintingError:
                raise
            except Exception as error:
                _log.exception("cards could not be drawn for their printer")
                raise PrintingError("printing_failed") from error

        return draw
