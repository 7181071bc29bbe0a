"""Officers and service points: who may be added, and what is refused."""

from __future__ import annotations

import pytest
from kiosk_fixtures import PASSWORD
from sqlalchemy import select
from stdnum import damm

from kiosk.clock import now
from registry.audit import Actor
from registry.errors import Conflict, NotFound, RegistryError
from registry.kinds import PointKind, Role
from registry.models import AuditLine, Officer, ServicePoint
from registry.officers.officers import add_officer
from registry.officers.passwords import make_password_hash
from registry.officers.points import CENTRE, add_point, get_point, list_points


@pytest.fixture
def office(app):
    """Return functions that add officers and points as a command does."""
    state = app.extensions["kiosk"]

    class Office:
        def officer(self, **changed):
            with state.database.writing() as session:
                point = get_point(session, CENTRE)
                asked = {"username": "budi", "name": "Budi", "roles": [Role.AUDITOR]} | changed
                hashed = make_password_hash(asked.pop("password", PASSWORD), username="budi")
                rest = {"actor": Actor(officer_id=None, point_id=point.id), "keys": state.keys, "at": now()}
                return add_officer(session, point, **asked, password_hash=hashed, **rest)

        def point(self, **changed):
            with state.database.writing() as session:
                asked = {"code": "LOKET-1", "name": "Loket", "kind": PointKind.COUNTER, "area_code": "62.06"} | changed
                actor = Actor(officer_id=None, point_id=get_point(session, CENTRE).id)
                return add_point(session, **asked, actor=actor, keys=state.keys, at=now())

        def read(self, query):
            with state.database.reading() as session:
                return session.scalars(query).all()

    return Office()


def test_an_officer_gets_a_number_with_a_check_digit(office):
    number = office.officer().number
    prefix, digits = number.split("-")
    assert prefix == "P"
    assert damm.is_valid(digits)


def test_user_names_differ_by_more_than_case(office):
    office.officer(username="Budi")
    with pytest.raises(Conflict) as refused:
        office.officer(username="BUDI")
    assert refused.value.code == "username_taken"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"username": "bu di"}, "username_malformed"),
        ({"username": "b"}, "username_malformed"),
        ({"name": "  "}, "officer_name_empty"),
        ({"roles": []}, "role_missing"),
        ({"roles": [Role.ADMINISTRATOR, Role.REGISTRAR]}, "role_stands_alone"),
        ({"roles": [Role.DISTRIBUTOR, Role.AUDITOR]}, "role_stands_alone"),
        ({"roles": [Role.ADMINISTRATOR, Role.AUDITOR]}, "role_stands_alone"),
        ({"password": "sebelas hur"}, "password_short"),
        ({"password": "x" * 129}, "password_long"),
        ({"password": "akun BUDI yang saya pakai"}, "password_has_username"),
    ],
)
def test_what_an_officer_cannot_be_is_refused_and_nothing_is_kept(office, changed, code):
    with pytest.raises(RegistryError) as refused:
        office.officer(**changed)
    assert refused.value.code == code
    assert office.read(select(Officer)) == []


def test_a_password_needs_length_and_no_signs(office):
    assert office.officer(password="a" * 6 + "b" * 6).username == "budi"


def test_adding_an_officer_leaves_no_name_and_no_password_in_the_trail(office):
    office.officer(name="Budi Santoso", username="budi")
    line = office.read(select(AuditLine).where(AuditLine.action == "officer.added"))[0]
    assert "Santoso" not in line.detail
    assert "budi" not in line.detail
    assert "auditor" in line.detail


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": "loket 1"}, "point_code_malformed"),
        ({"name": ""}, "point_name_empty"),
        ({"area_code": "62.99"}, "region_unknown"),
        ({"code": CENTRE}, "point_code_taken"),
    ],
)
def test_what_a_point_cannot_be_is_refused(office, changed, code):
    with pytest.raises(RegistryError) as refused:
        office.point(**changed)
    assert refused.value.code == code
    assert len(office.read(select(ServicePoint))) == 1


def test_points_are_found_by_their_code_only(app, office):
    office.point()
    with app.extensions["kiosk"].database.reading() as session:
        assert [point.code for point in list_points(session)] == ["LOKET-1", CENTRE]
        with pytest.raises(NotFound):
            get_point(session, "LOKET-2")
