"""Whatever happens to families in whatever order: nobody is covered twice, nobody is in two families, one head each."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from event_house import EventHouse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import exists, func, select

from registry.cards.cards import live_card_of
from registry.days import full_years
from registry.errors import Conflict
from registry.events.statements import Death, Headship, Home, Merge, NewHead, Split
from registry.families.families import head_of
from registry.giving.receipts import undo_redemption
from registry.identifiers import FamilyNumber
from registry.kinds import CardState, FamilyState, PersonState, Relation
from registry.models import (
    Entitlement,
    EntitlementRemoval,
    Family,
    Person,
    Redemption,
    RedemptionUndo,
    Round,
)
from registry.programmes.addenda import add_to_list, remove_from_list
from registry.programmes.listing import Right
from verify.redeem import Given

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LISTED, UNLISTED = 3, 1
"""Families on the frozen list, and beside it."""
places = st.integers(0, 30)
_numbers = count(1)


def test_a_right_is_taken_once_whatever_happens_to_the_families(database):
    house = EventHouse(database, NOW)

    class Village(RuleBasedStateMachine):
        """A frozen round and a few families, to whom everything happens that can."""

        @initialize()
        def freeze(self) -> None:
            self.families = [house.settle() for _ in range(LISTED + UNLISTED)]
            self.listed = self.families[:LISTED]
            self.round_id, self.roster_id = house.freeze_round(self.listed)
            self.covered = {person.id: family for family in self.listed for person in house.family(family).people}
            """By person, the family with which they stood on the frozen list."""
            self.given: dict[UUID, UUID] = {}
            """By family, the giving that stands."""

        @rule(place=places)
        def give(self, place: int) -> None:
            family = self._one(place)
            with database.reading() as session:
                card = live_card_of(session, session.get_one(Family, family))
            if card is None:
                return
            house.later()
            answer = house.give_on(card, self.round_id)
            if isinstance(answer, Given):
                assert family not in self.given
                assert family in self._families_with_a_right()
                self.given[family] = answer.redemption_id
            else:
                assert answer.decision.reasons

        @rule(place=places)
        def take_back(self, place: int) -> None:
            redemption = self.given.pop(self._one(place), None)
            if redemption is not None:
                with database.writing() as session:
                    undo_redemption(session, redemption, reason="keliru", **(house.rest | {"actor": house.approver}))

        @rule(place=places, who=places)
        def split(self, place: int, who: int) -> None:
            family, people = self._people(place)
            if len(people) < 2:
                return
            head, *others = people
            going = others[who % len(others) :] if who % 2 else [head]
            staying = [one for one in people if one not in going]
            is_head_going = head in going and head.relation is Relation.HEAD
            if not may_lead(going[0], people) or (is_head_going and not may_lead(staying[0], staying)):
                return
            number = FamilyNumber(f"62060502102{next(_numbers):05d}")
            named = Headship(going[0].id, {one.id: Relation.RELATIVE for one in going[1:]})
            left = None
            if is_head_going:
                left = Headship(staying[0].id, {one.id: Relation.RELATIVE for one in staying[1:]})
            event = house.happen(family, Split(number, named, home_of(house, family), left))
            founded = house.event(event).other_family_id
            assert founded is not None
            self.families.append(founded)
            self._settle(family, founded)

        @rule(place=places, to=places)
        def merge(self, place: int, to: int) -> None:
            family, people = self._people(place)
            into = self._one(to)
            if family == into or not people or house.family(into).state is not FamilyState.ACTIVE:
                return
            house.happen(family, Merge(into, {one.id: Relation.RELATIVE for one in people}))
            self._settle(into)

        @rule(place=places, who=places, is_followed=st.booleans())
        def die(self, place: int, who: int, *, is_followed: bool) -> None:
            family, people = self._people(place)
            if not people:
                return
            lost = people[who % len(people)]
            left = [one for one in people if one is not lost]
            headship = None
            if lost.relation is Relation.HEAD and left and is_followed and may_lead(left[0], left):
                headship = Headship(left[0].id, {one.id: Relation.RELATIVE for one in left[1:]})
            house.happen(family, Death(lost.id, headship))
            self._settle(family)

        @rule(place=places, who=places)
        def name_a_head(self, place: int, who: int) -> None:
            family, people = self._people(place)
            others = [one for one in people if one.relation is not Relation.HEAD]
            if not others:
                return
            head = others[who % len(others)]
            if not may_lead(head, people):
                return
            relations = {one.id: Relation.RELATIVE for one in people if one is not head}
            house.happen(family, NewHead(Headship(head.id, relations)))
            self._settle(family)

        @rule(place=places)
        def add_by_addendum(self, place: int) -> None:
            family, people = self._people(place)
            standing = self._families_with_a_right()
            right = Right(family, None, self.roster_id)
            if not self._changes_list(add_to_list, right):
                return
            covering = {self.covered.get(one.id) for one in people}
            assert not people or not covering <= standing, "everybody of the family was covered already"
            self.covered |= {one.id: family for one in people}

        @rule(place=places)
        def remove_by_addendum(self, place: int) -> None:
            family = self._one(place)
            if self._changes_list(remove_from_list, family, None):
                assert family not in self.given

        @invariant()
        def a_right_is_given_once(self) -> None:
            undone = exists().where(RedemptionUndo.redemption_id == Redemption.id)
            with database.reading() as session:
                standing = session.execute(
                    select(Entitlement.family_id, func.count())
                    .join(Redemption, Redemption.entitlement_id == Entitlement.id)
                    .where(Entitlement.round_id == self.round_id, ~undone)
                    .group_by(Entitlement.family_id)
                ).all()
            assert dict(standing) == dict.fromkeys(self.given, 1)

        @invariant()
        def everybody_is_in_one_family_and_it_has_one_head(self) -> None:
            with database.reading() as session:
                people = session.scalars(select(Person).where(Person.family_id.in_(self.families))).all()
                states = {one: session.get_one(Family, one).state for one in self.families}
                cards = {one: live_card_of(session, session.get_one(Family, one)) for one in self.families}
            niks = [one.nik_index for one in people]
            assert len(niks) == len(set(niks)) == 3 * (LISTED + UNLISTED)
            living = [one for one in people if one.state is PersonState.LIVING]
            assert all(states[one.family_id] is FamilyState.ACTIVE for one in living)
            heads = [one.family_id for one in living if one.relation is Relation.HEAD]
            assert len(heads) == len(set(heads))
            assert not any(card for family, card in cards.items() if states[family] is not FamilyState.ACTIVE)
            named = {one.family_id: one.id for one in living if one.relation is Relation.HEAD}
            assert all(named.get(one, card.head_id) == card.head_id for one, card in cards.items() if card)

        def _one(self, place: int) -> UUID:
            return self.families[place % len(self.families)]

        def _people(self, place: int) -> tuple[UUID, list[Person]]:
            """Return a family that is served, and its living people, the head first."""
            family = self._one(place)
            found = house.family(family)
            people = [one for one in found.people if one.state is PersonState.LIVING]
            return family, sorted(people, key=lambda one: one.relation is not Relation.HEAD)

        def _settle(self, *families: UUID) -> None:
            """Put the card into the hands of every family that has a head and may be given one."""
            for family_id in families:
                house.later()
                with database.writing() as session:
                    family = session.get_one(Family, family_id)
                    card = live_card_of(session, family)
                    if head_of(family) is None or family.state is not FamilyState.ACTIVE:
                        continue
                    if card is None:
                        house.give_card(session, family)
                    elif card.state is not CardState.ACTIVE:
                        house.activate(session, card)

        def _families_with_a_right(self) -> set[UUID | None]:
            removed = exists().where(EntitlementRemoval.entitlement_id == Entitlement.id)
            with database.reading() as session:
                rights = select(Entitlement.family_id).where(Entitlement.round_id == self.round_id, ~removed)
                return set(session.scalars(rights))

        def _changes_list(self, act, *args) -> bool:
            house.later()
            try:
                with database.writing() as session:
                    round_ = session.get_one(Round, self.round_id)
                    number = f"SK-{next(_numbers)}"
                    act(session, round_, *args, number=number, reason="peristiwa keluarga", **house.rest)
            except Conflict:
                return False
            return True

    run_state_machine_as_test(
        Village,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            suppress_health_check=list(HealthCheck),
        ),
    )


def home_of(house: EventHouse, family: UUID) -> Home:
    """Return where a family lives."""
    found = house.family(family)
    return Home(found.village_code, found.address, found.rt, found.rw)


def may_lead(head: Person, people: list[Person]) -> bool:
    """Tell whether somebody may be head of these people: an adult, or a child where no adult is left."""
    adults = {one.id for one in people if full_years(one.birth_date, NOW.date()) >= 17}
    return not adults or head.id in adults
