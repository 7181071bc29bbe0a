"""Drawing a batch: piece by piece in confined processes, as many at once as there are processors."""

from __future__ import annotations

import errno
import logging
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from uuid import UUID

from kiosk.card_faces import faces_of
from kiosk.clock import now
from kiosk.designs import get_design
from kiosk.settings import Settings
from printing.chunk import draw_chunk
from printing.confined import Confined
from printing.design import Design
from printing.errors import PrintingError
from registry.db import Database
from registry.keys.keys import KeyRing
from registry.models import PrintBatch
from registry.prints.chunks import (
    CHUNK,
    DrawnFile,
    Span,
    copies_to_draw,
    finish_drawing,
    give_up_lease,
    keep_chunk,
    missing_spans,
    refuse_batch,
    renew_lease,
    stop_drawing,
    take_lease,
)

__all__ = ["Drawer"]

_SIGN_OF_LIFE = 10.0  # seconds; the lease lasts six times as long
_SECONDS_TO_START, _SECONDS_PER_CARD = 120.0, 1.0  # ten times what the slow way takes on a busy machine
_MEGABYTES = 1500  # address space of one drawing process; WeasyPrint and its fonts take about 300
_REFUSING = frozenset({"code_differs"})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_log = logging.getLogger(__name__)


class _LeaseLostError(Exception):
    """Another worker has taken the batch over, or an officer has cancelled it."""


@dataclass(frozen=True)
class Drawer:
    """One worker that draws batches.

    Args:
        worker: its name, of which no other worker has the same.
        chunk: cards in one file at most.
        processes: how many pieces it draws at once.
        now: reads the clock.
    """

    settings: Settings
    database: Database
    keys: KeyRing
    worker: str
    chunk: int = CHUNK
    processes: int = os.cpu_count() or 1
    now: Callable[[], datetime] = now

    def draw(self, batch_id: UUID) -> None:
        """Draw what is missing of a batch, when nobody else does; what goes wrong is kept with the batch."""
        with self.database.writing() as session:
            batch = take_lease(session, batch_id, worker=self.worker, at=self.now())
        if batch is None:
            return
        try:
            with self._faults_kept(batch_id):
                self._draw(batch)
        except _LeaseLostError:
            _log.info("batch %s went to another worker, or was cancelled", batch.number)

    def _draw(self, batch: PrintBatch) -> None:
        design = get_design(self.settings.designs_folder, batch.design, sha256=batch.design_sha256)
        folder = self.settings.prints_folder / str(batch.id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left_over in folder.glob(".*"):  # of a worker that was killed
            left_over.unlink(missing_ok=True)
        with self.database.reading() as session:
            spans = missing_spans(session, batch, longest=self.chunk)
        if spans:
            self._draw_spans(batch, spans, folder, design)
        with self.database.writing() as session:
            finish_drawing(session, batch.id, worker=self.worker, keys=self.keys, at=self.now())

    def _draw_spans(self, batch: PrintBatch, spans: Sequence[Span], folder: Path, design: Design) -> None:
        """Share the spans among threads that wait for a process each, and tell every few seconds that all is well."""
        waiting: SimpleQueue[Span] = SimpleQueue()
        for span in spans:
            waiting.put(span)
        threads = min(self.processes, len(spans))
        with ThreadPoolExecutor(threads, thread_name_prefix="draw") as pool:
            drawing = {pool.submit(self._draw_some, batch, waiting, folder, design) for _ in range(threads)}
            try:
                while drawing:
                    done, drawing = wait(drawing, timeout=_SIGN_OF_LIFE, return_when=FIRST_EXCEPTION)
                    for one in done:
                        one.result()
                    with self.database.writing() as session:
                        if not renew_lease(session, batch.id, worker=self.worker, at=self.now()):
                            raise _LeaseLostError
            finally:
                with suppress(Empty):  # the others stop after what they have in hand
                    while True:
                        waiting.get_nowait()

    def _draw_some(self, batch: PrintBatch, waiting: SimpleQueue[Span], folder: Path, design: Design) -> None:
        limit = _SECONDS_TO_START + _SECONDS_PER_CARD * self.chunk
        with Confined(seconds=limit, megabytes=_MEGABYTES) as confined, suppress(Empty):
            while True:
                self._draw_span(batch, waiting.get_nowait(), folder, design, confined)

    def _draw_span(self, batch: PrintBatch, span: Span, folder: Path, design: Design, confined: Confined) -> None:
        with self.database.writing() as session:
            copies = copies_to_draw(session, batch, span, at=self.now())
        with self.database.reading() as session:
            faces = list(faces_of(session, [copy.card for copy in copies], photos=self.settings.photos_folder))
        draft = folder / f".{span.first}-{secrets.token_hex(4)}"
        try:
            drawn = confined.run(draw_chunk, faces, draft, sheet=batch.sheet, design=design)
            file = DrawnFile(
                draft,
                span,
                sha256=drawn.sha256,
                size_bytes=drawn.size_bytes,
                milliseconds=drawn.milliseconds,
                reviews=[
                    (copies[index].position or 0, f"{code}: {about}" if about else code)
                    for index, code, about in drawn.reviews
                ],
            )
            with self.database.writing() as session:
                is_kept = keep_chunk(
                    session,
                    batch.id,
                    file,
                    worker=self.worker,
                    folder=self.settings.prints_folder,
                    at=self.now(),
                )
                if not is_kept:
                    raise _LeaseLostError
        finally:
            draft.unlink(missing_ok=True)

    @contextmanager
    def _faults_kept(self, batch_id: UUID) -> Iterator[None]:
        try:
            yield
        except PrintingError as error:
            note = refuse_batch if error.code in _REFUSING else stop_drawing
            with self.database.writing() as session:
                note(session, batch_id, error.code, error.about, worker=self.worker, keys=self.keys, at=self.now())
        except OSError as error:
            _log.exception("a file of a batch could not be written")
            self._stop(batch_id, "disk_full" if error.errno in _FULL else "print_file_unwritable")
        except _LeaseLostError:
            raise
        except Exception:
            self._stop(batch_id, "drawing_failed")
            raise
        except BaseException:  # told to stop: another may take over at once
            with self.database.writing() as session:
                give_up_lease(session, batch_id, worker=self.worker)
            raise

    def _stop(self, batch_id: UUID, code: str) -> None:
        with self.database.writing() as session:
            stop_drawing(session, batch_id, code, "", worker=self.worker, keys=self.keys, at=self.now())
