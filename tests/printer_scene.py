"""A counter with issued cards in a batch that is ready, a printer that is set up, and a loop that prints on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from card_house import CardHouse
from sqlalchemy import select, update

from printing.spooling import Ended, Spool, print_copies
from registry.cards.issuing import issue_card
from registry.db import Database
from registry.kinds import BatchChoice, BatchState, CardState, CopyFate, JobState, SheetCode, Transport
from registry.models import Card, PrintBatch, PrintCopy, Printer, PrintJob
from registry.prints.batches import make_batch
from registry.prints.printers import PrinterPlan, add_printer

MEDIA = "om_cr80_53.98x85.6mm"
PATIENCE = 600.0
"""Seconds: on a busy machine a printer takes its time over a card."""
SHORT = 0.3
"""Seconds, where a test wants to see patience end."""


def draw(copies: Sequence[UUID]) -> bytes:
    """Return what stands for the PDF of these copies: their ids, by which what came out is known again."""
    return b"%PDF-1.7\n" + b"\n".join(str(copy).encode() for copy in copies) + b"\n%%EOF\n"


@dataclass
class PrinterScene:
    """Everything in one place."""

    house: CardHouse
    batch_id: UUID
    printer_id: UUID
    copies: list[UUID] = field(default_factory=list)
    now: Callable[[], datetime] | None = None

    @property
    def database(self) -> Database:
        return self.house.database

    def spool(self, **how) -> Spool:
        return Spool(
            self.database,
            self.house.keys,
            now=self.now or (lambda: self.house.at),
            wait=how.pop("wait", time.sleep),
            **{"patience": PATIENCE, **how},
        )

    def print(self, draws: Callable[[Sequence[UUID]], bytes] = draw, **how) -> Ended:
        """Let the loop run until it stops by itself."""
        return print_copies(self.spool(**how), self.batch_id, self.printer_id, draws)

    def fates(self) -> list[CopyFate]:
        with self.database.reading() as session:
            rows = session.scalars(
                select(PrintCopy.fate).where(PrintCopy.batch_id == self.batch_id).order_by(PrintCopy.position)
            )
            return list(rows)

    def jobs(self) -> list[PrintJob]:
        with self.database.reading() as session:
            return list(session.scalars(select(PrintJob).order_by(PrintJob.intended_at, PrintJob.id)))

    def states(self) -> list[JobState]:
        return [job.state for job in self.jobs()]

    def card_states(self) -> set[CardState]:
        with self.database.reading() as session:
            return set(session.scalars(select(Card.state)))

    def batch(self) -> PrintBatch:
        with self.database.reading() as session:
            return session.get_one(PrintBatch, self.batch_id)

    def go_on(self) -> None:
        """Take the pause away, as an officer does who has looked."""
        with self.database.writing() as session:
            session.execute(update(PrintBatch).values(is_paused=False))

    def count_out(self, out: Sequence[Sequence[str]]) -> dict[UUID, int]:
        """Return how often each copy physically came out, by what the printer wrote down."""
        known = {sha256(draw([copy])).hexdigest(): copy for copy in self.copies}
        counted = dict.fromkeys(self.copies, 0)
        for _name, document, *_rest in out:
            counted[known[document]] += 1
        return counted


def set_up(
    database: Database, at: datetime, uri: str, *, cards: int = 3, transport: Transport = Transport.IPP, **plan
) -> PrinterScene:
    """Make a batch of so many cards that is drawn, and a printer at this address."""
    house = CardHouse(database, at)
    with database.writing() as session:
        issued = [issue_card(session, house.add_family(session), **house.rest) for _ in range(cards)]
        batch = make_batch(
            session,
            chosen_by=BatchChoice.CARDS,
            about="",
            cards=[card.id for card in issued],
            sheet=plan.get("sheet", SheetCode.CARD),
            design="",
            area="62",
            **house.rest,
        )
        batch.state = BatchState.READY
        plan = PrinterPlan(**{"name": "Kartu 1", "transport": transport, "uri": uri, "media": MEDIA} | plan)
        printer = add_printer(session, "KARTU-1", plan, point_id=house.actor.point_id, **house.rest)
        batch.printer_id = printer.id
        copies = session.scalars(
            select(PrintCopy.id).where(PrintCopy.batch_id == batch.id).order_by(PrintCopy.position)
        )
        return PrinterScene(house, batch.id, printer.id, list(copies))


def printer_of(scene: PrinterScene) -> Printer:
    with scene.database.reading() as session:
        return session.get_one(Printer, scene.printer_id)
