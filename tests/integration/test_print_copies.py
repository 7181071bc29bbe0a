"""One copy of a card: its fate, its number, its blank, and the card behind it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from print_house import PrintHouse, copy_at
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from registry.cards.cards import block_card, mark_printed, mark_spoilt, note_read_back
from registry.db import new_id
from registry.errors import Conflict
from registry.kinds import BlockReason, CardState, CopyFate, SupplyKind
from registry.models import Card, CardEvent, PrintCopy, SupplyMove
from registry.prints.copies import (
    add_copy,
    note_missing,
    note_printed,
    note_spoilt,
    note_unknown,
    note_unprinted,
    open_copy_of,
)

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def house(database):
    return PrintHouse(database, NOW)


@pytest.fixture
def session(house):
    with house.database.writing() as session:
        yield session


@pytest.fixture
def card(house, session):
    return house.add_cards(session, 1)[0]


def blanks(session) -> int:
    session.flush()
    return session.scalar(
        select(func.count(func.distinct(SupplyMove.copy_id))).where(SupplyMove.supply == SupplyKind.BLANK)
    )


def test_a_card_that_the_browser_printed_gets_its_copy_when_that_is_noted(house, session, card):
    mark_printed(session, card, **house.rest)
    copy = open_copy_of(session, card)
    assert (copy.copy_number, copy.reprint_reason, copy.batch_id, copy.fate) == (1, "", None, CopyFate.PRINTED)
    assert blanks(session) == 1


def test_a_reprint_bears_the_next_number_and_says_why(house, session, card):
    mark_spoilt(session, card, reason="gambar bergaris", destroyed_by="Ani", **house.rest)
    mark_printed(session, card, **house.rest)
    copy = open_copy_of(session, card)
    assert (copy.copy_number, copy.reprint_reason) == (2, "gambar bergaris")
    assert card.issue_number == 1
    assert blanks(session) == 2


def test_a_spoilt_copy_sends_its_card_back_and_its_reading_is_forgotten(house, session, card):
    mark_printed(session, card, **house.rest)
    note_read_back(session, card, **house.rest)
    note_spoilt(session, open_copy_of(session, card), reason="terlipat", destroyed_by="Ani", **house.rest)
    assert (card.state, card.read_back_at) == (CardState.ISSUED, None)
    assert open_copy_of(session, card) is None
    assert blanks(session) == 1


def test_a_missing_copy_closes_its_card_and_the_family_gets_the_next(house, session, card):
    mark_printed(session, card, **house.rest)
    new = note_missing(session, open_copy_of(session, card), reason="tidak ada di tumpukan", **house.rest)
    assert (card.state, card.block_reason) == (CardState.REPLACED, BlockReason.LOST)
    assert (new.state, new.issue_number, new.replaces_id) == (CardState.ISSUED, 2, card.id)


def test_a_card_that_was_blocked_before_it_came_out_stays_blocked(house, session):
    batch = house.ready(session, 1)
    copy = copy_at(session, batch, 1)
    block_card(session, copy.card, BlockReason.MISUSED, **house.rest)
    note_printed(session, copy, **house.rest)
    assert (copy.fate, copy.card.state) == (CopyFate.PRINTED, CardState.BLOCKED)
    note_spoilt(session, copy, reason="kartunya diblokir", destroyed_by="Ani", **house.rest)
    assert (copy.fate, copy.card.state) == (CopyFate.SPOILT, CardState.BLOCKED)


def test_what_nobody_knows_waits_for_an_answer(house, session):
    copy = copy_at(session, house.ready(session, 1), 1)
    copy.fate = CopyFate.SENT
    session.flush()
    note_unknown(session, copy, at=NOW)
    note_unprinted(session, copy, at=NOW)
    assert copy.fate is CopyFate.WAITING
    with pytest.raises(Conflict, match="copy_is_waiting"):
        note_unprinted(session, copy, at=NOW)


def test_of_two_officers_at_once_the_second_is_told_what_the_first_said(house):
    with house.database.writing() as session:
        batch = house.ready(session, 1)
    with house.database.writing() as second:
        stale = copy_at(second, batch, 1)
        second.expunge(stale)
    with house.database.writing() as first:
        note_printed(first, copy_at(first, batch, 1), **house.rest)
    with house.database.writing() as second:
        second.add(stale)
        with pytest.raises(Conflict, match="copy_is_printed"):
            note_printed(second, stale, **house.rest)
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CardEvent).where(CardEvent.kind == "printed")) == 1


def test_a_card_has_one_open_copy(house, session, card):
    add_copy(session, card, at=NOW)
    with pytest.raises(Conflict, match="copy_is_open"):
        add_copy(session, card, at=NOW)


@pytest.mark.parametrize("state", [CardState.PRINTED, CardState.ACTIVE, CardState.BLOCKED])
def test_only_a_card_that_waits_for_the_printer_is_printed(house, session, card, state):
    card.state = state
    card.block_reason = BlockReason.LOST if state is CardState.BLOCKED else None
    with pytest.raises(Conflict, match=f"card_is_{state}"):
        add_copy(session, card, at=NOW)


@pytest.mark.parametrize(
    ("note", "told", "code"),
    [
        (note_spoilt, {"reason": "  ", "destroyed_by": "Ani"}, "reason_missing"),
        (note_spoilt, {"reason": "terlipat", "destroyed_by": "  "}, "destroyer_missing"),
        (note_missing, {"reason": "  "}, "reason_missing"),
    ],
)
def test_a_spoilt_or_missing_copy_says_what_is_asked_or_nothing_is_changed(house, session, note, told, code):
    copy = copy_at(session, house.ready(session, 1), 1)
    with pytest.raises(Conflict, match=code):
        note(session, copy, **told, **house.rest)
    session.expire_all()
    assert (copy.fate, copy.card.state) == (CopyFate.WAITING, CardState.ISSUED)
    assert blanks(session) == 0


@pytest.mark.parametrize(
    ("named", "values"),
    [
        ("reprint_with_reason", {"copy_number": 2, "reprint_reason": "", "fate": CopyFate.WAITING}),
        ("fate_with_reason", {"copy_number": 1, "fate": CopyFate.SPOILT, "fate_reason": ""}),
        ("(?i)unique", {"copy_number": 2, "reprint_reason": "lagi", "fate": CopyFate.WAITING}),  # a second open copy
        ("(?i)unique", {"copy_number": 1, "fate": CopyFate.SPOILT, "fate_reason": "rusak"}),  # the same number again
    ],
    ids=["a reprint without a reason", "spoilt without a reason", "a second open copy", "a number twice"],
)
def test_the_database_itself_refuses(house, named, values):
    """Whoever forgets the services' rules meets the constraints."""
    with house.database.writing() as session:
        card_id = house.add_cards(session, 1)[0].id
        add_copy(session, session.get_one(Card, card_id), at=NOW)
    row = {"id": new_id(), "card_id": card_id, "reprint_reason": "", "fate_reason": "", "fate_at": NOW}
    with house.database.open_session(writes=True) as session, pytest.raises(IntegrityError, match=named):
        session.execute(insert(PrintCopy), [row | values])
