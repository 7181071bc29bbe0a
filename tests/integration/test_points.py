"""Service points: their number of the state, their office, and what is served there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from card_house import CardHouse
from sqlalchemy import select

from registry.audit import Actor
from registry.errors import Conflict, NotFound, RegistryError
from registry.kinds import PointKind
from registry.models import AuditLine, BudgetLine, ServicePoint
from registry.officers.points import CENTRE, add_point, change_point, get_point, programmes_by_kind
from registry.offices.ceilings import change_ceiling, get_line

AT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


@pytest.fixture
def house(database) -> CardHouse:
    return CardHouse(database, AT)


def add(house: CardHouse, code: str = "SMAN1", kind: PointKind = PointKind.SCHOOL, **other) -> ServicePoint:
    with house.database.writing() as session:
        return add_point(session, code=code, name="Titik", kind=kind, area_code="62.06", **other, **house.rest)


def change(house: CardHouse, code: str, **other) -> None:
    with house.database.writing() as session:
        known = {"name": "Titik", "address": "", "facility_code": "", "office_code": None} | other
        change_point(session, get_point(session, code), **known, **house.rest)


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [
        (PointKind.SCHOOL, "3020345", "npsn_malformed"),
        (PointKind.SCHOOL, "3020345a", "npsn_malformed"),
        (PointKind.SCHOOL, "302034567", "npsn_malformed"),
        (PointKind.PUSKESMAS, "P" * 21, "facility_code_malformed"),
        (PointKind.HANDOUT, "30203456", "facility_code_unwanted"),
    ],
)
def test_a_number_that_the_place_cannot_have_is_refused(house, kind, number, code):
    with pytest.raises(RegistryError) as refused:
        add(house, kind=kind, facility_code=number)
    assert refused.value.code == code


def test_a_number_belongs_to_one_place_of_a_kind(house):
    add(house, facility_code="30203456")
    add(house, "PKM-1", PointKind.PUSKESMAS, facility_code="30203456")
    add(house, "SMAN2")
    for act in (
        lambda: add(house, "SMAN3", facility_code="30203456"),
        lambda: change(house, "SMAN2", facility_code="30203456"),
    ):
        with pytest.raises(RegistryError) as refused:
            act()
        assert refused.value.code == "facility_code_taken"
    change(house, "SMAN1", facility_code="30203456", name="SMAN 1")


def test_an_office_is_named_by_an_offices_point_only(house):
    assert add(house, "KANTOR", PointKind.OFFICE, office_code="DISDIK").office_code == "DISDIK"
    for kind, office, code in (
        (PointKind.SCHOOL, "DISDIK", "point_is_no_office"),
        (PointKind.OFFICE, "TIDAKADA", "office_unknown"),
    ):
        with pytest.raises(RegistryError) as refused:
            add(house, "LAIN", kind, office_code=office)
        assert refused.value.code == code


def test_what_is_corrected_leaves_a_line(house):
    add(house)
    change(house, "SMAN1", name="SMAN 1 Katingan", facility_code="30203456", address="Jl. Tjilik Riwut")
    with house.database.reading() as session:
        point = get_point(session, "SMAN1")
        line = session.scalar(select(AuditLine).where(AuditLine.action == "point.changed"))
    assert (point.name, point.address, point.facility_code) == ("SMAN 1 Katingan", "Jl. Tjilik Riwut", "30203456")
    assert "30203456" in line.detail


def test_each_kind_of_place_says_what_is_served_there(house):
    with house.database.reading() as session:
        served = programmes_by_kind(session)
    assert "Sekolah Gratis" in served[PointKind.SCHOOL]
    assert "Berobat Gratis" in served[PointKind.PUSKESMAS]
    assert "Sekolah Gratis" not in served[PointKind.HANDOUT]


def office_actor(house: CardHouse, session, code: str, *, area: str = "62", office: str | None = None) -> Actor:
    point = add_point(
        session, code=code, name="Kantor", kind=PointKind.OFFICE, area_code=area, office_code=office, **house.rest
    )
    return Actor(house.actor.officer_id, point.id)


def test_a_ceiling_is_changed_only_from_the_seat_of_its_own_office_or_the_centre(house):
    code = "2026.DINSOS.PANGAN"
    with house.database.writing() as session:
        line = session.get_one(BudgetLine, code)
        before = line.ceiling
        for stranger in (
            office_actor(house, session, "DISDIK", office="DISDIK"),
            office_actor(house, session, "TANPA-OPD"),
            office_actor(house, session, "DINSOS-KTG", area="62.06", office="DINSOS"),
        ):
            with pytest.raises(Conflict, match="ceiling_of_other_office"):
                get_line(session, code, actor=stranger)
            with pytest.raises(Conflict, match="ceiling_of_other_office"):
                change_ceiling(session, line, ceiling=1, legal_reference="DPPA", **(house.rest | {"actor": stranger}))
        assert line.ceiling == before
        with pytest.raises(NotFound, match="budget_line_unknown"):
            get_line(session, "2026.TIDAK.ADA", actor=house.actor)
        for number, actor in enumerate(
            (office_actor(house, session, "DINSOS-PROV", office="DINSOS"), office_actor(house, session, CENTRE))
        ):
            assert get_line(session, code, actor=actor) is line
            change_ceiling(session, line, ceiling=number, legal_reference="DPPA", **(house.rest | {"actor": actor}))
            assert line.ceiling == number


def test_a_ceiling_is_changed_with_its_document(house):
    code = "2026.DINSOS.PANGAN"
    with house.database.writing() as session:
        rest = house.rest | {"actor": office_actor(house, session, "DINSOS-PROV", office="DINSOS")}
        line = get_line(session, code, actor=rest["actor"])
        for ceiling, document, wrong in (
            (-1, "DPPA", "ceiling_out_of_range"),
            (10**14, "DPPA", "ceiling_out_of_range"),
            (1, " ", "reason_missing"),
        ):
            with pytest.raises(RegistryError, match=wrong):
                change_ceiling(session, line, ceiling=ceiling, legal_reference=document, **rest)
        change_ceiling(session, line, ceiling=90_000_000_000, legal_reference="DPPA 2026", **rest)
    with house.database.reading() as session:
        line = session.get(BudgetLine, code)
        told = session.scalar(select(AuditLine.detail).where(AuditLine.action == "budget.changed"))
    assert (line.ceiling, line.legal_reference) == (90_000_000_000, "DPPA 2026")
    assert "84000000000" in told
