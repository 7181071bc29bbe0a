"""A frozen list: its hash, what the database refuses, and that a refresh of the families changes nothing of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from giving_scene import OTHER_VILLAGE, VILLAGE, Scene, set_scene
from moment import NOW
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from registry.db import Database, new_id
from registry.errors import Conflict, RegistryError
from registry.models import Balance, Determination, Entitlement, Family, FamilyFacts, Round
from registry.programmes.determinations import check_lists, determine_round
from registry.programmes.rounds import Place, prepare_round, start_round
from verify.rounds import evaluate_round, open_round_for_villages

TODAY = date(2026, 3, 2)
DECREE = {"decree_number": "460/12/2026", "decree_date": date(2026, 2, 27)}


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database, NOW, families=4)


def places(scene):
    return [Place(scene.point_id, [VILLAGE]), Place(scene.other_point_id, [OTHER_VILLAGE])]


def prepare(session, scene, code="PASAR", **other) -> Round:
    usual = {"name": "Maret", "opens_on": TODAY, "closes_on": TODAY + timedelta(days=3), "places": places(scene)}
    return prepare_round(session, code, **(usual | other), **scene.rest)


def open_market(session, scene, code="PASAR", **other) -> Round:
    usual = {"name": "Maret", "opens_on": TODAY, "closes_on": TODAY + timedelta(days=3), "places": places(scene)}
    return open_round_for_villages(session, code, **(usual | DECREE | other), **scene.rest).round


def say(session, family_id, **facts) -> None:
    session.add(FamilyFacts(family_id=family_id, source="DTSEN", as_of=TODAY, recorded_at=NOW, **facts))
    session.flush()


def listed(session, round_id) -> set:
    return set(session.scalars(select(Entitlement.family_id).where(Entitlement.round_id == round_id)))


def test_a_list_is_written_as_often_as_one_likes_until_it_is_frozen(database, scene):
    with database.writing() as session:
        round_ = prepare(session, scene)
        assert evaluate_round(session, round_, **scene.rest).entitled == 4
        say(session, scene.families[0], desil=9)
        assert evaluate_round(session, round_, **scene.rest).entitled == 3
        assert listed(session, round_.id) == set(scene.families[1:])
        assert determine_round(session, round_, **DECREE, **scene.rest).entitled == 3
        with pytest.raises(Conflict, match="round_determined"):
            evaluate_round(session, round_, **scene.rest)
        with pytest.raises(Conflict, match="round_determined"):
            determine_round(session, round_, **DECREE, **scene.rest)


@pytest.mark.parametrize(
    ("decree", "code"),
    [
        ({"decree_number": "  "}, "decree_number_empty"),
        ({"decree_number": "6206051212900001"}, "text_holds_number"),
        ({"decree_date": TODAY + timedelta(days=1)}, "decree_date_future"),
    ],
)
def test_a_decree_has_a_number_and_a_day_that_has_come(database, scene, decree, code):
    with database.writing() as session:
        round_ = prepare(session, scene)
        evaluate_round(session, round_, **scene.rest)
        with pytest.raises(RegistryError, match=code):
            determine_round(session, round_, **(DECREE | decree), **scene.rest)


def test_nothing_is_opened_before_its_list_is_determined(database, scene):
    with database.writing() as session:
        round_ = prepare(session, scene)
        evaluate_round(session, round_, **scene.rest)
        with pytest.raises(Conflict, match="round_not_determined"):
            start_round(session, round_, **scene.rest)
        determine_round(session, round_, **DECREE, **scene.rest)
        start_round(session, round_, **scene.rest)
        with pytest.raises(Conflict, match="round_started"):
            start_round(session, round_, **scene.rest)


def test_the_database_itself_refuses_to_change_a_frozen_list(database, scene):
    with database.writing() as session:
        market = open_market(session, scene).id
        yearly = open_market(session, scene, "BELANJA", name="2026").id
        roster = session.scalar(select(Entitlement.roster_id).where(Entitlement.round_id == market))
        right = session.scalar(select(Entitlement.id).where(Entitlement.round_id == market))
    row = {"id": new_id(), "round_id": market, "roster_id": roster, "family_id": scene.families[0], "ordinal": 2}
    refused = [
        insert(Entitlement).values(row),
        update(Entitlement).where(Entitlement.id == right).values(ordinal=7),
        delete(Entitlement).where(Entitlement.id == right),
        insert(Balance).values(id=new_id(), round_id=yearly, family_id=scene.families[0], granted=1),
        update(Balance).where(Balance.round_id == yearly).values(granted=9_000_000),
        delete(Balance).where(Balance.round_id == yearly),
        update(Determination).values(decree_number="lain"),
        delete(Determination),
    ]
    for statement in refused:
        with pytest.raises(DBAPIError, match=r"frozen|append-only"), database.writing() as session:
            session.execute(statement)
    with database.writing() as session:  # what is spent of a balance is not its list
        session.execute(update(Balance).where(Balance.round_id == yearly).values(spent=15_000))


def test_the_hash_is_made_anew_from_the_rows_and_finds_every_change(database, scene):
    with database.writing() as session:
        open_market(session, scene)
        open_market(session, scene, "BELANJA", name="2026")
    with database.reading() as session:
        assert [check.is_whole for check in check_lists(session)] == [True, True]
    with database.writing() as session:
        session.execute(update(Round).where(Round.programme_code == "PASAR").values(price=14_000))
    with database.reading() as session:
        assert [check.programme_code for check in check_lists(session) if not check.is_whole] == ["PASAR"]
    with database.writing() as session:
        if database.engine.dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER balance_frozen_update"))
        else:
            session.execute(text("ALTER TABLE balance DISABLE TRIGGER balance_frozen"))
        one = session.scalar(select(Balance.id).limit(1))
        session.execute(update(Balance).where(Balance.id == one).values(granted=2_500_000))
    with database.reading() as session:
        assert not any(check.is_whole for check in check_lists(session))


def test_the_same_list_has_the_same_hash_in_whatever_order_its_rows_were_written(tmp_path, sqlite_template):
    hashes = []
    path = tmp_path / "one.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    scene = set_scene(database, NOW, families=3)
    with database.writing() as session:
        round_ = prepare(session, scene)
        evaluate_round(session, round_, **scene.rest)
        rows = [
            {column.name: getattr(one, column.name) for column in Entitlement.__table__.columns}
            for one in session.scalars(select(Entitlement).where(Entitlement.round_id == round_.id))
        ]
        for order in (rows, rows[::-1]):
            session.execute(delete(Entitlement).where(Entitlement.round_id == round_.id))
            session.execute(insert(Entitlement), [row | {"id": new_id()} for row in order])
            savepoint = session.begin_nested()
            hashes.append(determine_round(session, round_, **DECREE, **scene.rest).list_hash)
            savepoint.rollback()
            session.expire_all()
    database.close()
    assert hashes[0] == hashes[1]


def test_a_quarterly_refresh_never_changes_a_frozen_list(database, scene):
    with database.writing() as session:
        market = open_market(session, scene)
        before = listed(session, market.id)
        for family_id in scene.families:
            say(session, family_id, desil=9, receives_pkh=True)
            session.get_one(Family, family_id).village_code = OTHER_VILLAGE
    with database.reading() as session:
        assert listed(session, market.id) == before
        assert all(check.is_whole for check in check_lists(session))
