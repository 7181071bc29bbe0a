"""A process that imports once and forks: each child prints a batch in one of two ways, until somebody kills it.

A line on standard input asks for a child: ``ledger|naive URL BATCH PRINTER ISO-TIME``. On standard output come ``begun
PID`` when it is about to look where its predecessor left off, ``drawn PID`` when its first card is about to be sent,
and ``ended CODE`` when it has ended or was killed.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from card_house import make_ring
from printer_scene import draw
from sqlalchemy import select, update
from sqlalchemy.orm import configure_mappers

from printing.errors import PrintingError
from printing.printers.looking import look_at_printer
from printing.printers.sending import RemoteState, Setting, create_job, find_job, send_document
from printing.spooling import Spool, print_copies
from registry.db import Database
from registry.kinds import CopyFate
from registry.models import PrintCopy, Printer


def print_by_ledger(database: Database, batch_id: UUID, printer_id: UUID, at: datetime) -> None:
    """Print as the kiosk does: intent, job, acceptance, document, outcome."""
    spool = Spool(database, make_ring(at), now=lambda: at, wait=_short, patience=5.0)
    print_copies(spool, batch_id, printer_id, _Drawing())


def print_naively(database: Database, batch_id: UUID, printer_id: UUID, _at: datetime) -> None:
    """Print, then mark: what most programmes do."""
    with database.reading() as session:
        printer = session.get_one(Printer, printer_id)
    drawing = _Drawing()
    uri, setting = printer.uri, Setting(printer.media, printer.sides, None, "", {})
    waiting = select(PrintCopy.id).where(PrintCopy.batch_id == batch_id, PrintCopy.fate == CopyFate.WAITING)
    while True:
        with database.reading() as session:
            copy_id = session.scalar(waiting.order_by(PrintCopy.position).limit(1))
        if copy_id is None:
            return
        pdf = drawing([copy_id])
        try:
            number = create_job(uri, str(copy_id), setting)
            send_document(uri, number, pdf)
            while (found := find_job(uri, str(copy_id), number)) and found.state is not RemoteState.COMPLETED:
                _short(0.02)
        except PrintingError:
            _short(0.02)
            continue
        with database.writing() as session:
            session.execute(update(PrintCopy).where(PrintCopy.id == copy_id).values(fate=CopyFate.PRINTED))


class _Drawing:
    """Draws, and says so the first time."""

    def __init__(self) -> None:
        self._has_said = False

    def __call__(self, copies: Sequence[UUID]) -> bytes:
        if not self._has_said:
            _say(f"drawn {os.getpid()}")
            self._has_said = True
        return draw(copies)


def main() -> None:
    """Fork a child for every line."""
    configure_mappers()
    for line in sys.stdin:
        protocol, url, batch, printer, at = line.split()
        if (pid := os.fork()) == 0:
            _work(protocol, url, UUID(batch), UUID(printer), datetime.fromisoformat(at))
        _, status = os.waitpid(pid, 0)
        _say(f"ended {os.waitstatus_to_exitcode(status)}")


def _work(protocol: str, url: str, batch_id: UUID, printer_id: UUID, at: datetime) -> None:
    try:
        database = Database(url)
        with database.writing() as session:  # what is slow the first time is done before the clock runs
            look_at_printer(session.get_one(Printer, printer_id).uri)
        _say(f"begun {os.getpid()}")
        (print_by_ledger if protocol == "ledger" else print_naively)(database, batch_id, printer_id, at)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def _short(seconds: float) -> None:
    time.sleep(min(seconds, 0.05))


if __name__ == "__main__":
    main()
