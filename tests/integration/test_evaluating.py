"""Who is entitled: everybody at once is the same as one by one, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from card_house import CardHouse
from invented import invent_families
from sqlalchemy import event, select, update

from registry.days import local_day
from registry.db import Database, new_id
from registry.errors import NotFound
from registry.families.enrolling import enrol_families
from registry.kinds import FamilyState, PersonState, Subject
from registry.models import Family, FamilyFacts, Person, PersonFacts, Programme
from registry.programmes.rounds import Place, prepare_round
from verify.clauses import read_rule
from verify.evaluating import explain, explain_subject, stated_family, subjects_under
from verify.reasons import ReasonCode
from verify.rounds import Why, evaluate_round

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
VILLAGES = ("62.06.05.2003", "62.06.05.2004")


@pytest.fixture
def house(database: Database) -> CardHouse:
    """Thirty families of each of two villages; what was said of some of them was said twice."""
    house = CardHouse(database, AT)
    with database.writing() as session:
        for village in VILLAGES:
            ids = enrol_families(
                session.connection(),
                list(invent_families(village, 30)),
                vault=house.keys.vault,
                source="DTSEN",
                as_of=date(2026, 1, 15),
                at=AT,
            )
            say(session, ids[0], date(2026, 2, 1), desil=7)
            say(session, ids[1], date(2025, 2, 1), desil=9, receives_pkh=True)  # an older one changes nothing
            say(session, ids[12], date(2026, 1, 15), desil=1)  # of two for one day the later one holds
            say(session, ids[13], date(2026, 2, 1), receives_pkh=True)  # and says nothing of the desil
            session.execute(update(Family).where(Family.id == ids[4]).values(state=FamilyState.MOVED))
            children = session.scalars(select(Person).where(Person.family_id.in_(ids[5:8]))).all()
            children[2].state = PersonState.DEAD
            children[5].birth_date = date(2012, 3, 3)
            session.add(
                PersonFacts(
                    person_id=children[0].id, source="SK", as_of=date(2026, 2, 1), recorded_at=AT, occupation="NELAYAN"
                )
            )
    return house


def say(session, family_id, as_of, **facts) -> None:
    session.add(
        FamilyFacts(id=new_id(), family_id=family_id, source="Verifikasi", as_of=as_of, recorded_at=AT, **facts)
    )


RULES = [
    (Subject.FAMILY, "desil <= 2"),
    (Subject.FAMILY, "desil > 2"),
    (Subject.FAMILY, "desil == null"),
    (Subject.FAMILY, "menerima_pkh != true && desil <= 2"),
    (Subject.FAMILY, "menerima_pkh == true || menerima_sembako == true || menerima_blt_dd == true"),
    (Subject.FAMILY, "jumlah_anggota >= 3"),
    (Subject.PERSON, "usia >= 14 && usia <= 21"),
    (Subject.PERSON, "usia == 14"),
    (Subject.PERSON, "usia < 18 && desil <= 4"),
    (Subject.PERSON, "jenis_kelamin == 'P' && hubungan == 'head'"),
    (Subject.PERSON, "pekerjaan.contains('nelayan')"),
    (Subject.PERSON, "pekerjaan == null || pekerjaan.contains('petani')"),
    (Subject.PERSON, "status_jkn == 'PBI'"),
    (Subject.PERSON, "punya_nisn == true"),
    (Subject.PERSON, "punya_nisn != true && jumlah_anggota < 3"),
    (Subject.PERSON, "hamil == true"),
]


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 3, 3)])
def test_all_at_once_is_the_same_as_one_by_one(house, day):
    at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    with house.database.reading() as session:
        families = session.scalars(select(Family).where(Family.village_code.in_(VILLAGES))).all()
        stated = {family.id: stated_family(session, family.id, at=at) for family in families}
        for subject, expression in RULES:
            rule = read_rule([{"code": "uji", "expression": expression, "words": "uji"}], subject)
            found = {
                (one.family_id, one.person_id) for one in subjects_under(session, rule, villages=VILLAGES, today=day)
            }
            alone: set[tuple[UUID, UUID | None]] = set()
            for family_id, family in stated.items():
                for person_id in family.people if subject is Subject.PERSON else [None]:
                    facts = explain(family, rule, person_id)
                    if facts.family_state is FamilyState.ACTIVE and not facts.failed:
                        alone.add((family_id, person_id))
            assert found == alone, expression
            assert found, f"{expression} selects nobody: the test shows nothing"


MIXED = [
    {"code": "desil", "expression": "desil <= 2", "words": "batas desil 2"},
    {"code": "pkh", "expression": "menerima_pkh != true", "words": "tanpa PKH"},
    {"code": "usia", "expression": "usia >= 18", "words": "usia 18"},
    {"code": "muda", "expression": "usia < 60 || desil == 1", "words": "usia atau desil 1"},
    {"code": "kerja", "expression": "pekerjaan.contains('petani')", "words": "petani"},
]


@pytest.mark.parametrize("programme", ["PANGAN", "UMKM"])
def test_why_the_others_are_left_out_is_counted_as_one_by_one(house, programme):
    with house.database.writing() as session:
        one = session.get_one(Programme, programme)
        if one.subject is Subject.PERSON:
            one.clauses = MIXED
        rule = read_rule(one.clauses, one.subject)
        round_ = prepare_round(
            session,
            programme,
            name="Uji",
            opens_on=TODAY,
            closes_on=TODAY,
            places=[Place(house.actor.point_id, VILLAGES)],
            **house.rest,
        )
        evaluation = evaluate_round(session, round_, **house.rest)
        reasons: Counter[Why] = Counter()
        villages: dict[str, list[int]] = {village: [0, 0] for village in VILLAGES}
        for family in session.scalars(select(Family).where(Family.state == FamilyState.ACTIVE)):
            stated = stated_family(session, family.id, at=AT)
            for person_id in stated.people if one.subject is Subject.PERSON else [None]:
                failed = explain(stated, rule, person_id).failed
                villages[family.village_code][bool(failed)] += 1
                reasons.update(
                    Why(
                        ReasonCode.CLAUSE_UNKNOWN if clause.is_unknown else ReasonCode.CLAUSE_FAILED,
                        clause.clause.words,
                    )
                    for clause in failed
                )
    assert evaluation.reasons == reasons
    assert evaluation.villages == {village: tuple(counts) for village, counts in villages.items()}
    assert evaluation.entitled
    assert len(reasons) > 1, "the test shows too little"


def test_listing_takes_as_many_statements_however_many_villages_a_round_has(house):
    asked: list[str] = []

    def statements(session, name, villages) -> int:
        places = [Place(house.actor.point_id, villages)]
        round_ = prepare_round(
            session, "PANGAN", name=name, opens_on=TODAY, closes_on=TODAY, places=places, **house.rest
        )
        asked.clear()
        evaluate_round(session, round_, **house.rest)
        return len(asked)

    with house.database.writing() as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert statements(session, "Satu", VILLAGES[:1]) == statements(session, "Dua", VILLAGES)


def test_a_person_grows_older_on_the_local_day_of_the_birthday(house):
    """3 March begins in Kalimantan at 17.00 UTC of 2 March."""
    clauses = [{"code": "uji", "expression": "usia == 14 && desil <= 2", "words": "usia 14 tahun"}]
    programme = Programme(code="UJI", subject=Subject.PERSON, clauses=clauses)
    rule = read_rule(clauses, Subject.PERSON)
    with house.database.reading() as session:
        child = session.scalars(select(Person).where(Person.birth_date == date(2012, 3, 3))).first()
        for at, is_entitled in (
            (datetime(2026, 3, 2, 16, 59, tzinfo=UTC), False),
            (datetime(2026, 3, 2, 17, 0, tzinfo=UTC), True),
        ):
            today = local_day(at)
            found = {one.person_id for one in subjects_under(session, rule, villages=VILLAGES, today=today)}
            assert (child.id in found) is is_entitled
            assert (not explain_subject(session, programme, child.family_id, child.id, at=at).failed) is is_entitled


def test_subjects_come_village_by_village(house):
    everybody = read_rule([], Subject.FAMILY)
    with house.database.reading() as session:
        found = subjects_under(session, everybody, villages=VILLAGES[::-1], today=TODAY)
        villages = [one.village_code for one in found]
    assert villages == sorted(villages)
    assert len(villages) == 58, "sixty families, of which two moved away"


def test_however_many_families_there_are_it_is_one_question(house):
    asked: list[str] = []
    with house.database.reading() as session:
        pangan = read_rule(session.get_one(Programme, "PANGAN").clauses, Subject.FAMILY)
        event.listen(session.connection(), "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert list(subjects_under(session, pangan, villages=VILLAGES, today=TODAY))
    assert len(asked) == 1


def test_somebody_who_is_not_of_the_family_cannot_be_explained(house):
    with house.database.reading() as session:
        family = session.scalars(select(Family)).first()
        sekolah = session.get(Programme, "SEKOLAH")
        with pytest.raises(NotFound, match="person_unknown"):
            explain_subject(session, sekolah, family.id, new_id(), at=AT)
