"""Whatever is said of copies, in whatever order: one open copy per card, and numbers without gaps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from print_house import PrintHouse
from sqlalchemy import select

from registry.cards.cards import block_card, mark_printed, mark_spoilt
from registry.db import Database
from registry.errors import Conflict
from registry.kinds import BlockReason, CardState, CopyFate
from registry.models import Card, PrintBatch, PrintCopy
from registry.prints.batches import cancel_batch
from registry.prints.copies import (
    CAME_OUT,
    OPEN,
    note_cancelled,
    note_missing,
    note_printed,
    note_review,
    note_spoilt,
    note_unknown,
    note_unprinted,
    open_copy_of,
)

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
STEPS = (
    "batch",
    "counter prints",
    "counter spoils",
    "sent",
    "unknown",
    "unprinted",
    "printed",
    "spoilt",
    "missing",
    "review",
    "cancelled",
    "block",
    "cancel batch",
)


def do(house: PrintHouse, session, card: Card, step: str) -> None:
    copy = open_copy_of(session, card)
    if step == "batch":
        house.make(session, [card.id])
    elif step == "counter prints":
        mark_printed(session, card, **house.rest)
    elif step == "counter spoils":
        mark_spoilt(session, card, reason="bergaris", destroyed_by="Ani", **house.rest)
    elif step == "block":
        block_card(session, card, BlockReason.MISUSED, **house.rest)
    elif copy is None:
        return
    elif step == "cancel batch":
        if copy.batch_id:
            cancel_batch(session, session.get_one(PrintBatch, copy.batch_id), **house.rest)
    elif step == "sent":
        if copy.fate is CopyFate.WAITING:
            copy.fate = CopyFate.SENT
    elif step in ("unknown", "unprinted", "cancelled"):
        {"unknown": note_unknown, "unprinted": note_unprinted, "cancelled": note_cancelled}[step](session, copy, at=NOW)
    elif step == "review":
        note_review(session, copy, reason="text_does_not_fit: head_name", at=NOW)
    elif step == "printed":
        note_printed(session, copy, **house.rest)
    elif step == "spoilt":
        note_spoilt(session, copy, reason="begitu", destroyed_by="Ani", **house.rest)
    else:
        note_missing(session, copy, reason="begitu", **house.rest)


def check(session, card: Card) -> None:
    session.flush()
    session.expire_all()
    copies = session.scalars(select(PrintCopy).where(PrintCopy.card_id == card.id).order_by(PrintCopy.id)).all()
    numbers = sorted(copy.copy_number for copy in copies if copy.fate in CAME_OUT)
    assert numbers == list(range(1, len(numbers) + 1)), "copies that came out are numbered without gaps"
    assert sum(copy.fate in OPEN for copy in copies) <= 1
    assert all(copy.reprint_reason for copy in copies if copy.copy_number > 1)
    printed = [copy for copy in copies if copy.fate is CopyFate.PRINTED]
    if card.state is CardState.PRINTED:
        assert len(printed) == 1
    if card.state is CardState.ISSUED:
        assert not printed
    if any(copy.fate is CopyFate.MISSING for copy in copies):
        assert card.state in (CardState.REPLACED, CardState.BLOCKED)


@pytest.fixture
def house(database: Database) -> PrintHouse:
    return PrintHouse(database, NOW)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=14))
def test_one_open_copy_and_numbers_without_gaps(house: PrintHouse, steps: list[str]):
    with house.database.open_session(writes=True) as session:
        card = house.add_cards(session, 1)[0]
        for step in steps:
            try:
                with session.begin_nested():
                    do(house, session, card, step)
            except Conflict:
                session.refresh(card)
            check(session, card)
        session.rollback()
