"""Who of a list is put where: each pupil at the school that the office names, and of each family one, the oldest."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from giving_scene import VILLAGE, Scene, set_scene
from moment import NOW
from sqlalchemy import select, update

from registry.db import Database, Session, new_id
from registry.errors import Conflict
from registry.identifiers import Nik
from registry.kinds import Basis, PointKind, Relation, Sex
from registry.models import Entitlement, Person, Programme, Roster, Round, ServicePoint
from registry.programmes.office_lists import LineFault, OfficeLine, add_office_list, right_by_nik
from registry.programmes.rounds import Place, prepare_round
from verify.rounds import evaluate_round

TODAY = date(2026, 3, 2)
NIKS = tuple(Nik(f"620605120190{number:04d}") for number in range(1, 6))
FIRST, SECOND = "30201234", "30205678"


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database, NOW, families=2)


def add_people(session: Session, scene: Scene, *births: date, family: int = 0) -> list:
    """Add people to a family, in this order on its KK; their NIK are the first ones that are free."""
    taken = session.query(Person).filter(Person.relation == Relation.CHILD).count()
    people = [
        Person(
            id=new_id(),
            family_id=scene.families[family],
            position=place,
            nik_sealed=b"-",
            nik_index=scene.keys.vault.index("nik", NIKS[taken + place - 1]),
            name=f"Anak {place}",
            relation=Relation.CHILD,
            sex=Sex.FEMALE,
            birth_date=born,
            updated_at=NOW,
        )
        for place, born in enumerate(births, start=1)
    ]
    session.add_all(people)
    session.flush()
    return [person.id for person in people]


def prepare_schools(session: Session, scene: Scene, code: str = "SEKOLAH") -> tuple[Round, dict[str, object]]:
    """Prepare a round at two schools; the first one also serves the village, as the rule needs."""
    points = {
        npsn: ServicePoint(
            id=new_id(),
            code=f"S-{npsn}",
            name=npsn,
            kind=PointKind(session.get_one(Programme, code).places[0]),
            area_code=VILLAGE,
            facility_code=npsn,
        )
        for npsn in (FIRST, SECOND)
    }
    session.add_all(points.values())
    session.flush()
    places = [Place(points[FIRST].id, [VILLAGE]), Place(points[SECOND].id, [])]
    days = {"opens_on": TODAY, "closes_on": TODAY + timedelta(days=30)}
    round_ = prepare_round(session, code, name="2026/2027", places=places, **days, **scene.rest)
    rosters = {
        npsn: session.scalars(select(Roster.id).filter_by(round_id=round_.id, point_id=point.id)).one()
        for npsn, point in points.items()
    }
    return round_, rosters


def listed(session: Session, round_: Round) -> dict:
    rows = session.execute(
        select(Entitlement.person_id, Entitlement.roster_id).where(Entitlement.round_id == round_.id)
    )
    return dict(rows.all())


def test_each_line_goes_to_the_school_with_its_npsn_and_without_one_to_the_village(database, scene):
    with database.writing() as session:
        first, second, third, _ = add_people(session, scene, *[date(2010, 1, day) for day in (1, 2, 3, 4)])
        round_, rosters = prepare_schools(session, scene)
        lines = [
            OfficeLine(2, NIKS[0], FIRST),
            OfficeLine(3, NIKS[1], SECOND),
            OfficeLine(4, NIKS[2], ""),
            OfficeLine(5, NIKS[3], "30209999"),
        ]
        taken = add_office_list(session, round_, lines, document="SK 7/2026", **scene.rest)
        assert taken.added == 3
        assert [(one.line, one.fault) for one in taken.left_out] == [(5, LineFault.SCHOOL_UNKNOWN)]
        expected = {first: rosters[FIRST], second: rosters[SECOND], third: rosters[FIRST]}
        assert listed(session, round_) == expected


def test_a_single_one_goes_to_the_school_that_is_named_too(database, scene):
    with database.writing() as session:
        [pupil] = add_people(session, scene, date(2010, 1, 1))
        round_, rosters = prepare_schools(session, scene)
        rest = {"basis": Basis.DISCRETION, "document": "Nota 3", "vault": scene.keys.vault}
        right = right_by_nik(session, round_, NIKS[0], npsn=SECOND, **rest)
        assert (right.person_id, right.roster_id) == (pupil, rosters[SECOND])
        with pytest.raises(Conflict, match="nobody_serves_school"):
            right_by_nik(session, round_, NIKS[0], npsn="30209999", **rest)


def of_adults(session: Session) -> None:
    clauses = [{"code": "usia", "expression": "usia >= 17 && usia < 40", "words": "17 sampai 39 tahun"}]
    session.execute(
        update(Programme)
        .where(Programme.code == "KULIAH")
        .values(clauses=clauses, one_per_family=True, places=["sekolah"])
    )
    session.expire_all()


def test_of_several_who_fulfil_the_rule_the_oldest_of_the_family_is_listed(database, scene):
    with database.writing() as session:
        of_adults(session)
        _, oldest, _, _ = add_people(
            session, scene, date(2007, 5, 1), date(2004, 5, 1), date(2006, 5, 1), date(2010, 5, 1)
        )
        [alone] = add_people(session, scene, date(2008, 1, 1), family=1)
        round_, _ = prepare_schools(session, scene, "KULIAH")
        evaluation = evaluate_round(session, round_, **scene.rest)
        assert set(listed(session, round_)) == {oldest, alone}
        assert {why.code.value: count for why, count in evaluation.reasons.items()}["one_per_family"] == 2


def test_of_twins_the_first_on_the_family_card_is_listed(database, scene):
    with database.writing() as session:
        of_adults(session)
        first, _ = add_people(session, scene, date(2004, 5, 1), date(2004, 5, 1))
        round_, _ = prepare_schools(session, scene, "KULIAH")
        evaluate_round(session, round_, **scene.rest)
        assert set(listed(session, round_)) == {first}


def test_whom_the_office_has_listed_goes_before_an_older_one_of_the_family(database, scene):
    with database.writing() as session:
        of_adults(session)
        _, young = add_people(session, scene, date(2004, 5, 1), date(2007, 5, 1))
        round_, _ = prepare_schools(session, scene, "KULIAH")
        add_office_list(session, round_, [OfficeLine(2, NIKS[1], SECOND)], document="SK 7", **scene.rest)
        evaluate_round(session, round_, **scene.rest)
        assert set(listed(session, round_)) == {young}
