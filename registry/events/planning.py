"""From what an officer states to what it changes, against the registry as it stands: everything is checked here.

An event is planned when it is proposed and again when it is approved. If in between a person has moved, a head has
changed or a family has ended, the plan cannot be made any more: the event is refused, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from registry.days import full_years
from registry.db import Session
from registry.errors import Conflict, NotFound
from registry.events.plans import Move, Plan
from registry.events.statements import (
    Birth,
    Death,
    FamilyLeaves,
    FamilyReturns,
    Headship,
    Home,
    Merge,
    NewHead,
    NumberChanged,
    PersonJoins,
    PersonLeaves,
    Split,
    Statement,
)
from registry.families.drafts import FamilyDraft
from registry.families.families import head_of, number_of
from registry.identifiers import FamilyNumber, Nik
from registry.keys.sealing import Vault
from registry.kinds import FamilyState, PersonState, Relation
from registry.models import Family, Person
from registry.models import FamilyNumber as NumberRow
from registry.regions import is_within

__all__ = ["living", "plan_event"]

_ADULT = 17  # years: the age of the KTP, from which Dukcapil names somebody head of a KK


def plan_event(session: Session, family: Family, statement: Statement, *, area: str, vault: Vault, today: date) -> Plan:
    """Return what an event changes.

    Args:
        area: of the officer who asks; the event may concern no family outside it.
        today: the local day (WIB) on which it is asked who is an adult.

    Raises:
        Conflict: ``family_moved``, ``family_dissolved``, when the family is not served here any more;
            ``event_person_gone``, when somebody who is named does not live in the family any more;
            ``event_head_changed``, ``event_head_missing``, ``event_head_already``,
            ``event_head_minor``, ``two_heads``, of who is head;
            ``event_nobody_stays``, ``event_people_differ``, of who goes; ``event_outside_area``; ``event_in_one``;
            ``event_family_is_here``; ``event_person_is_here``, ``event_person_dead``, ``event_head_elsewhere``,
            ``event_last_elsewhere``, of who comes; ``nik_known``, ``family_number_known``, ``event_same_number``.
        NotFound: ``event_nik_unknown``, ``family_unknown``.
    """
    planned = _PLANNERS[type(statement)](_Planning(session, area, vault, today), family, statement)
    if any(not is_within(one.village_code, area) for one in planned.families):
        raise Conflict("event_outside_area")
    return planned


def living(family: Family) -> list[Person]:
    """Return the living people of a family, in their order."""
    return [person for person in family.people if person.state is PersonState.LIVING]


class _Planning:
    """One planning, with what it looks things up in."""

    def __init__(self, session: Session, area: str, vault: Vault, today: date) -> None:
        self._session, self._area, self._vault, self._today = session, area, vault, today

    def death(self, family: Family, stated: Death) -> Plan:
        return self._loss(family, stated.person_id, stated.headship, PersonState.DEAD)

    def person_leaves(self, family: Family, stated: PersonLeaves) -> Plan:
        if len(living(family)) == 1:
            raise Conflict("event_nobody_stays")
        return self._loss(family, stated.person_id, stated.headship, PersonState.MOVED)

    def birth(self, family: Family, stated: Birth) -> Plan:
        plan = Plan(_served(family))
        if self._find(stated.child.nik) is not None:
            raise Conflict("nik_known")
        if stated.child.relation is Relation.HEAD:
            raise Conflict("two_heads")
        plan.born = stated.child
        return plan

    def family_leaves(self, family: Family, _stated: FamilyLeaves) -> Plan:
        plan = Plan(_served(family))
        plan.alter_family("state", FamilyState.MOVED)
        return plan

    def family_returns(self, family: Family, stated: FamilyReturns) -> Plan:
        if family.state is FamilyState.DISSOLVED:
            raise Conflict("family_dissolved")
        if family.state is FamilyState.ACTIVE:
            raise Conflict("event_family_is_here")
        plan = Plan(family)
        plan.alter_family("state", FamilyState.ACTIVE)
        self._settle(plan, stated.home)
        if stated.number is not None and stated.number != number_of(family, self._vault):
            self._renumber(plan, stated.number)
        return plan

    def person_joins(self, family: Family, stated: PersonJoins) -> Plan:
        plan = Plan(_served(family))
        person = self._find(stated.nik)
        if person is None:
            raise NotFound("event_nik_unknown")
        if person.state is PersonState.DEAD:
            raise Conflict("event_person_dead")
        if stated.relation is Relation.HEAD:
            raise Conflict("two_heads")
        if person.family_id == family.id:
            if person.state is PersonState.LIVING:
                raise Conflict("event_person_is_here")
            plan.alter(person, "relation", stated.relation)
        else:
            plan.other = person.family
            _let_go(person)
            plan.moves.append(Move(person, stated.relation, family))
        plan.alter(person, "state", PersonState.LIVING)
        return plan

    def split(self, family: Family, stated: Split) -> Plan:
        plan = Plan(_served(family))
        here = {person.id: person for person in living(family)}
        if not stated.leaving <= here.keys():
            raise Conflict("event_person_gone")
        if stated.leaving == here.keys():
            raise Conflict("event_nobody_stays")
        self._refuse_known(stated.number)
        if not is_within(stated.home.village_code, self._area):
            raise Conflict("event_outside_area")
        home, named = stated.home, stated.headship
        plan.founded = FamilyDraft(stated.number, home.village_code, (), home.address, home.rt, home.rw)
        if Relation.HEAD in named.relations.values():
            raise Conflict("two_heads")
        # of those who stay too: a child founds no family while an adult is there to be its head
        self._lead(plan, here[named.head_id], here.values())
        relations = {named.head_id: Relation.HEAD, **named.relations}
        plan.moves += [Move(person, relations[one], None) for one, person in here.items() if one in relations]
        head = head_of(family)
        if head is None or head.id not in stated.leaving:
            if stated.left is not None:
                raise Conflict("event_head_changed")
        elif stated.left is None:
            raise Conflict("event_head_missing")
        else:
            self._follow(plan, stated.left, [person for one, person in here.items() if one not in stated.leaving])
        return plan

    def merge(self, family: Family, stated: Merge) -> Plan:
        plan = Plan(_served(family))
        into = self._session.get(Family, stated.into_id)
        if into is None:
            raise NotFound("family_unknown")
        if into is family:
            raise Conflict("event_in_one")
        plan.other = _served(into)
        people = living(family)
        if stated.relations.keys() != {person.id for person in people}:
            raise Conflict("event_people_differ")
        if Relation.HEAD in stated.relations.values():
            raise Conflict("two_heads")
        plan.moves += [Move(person, stated.relations[person.id], into) for person in people]
        self._end(plan)
        return plan

    def new_head(self, family: Family, stated: NewHead) -> Plan:
        plan = Plan(_served(family))
        self._follow(plan, stated.headship, living(family))
        return plan

    def number_changed(self, family: Family, stated: NumberChanged) -> Plan:
        plan = Plan(_served(family))
        if stated.number == number_of(family, self._vault):
            raise Conflict("event_same_number")
        self._renumber(plan, stated.number)
        return plan

    def _loss(self, family: Family, person_id: UUID, headship: Headship | None, state: PersonState) -> Plan:
        plan = Plan(_served(family))
        here = {person.id: person for person in living(family)}
        if person_id not in here:
            raise Conflict("event_person_gone")
        lost = here.pop(person_id)
        plan.alter(lost, "state", state)
        if headship is not None:
            if lost.relation is not Relation.HEAD:
                raise Conflict("event_head_changed")
            self._follow(plan, headship, here.values())
        if not here:
            self._end(plan)
        return plan

    def _follow(self, plan: Plan, headship: Headship, people: Iterable[Person]) -> None:
        """Plan who is head of these people, and what the others are to the head."""
        here = {person.id: person for person in people}
        if not {headship.head_id, *headship.relations} <= here.keys():
            raise Conflict("event_person_gone")
        if here[headship.head_id].relation is Relation.HEAD:
            raise Conflict("event_head_already")
        self._lead(plan, here[headship.head_id], here.values())
        for person_id, person in here.items():
            relation = headship.relations.get(person_id, person.relation)
            if person_id == headship.head_id:
                relation = Relation.HEAD
            elif relation is Relation.HEAD:
                raise Conflict("two_heads")
            plan.alter(person, "relation", relation)

    def _lead(self, plan: Plan, head: Person, people: Iterable[Person]) -> None:
        """Let a child be head only where none of the people is an adult, and say so in the plan."""
        if self._is_adult(head):
            return
        # a helper lives with the family and is no part of it
        if any(self._is_adult(person) and person.relation is not Relation.HELPER for person in people):
            raise Conflict("event_head_minor")
        plan.young_heads.append(head)

    def _is_adult(self, person: Person) -> bool:
        return full_years(person.birth_date, self._today) >= _ADULT

    def _end(self, plan: Plan) -> None:
        plan.alter_family("state", FamilyState.DISSOLVED)
        plan.former_number = number_of(plan.family, self._vault)

    def _settle(self, plan: Plan, home: Home) -> None:
        if not is_within(home.village_code, self._area):
            raise Conflict("event_outside_area")
        for attribute in ("village_code", "address", "rt", "rw"):
            plan.alter_family(attribute, getattr(home, attribute))

    def _renumber(self, plan: Plan, number: FamilyNumber) -> None:
        self._refuse_known(number)
        plan.former_number, plan.number = number_of(plan.family, self._vault), number

    def _refuse_known(self, number: FamilyNumber) -> None:
        index = self._vault.index("family_number", number)
        if self._session.scalar(select(exists().where(NumberRow.number_index == index, NumberRow.until.is_(None)))):
            raise Conflict("family_number_known")

    def _find(self, nik: Nik) -> Person | None:
        return self._session.scalar(select(Person).where(Person.nik_index == self._vault.index("nik", nik)))


_PLANNERS: Mapping[type[Statement], Callable[[_Planning, Family, Any], Plan]] = {
    Death: _Planning.death,
    Birth: _Planning.birth,
    PersonLeaves: _Planning.person_leaves,
    FamilyLeaves: _Planning.family_leaves,
    FamilyReturns: _Planning.family_returns,
    PersonJoins: _Planning.person_joins,
    Split: _Planning.split,
    Merge: _Planning.merge,
    NewHead: _Planning.new_head,
    NumberChanged: _Planning.number_changed,
}


def _served(family: Family) -> Family:
    if family.state is not FamilyState.ACTIVE:
        raise Conflict(f"family_{family.state}")
    return family


def _let_go(person: Person) -> None:
    """Refuse to take from a family that is served here its head or its last person: that is another event there."""
    there = person.family
    if there.state is not FamilyState.ACTIVE or person.state is not PersonState.LIVING:
        return
    if len(living(there)) == 1:
        raise Conflict("event_last_elsewhere", family=there.reference)
    if person.relation is Relation.HEAD:
        raise Conflict("event_head_elsewhere", family=there.reference)
