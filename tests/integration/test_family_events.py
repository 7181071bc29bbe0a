"""Family events: stated by one officer, approved by another, and carried out as a whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from event_house import FRESH_NIK, FRESH_NUMBER, OTHER_VILLAGE, EventHouse
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from registry.audit import Actor, verify_chains
from registry.errors import Conflict, NotFound, RegistryError
from registry.events.deciding import approve_event, reject_event
from registry.events.planning import plan_event
from registry.events.plans import foresee
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
    read_statement,
    write_statement,
)
from registry.events.succession import foresee_cards
from registry.events.waiting import NextStep, changes_by, events_of, find_events, get_event, next_steps
from registry.families.drafts import PersonDraft
from registry.families.families import find_families
from registry.families.known_facts import Known, KnownFamilyFacts, current_family_facts
from registry.kinds import (
    BlockReason,
    CardState,
    EventState,
    FamilyEventKind,
    FamilyState,
    PersonState,
    Relation,
    Sex,
)
from registry.models import AuditLine, Card, Family, FamilyEvent, FamilyFacts, Person
from verify.issue import try_issue

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOME = Home("62.06.05.2003", "Jl. Baru 1", "001", "002")
BABY = PersonDraft(FRESH_NIK, "BIMA", Relation.CHILD, Sex.MALE, date(2026, 2, 20))


@pytest.fixture
def house(database) -> EventHouse:
    return EventHouse(database, NOW)


def follow(house: EventHouse, family_id: UUID, head: str, **relations: Relation) -> Headship:
    """Return who follows as head, by names."""
    named = {house.person(family_id, name): relation for name, relation in relations.items()}
    return Headship(house.person(family_id, head), named)


def head_dies(house: EventHouse, family_id: UUID) -> Death:
    return Death(house.person(family_id, "SITI AMINAH"), follow(house, family_id, "RAHMAT", MINA=Relation.RELATIVE))


# deaths


def test_a_member_dies_and_the_family_and_its_card_stay(house):
    family = house.settle()
    card = house.live_card(family)
    house.happen(family, Death(house.person(family, "MINA")))
    assert house.living(family) == ["SITI AMINAH", "RAHMAT"]
    assert house.live_card(family).id == card.id
    assert ("state", "living", "dead") in house.history(family)


def test_the_head_dies_and_the_card_is_replaced_in_the_successor_s_name(house):
    family = house.settle()
    before = house.live_card(family)
    house.happen(family, head_dies(house, family))
    assert house.living(family) == ["RAHMAT", "MINA"]
    after = house.live_card(family)
    old = house.card(before.id)
    assert (old.state, old.block_reason) == (CardState.REPLACED, BlockReason.HEAD_CHANGED)
    assert (after.replaces_id, after.head_name, after.issue_number) == (before.id, "RAHMAT", 2)
    assert house.history(family) == [
        ("state", "living", "dead"),
        ("relation", "child", "head"),
        ("relation", "child", "relative"),
    ]


def test_the_head_dies_without_a_successor_and_nothing_is_issued_until_one_is_named(house):
    family = house.settle()
    card = house.live_card(family)
    house.happen(family, Death(house.person(family, "SITI AMINAH")))
    assert house.head(family) is None
    assert house.live_card(family).id == card.id
    house.happen(family, NewHead(follow(house, family, "RAHMAT")))
    assert house.head(family) == "RAHMAT"
    assert house.live_card(family).head_name == "RAHMAT"
    assert house.card(card.id).block_reason is BlockReason.HEAD_CHANGED


def test_the_last_person_dies_and_the_family_ends(house):
    family = house.settle()
    for name in ("MINA", "RAHMAT", "SITI AMINAH"):
        card = house.live_card(family)
        house.happen(family, Death(house.person(family, name)))
    assert house.family(family).state is FamilyState.DISSOLVED
    assert house.card(card.id).block_reason is BlockReason.FAMILY_ENDED
    assert [row.until is None for row in house.family(family).numbers] == [False]


# births


def test_a_child_is_born_with_a_sealed_nik(house):
    family = house.settle()
    house.happen(family, Birth(BABY))
    assert house.living(family) == ["SITI AMINAH", "RAHMAT", "MINA", "BIMA"]
    assert house.nik(house.person(family, "BIMA")) == FRESH_NIK
    assert b"BIMA" not in house.event(house.propose(family, Birth(born_later()))).content_sealed
    with house.database.reading() as session:
        [found] = find_families(session, area="62", vault=house.keys.vault, nik=FRESH_NIK)
    assert found.id == family


def born_later() -> PersonDraft:
    return PersonDraft(FRESH_NIK.__class__("6206050110260002"), "BIMA", Relation.CHILD, Sex.MALE, date(2026, 2, 20))


def test_a_nik_that_somebody_has_is_not_given_to_a_child(house):
    family, other = house.settle(), house.settle()
    known = PersonDraft(house.nik(house.person(other, "MINA")), "BIMA", Relation.CHILD, Sex.MALE, date(2026, 2, 20))
    with pytest.raises(Conflict, match="nik_known"):
        house.propose(family, Birth(known))


# moves


def test_a_family_moves_out_and_its_card_is_blocked(house):
    family = house.settle()
    card = house.live_card(family)
    house.happen(family, FamilyLeaves())
    assert house.family(family).state is FamilyState.MOVED
    assert house.card(card.id).block_reason is BlockReason.FAMILY_ENDED
    with pytest.raises(Conflict, match="family_moved"):
        house.propose(family, Death(house.person(family, "MINA")))


def test_a_family_that_moved_comes_back_to_another_village_with_another_number(house):
    family = house.settle()
    house.happen(family, FamilyLeaves())
    house.happen(family, FamilyReturns(Home(OTHER_VILLAGE, "Jl. Baru 1", "001", "002"), FRESH_NUMBER))
    back = house.family(family)
    assert (back.state, back.village_code, back.address, back.rt) == (
        FamilyState.ACTIVE,
        OTHER_VILLAGE,
        "Jl. Baru 1",
        "001",
    )
    assert [row.until is None for row in back.numbers] == [False, True]
    assert house.live_card(family) is None
    with house.database.writing() as session:
        assert house.give_card(session, session.get_one(Family, family)).issue_number == 2


def test_one_person_moves_out_and_comes_back(house):
    family = house.settle()
    mina = house.person(family, "MINA")
    house.happen(family, PersonLeaves(mina))
    assert house.living(family) == ["SITI AMINAH", "RAHMAT"]
    house.happen(family, PersonJoins(house.nik(mina), Relation.CHILD))
    assert house.living(family) == ["SITI AMINAH", "RAHMAT", "MINA"]


def test_the_head_moves_out_and_another_follows(house):
    family = house.settle()
    headship = follow(house, family, "RAHMAT", MINA=Relation.RELATIVE)
    house.happen(family, PersonLeaves(house.person(family, "SITI AMINAH"), headship))
    assert house.living(family) == ["RAHMAT", "MINA"]
    assert house.live_card(family).head_name == "RAHMAT"


def test_the_last_person_moves_only_with_the_family(house):
    family = house.settle()
    for name in ("MINA", "RAHMAT"):
        house.happen(family, PersonLeaves(house.person(family, name)))
    with pytest.raises(Conflict, match="event_nobody_stays"):
        house.propose(family, PersonLeaves(house.person(family, "SITI AMINAH")))


def test_a_person_joins_from_another_family_and_both_remember_it(house):
    here, there = house.settle(), house.settle()
    rahmat = house.person(there, "RAHMAT")
    event = house.happen(here, PersonJoins(house.nik(rahmat), Relation.CHILD_IN_LAW))
    assert house.living(there) == ["SITI AMINAH", "MINA"]
    assert house.living(here) == ["SITI AMINAH", "RAHMAT", "MINA", "RAHMAT"]
    move = ("family", house.family(there).reference, house.family(here).reference)
    assert move in house.history(here)
    assert move in house.history(there)
    assert house.event(event).other_family_id == there


@pytest.mark.parametrize(("name", "code"), [("SITI AMINAH", "event_head_elsewhere"), ("nobody", "event_nik_unknown")])
def test_who_cannot_join_is_refused(house, name, code):
    here, there = house.settle(), house.settle()
    nik = FRESH_NIK if name == "nobody" else house.nik(house.person(there, name))
    with pytest.raises((Conflict, NotFound), match=code):
        house.propose(here, PersonJoins(nik, Relation.RELATIVE))


def test_the_dead_join_nobody(house):
    here, there = house.settle(), house.settle()
    mina = house.person(there, "MINA")
    house.happen(there, Death(mina))
    with pytest.raises(Conflict, match="event_person_dead"):
        house.propose(here, PersonJoins(house.nik(mina), Relation.RELATIVE))


# splitting and merging


def test_children_make_a_family_of_their_own(house):
    family = house.settle()
    card = house.live_card(family)
    event = house.happen(family, Split(FRESH_NUMBER, follow(house, family, "RAHMAT", MINA=Relation.RELATIVE), HOME))
    founded = house.event(event).other_family_id
    assert house.living(family) == ["SITI AMINAH"]
    assert house.living(founded) == ["RAHMAT", "MINA"]
    new = house.family(founded)
    assert (new.split_from_id, new.address, new.state) == (family, "Jl. Baru 1", FamilyState.ACTIVE)
    assert house.live_card(family).id == card.id
    assert house.live_card(founded) is None
    assert ("family", house.family(family).reference, new.reference) in house.history(founded)


def test_a_head_who_goes_needs_a_successor_among_those_who_stay(house):
    family = house.settle()
    going = follow(house, family, "SITI AMINAH", MINA=Relation.CHILD)
    with pytest.raises(Conflict, match="event_head_missing"):
        house.propose(family, Split(FRESH_NUMBER, going, HOME))
    with pytest.raises(Conflict, match="event_person_gone"):
        house.propose(family, Split(FRESH_NUMBER, going, HOME, follow(house, family, "MINA")))
    before = house.live_card(family)
    event = house.happen(family, Split(FRESH_NUMBER, going, HOME, follow(house, family, "RAHMAT")))
    assert house.living(family) == ["RAHMAT"]
    assert house.living(house.event(event).other_family_id) == ["SITI AMINAH", "MINA"]
    assert house.live_card(family).replaces_id == before.id


def facts_of(house: EventHouse, family_id: UUID) -> KnownFamilyFacts:
    with house.database.reading() as session:
        return current_family_facts(session, [family_id])[family_id]


def say(house: EventHouse, family_id: UUID, source: str, as_of: date, **values: object) -> None:
    """Let a source say something of a family."""
    row = FamilyFacts(family_id=family_id, source=source, as_of=as_of, recorded_at=house.at, **values)
    with house.database.writing() as session:
        session.add(row)


def split_off(house: EventHouse, family: UUID) -> UUID:
    """Let RAHMAT make a family of his own; return its id."""
    event = house.happen(family, Split(FRESH_NUMBER, follow(house, family, "RAHMAT"), HOME))
    return house.event(event).other_family_id


def test_the_family_that_splits_off_brings_what_was_said_of_its_origin_and_gets_its_card_by_it(house):
    family = house.settle()
    say(house, family, "DTSEN", date(2026, 3, 3), desil=3, receives_pkh=False)
    say(house, family, "Verifikasi lapangan " + "x" * 60, date(2026, 3, 4), desil=2)
    founded = split_off(house, family)
    facts = facts_of(house, founded)
    assert facts.receives_pkh == Known(False, "DTSEN (KK asal)", date(2026, 3, 3))
    assert (facts.desil.value, facts.desil.as_of, len(facts.desil.source)) == (2, date(2026, 3, 4), 80)
    assert facts.desil.source.endswith(" (KK asal)")
    with house.database.writing() as session:
        assert isinstance(try_issue(session, session.get_one(Family, founded), **house.rest), Card)
    say(house, founded, "DTSEN", date(2026, 3, 5), desil=7)
    assert facts_of(house, founded).desil == Known(7, "DTSEN", date(2026, 3, 5))


def test_who_joins_a_family_of_which_something_was_said_brings_nothing_of_theirs(house):
    family, other = house.settle(), house.settle()
    say(house, other, "DTSEN", date(2026, 2, 15), desil=9, receives_blt_dd=True)
    founded = split_off(house, family)
    before = facts_of(house, founded), facts_of(house, family)
    for into in (founded, family):
        house.happen(into, PersonJoins(house.nik(house.person(other, "MINA")), Relation.RELATIVE))
        if into is founded:
            house.happen(other, PersonJoins(house.nik(house.person(founded, "MINA")), Relation.CHILD))
    assert (facts_of(house, founded), facts_of(house, family)) == before


def test_the_next_step_of_a_split_is_the_card_of_the_new_family(house):
    family = house.settle()
    event = house.happen(family, Split(FRESH_NUMBER, follow(house, family, "RAHMAT"), HOME))
    founded = house.event(event).other_family_id

    def step() -> NextStep:
        with house.database.reading() as session:
            [found] = next_steps(session, session.get_one(FamilyEvent, event))
            return found

    assert step() == NextStep(house.family(founded).reference, "", "", None, is_founded=True)
    with house.database.writing() as session:
        card = house.give_card(session, session.get_one(Family, founded))
    assert (step().new_number, step().new_state) == (card.number, CardState.ACTIVE)


def test_not_everybody_splits_off(house):
    family = house.settle()
    everyone = follow(house, family, "RAHMAT", MINA=Relation.RELATIVE, **{"SITI AMINAH": Relation.PARENT})
    with pytest.raises(Conflict, match="event_nobody_stays"):
        house.propose(family, Split(FRESH_NUMBER, everyone, HOME))


def merging(house: EventHouse, family: UUID, into: UUID) -> Merge:
    people = [one for one in house.family(family).people if one.state is PersonState.LIVING]
    return Merge(into, {one.id: Relation.RELATIVE for one in people})


def test_a_family_merges_into_another_and_ends(house):
    family, into = house.settle(), house.settle()
    card, other_card = house.live_card(family), house.live_card(into)
    house.happen(family, merging(house, family, into))
    gone = house.family(family)
    assert (gone.state, gone.merged_into_id, gone.people) == (FamilyState.DISSOLVED, into, [])
    assert [row.until is None for row in gone.numbers] == [False]
    assert len(house.living(into)) == 6
    assert house.card(card.id).block_reason is BlockReason.FAMILY_ENDED
    assert house.live_card(into).id == other_card.id
    with pytest.raises(Conflict, match="family_dissolved"):
        house.propose(family, FamilyReturns(HOME))


def test_a_family_does_not_merge_into_itself_nor_into_one_that_ended(house):
    family, into, third = house.settle(), house.settle(), house.settle()
    with pytest.raises(Conflict, match="event_in_one"):
        house.propose(family, merging(house, family, family))
    house.happen(into, merging(house, into, third))
    with pytest.raises(Conflict, match="family_dissolved"):
        house.propose(family, merging(house, family, into))


# heads and numbers


def test_a_new_head_is_named_and_the_card_follows(house):
    family = house.settle()
    before = house.live_card(family)
    house.happen(
        family, NewHead(follow(house, family, "RAHMAT", MINA=Relation.RELATIVE, **{"SITI AMINAH": Relation.PARENT}))
    )
    assert house.living(family) == ["RAHMAT", "SITI AMINAH", "MINA"]
    assert house.live_card(family).replaces_id == before.id


def test_there_are_never_two_heads(house):
    family = house.settle()
    with pytest.raises(Conflict, match="two_heads"):
        house.propose(family, NewHead(follow(house, family, "RAHMAT")))
    with pytest.raises(Conflict, match="event_head_already"):
        house.propose(family, NewHead(follow(house, family, "SITI AMINAH")))


def test_a_child_becomes_head_only_where_no_adult_is_left_and_the_plan_warns(house):
    family = house.settle()
    mina, rahmat = house.person(family, "MINA"), house.person(family, "RAHMAT")
    by_child = Headship(mina, {})
    for statement in (
        NewHead(Headship(mina, {house.person(family, "SITI AMINAH"): Relation.PARENT})),
        Death(house.person(family, "SITI AMINAH"), by_child),
        Split(FRESH_NUMBER, by_child, HOME),
        Split(FRESH_NUMBER, Headship(mina, {rahmat: Relation.RELATIVE}), HOME),
    ):
        with pytest.raises(Conflict, match="event_head_minor"):
            house.propose(family, statement)
    house.happen(family, Death(rahmat))
    alone = Death(house.person(family, "SITI AMINAH"), by_child)
    with house.database.reading() as session:
        asked = {"area": "62", "vault": house.keys.vault, "today": NOW.date()}
        plan = plan_event(session, session.get_one(Family, family), alone, **asked)
        assert [one.name for one in plan.young_heads] == ["MINA"]
    house.happen(family, alone)
    assert house.head(family) == "MINA"


@pytest.mark.parametrize(("born", "is_adult"), [(date(2009, 3, 2), True), (date(2009, 3, 3), False)])
def test_who_is_seventeen_today_may_be_head(house, born, is_adult):
    family = house.settle()
    with house.database.writing() as session:
        session.get_one(Person, house.person(family, "MINA")).birth_date = born
    split = Split(FRESH_NUMBER, follow(house, family, "MINA"), HOME)
    if is_adult:
        assert house.happen(family, split)
        return
    with pytest.raises(Conflict, match="event_head_minor"):
        house.propose(family, split)


def test_a_number_changes_and_the_former_one_still_finds_the_family(house):
    family = house.settle()
    with house.database.reading() as session:
        former = house.family(family).numbers[0]
        old = house.keys.vault.open("family_number", "number_sealed", former.id, former.number_sealed)
    card = house.live_card(family)
    house.happen(family, NumberChanged(FRESH_NUMBER))
    assert [row.until is None for row in house.family(family).numbers] == [False, True]
    assert house.live_card(family).id == card.id
    with house.database.reading() as session:
        for number in (FRESH_NUMBER, type(FRESH_NUMBER)(old)):
            [found] = find_families(session, area="62", vault=house.keys.vault, number=number)
            assert found.id == family
    other = house.settle()
    with pytest.raises(Conflict, match="family_number_known"):
        house.propose(other, NumberChanged(FRESH_NUMBER))
    with pytest.raises(Conflict, match="event_same_number"):
        house.propose(family, NumberChanged(FRESH_NUMBER))


# two people


def test_nothing_is_changed_before_a_second_person_approves(house):
    family = house.settle()
    event = house.propose(family, head_dies(house, family))
    assert house.head(family) == "SITI AMINAH"
    with pytest.raises(Conflict, match="event_own_proposal"):
        house.approve(event, actor=house.actor)
    with pytest.raises(Conflict, match="event_own_proposal"):
        house.approve(event, actor=Actor(None, house.actor.point_id))
    assert house.head(family) == "SITI AMINAH"
    house.approve(event)
    assert house.head(family) == "RAHMAT"
    assert house.event(event).decided_by_id == house.approver.officer_id


def test_the_database_itself_wants_a_second_person(house):
    event = house.propose(house.settle(), FamilyLeaves())
    own = {"state": EventState.APPROVED, "decided_at": NOW, "decided_by_id": house.actor.officer_id}
    with pytest.raises(IntegrityError, match="second_person"), house.database.writing() as session:
        session.execute(update(FamilyEvent).where(FamilyEvent.id == event).values(own))


def test_a_rejected_event_changes_nothing_and_says_why(house):
    family = house.settle()
    event = house.propose(family, head_dies(house, family))
    for reason, code in (("", "reason_missing"), ("NIK 6206050101800001", "text_holds_number")):
        with pytest.raises(RegistryError, match=code), house.database.writing() as session:
            reject_event(
                session,
                session.get_one(FamilyEvent, event),
                reason=reason,
                **(house.rest | {"actor": house.approver}),
            )
    with house.database.writing() as session:
        reject_event(
            session,
            session.get_one(FamilyEvent, event),
            reason="akta tidak terbaca",
            **(house.rest | {"actor": house.approver}),
        )
    assert house.head(family) == "SITI AMINAH"
    assert (house.event(event).state, house.event(event).decision_reason) == (
        EventState.REJECTED,
        "akta tidak terbaca",
    )
    with pytest.raises(Conflict, match="event_decided"):
        house.approve(event)


def test_two_who_approve_at_once_carry_it_out_once(house):
    family = house.settle()
    event = house.propose(family, head_dies(house, family))
    start = Barrier(2)

    def approve(_turn: int) -> str:
        with house.database.writing() as session:
            row = session.get_one(FamilyEvent, event)
            if not house.database.is_sqlite:
                start.wait(timeout=600)
            approve_event(session, row, **house.approving)
        return "done"

    answers = []
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(approve, turn) for turn in range(2)]:
            try:
                answers.append(future.result())
            except Conflict as error:
                answers.append(error.code)
    assert sorted(answers) == ["done", "event_decided"]
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Card).where(Card.family_id == family)) == 2
        assert session.scalar(select(func.count()).where(AuditLine.action == "event.approved")) == 1


def test_what_changed_in_between_makes_the_approval_fail_and_changes_nothing(house):
    family, into = house.settle(), house.settle()
    mina = house.person(family, "MINA")
    plans = {
        "event_person_gone": house.propose(family, Death(mina)),
        "event_people_differ": house.propose(family, merging(house, family, into)),
    }
    house.happen(into, PersonJoins(house.nik(mina), Relation.RELATIVE))
    for code, event in plans.items():
        with pytest.raises(Conflict, match=code):
            house.approve(event)
        assert house.event(event).state is EventState.PROPOSED
    leaving = house.propose(family, FamilyLeaves())
    house.happen(family, merging(house, family, into))
    with pytest.raises(Conflict, match="family_dissolved"):
        house.approve(leaving)
    assert house.family(family).state is FamilyState.DISSOLVED


def test_a_card_that_cannot_be_replaced_undoes_the_whole_event(house, monkeypatch):
    family = house.settle()
    event = house.propose(family, head_dies(house, family))

    def refuse(*_args: object, **_rest: object) -> None:
        raise Conflict("card_numbers_exhausted")

    monkeypatch.setattr("registry.cards.issuing.draw_card", refuse)
    with pytest.raises(Conflict, match="card_numbers_exhausted"):
        house.approve(event)
    assert house.head(family) == "SITI AMINAH"
    assert house.live_card(family).state is CardState.ACTIVE
    assert house.event(event).state is EventState.PROPOSED


def test_what_is_proposed_has_happened_and_has_a_document(house):
    family = house.settle()
    with pytest.raises(RegistryError, match="event_in_future"):
        house.propose(family, FamilyLeaves(), happened_on=NOW.date() + timedelta(days=2))
    with pytest.raises(RegistryError, match="evidence_missing"):
        house.propose(family, FamilyLeaves(), evidence="  ")
    with pytest.raises(RegistryError, match="text_holds_number"):
        house.propose(family, FamilyLeaves(), evidence="KTP 6206050101800001")
    house.propose(family, FamilyLeaves())
    with pytest.raises(Conflict, match="event_waits_already"):
        house.propose(family, FamilyLeaves())


def test_no_officer_changes_a_family_outside_the_area(house):
    family, into = house.settle(), house.settle()
    with house.database.writing() as session:
        session.get_one(Family, into).village_code = "62.71.01.1001"
    with pytest.raises(Conflict, match="event_outside_area"):
        house.propose(family, merging(house, family, into), area="62.06")
    event = house.propose(family, merging(house, family, into))
    with pytest.raises(Conflict, match="event_outside_area"):
        house.approve(event, area="62.06")


# what is shown


def test_what_is_foreseen_is_what_happens(house):
    family = house.settle()
    statement = head_dies(house, family)
    with house.database.reading() as session:
        asked = {"area": "62", "vault": house.keys.vault, "today": NOW.date()}
        plan = plan_event(session, session.get_one(Family, family), statement, **asked)
        foreseen = [(one.attribute, one.before, one.after, one.person) for one in foresee(session, plan, at=NOW)]
        [fate] = foresee_cards(session, plan)
    assert fate.is_replaced
    event = house.happen(family, statement)
    with house.database.reading() as session:
        happened = changes_by(session, session.get_one(FamilyEvent, event))
        [step] = next_steps(session, session.get_one(FamilyEvent, event))
    assert [(one.attribute, one.before, one.after, one.person) for one in happened] == foreseen
    assert step.old_number == fate.card.number
    assert (step.new_number, step.new_state) == (house.live_card(family).number, CardState.ISSUED)


def test_events_are_listed_in_their_area_and_by_family(house):
    family, other = house.settle(), house.settle()
    waits, done = house.propose(family, FamilyLeaves()), house.happen(other, Birth(BABY))
    with house.database.reading() as session:
        assert [one.event.id for one in find_events(session, area="62.06", is_waiting=True)] == [waits]
        assert [one.event.id for one in find_events(session, area="62.06", is_waiting=False)] == [done]
        assert find_events(session, area="62.71", is_waiting=True) == []
        [line] = events_of(session, session.get_one(Family, other))
        assert (line.event.kind, line.proposer, line.decider) == (FamilyEventKind.BIRTH, "Dewi (P-001)", "Siti")
        with pytest.raises(NotFound, match="event_unknown"):
            get_event(session, waits, area="62.71")


def test_every_event_is_in_the_trail_without_names_and_the_chain_holds(house):
    family = house.settle()
    house.happen(family, head_dies(house, family))
    with house.database.reading() as session:
        lines = session.scalars(select(AuditLine).order_by(AuditLine.seq)).all()
        assert verify_chains(session, key=house.keys.audit_key) == []
    told = [one for one in lines if one.action.startswith("event.")]
    assert [one.action for one in told] == ["event.proposed", "event.approved"]
    assert not any("SITI" in one.detail or "RAHMAT" in one.detail for one in told)


def test_no_nik_is_in_two_families_and_no_event_makes_a_second_head(house):
    family, into = house.settle(), house.settle()
    house.happen(family, head_dies(house, family))
    house.happen(family, merging(house, family, into))
    with house.database.reading() as session:
        niks = session.scalars(select(Person.nik_index)).all()
    assert len(niks) == len(set(niks)) == 6


@pytest.mark.parametrize(
    "statement",
    [
        Death(UUID(int=1), Headship(UUID(int=2), {UUID(int=3): Relation.CHILD})),
        Death(UUID(int=1)),
        Birth(BABY),
        PersonLeaves(UUID(int=1)),
        FamilyLeaves(),
        FamilyReturns(HOME, FRESH_NUMBER),
        FamilyReturns(HOME),
        PersonJoins(FRESH_NIK, Relation.WIFE),
        Split(FRESH_NUMBER, Headship(UUID(int=2)), HOME, Headship(UUID(int=3))),
        Merge(UUID(int=1), {UUID(int=3): Relation.CHILD}),
        NewHead(Headship(UUID(int=2))),
        NumberChanged(FRESH_NUMBER),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_statement_is_read_as_it_was_written(statement):
    assert read_statement(write_statement(statement)) == statement
