"""What a family has in every programme, and why not, in a fixed number of statements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from giving_scene import OTHER_VILLAGE, VILLAGE, Scene, set_scene
from moment import NOW
from sqlalchemy import event

from registry.db import Database
from registry.kinds import Carrying, FamilyState
from registry.models import Family, FamilyFacts, Programme, ServicePoint
from registry.programmes.addenda import remove_from_list
from registry.programmes.family_rights import programmes_with_offices
from registry.programmes.rounds import Place
from verify.reasons import ReasonCode
from verify.rounds import open_round_for_villages
from verify.statuses import STATEMENTS, StatusKind, statuses_of

TODAY = date(2026, 3, 2)


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database, NOW, families=3)


def open_for(session, scene, code, name="Tahap II", **other):
    usual = {
        "opens_on": TODAY,
        "closes_on": TODAY + timedelta(days=5),
        "places": [Place(scene.point_id, [VILLAGE]), Place(scene.other_point_id, [OTHER_VILLAGE])],
    }
    return open_round_for_villages(session, code, name=name, **(usual | other), **scene.rest).round


def status(database, scene, code, family=0, at=NOW):
    with database.reading() as session:
        found = statuses_of(session, session.get_one(Family, scene.families[family]), at=at)
    return next(one for one in found if one.programme.code == code)


def test_what_is_open_for_a_family_is_told_with_place_and_days(database, scene):
    one = status(database, scene, "PANGAN").subjects[0]
    assert (one.kind, one.round, one.point) == (StatusKind.ENTITLED, "Tahap I", "Balai Desa Tumbang Contoh")
    assert (one.opens_on, one.closes_on) == (TODAY - timedelta(days=1), TODAY + timedelta(days=10))
    assert one.reasons == ()


def test_a_right_whose_round_has_passed_its_days_says_so(database, scene):
    one = status(database, scene, "PANGAN", at=NOW + timedelta(days=30)).subjects[0]
    assert one.kind is StatusKind.NOT_ENTITLED
    assert [reason.code for reason in one.reasons] == [ReasonCode.ROUND_NOT_OPEN]


def test_every_programme_has_one_status_and_none_is_silent(database, scene):
    with database.writing() as session:
        for code in ("PASAR", "BELANJA", "KERJA"):
            open_for(session, scene, code)
        session.add(
            FamilyFacts(family_id=scene.families[1], source="DTSEN", as_of=TODAY, recorded_at=NOW, receives_pkh=True)
        )
    with database.reading() as session:
        codes = {one.code for one in programmes_with_offices(session)}
        for family in scene.families:
            found = statuses_of(session, session.get_one(Family, family), at=NOW)
            assert {one.programme.code for one in found} == codes
            assert len(found) == len(codes)
            for one in found:
                for subject in one.subjects:
                    has_nothing = subject.kind in (StatusKind.NOT_ENTITLED, StatusKind.WAITING)
                    assert bool(subject.reasons) == has_nothing, (one.programme.code, subject)


def test_the_reason_names_the_clause_the_value_its_source_and_date(database, scene):
    with database.writing() as session:
        session.add(
            FamilyFacts(family_id=scene.families[0], source="DTSEN", as_of=TODAY, recorded_at=NOW, receives_pkh=True)
        )
        session.flush()
        open_for(session, scene, "TUNAI")
    one = status(database, scene, "TUNAI").subjects[0]
    assert [reason.code for reason in one.reasons] == [ReasonCode.CLAUSE_FAILED]
    assert one.reasons[0].detail["clause"] == "pkh"
    assert '"DTSEN", "2026-03-02"' in one.reasons[0].detail["facts"]


def test_who_fulfils_the_rule_and_waits_for_a_round_is_told_so(database, scene):
    one = status(database, scene, "TUNAI").subjects[0]
    assert one.kind is StatusKind.WAITING
    assert [reason.code for reason in one.reasons] == [ReasonCode.NO_ROUND_OPEN]


def test_who_fulfils_the_rule_now_and_stands_on_no_list_is_told_when_it_was_made(database, scene):
    with database.writing() as session:
        session.add(FamilyFacts(family_id=scene.families[0], source="DTSEN", as_of=TODAY, recorded_at=NOW, desil=9))
        session.flush()
        open_for(session, scene, "PASAR")
    later = NOW + timedelta(days=1)
    with database.writing() as session:
        session.add(
            FamilyFacts(family_id=scene.families[0], source="DTSEN", as_of=later.date(), recorded_at=later, desil=2)
        )
    one = status(database, scene, "PASAR", at=later).subjects[0]
    assert [(reason.code, reason.detail) for reason in one.reasons] == [
        (ReasonCode.NOT_ENTITLED, {"round": "Tahap II", "listed_on": "2026-03-02"})
    ]


def test_who_was_taken_off_a_list_is_told_by_which_addendum(database, scene):
    with database.writing() as session:
        market = open_for(session, scene, "PASAR")
        remove_from_list(session, market, scene.families[0], None, number="ADD-1", reason="pindah", **scene.rest)
    one = status(database, scene, "PASAR").subjects[0]
    assert [(reason.code, reason.detail["addendum"]) for reason in one.reasons] == [
        (ReasonCode.REMOVED_FROM_LIST, "ADD-1")
    ]


def test_a_family_split_after_the_list_was_frozen_is_covered_by_its_origin(database, scene):
    with database.writing() as session:
        open_for(session, scene, "PASAR")
        later = NOW + timedelta(days=1)
        family = Family(
            reference="pecahan1",
            card_family_id=999,
            village_code=VILLAGE,
            as_of=TODAY,
            created_at=later,
            updated_at=later,
            split_from_id=scene.families[0],
        )
        session.add(family)
        session.flush()
        found = {one.programme.code: one for one in statuses_of(session, family, at=later)}
    codes = [reason.code for reason in found["PASAR"].subjects[0].reasons]
    assert codes[0] is ReasonCode.COVERED_BEFORE_SPLIT


def test_another_programme_that_stands_in_the_way_is_named(database, scene):
    with database.writing() as session:
        session.get_one(Programme, "TUNAI").excludes = ["PANGAN"]
        session.flush()
        assert open_for(session, scene, "TUNAI").determination.entitled == 0
    one = status(database, scene, "TUNAI").subjects[0]
    assert [(reason.code, dict(reason.detail)) for reason in one.reasons] == [
        (ReasonCode.EXCLUDED_BY_PROGRAMME, {"programme": "Bantuan Pangan KHBS", "round": "Tahap I"})
    ]


def test_what_is_served_when_one_comes_and_what_is_only_information(database, scene):
    assert status(database, scene, "BEROBAT").kind is StatusKind.SERVED
    assert status(database, scene, "JALAN").kind is StatusKind.INFORMATION
    bumil = status(database, scene, "BUMIL").subjects[0]
    assert bumil.kind is StatusKind.NOT_ENTITLED
    assert {reason.detail["clause"] for reason in bumil.reasons} == {"perempuan"}


def test_a_withdrawn_programme_says_so_even_to_who_is_listed(database, scene):
    with database.writing() as session:
        session.get_one(Programme, "PANGAN").is_withdrawn = True
    one = status(database, scene, "PANGAN").subjects[0]
    assert [reason.code for reason in one.reasons] == [ReasonCode.PROGRAMME_WITHDRAWN]


def test_a_family_that_moved_is_told_so(database, scene):
    with database.writing() as session:
        session.get_one(Family, scene.families[0]).state = FamilyState.MOVED
    codes = [reason.code for reason in status(database, scene, "TUNAI").subjects[0].reasons]
    assert ReasonCode.FAMILY_MOVED in codes


def test_a_balance_says_what_is_left(database, scene):
    with database.writing() as session:
        open_for(session, scene, "BELANJA")
    one = status(database, scene, "BELANJA").subjects[0]
    assert (one.kind, one.granted, one.left) == (StatusKind.ENTITLED, 2_000_000, 2_000_000)


def count_statements(database, scene) -> int:
    statements = []

    def note(_, cursor, statement, *rest):
        statements.append(statement)

    with database.reading() as session:
        family = session.get_one(Family, scene.families[0])
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        try:
            statuses_of(session, family, at=NOW)
        finally:
            event.remove(connection, "before_cursor_execute", note)
    return len(statements)


def test_the_number_of_statements_is_the_same_whatever_there_is(database, scene):
    assert count_statements(database, scene) == STATEMENTS
    with database.writing() as session:
        for number in range(4):
            for code in ("PASAR", "BELANJA", "KERJA", "TUNAI"):
                open_for(session, scene, code, f"Tahap {number}")
        for number in range(10):
            session.add(
                Programme(
                    code=f"LAIN{number}",
                    name=f"Program lain {number}",
                    pillar_code="MAKMUR",
                    office_code="DINSOS",
                    package="-",
                    carrying=Carrying.GIVEN,
                    subject="family",
                    unit="paket",
                    period="round",
                    places=["loket"],
                    proofs=[],
                    excludes=[],
                    clauses=[{"code": "desil", "expression": "desil <= 3", "words": "batas desil 3"}],
                )
            )
    assert count_statements(database, scene) == STATEMENTS
    with database.reading() as session:
        assert session.get_one(ServicePoint, scene.point_id).code == "TB-TUMBANG"
