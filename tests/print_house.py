"""Batches for tests: a registry with cards that wait, and what tests ask of copies and batches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from card_house import VILLAGE, CardHouse
from sqlalchemy import select

from registry.cards.cards import issue_card
from registry.db import Session
from registry.kinds import BatchChoice, CopyFate, SheetCode
from registry.models import Card, PrintBatch, PrintCopy
from registry.prints.batches import make_batch
from registry.prints.choosing import choose_cards
from registry.prints.chunks import DrawnFile, Span, finish_drawing, keep_chunk, missing_spans, take_lease

_NOWHERE = Path("/nowhere")


class PrintHouse(CardHouse):
    """A card house with a print shop."""

    def add_cards(self, session: Session, count: int, **draft: object) -> list[Card]:
        """Issue cards to new families."""
        return [issue_card(session, self.add_family(session, **draft), **self.rest) for _ in range(count)]

    def make(self, session: Session, cards: Sequence[UUID] | None = None, **rest) -> PrintBatch:
        """Make a batch of all cards that wait in the village, or of these."""
        if cards is None:
            cards = choose_cards(session, BatchChoice.VILLAGE, VILLAGE, area="62", at=self.at)
        named = {
            "chosen_by": BatchChoice.VILLAGE,
            "about": VILLAGE,
            "sheet": SheetCode.CARD,
            "design": "huma_betang",
            "area": "62",
        }
        return make_batch(session, cards=cards, **(named | rest), **self.rest)

    def draw(self, session: Session, batch: PrintBatch) -> None:
        """Note a batch as drawn, without any file."""
        take_lease(session, batch.id, worker="w", at=self.at)
        for span in missing_spans(session, batch):
            drawn = DrawnFile(_NOWHERE, span, "", 0, 1, [])
            assert keep_chunk(session, batch.id, drawn, worker="w", folder=_NOWHERE, at=self.at)
        assert finish_drawing(session, batch.id, worker="w", keys=self.keys, at=self.at)
        session.refresh(batch)

    def ready(self, session: Session, count: int) -> PrintBatch:
        """Return a batch of new cards that is drawn."""
        batch = self.make(session, [card.id for card in self.add_cards(session, count)])
        self.draw(session, batch)
        return batch


def fates(session: Session, batch: PrintBatch) -> list[CopyFate]:
    """Return the fates of a batch by position."""
    session.flush()
    query = select(PrintCopy.fate).where(PrintCopy.batch_id == batch.id).order_by(PrintCopy.position)
    return list(session.scalars(query))


def copy_at(session: Session, batch: PrintBatch, position: int) -> PrintCopy:
    """Return the copy at a position."""
    return session.scalars(
        select(PrintCopy).where(PrintCopy.batch_id == batch.id, PrintCopy.position == position)
    ).one()


def whole(batch: PrintBatch) -> Span:
    """Return all positions of a batch."""
    return Span(1, batch.copies_total)
