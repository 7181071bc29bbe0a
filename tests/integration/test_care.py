"""Visits of persons: recorded once per press, within the quota of a pregnancy, undone by a counter-entry."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest
from card_house import CardHouse
from care_scene import CareScene, codes
from moment import NOW
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from registry.audit import verify_chains
from registry.care.pregnancies import end_pregnancy, find_pregnancy
from registry.care.visits import count_of_day, get_visit, undo_visit, visits_of_day
from registry.db import Database, new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.kinds import BlockReason, CardMedium, CardState, PersonState, PointKind, VisitKind
from registry.models import AuditLine, Card, FamilyFacts, Person, Pregnancy, Programme, Visit, VisitUndo
from verify.care import Recorded
from verify.members import choose, look_at_members
from verify.reasons import Decision, ReasonCode

DAY = NOW.date()


@pytest.fixture
def scene(database: Database) -> CareScene:
    return CareScene(CardHouse(database, NOW))


def undo(scene: CareScene, visit_id, *, reason: str = "salah orang", area: str = "62.06") -> None:
    with scene.database.writing() as session:
        undo_visit(session, visit_id, reason=reason, area=area, **scene.house.rest)


def step(scene: CareScene, **other) -> Recorded | Decision:
    return scene.record(VisitKind.PREGNANCY, **other)


def steps_that_stand(scene: CareScene) -> list[int]:
    with scene.database.reading() as session:
        pregnancy = find_pregnancy(session, scene.person())
        return list(pregnancy.taken) if pregnancy else []


def change_programme(scene: CareScene, code: str, **values) -> None:
    with scene.database.writing() as session:
        session.execute(update(Programme).where(Programme.code == code).values(**values))


# the card and its family


def look(scene: CareScene, scanned: str, *, area: str = "62.06", here: PointKind = PointKind.PUSKESMAS):
    with scene.database.reading() as session:
        return look_at_members(session, scanned, scene.trust, area=area, here=here, at=NOW)


def test_a_good_card_shows_the_living_people_by_name_and_birth_year_and_nothing_else(scene):
    with scene.database.writing() as session:
        session.execute(update(Person).where(Person.name == "RAHMAT").values(state=PersonState.DEAD))
    family = look(scene, scene.text).family
    assert [(one.name, one.birth_year) for one in family.members] == [("SITI AMINAH", 1980), ("MINA", 2015)]
    assert set(type(family.members[0]).__slots__) == {"person_id", "name", "birth_year"}


def test_a_school_sees_those_of_school_age_only(scene):
    assert [one.name for one in look(scene, scene.text, here=PointKind.SCHOOL).family.members] == ["RAHMAT", "MINA"]


def test_a_card_that_is_not_good_shows_nobody(scene):
    with scene.database.writing() as session:
        session.execute(update(Card).values(state=CardState.REPLACED, block_reason=BlockReason.LOST))
    card = look(scene, scene.text)
    assert card.family is None
    assert card.card_id is not None
    assert codes(card.decision) == ["card_replaced"]


def test_a_temporary_card_past_its_last_day_is_told_to_be_one(scene):
    with scene.database.writing() as session:
        session.execute(update(Card).values(medium=CardMedium.PAPER, expires_at=NOW))
    [expired] = look(scene, scene.text).decision.reasons
    assert (expired.code, expired.detail["medium"]) == (ReasonCode.EXPIRED, CardMedium.PAPER)


def test_a_number_typed_by_hand_is_enough_only_in_the_own_area(scene):
    assert look(scene, scene.number).family is not None
    card = look(scene, scene.number, area="62.01")
    assert codes(card.decision) == ["card_elsewhere"]
    assert card.family is None
    assert look(scene, scene.text, area="62.01").family is not None


def test_a_person_is_reached_only_by_the_card_of_the_own_family(scene):
    with scene.database.writing() as session:
        stranger = scene.house.add_family(session).people[0].id
    card = look(scene, scene.text)
    assert codes(choose(card, stranger)) == ["person_not_of_family"]
    assert codes(choose(card, None)) == ["person_not_chosen"]
    with scene.database.writing() as session:
        session.execute(update(Person).where(Person.id == scene.person(1)).values(state=PersonState.MOVED))
    assert codes(choose(look(scene, scene.text), scene.person(1))) == ["person_not_of_family"]


# a visit


@pytest.mark.parametrize("kind", [VisitKind.TREATMENT, VisitKind.AMBULANCE])
def test_a_visit_keeps_who_when_where_and_by_whom_and_has_no_room_for_more(scene, kind):
    recorded = scene.record(kind)
    with scene.database.reading() as session:
        visit = session.get_one(Visit, recorded.visit_id)
        line = session.scalars(select(AuditLine).where(AuditLine.action == "visit.recorded")).one()
    assert (visit.kind, visit.person_id, visit.at) == (kind, scene.person(), NOW)
    assert (visit.point_id, visit.officer_id) == (scene.points[PointKind.PUSKESMAS][0], scene.house.actor.officer_id)
    assert visit.pregnancy_id is visit.step is visit.next_on is None
    assert line.subject == f"visit:{visit.id}"
    assert "SITI" not in line.detail
    assert {column.name for column in Visit.__table__.columns} == {
        *("id", "kind", "programme_code", "person_id", "card_id", "pregnancy_id", "quota", "step"),
        *("follows_undo_id", "next_on", "idempotency_key", "at", "point_id", "officer_id", "device_id"),
    }


def test_the_same_press_twice_is_the_same_visit(scene):
    key = str(uuid4())
    first, second = scene.record(key=key), scene.record(key=key)
    assert second == Recorded(first.visit_id, is_repeated=True)
    assert scene.record() != first


def test_eight_presses_at_once_are_one_visit(scene):
    key = str(uuid4())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: scene.record(key=key), range(8)))
    assert len({answer.visit_id for answer in answers}) == 1


@pytest.mark.parametrize(
    "other", [{"person": 1}, {"kind": VisitKind.AMBULANCE}, {"point": 1}], ids=["person", "kind", "point"]
)
def test_a_key_for_anything_else_is_refused(scene, other):
    key = str(uuid4())
    scene.record(key=key)
    assert codes(scene.record(key=key, **other)) == ["key_used_differently"]


def test_a_withdrawn_programme_and_a_wrong_place_are_named_both(scene):
    change_programme(scene, "BEROBAT", is_withdrawn=True)
    answer = scene.record(here=PointKind.OFFICE)
    assert codes(answer) == ["programme_withdrawn", "not_served_here"]
    assert answer.reasons[1].detail == {"programme": "Berobat Gratis", "places": "puskesmas"}


def test_a_clause_about_the_family_is_not_told_where_a_person_is_served(scene):
    clauses = [
        {"code": "desil", "expression": "desil <= 1", "words": "batas desil 1"},
        {"code": "usia", "expression": "usia < 10", "words": "di bawah 10 tahun"},
    ]
    change_programme(scene, "BEROBAT", clauses=clauses)
    with scene.database.writing() as session:
        session.add(
            FamilyFacts(id=new_id(), family_id=scene.family_id, source="DTSEN", as_of=DAY, recorded_at=NOW, desil=4)
        )
    answer = scene.record()
    assert codes(answer) == ["clause_failed", "not_told_here"]
    assert "desil" not in str(answer).lower()


# a pregnancy


def test_a_pregnancy_is_registered_once_with_the_quota_of_its_programme(scene):
    first, second = scene.register(), scene.register()
    assert first == second
    with scene.database.reading() as session:
        supported = find_pregnancy(session, scene.person())
        actions = session.scalars(select(AuditLine.action).where(AuditLine.action.like("pregnancy.%"))).all()
    assert (supported.due_on, supported.quota, supported.taken) == (scene.due_on, 6, ())
    assert actions == ["pregnancy.registered"]


def test_two_counters_at_once_register_one_pregnancy(scene):
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda point: scene.register(point=point % 2), range(4)))
    assert len(set(made)) == 1


@pytest.mark.parametrize(("person", "clause"), [(1, "perempuan"), (2, None)])
def test_the_clauses_of_the_programme_decide(scene, person, clause):
    if clause is None:  # a girl of ten may be; one of nine is refused
        with scene.database.writing() as session:
            session.execute(update(Person).where(Person.id == scene.person(2)).values(birth_date=date(2016, 3, 3)))
        clause = "usia"
    answer = scene.register(person)
    assert codes(answer) == ["clause_failed"]
    assert answer.reasons[0].detail["clause"] == clause


@pytest.mark.parametrize("days", [-22, 281])
def test_a_due_date_that_cannot_be_is_refused(scene, days):
    with pytest.raises(RegistryError, match="due_date_unlikely"):
        scene.register(due_on=DAY + timedelta(days=days))


def test_another_due_date_while_one_pregnancy_goes_on_is_a_conflict(scene):
    scene.register()
    with pytest.raises(Conflict, match="pregnancy_goes_on"):
        scene.register(due_on=scene.due_on + timedelta(days=60))


def test_a_step_without_a_pregnancy_is_refused(scene):
    assert codes(step(scene)) == ["pregnancy_missing"]


def test_six_steps_are_recorded_at_any_place_and_no_seventh(scene):
    scene.register()
    for number in range(6):
        assert isinstance(step(scene, point=number % 2, days=number), Recorded)
    answer = step(scene)
    assert codes(answer) == ["quota_used"]
    assert answer.reasons[0].detail == {
        "quota": "6",
        "round": "Pendampingan Ibu Hamil",
        "at": (NOW + timedelta(days=5)).isoformat(),
    }
    assert steps_that_stand(scene) == [1, 2, 3, 4, 5, 6]


def test_the_quota_is_the_one_of_the_day_when_the_pregnancy_was_registered(scene):
    scene.register()
    change_programme(scene, "BUMIL", quota=1, clauses=[{"code": "x", "expression": "usia < 1", "words": "bayi"}])
    for _ in range(6):
        assert isinstance(step(scene), Recorded)
    assert codes(step(scene)) == ["quota_used"]


def test_a_programme_that_is_withdrawn_records_no_step_more(scene):
    scene.register()
    change_programme(scene, "BUMIL", is_withdrawn=True)
    assert codes(step(scene)) == ["programme_withdrawn"]


def test_eight_counters_at_once_take_six_different_steps(scene):
    scene.register()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: step(scene, point=number % 2), range(8)))
    assert sum(isinstance(answer, Recorded) for answer in answers) == 6
    assert steps_that_stand(scene) == [1, 2, 3, 4, 5, 6]


def test_the_next_visit_lies_ahead_within_four_months(scene):
    scene.register()
    recorded = step(scene, next_on=DAY + timedelta(days=30))
    with scene.database.reading() as session:
        assert session.get_one(Visit, recorded.visit_id).next_on == DAY + timedelta(days=30)
    for days in (0, 121):
        with pytest.raises(RegistryError, match="next_visit_unlikely"):
            step(scene, next_on=DAY + timedelta(days=days))


def test_an_undone_step_is_free_again_under_its_number(scene):
    scene.register()
    visits = [step(scene).visit_id for _ in range(6)]
    undo(scene, visits[1])
    assert steps_that_stand(scene) == [1, 3, 4, 5, 6]
    again = step(scene)
    undo(scene, again.visit_id)
    third = step(scene)
    with scene.database.reading() as session:
        chain = [session.get_one(Visit, one) for one in (visits[1], again.visit_id, third.visit_id)]
    assert [one.step for one in chain] == [2, 2, 2]
    assert [one.follows_undo_id for one in chain] == [None, visits[1], again.visit_id]
    assert codes(step(scene)) == ["quota_used"]


def test_a_pregnancy_that_was_ended_by_mistake_goes_on_with_its_steps(scene):
    scene.register()
    step(scene)
    with scene.database.writing() as session:
        end_pregnancy(session, scene.person(), **scene.house.rest)
    assert codes(step(scene)) == ["pregnancy_missing"]
    with scene.database.writing() as session, pytest.raises(Conflict, match="pregnancy_ended"):
        end_pregnancy(session, scene.person(), **scene.house.rest)
    scene.register(due_on=scene.due_on + timedelta(days=7))
    assert steps_that_stand(scene) == [1]
    assert due(scene) == scene.due_on + timedelta(days=7)
    with scene.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Pregnancy)) == 1
        lines = session.scalars(
            select(AuditLine.action).where(AuditLine.action.like("pregnancy.%")).order_by(AuditLine.id)
        ).all()
    assert lines == ["pregnancy.registered", "pregnancy.ended", "pregnancy.reopened"]


def end(scene: CareScene) -> None:
    with scene.database.writing() as session:
        end_pregnancy(session, scene.person(), **scene.house.rest)


def due(scene: CareScene) -> date:
    with scene.database.reading() as session:
        return find_pregnancy(session, scene.person()).due_on


@pytest.mark.parametrize("days", [-100, 22, 101])
def test_ending_one_and_registering_another_due_date_gives_no_second_set_of_visits(scene, days):
    scene.register()
    for _ in range(6):
        step(scene)
    end(scene)
    other = scene.due_on + timedelta(days=days)
    scene.register(due_on=other)
    assert codes(step(scene)) == ["quota_used"]
    assert due(scene) == other, "a due date that was said wrong is put right"


def test_the_visits_of_an_older_pregnancy_do_not_come_back_with_the_one_after_it(scene):
    scene.register()
    step(scene)
    end(scene)
    scene.register(due_on=scene.due_on + timedelta(days=250), days=150)
    step(scene, days=150)
    assert steps_that_stand(scene) == [1]
    with scene.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Pregnancy)) == 2


def test_who_lost_a_child_and_expects_another_has_visits_of_her_own_for_it(scene):
    scene.register()
    step(scene, days=10)
    end(scene)
    too_soon = DAY + timedelta(days=10 + 251)
    scene.register(due_on=too_soon, days=30)
    assert steps_that_stand(scene) == [1]
    end(scene)
    scene.register(due_on=DAY + timedelta(days=60 + 240), days=60)  # long before the first child would have been due
    assert steps_that_stand(scene) == []


# undoing


def test_an_undo_needs_a_reason_a_visit_of_the_area_and_happens_once(scene):
    visit = scene.record().visit_id
    with pytest.raises(Conflict, match="reason_missing"):
        undo(scene, visit, reason="  ")
    with pytest.raises(RegistryError, match="text_holds_number"):
        undo(scene, visit, reason="milik 6206054101800001")
    with pytest.raises(NotFound, match="visit_unknown"):
        undo(scene, visit, area="62.01")
    with pytest.raises(NotFound, match="visit_unknown"):
        undo(scene, uuid4())
    undo(scene, visit)
    with pytest.raises(Conflict, match="visit_undone"):
        undo(scene, visit)


def test_what_was_undone_is_not_counted_and_still_told(scene):
    visit = scene.record().visit_id
    scene.record(VisitKind.AMBULANCE)
    scene.record(point=1)
    scene.record(days=1)
    undo(scene, visit)
    here = scene.points[PointKind.PUSKESMAS][0]
    with scene.database.reading() as session:
        counted = count_of_day(session, here, DAY)
        lines = visits_of_day(session, "62.06", DAY)
        assert get_visit(session, visit, point_id=here).undone_at == NOW
        with pytest.raises(NotFound, match="visit_unknown"):
            get_visit(session, visit, point_id=scene.points[PointKind.PUSKESMAS][1])
    assert counted == dict.fromkeys(VisitKind, 0) | {VisitKind.AMBULANCE: 1}
    assert len(lines) == 3
    assert [line.undo_reason for line in lines if line.id == visit] == ["salah orang"]
    assert "SITI" not in str(lines)


def test_the_visits_of_a_day_are_told_page_by_page_the_latest_first(scene):
    recorded = [scene.record(VisitKind.TREATMENT, key=f"k{number}").visit_id for number in range(5)]
    with scene.database.reading() as session:
        pages = [visits_of_day(session, "62.06", DAY, skip=skip, limit=2) for skip in (0, 2, 4, 6)]
    assert [[line.id for line in page] for page in pages] == [
        [recorded[4], recorded[3]], [recorded[2], recorded[1]], [recorded[0]], [],
    ]  # fmt: skip


# attendance


def attend(scene: CareScene, **other) -> Recorded | Decision:
    return scene.record(VisitKind.ATTENDANCE, here=PointKind.OFFICE, **other)


def test_a_person_attends_once_a_day_wherever_it_is_noted(scene):
    first = attend(scene)
    assert attend(scene, point=1) == Recorded(first.visit_id, is_repeated=True)
    assert not attend(scene, person=1).is_repeated
    assert not attend(scene, days=1).is_repeated
    undo(scene, first.visit_id)
    again = attend(scene)
    assert not again.is_repeated
    assert attend(scene).visit_id == again.visit_id


def test_two_places_at_once_note_one_attendance(scene):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda point: attend(scene, point=point % 2), range(4)))
    assert len({answer.visit_id for answer in answers}) == 1


def test_attendance_is_not_noted_at_a_puskesmas(scene):
    assert codes(scene.record(VisitKind.ATTENDANCE)) == ["not_served_here"]


# the last guards


def stored(scene: CareScene) -> dict:
    """Return the row of the first step, under another id and key."""
    scene.register()
    visit_id = step(scene).visit_id
    with scene.database.reading() as session:
        row = dict(session.execute(select(Visit.__table__).where(Visit.__table__.c.id == visit_id)).mappings().one())
    return row | {"id": new_id(), "idempotency_key": "x"}


@pytest.mark.parametrize(
    ("changed", "guard"),
    [
        ({}, "uq_visit_first_of_step"),
        ({"step": 7}, "step_within_quota"),
        ({"step": 0}, "step_within_quota"),
        ({"step": 2, "quota": 9}, "fk_visit_quota_of_pregnancy"),
        ({"step": 2, "quota": None}, "quota_of_pregnancy"),
    ],
)
def test_the_database_itself_holds_the_steps_of_a_pregnancy(scene, changed, guard):
    row = stored(scene)
    with pytest.raises(IntegrityError) as error, scene.database.writing() as session:
        session.execute(insert(Visit), [row | changed])
    told = str(error.value)
    # SQLite names the columns of a unique index, and no foreign key
    assert guard in told or "FOREIGN KEY" in told or "visit.pregnancy_id, visit.step" in told


def test_an_undone_step_is_followed_once(scene):
    row = stored(scene)
    with scene.database.reading() as session:
        first = session.scalars(select(Visit.id)).one()
    undo(scene, first)
    step(scene)
    with pytest.raises(IntegrityError), scene.database.writing() as session:
        session.execute(insert(Visit), [row | {"follows_undo_id": first}])


@pytest.mark.parametrize("table", [Visit, VisitUndo])
def test_history_is_never_changed(scene, table):
    undo(scene, scene.record().visit_id)
    column = "reason" if table is VisitUndo else "idempotency_key"
    for statement in (f"UPDATE {table.__tablename__} SET {column} = 'x'", f"DELETE FROM {table.__tablename__}"):
        with pytest.raises(DatabaseError, match="append-only"), scene.database.writing() as session:
            session.execute(text(statement))


def test_all_of_it_stands_in_a_whole_chain(scene):
    scene.register()
    undo(scene, step(scene).visit_id)
    step(scene)
    with scene.database.reading() as session:
        assert verify_chains(session, key=scene.house.keys.audit_key) == []
