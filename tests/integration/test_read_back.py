"""A fresh card is ready only when its code was scanned; that scan proves as well that it came out of the printer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from card_house import CardHouse
from sqlalchemy import select

from registry.cards.cards import block_card, hand_over, issue_card, mark_printed, mark_spoilt, note_read_back
from registry.cards.reading_back import count_read_back, list_unread
from registry.code.token import to_text
from registry.errors import Conflict
from registry.families.families import head_of
from registry.keys.keys import load_trust
from registry.kinds import BlockReason, CardEventKind, CardState, CopyFate
from registry.models import AuditLine, Card, CardEvent, Family, PrintCopy
from registry.prints.copies import add_copy
from verify.hand_over import look_at_fresh_card

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def house(database) -> CardHouse:
    return CardHouse(database, NOW)


@pytest.fixture
def session(house):
    with house.database.writing() as session:
        yield session


@pytest.fixture
def card(house, session) -> Card:
    return issue_card(session, house.add_family(session), **house.rest)


def give(house, session, card) -> None:
    head = head_of(session.get_one(Family, card.family_id))
    hand_over(session, card, head, id_seen=True, **house.rest)


def look(house, session, text):
    return look_at_fresh_card(session, text, load_trust(session), area="62", at=NOW)


def refused(step) -> str:
    with pytest.raises(Conflict) as conflict:
        step()
    return conflict.value.code


def test_a_printed_card_is_not_handed_over_before_its_code_was_scanned(house, session, card):
    mark_printed(session, card, **house.rest)
    assert refused(lambda: give(house, session, card)) == "card_not_read_back"
    assert card.state is CardState.PRINTED
    note_read_back(session, card, **house.rest)
    assert card.read_back_at == NOW
    give(house, session, card)
    assert card.state is CardState.ACTIVE


def test_the_first_scan_is_a_step_and_a_line_and_the_second_changes_nothing(house, session, card):
    mark_printed(session, card, **house.rest)
    note_read_back(session, card, **house.rest)
    note_read_back(session, card, **house.rest | {"at": NOW + timedelta(hours=1)})
    assert card.read_back_at == NOW
    steps = session.scalars(select(CardEvent.kind).where(CardEvent.card_id == card.id)).all()
    assert steps.count(CardEventKind.READ_BACK) == 1
    lines = session.scalars(select(AuditLine).where(AuditLine.action == "card.read_back")).all()
    assert [line.detail for line in lines] == ["{}"]


def test_what_is_spoilt_after_its_scan_has_to_be_scanned_again(house, session, card):
    mark_printed(session, card, **house.rest)
    note_read_back(session, card, **house.rest)
    mark_spoilt(session, card, reason="tergores", destroyed_by="Ani", **house.rest)
    assert card.read_back_at is None
    mark_printed(session, card, **house.rest)
    assert refused(lambda: give(house, session, card)) == "card_not_read_back"


def test_a_card_that_nobody_printed_is_not_made_ready_by_a_scan(house, session, card):
    assert refused(lambda: note_read_back(session, card, **house.rest)) == "card_is_issued"
    assert [one.code for one in look(house, session, to_text(card.token)).decision.reasons] == ["card_not_printed"]


@pytest.mark.parametrize("fate", [CopyFate.WAITING, CopyFate.SENT, CopyFate.UNKNOWN])
def test_a_scan_proves_that_a_copy_came_out_whose_fate_nobody_told(house, session, card, fate):
    copy = add_copy(session, card, at=NOW)
    copy.fate = fate
    session.flush()
    fresh = look(house, session, to_text(card.token))
    assert fresh.is_to_note
    note_read_back(session, card, **house.rest)
    session.refresh(copy)
    assert (copy.fate, card.state, card.read_back_at) == (CopyFate.PRINTED, CardState.PRINTED, NOW)


def test_the_scan_of_a_spoilt_copy_does_not_count_for_its_reprint_that_still_waits(house, session, card):
    mark_printed(session, card, **house.rest)
    mark_spoilt(session, card, reason="tergores", destroyed_by="Ani", **house.rest)
    reprint = add_copy(session, card, at=NOW)
    assert refused(lambda: note_read_back(session, card, **house.rest)) == "card_is_issued"
    assert not look(house, session, to_text(card.token)).is_to_note
    reprint.fate = CopyFate.SENT
    session.flush()
    note_read_back(session, card, **house.rest)
    assert session.get_one(PrintCopy, reprint.id).fate is CopyFate.PRINTED


def test_a_number_typed_by_hand_makes_nothing_ready(house, session, card):
    mark_printed(session, card, **house.rest)
    typed = look(house, session, card.number)
    assert [one.code for one in typed.decision.reasons] == ["card_not_read_back"]
    assert not typed.is_to_note
    note_read_back(session, card, **house.rest)
    assert look(house, session, card.number).decision.is_granted


def test_a_blocked_card_is_not_made_ready(house, session, card):
    mark_printed(session, card, **house.rest)
    block_card(session, card, BlockReason.LOST, **house.rest)
    assert refused(lambda: note_read_back(session, card, **house.rest)) == "card_is_blocked"
    assert card.read_back_at is None


def test_what_is_still_to_be_read_back_is_counted_and_named(house, session):
    cards = [issue_card(session, house.add_family(session), **house.rest) for _ in range(3)]
    elsewhere = issue_card(session, house.add_family(session, village="62.71.01.1001"), **house.rest)
    for card in (*cards[:2], elsewhere):
        mark_printed(session, card, **house.rest)
    note_read_back(session, cards[0], **house.rest)
    count = count_read_back(session, area="62.06", point_id=house.actor.point_id, since=NOW)
    assert (count.read, count.unread) == (1, 1)
    assert [one.number for one in list_unread(session, area="62.06", limit=9)] == [cards[1].number]
    tomorrow = count_read_back(session, area="62", point_id=house.actor.point_id, since=NOW + timedelta(days=1))
    assert (tomorrow.read, tomorrow.unread) == (0, 2)
