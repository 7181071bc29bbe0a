"""How far the drawing of a batch has come, how fast it goes, and how long it takes still."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from registry.db import Session
from registry.models import PrintBatch, PrintChunk
from registry.prints.chunks import LEASE, chunks_of

__all__ = ["Progress", "progress_of"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the drawing of a batch has come."""

    total: int
    drawn: int
    per_second: float | None
    """None, before the first piece stands."""

    @property
    def seconds_left(self) -> float | None:
        """Estimated by the rate so far."""
        return (self.total - self.drawn) / self.per_second if self.per_second else None


def progress_of(session: Session, batch: PrintBatch) -> Progress:
    """Return how far the drawing of a batch has come; a night with a full disk in between does not slow the rate."""
    seconds = _time_at_work(chunks_of(session, batch)).total_seconds()
    return Progress(batch.copies_total, batch.copies_drawn, batch.copies_drawn / seconds if seconds else None)


def _time_at_work(chunks: Iterable[PrintChunk]) -> timedelta:
    """Return how long the pieces took, several at once; where nothing began for a whole lease, nobody worked."""
    times = sorted((chunk.drawn_at - timedelta(milliseconds=chunk.milliseconds), chunk.drawn_at) for chunk in chunks)
    spent, ended = timedelta(), None
    for begun, drawn in times:
        since = begun if ended is None or begun - ended > LEASE else ended
        spent += max(drawn - since, timedelta())
        ended = drawn if ended is None else max(ended, drawn)
    return spent
