"""Whose rights cover a family already: along splits and merges, however many, since a list was frozen."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from event_house import EventHouse

from registry.events.statements import Headship, Home, Merge, Split
from registry.families.lineage import families_before
from registry.identifiers import FamilyNumber
from registry.kinds import PersonState, Relation
from registry.models import Family

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOME = Home("62.06.05.2003")


@pytest.fixture
def house(database) -> EventHouse:
    return EventHouse(database, NOW)


def split(house: EventHouse, family: UUID, serial: int) -> UUID:
    """Let an adult other than the head make a family of their own; return the new family's id."""
    others = (one for one in house.family(family).people if one.relation is not Relation.HEAD)
    founder = min(others, key=lambda one: one.birth_date)
    number = FamilyNumber(f"6206052102260{serial:03d}")
    founded = house.event(house.happen(family, Split(number, Headship(founder.id), HOME))).other_family_id
    assert founded is not None
    return founded


def merge(house: EventHouse, family: UUID, into: UUID) -> None:
    people = [one for one in house.family(family).people if one.state is PersonState.LIVING]
    house.happen(family, Merge(into, {one.id: Relation.RELATIVE for one in people}))


def before(house: EventHouse, family: UUID, since: datetime) -> set[UUID]:
    with house.database.reading() as session:
        return {one.id for one in families_before(session, session.get_one(Family, family), since=since)}


def test_who_split_off_stands_behind_all_families_that_they_came_out_of(house):
    origin = house.settle(card=False)
    frozen = house.at
    child = split(house, origin, 1)
    assert before(house, child, frozen) == {origin}
    assert before(house, origin, frozen) == set()
    assert before(house, child, house.at) == set()


def test_a_family_that_was_merged_covers_what_splits_off_afterwards(house):
    merged, into = house.settle(card=False), house.settle(card=False)
    frozen = house.at
    early = split(house, into, 1)
    merge(house, merged, into)
    late = split(house, into, 2)
    assert before(house, into, frozen) == {merged}
    assert before(house, late, frozen) == {into, merged}
    assert before(house, early, frozen) == {into}


def test_a_family_merged_into_one_that_is_merged_is_remembered(house):
    first, second, third = (house.settle(card=False) for _ in range(3))
    frozen = house.at
    merge(house, first, second)
    between = house.at
    merge(house, second, third)
    assert before(house, third, frozen) == {first, second}
    assert before(house, third, between) == {second}


def test_who_splits_off_and_takes_in_the_origin_goes_round_in_no_circle(house):
    origin = house.settle(card=False)
    frozen = house.at
    child = split(house, origin, 1)
    merge(house, origin, child)
    assert before(house, child, frozen) == {origin}
