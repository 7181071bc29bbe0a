"""What happens to rights on a frozen list when something happens to the families on it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from event_house import FRESH_NUMBER, EventHouse

from registry.errors import Conflict
from registry.events.rights import rights_in_open_rounds
from registry.events.statements import Death, FamilyLeaves, FamilyReturns, Headship, Home, Merge, Split
from registry.giving.receipts import undo_redemption
from registry.kinds import PersonState, Relation
from registry.models import Family, Round
from registry.programmes.addenda import add_to_list, remove_from_list
from registry.programmes.listing import Right
from verify.redeem import Given, Refused

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOME = Home("62.06.05.2003")


@pytest.fixture
def house(database) -> EventHouse:
    return EventHouse(database, NOW)


def codes(answer: Given | Refused) -> list[str]:
    assert isinstance(answer, Refused)
    return [one.code.value for one in answer.decision.reasons]


def split_off(house: EventHouse, family: UUID, name: str) -> UUID:
    """Let one person make a family of their own, with a card; return its id."""
    event = house.happen(family, Split(FRESH_NUMBER, Headship(house.person(family, name)), HOME))
    founded = house.event(event).other_family_id
    with house.database.writing() as session:
        house.give_card(session, session.get_one(Family, founded))
    return founded


def merge(house: EventHouse, family: UUID, into: UUID) -> None:
    people = [one for one in house.family(family).people if one.state is PersonState.LIVING]
    house.happen(family, Merge(into, {one.id: Relation.RELATIVE for one in people}))


def addendum(house: EventHouse, act, round_id: UUID, *args: object) -> None:
    house.later()
    with house.database.writing() as session:
        act(session, session.get_one(Round, round_id), *args, number="SK 2", reason="gabung KK", **house.rest)


def test_the_family_s_right_stays_with_it_and_who_split_off_has_none(house):
    family = house.settle()
    round_id, roster_id = house.freeze_round([family])
    founded = split_off(house, family, "RAHMAT")
    assert "not_entitled" in codes(house.give(founded, round_id))
    with pytest.raises(Conflict, match="covered_before_split"):
        addendum(house, add_to_list, round_id, Right(founded, None, roster_id))
    assert isinstance(house.give(family, round_id), Given)
    assert codes(house.give(family, round_id)) == ["already_given"]


def test_what_was_taken_before_the_head_died_is_not_given_on_the_next_card(house):
    family = house.settle()
    round_id, _ = house.freeze_round([family])
    assert isinstance(house.give(family, round_id), Given)
    old = house.live_card(family)
    successor = Headship(house.person(family, "RAHMAT"))
    house.happen(family, Death(house.person(family, "SITI AMINAH"), successor))
    with house.database.writing() as session:
        house.activate(session, session.merge(house.live_card(family)))
    assert codes(house.give(family, round_id)) == ["already_given"]
    assert codes(house.give_on(old, round_id)) == ["card_replaced"]


def test_a_family_that_was_merged_gets_nothing_more_and_its_right_passes_by_two_addenda_only(house):
    family, into = house.settle(), house.settle()
    card = house.live_card(family)
    round_id, roster_id = house.freeze_round([family])
    merge(house, family, into)
    assert {"card_blocked", "family_dissolved"} <= set(codes(house.give_on(card, round_id)))
    right = Right(into, None, roster_id)
    with pytest.raises(Conflict, match="covered_before_split"):
        addendum(house, add_to_list, round_id, right)
    addendum(house, remove_from_list, round_id, family, None)
    addendum(house, add_to_list, round_id, right)
    assert isinstance(house.give(into, round_id), Given)


def test_what_the_merged_family_has_taken_passes_to_nobody(house):
    family, into = house.settle(), house.settle()
    round_id, roster_id = house.freeze_round([family])
    given = house.give(family, round_id)
    merge(house, family, into)
    with pytest.raises(Conflict, match="given_in_round"):
        addendum(house, remove_from_list, round_id, family, None)
    with pytest.raises(Conflict, match="covered_before_split"):
        addendum(house, add_to_list, round_id, Right(into, None, roster_id))
    with house.database.writing() as session:
        undo_redemption(session, given.redemption_id, reason="keliru", **(house.rest | {"actor": house.approver}))
    addendum(house, remove_from_list, round_id, family, None)
    addendum(house, add_to_list, round_id, Right(into, None, roster_id))
    assert isinstance(house.give(into, round_id), Given)


def test_who_splits_off_from_the_family_that_took_in_a_listed_one_is_covered(house):
    listed, into = house.settle(), house.settle()
    round_id, roster_id = house.freeze_round([listed])
    merge(house, listed, into)
    founded = split_off(house, into, "RAHMAT")
    with pytest.raises(Conflict, match="covered_before_split"):
        addendum(house, add_to_list, round_id, Right(founded, None, roster_id))


def test_a_listed_family_covers_those_whom_it_came_to_by_two_merges(house):
    listed, between, last = house.settle(), house.settle(), house.settle()
    round_id, roster_id = house.freeze_round([listed])
    merge(house, listed, between)
    merge(house, between, last)
    with pytest.raises(Conflict, match="covered_before_split"):
        addendum(house, add_to_list, round_id, Right(last, None, roster_id))


def test_a_person_s_right_goes_with_the_person(house):
    family = house.settle()
    rahmat = house.person(family, "RAHMAT")
    round_id, _ = house.freeze_round([family], programme="TANI", people=[rahmat])
    founded = split_off(house, family, "RAHMAT")
    assert codes(house.give(family, round_id, person=rahmat)) == ["person_not_of_family"]
    assert isinstance(house.give(founded, round_id, person=rahmat), Given)
    assert isinstance(house.give(founded, round_id, person=rahmat), Refused)
    with house.database.reading() as session:
        [seen] = rights_in_open_rounds(session, [session.get_one(Family, founded)])
    assert (seen.person, seen.given, seen.granted, seen.is_balance) == ("RAHMAT", 1, 1, False)


def test_the_right_of_somebody_who_died_cannot_be_taken(house):
    family = house.settle()
    rahmat = house.person(family, "RAHMAT")
    round_id, _ = house.freeze_round([family], programme="TANI", people=[rahmat])
    house.happen(family, Death(rahmat))
    assert codes(house.give(family, round_id, person=rahmat)) == ["person_not_of_family"]


def test_a_family_that_comes_back_finds_its_right_where_it_was(house):
    family = house.settle()
    round_id, _ = house.freeze_round([family])
    house.happen(family, FamilyLeaves())
    house.happen(family, FamilyReturns(HOME))
    with house.database.writing() as session:
        house.give_card(session, session.get_one(Family, family))
    assert isinstance(house.give(family, round_id), Given)
