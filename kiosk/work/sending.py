"""Sending a batch to its printer: one worker at a time, from the lease to the last card."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from kiosk.calibrated import adjustments_of
from kiosk.card_faces import faces_of
from kiosk.clock import now
from kiosk.designs import get_design
from kiosk.settings import Settings
from printing.card import card_pdf
from printing.confined import Confined
from printing.errors import PrintingError
from printing.spooling import Spool, print_copies
from registry.audit import Actor
from registry.db import Database
from registry.keys.keys import KeyRing
from registry.kinds import BatchState
from registry.models import PrintBatch, PrintCopy, Printer
from registry.prints.batches import settle_if_done
from registry.prints.chunks import give_up_lease, renew_lease, take_lease

__all__ = ["Sender"]

_SIGN_OF_LIFE = 10.0  # seconds
_SECONDS, _MEGABYTES = 60.0, 1000  # for the cards of one sheet


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
        """Send what waits of a batch to its printer, when nobody else does, until nothing waits or it must stop."""
        with self.database.writing() as session:
            batch = take_lease(session, batch_id, worker=self.worker, state=BatchState.READY, at=now())
        if batch is None or batch.printer_id is None:
            return
        try:
            with Confined(seconds=_SECONDS, megabytes=_MEGABYTES) as confined:
                spool = Spool(
                    database=self.database,
                    keys=self.keys,
                    now=now,
                    wait=self.stopped.wait,
                    goes_on=self._lives(batch_id),
                )
                print_copies(spool, batch_id, batch.printer_id, self._drawing(batch, confined))
        except PrintingError as error:
            self._pause(batch_id, error)
        finally:
            with self.database.writing() as session:
                batch = session.get_one(PrintBatch, batch_id)
                give_up_lease(session, batch_id, worker=self.worker, state=BatchState.READY)
                actor = Actor(officer_id=batch.officer_id, point_id=batch.point_id)
                settle_if_done(session, batch, actor=actor, keys=self.keys, at=now())

    def _lives(self, batch_id: UUID) -> Callable[[], bool]:
        due = monotonic() + _SIGN_OF_LIFE

        def lives() -> bool:
            nonlocal due
            if self.stopped.is_set():
                return False
            if monotonic() < due:
                return True
            due = monotonic() + _SIGN_OF_LIFE
            with self.database.writing() as session:
                return renew_lease(session, batch_id, worker=self.worker, state=BatchState.READY, at=now())

        return lives

    def _drawing(self, batch: PrintBatch, confined: Confined) -> Callable[[Sequence[UUID]], bytes]:
        design = get_design(self.settings.designs_folder, batch.design, sha256=batch.design_sha256)
        with self.database.reading() as session:
            printer = session.get_one(Printer, batch.printer_id)
            front, back = adjustments_of(session, printer)

        def draw(copies: Sequence[UUID]) -> bytes:
            with self.database.reading() as session:
                cards = [session.get_one(PrintCopy, copy_id).card for copy_id in copies]
                faces = list(faces_of(session, cards, photos=self.settings.photos_folder))
            return confined.run(card_pdf, faces, sheet=batch.sheet, design=design, front=front, back=back)

        return draw

    def _pause(self, batch_id: UUID, error: PrintingError) -> None:
        with self.database.writing() as session:
            batch = session.get_one(PrintBatch, batch_id)
            batch.is_paused, batch.fault_about = True, f"{error.code}: {error.about}"[:80]
