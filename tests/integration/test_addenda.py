"""After the determination a list changes by addenda only, and never under what was given."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from giving_scene import OTHER_VILLAGE, VILLAGE, Scene, set_scene
from moment import NOW
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from registry.db import Database
from registry.errors import Conflict, RegistryError
from registry.kinds import Basis, FamilyState
from registry.models import Addendum, Balance, Entitlement, Family, FamilyFacts, Person, Programme
from registry.programmes.addenda import add_to_list, list_addenda, remove_from_list
from registry.programmes.determinations import check_lists
from registry.programmes.listing import Right, rosters_by_village, standing_subjects
from registry.programmes.rounds import Place, close_round
from verify.redeem import Given, redeem_all
from verify.rounds import open_round_for_villages

TODAY = date(2026, 3, 2)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database, NOW, families=3)


@pytest.fixture
def market(database, scene):
    """A round that lists every family but the first."""
    with database.writing() as session:
        session.add(FamilyFacts(family_id=scene.families[0], source="DTSEN", as_of=TODAY, recorded_at=NOW, desil=9))
        session.flush()
        return open_for(session, scene, "PASAR").id


def open_for(session, scene, code, **other):
    usual = {
        "name": "Maret",
        "opens_on": TODAY,
        "closes_on": TODAY + timedelta(days=3),
        "places": [Place(scene.point_id, [VILLAGE, OTHER_VILLAGE])],
    }
    return open_round_for_villages(session, code, **(usual | other), **scene.rest).round


def get(session, round_id):
    from registry.models import Round

    return session.get_one(Round, round_id)


def right_of(session, round_id, family_id, person_id=None):
    return Right(family_id, person_id, rosters_by_village(session, round_id)[VILLAGE], Basis.DISCRETION, "Nota 1")


def add(session, scene, round_id, family_id, person_id=None, number="ADD-1", reason="musdes"):
    right = right_of(session, round_id, family_id, person_id)
    return add_to_list(session, get(session, round_id), right, number=number, reason=reason, **scene.rest)


def remove(session, scene, round_id, family_id, person_id=None, number="ADD-2", reason="pindah"):
    return remove_from_list(
        session, get(session, round_id), family_id, person_id, number=number, reason=reason, **scene.rest
    )


def stands(session, round_id, family_id) -> bool:
    return (family_id, None) in standing_subjects(session, round_id)


def test_one_is_added_and_taken_off_again_and_comes_back(database, scene, market):
    first = scene.families[0]
    with database.writing() as session:
        add(session, scene, market, first)
        assert stands(session, market, first)
        with pytest.raises(Conflict, match="on_list_already"):
            add(session, scene, market, first)
        remove(session, scene, market, first)
        assert not stands(session, market, first)
        add(session, scene, market, first, number="ADD-3")
        assert stands(session, market, first)
    with database.reading() as session:
        done = [(one.addendum.number, one.added, one.removed) for one in list_addenda(session, market)]
        assert done == [("ADD-1", 1, 0), ("ADD-2", 0, 1), ("ADD-3", 1, 0)]
        assert all(check.is_whole for check in check_lists(session))


def test_an_addendum_has_a_number_and_a_reason(database, scene, market):
    with database.writing() as session:
        with pytest.raises(RegistryError, match="addendum_number_empty"):
            add(session, scene, market, scene.families[0], number=" ")
        with pytest.raises(RegistryError, match="addendum_reason_empty"):
            remove(session, scene, market, scene.families[1], reason="")


def test_what_was_given_is_not_taken_off_the_list(database, scene):
    with database.writing() as session:
        round_ = open_for(session, scene, "TUNAI", name="Satu")
        round_id = round_.id
        session.get_one(Programme, "TUNAI").proofs = []
        session.get_one(Programme, "TUNAI").places = ["titik_bagi"]
    with database.connecting(writes=True) as connection:
        request = scene.request(0, key="k", round_id=round_id)
        [answer] = redeem_all(connection, [request], audit_key=scene.keys.audit_key)
        assert isinstance(answer, Given), answer
    with database.writing() as session:
        with pytest.raises(Conflict, match="given_in_round"):
            remove(session, scene, round_id, scene.families[0])
        assert remove(session, scene, round_id, scene.families[1]) is not None


def test_who_is_not_on_the_list_is_not_taken_off_it(database, scene, market):
    with database.writing() as session, pytest.raises(Conflict, match="not_on_list"):
        remove(session, scene, market, scene.families[0])


def test_a_closed_round_and_one_that_is_not_determined_have_no_addenda(database, scene, market):
    with database.writing() as session:
        close_round(session, get(session, market), **scene.rest)
        with pytest.raises(Conflict, match="round_closed"):
            add(session, scene, market, scene.families[0])
        with pytest.raises(Conflict, match="round_not_determined"):
            add_to_list(
                session,
                get(session, scene.round_id),
                Right(scene.families[0], None, scene.roster_id),
                number="ADD-1",
                reason="musdes",
                **scene.rest,
            )


def test_a_balance_comes_off_the_list_while_nothing_is_spent_of_it(database, scene):
    with database.writing() as session:
        yearly = open_for(session, scene, "BELANJA", name="2026").id
        remove(session, scene, yearly, scene.families[0])
        session.execute(update(Balance).where(Balance.family_id == scene.families[1]).values(spent=1))
        with pytest.raises(Conflict, match="given_in_round"):
            remove(session, scene, yearly, scene.families[1])
        assert not stands(session, yearly, scene.families[0])
    with pytest.raises(IntegrityError, match="nothing_spent_of_removed"), database.writing() as session:
        session.execute(update(Balance).where(Balance.family_id == scene.families[0]).values(spent=1))


def test_a_family_that_is_not_served_any_more_does_not_join(database, scene, market):
    with database.writing() as session:
        session.get_one(Family, scene.families[0]).state = FamilyState.MOVED
        session.flush()
        with pytest.raises(Conflict, match="family_not_served"):
            add(session, scene, market, scene.families[0])


def split_off(session, origin, at, reference="pecahan1") -> Family:
    made = Family(
        reference=reference,
        card_family_id=sum(reference.encode()) + 10_000,
        village_code=VILLAGE,
        as_of=TODAY,
        created_at=at,
        updated_at=at,
        split_from_id=origin,
    )
    session.add(made)
    session.flush()
    return made


def test_a_family_split_off_after_the_freeze_is_covered_while_its_origin_has_the_right(database, scene, market):
    with database.writing() as session:
        new = split_off(session, scene.families[1], LATER)
        of_new = split_off(session, new.id, LATER + timedelta(days=1), "pecahan2")
        for family in (new, of_new):
            with pytest.raises(Conflict, match="covered_before_split"):
                add(session, scene, market, family.id)
        remove(session, scene, market, scene.families[1])
        add(session, scene, market, new.id)


def test_a_family_split_off_before_the_freeze_may_join(database, scene, market):
    with database.writing() as session:
        early = split_off(session, scene.families[1], NOW - timedelta(days=1))
        add(session, scene, market, early.id)


def test_one_person_of_a_family_also_by_addendum(database, scene):
    with database.writing() as session:
        session.get_one(Programme, "KULIAH").clauses = [{"code": "desil", "expression": "desil <= 4", "words": "-"}]
        session.flush()
        round_ = open_for(session, scene, "KULIAH", name="Ganjil")
        chosen = session.scalars(select(Entitlement.person_id).where(Entitlement.round_id == round_.id)).all()
        assert len(chosen) == len(scene.families)
        head = session.get_one(Person, chosen[0])
        other = Person(
            family_id=head.family_id,
            position=1,
            nik_sealed=b"-",
            nik_index=b"anak-anak-anak-1",
            name="Anak",
            relation="child",
            sex="P",
            birth_date=date(2006, 1, 1),
            updated_at=NOW,
        )
        session.add(other)
        session.flush()
        with pytest.raises(Conflict, match="one_per_family"):
            add(session, scene, round_.id, head.family_id, other.id)
        remove(session, scene, round_.id, head.family_id, head.id)
        add(session, scene, round_.id, head.family_id, other.id)


def test_another_programme_stands_in_the_way_of_an_addendum_too(database, scene, market):
    with database.writing() as session:
        session.get_one(Programme, "PASAR").excludes = ["PANGAN"]
        session.flush()
        with pytest.raises(Conflict, match="excluded_by_programme"):
            add(session, scene, market, scene.families[0])
        assert session.scalar(select(func.count()).select_from(Addendum)) == 0
