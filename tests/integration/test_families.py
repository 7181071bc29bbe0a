"""Regions and families: registered once, found within an area only, and shown with a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from moment import NOW
from sqlalchemy import func, select

from registry.db import Database
from registry.errors import Conflict, NotFound
from registry.families.demo import DEMO_VILLAGES, load_demo_families
from registry.families.drafts import FamilyDraft
from registry.families.families import find_families, get_family, head_of, number_of, register_family
from registry.families.known_facts import current_family_facts
from registry.kinds import PersonState, Relation
from registry.models import Family, Region
from registry.regions import PROVINCE, find_path, is_within, list_children, load_regions, village_codes
from tests.import_office import Office
from tests.lists import LISTED_ON, with_members


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path, NOW)


def _register(office: Office, draft: FamilyDraft) -> Family:
    with office.database.writing() as session:
        return register_family(
            session, draft, source="DTSEN", as_of=LISTED_ON, actor=office.actor, keys=office.keys, at=office.at
        )


def test_the_province_has_1571_villages_and_loading_again_changes_nothing(office: Office) -> None:
    with office.database.writing() as session:
        assert load_regions(session) == 0
        assert session.scalar(select(func.count()).select_from(Region)) == 1722
        assert len(village_codes(session)) == 1571
        assert len(village_codes(session, "62.71")) == 30
        [province] = list_children(session, None)
        assert (province.code, len(list_children(session, province.code))) == (PROVINCE, 14)


def test_a_region_that_got_another_name_is_renamed(office: Office) -> None:
    with office.database.writing() as session:
        session.get_one(Region, "62.06.05.2001").name = "Lama"
        session.flush()
        assert load_regions(session) == 1
        assert session.get_one(Region, "62.06.05.2001").name == "Tumbang Lahang"


def test_a_path_names_what_lies_above_a_region(office: Office) -> None:
    with office.database.reading() as session:
        path = find_path(session, "62.06.05.2001")
        assert (path.village, path.district, path.regency) == (
            "Tumbang Lahang",
            "Katingan Tengah",
            "Kabupaten Katingan",
        )
        district = find_path(session, "62.06.05")
        assert (district.village, district.district_code) == ("", "62.06.05")
        with pytest.raises(NotFound, match="region_unknown"):
            find_path(session, "62.99")


def test_an_area_is_itself_and_what_lies_below() -> None:
    assert is_within("62.06.05.2001", "62.06")
    assert is_within("62.06", "62.06")
    assert not is_within("62.060", "62.06")
    assert not is_within("62.06", "62.06.05")


def test_a_registered_family_is_found_by_number_nik_and_part_of_a_name(office: Office) -> None:
    draft, other = with_members(2, at_least=3)
    _register(office, draft)
    _register(office, other)
    part = draft.people[1].name[1:-1].upper()
    with office.database.reading() as session:
        for term in ({"number": draft.number}, {"nik": draft.people[2].nik}, {"name": part}):
            [line] = find_families(session, area=PROVINCE, vault=office.keys.vault, **term)  # type: ignore[arg-type]
            assert (line.head_name, line.people) == (draft.people[0].name, len(draft.people))
            assert line.village_code == draft.village_code
        assert find_families(session, area="62.71", vault=office.keys.vault, number=draft.number) == []
        assert find_families(session, area="62.71", vault=office.keys.vault, village="62.06") == []
        assert find_families(session, area=PROVINCE, vault=office.keys.vault, name="%") == []
        assert len(find_families(session, area=PROVINCE, vault=office.keys.vault, limit=1)) == 1


def test_a_family_outside_the_area_is_not_there(office: Office) -> None:
    family = _register(office, with_members(1, at_least=2)[0])
    with office.database.reading() as session:
        assert get_family(session, family.reference, area="62.06.05").id == family.id
        with pytest.raises(NotFound, match="family_unknown"):
            get_family(session, family.reference, area="62.71")


def test_a_registered_family_tells_its_head_number_and_facts(office: Office) -> None:
    draft = with_members(1, at_least=3)[0]
    reference = _register(office, draft).reference
    with office.database.reading() as session:
        family = get_family(session, reference, area=PROVINCE)
        head = head_of(family)
        assert head is not None
        assert head.name == draft.people[0].name
        assert number_of(family, office.keys.vault) == draft.number
        desil = current_family_facts(session, [family.id])[family.id].desil
        assert desil is not None
        assert (desil.value, desil.as_of) == (draft.desil, LISTED_ON)
        head.state = PersonState.DEAD
        assert head_of(family) is None
        session.rollback()


def test_nothing_is_registered_twice_and_only_with_one_head(office: Office) -> None:
    first, second = with_members(2, at_least=3)
    _register(office, first)
    head, *rest = second.people
    for draft, code in (
        (first, "family_number_known"),
        (replace(first, number=second.number), "nik_known"),
        (replace(second, people=tuple(rest)), "family_without_head"),
        (replace(second, people=(head, replace(rest[0], relation=Relation.HEAD))), "two_heads"),
        (replace(second, people=(head, replace(head, relation=Relation.OTHER))), "nik_twice"),
    ):
        with pytest.raises(Conflict, match=code):
            _register(office, draft)
    assert office.count()["family"] == 1


def test_demo_families_are_loaded_once_and_many_are_entitled(office: Office) -> None:
    for expected in (60, 0):
        with office.database.writing() as session:
            made = load_demo_families(session, count=60, actor=office.actor, keys=office.keys, at=office.at)
            assert made == expected
    with office.database.reading() as session:
        families = session.scalars(select(Family)).all()
        assert {family.village_code for family in families} == set(DEMO_VILLAGES)
        facts = current_family_facts(session, [family.id for family in families]).values()
        entitled = [
            one
            for one in facts
            if one.desil is not None
            and one.desil.value <= 2
            and not any(
                aid is not None and aid.value for aid in (one.receives_pkh, one.receives_sembako, one.receives_blt_dd)
            )
        ]
        assert len(entitled) >= 10
        assert {one.desil.as_of for one in facts if one.desil} == {date(2025, 12, 31)}
