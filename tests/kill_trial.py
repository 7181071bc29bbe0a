"""Kills the one who prints, and now and then the printer too, at random moments, and counts what came out.

The officer of the trial knows only what a real one does: which card lay last in the tray. Whether a card came out twice
or never is then read from what the printer wrote down, which no one who prints can see.
"""

from __future__ import annotations

import os
import select as waiting
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from random import Random
from typing import Literal

import kill_worker
from printer_scene import PrinterScene
from software_printer import SoftwarePrinter
from sqlalchemy import select

from printing.printers.looking import PrinterState, look_at_printer
from registry.kinds import CopyFate, JobState
from registry.models import PrintCopy, PrintJob
from registry.prints.jobs import answer_nothing_came_out, answer_unknown

Protocol = Literal["ledger", "naive"]
_OPEN = (CopyFate.WAITING, CopyFate.SENT, CopyFate.UNKNOWN)


@dataclass
class Tally:
    """What a trial came to."""

    kills: int = 0
    in_flight: int = 0
    """Of the kills, those that left a job at the printer, or about to be."""
    printer_kills: int = 0
    questions: int = 0
    cards: int = 0
    doubled: int = 0
    skipped: int = 0
    """Said to be printed, and never came out."""
    unsaid: int = 0
    """Came out, and are said to be waiting or unknown."""
    seconds: float = 0.0

    def add(self, other: Tally) -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


@dataclass(frozen=True)
class Kill:
    """When a worker is killed: so many seconds after it looked where its predecessor left off, or drew a card."""

    after: Literal["begun", "drawn"]
    seconds: float


class Workers:
    """The process that forks those who print."""

    def __init__(self) -> None:
        self._mother = subprocess.Popen(
            [sys.executable, kill_worker.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )

    def work(self, protocol: Protocol, scene: PrinterScene, kill: Kill | None) -> bool:
        """Let one print to its end or to its death; tell whether it was killed.

        Raises:
            RuntimeError: when it ended otherwise.
        """
        at = scene.house.at.isoformat()
        asked = f"{protocol} {scene.database.url} {scene.batch_id} {scene.printer_id} {at}\n"
        self._mother.stdin.write(asked.encode())
        ends, pid = None, 0
        while True:
            left = None if ends is None else max(0.0, ends - time.monotonic())
            if not waiting.select([self._mother.stdout], [], [], left)[0]:
                with suppress(ProcessLookupError):  # it ended at this very moment
                    os.kill(pid, signal.SIGKILL)
                ends = None
            said, number = self._mother.stdout.readline().decode().split()
            if said == "ended":
                break
            if kill and said == kill.after:
                ends, pid = time.monotonic() + kill.seconds, int(number)
        if int(number) not in (0, -signal.SIGKILL):
            raise RuntimeError(f"the worker ended with {number}; what it said stands above")
        return int(number) == -signal.SIGKILL

    def close(self) -> None:
        self._mother.stdin.close()
        self._mother.wait()
        self._mother.stdout.close()


@contextmanager
def workers() -> Iterator[Workers]:
    """Give those who print, for as long as they are used."""
    made = Workers()
    try:
        yield made
    finally:
        made.close()


def run_trial(
    made: Workers,
    scene: PrinterScene,
    printer: SoftwarePrinter,
    protocol: Protocol,
    *,
    kills: int,
    random: Random,
    printer_too: float = 0.0,
    longest: float = 0.25,
) -> Tally:
    """Print the scene's batch while its worker is killed so many times, or until the batch is printed.

    Args:
        printer_too: how often, of one kill, the printer's plug is pulled at the same moment.
        longest: seconds that a worker lives at most after the moment from which its end is counted.
    """
    tally, begun = Tally(cards=len(scene.copies)), time.monotonic()
    while any(fate in _OPEN for fate in scene.fates()):
        after = random.choice(("begun", "drawn"))
        kill = Kill(after, random.uniform(0.0, longest)) if tally.kills < kills else None
        if made.work(protocol, scene, kill):
            tally.kills += 1
            tally.in_flight += bool({JobState.INTENDED, JobState.ACCEPTED} & set(scene.states()))
            if random.random() < printer_too:
                printer.restart()
                tally.printer_kills += 1
        tally.questions += _answer(scene, printer)
    _count(scene, printer, tally)
    tally.seconds = time.monotonic() - begun
    return tally


def _answer(scene: PrinterScene, printer: SoftwarePrinter) -> int:
    """Answer as an officer does who takes the last card out of the tray and scans it."""
    with scene.database.reading() as session:
        unknown = session.scalars(select(PrintJob).where(PrintJob.state == JobState.UNKNOWN)).all()
    for job in unknown:
        _await_rest(printer)
        out = printer.out()
        last = {str(one.id): one for one in scene.jobs()}.get(out[-1][0]) if out else None
        with scene.database.writing() as session:
            asked = session.get_one(PrintJob, job.id)
            copy = session.scalars(select(PrintCopy).where(PrintCopy.job_id == last.id)).first() if last else None
            if copy is None:
                answer_nothing_came_out(session, asked, **scene.house.rest)
            else:
                answer_unknown(session, asked, copy.card, **scene.house.rest)
    return len(unknown)


def _await_rest(printer: SoftwarePrinter) -> None:
    """Wait until no card is under way: an officer does not open a running printer."""
    while look_at_printer(printer.uri).state is PrinterState.PROCESSING:
        time.sleep(0.01)


def _count(scene: PrinterScene, printer: SoftwarePrinter, tally: Tally) -> None:
    _await_rest(printer)
    out = scene.count_out(printer.out())
    for copy, fate in zip(scene.copies, scene.fates(), strict=True):
        tally.doubled += max(0, out[copy] - 1)
        tally.skipped += fate is CopyFate.PRINTED and not out[copy]
        tally.unsaid += fate is not CopyFate.PRINTED and out[copy] > 0
