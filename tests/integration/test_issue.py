"""Issuing to those who are entitled: one family at the counter, or a village, on both databases."""

from __future__ import annotations

import pytest
from card_house import VILLAGE, CardHouse
from moment import NOW
from sqlalchemy import event, func, select

from registry.cards.cards import block_card, issue_card, live_card_of
from registry.db import Database
from registry.errors import NotFound
from registry.families.families import head_of
from registry.kinds import BlockReason, FamilyState, Outcome, PersonState
from registry.models import Card
from verify.issue import issue_for_village, try_issue
from verify.reasons import Decision, ReasonCode


@pytest.fixture
def house(database: Database) -> CardHouse:
    return CardHouse(database, NOW)


@pytest.fixture
def session(house: CardHouse):
    with house.database.open_session(writes=True) as session:
        yield session


def codes_of(answer: Card | Decision) -> list[ReasonCode]:
    assert isinstance(answer, Decision)
    assert answer.outcome is Outcome.REFUSED
    return [reason.code for reason in answer.reasons]


def test_an_entitled_family_gets_its_card(house, session):
    family = house.add_family(session, desil=2)
    card = try_issue(session, family, **house.rest)
    assert isinstance(card, Card)
    assert live_card_of(session, family) is card


def test_a_family_that_is_not_entitled_hears_every_reason(house, session):
    family = house.add_family(session, desil=3, receives_pkh=True, receives_sembako=True)
    head_of(family).state = PersonState.DEAD
    assert codes_of(try_issue(session, family, **house.rest)) == [
        ReasonCode.CLAUSE_FAILED,
        ReasonCode.CLAUSE_FAILED,
        ReasonCode.CLAUSE_FAILED,
        ReasonCode.NO_HEAD,
    ]
    assert live_card_of(session, family) is None


def test_a_family_of_unknown_desil_gets_no_card(house, session):
    family = house.add_family(session, desil=None)
    assert codes_of(try_issue(session, family, **house.rest)) == [ReasonCode.CLAUSE_UNKNOWN]


def test_a_family_with_a_card_is_told_its_number(house, session):
    family = house.add_family(session)
    card = issue_card(session, family, **house.rest)
    answer = try_issue(session, family, **house.rest)
    assert codes_of(answer) == [ReasonCode.CARD_EXISTS]
    assert answer.reasons[0].detail == {"number": card.number}


def test_a_family_whose_card_is_blocked_may_have_another(house, session):
    family = house.add_family(session)
    card = try_issue(session, family, **house.rest)
    block_card(session, card, BlockReason.LOST, **house.rest)
    assert try_issue(session, family, **house.rest).issue_number == 2


def test_a_village_is_issued_to_whole_and_counted(house, session):
    for _ in range(3):
        house.add_family(session)
    issue_card(session, house.add_family(session), **house.rest)
    house.add_family(session, desil=5, receives_pkh=True)
    house.add_family(session, desil=None)
    house.add_family(session).state = FamilyState.MOVED
    elsewhere = house.add_family(session, village="62.06.05.2001")
    session.flush()
    count = issue_for_village(session, VILLAGE, **house.rest)
    assert (count.issued, count.had_one, count.refused) == (3, 1, 3)
    assert count.reasons == {
        (ReasonCode.CLAUSE_FAILED, "batas desil 2"): 1,
        (ReasonCode.CLAUSE_FAILED, "penerima PKH tidak menerima kartu ini"): 1,
        (ReasonCode.CLAUSE_UNKNOWN, "batas desil 2"): 1,
        (ReasonCode.FAMILY_MOVED, ""): 1,
    }
    assert live_card_of(session, elsewhere) is None


def test_issuing_to_a_village_again_changes_nothing(house, session):
    for _ in range(3):
        house.add_family(session)
    issue_for_village(session, VILLAGE, **house.rest)
    count = issue_for_village(session, VILLAGE, **house.rest)
    assert (count.issued, count.had_one, count.refused) == (0, 3, 0)
    assert session.scalar(select(func.count()).select_from(Card)) == 3


def test_a_village_asks_once_whose_cards_are_believed(house, session):
    """Not for every card: a village has hundreds, and all others wait meanwhile."""
    for _ in range(3):
        house.add_family(session)
    asked = []

    @event.listens_for(session.connection(), "before_cursor_execute")
    def note(_connection, _cursor, statement, *_rest) -> None:
        if "FROM trusted_key" in statement:
            asked.append(statement)

    assert issue_for_village(session, VILLAGE, **house.rest).issued == 3
    assert len(asked) == 1


@pytest.mark.parametrize("code", ["62", "62.06", "62.06.05", "62.06.05.9999", "", "x"])
def test_only_a_village_is_issued_to(house, session, code):
    with pytest.raises(NotFound):
        issue_for_village(session, code, **house.rest)
