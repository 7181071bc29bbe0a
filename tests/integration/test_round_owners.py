"""A round is worked on by the office that owns its programme, or by the centre; everybody else sees its numbers."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from card_house import VILLAGE
from giving_house import GivingScene
from sqlalchemy import select

from kiosk.clock import now
from kiosk.permissions import Permission, permission_of
from registry.days import local_day
from registry.kinds import PointKind, Role, RoundState
from registry.models import Roster, Round
from registry.officers.points import add_point

WORKED_ON = {"rounds", "determinations", "addenda", "schedules"}


@pytest.fixture
def house(app, signed_in) -> GivingScene:
    return GivingScene(app.extensions["kiosk"], signed_in)


@pytest.fixture
def stranger(house):
    """A manager of the Dinas Pendidikan in the kabupaten."""
    return house.sign_in(Role.PROGRAMME_MANAGER, username="disdik", area="62.06", office="DISDIK")


def acts(app, round_id: UUID, roster_id: UUID) -> list[str]:
    """Return the address of every act on a round that a manager has, whatever is added to them later."""
    places = {"round_id": str(round_id), "roster_id": str(roster_id), "session_id": str(uuid4()), "village": VILLAGE}
    return [
        re.sub(r"<(?:\w+:)?(\w+)>", lambda place: places[place[1]], str(rule))
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods
        and {"round_id", "roster_id"} & rule.arguments
        and permission_of(app.view_functions[rule.endpoint]) is Permission.ROUNDS_MANAGE
    ]


def test_a_manager_of_another_office_does_nothing_to_a_round(app, house, stranger):
    house.sign_in(Role.DISTRIBUTOR)
    house.active_card()
    round_id = house.open_round()
    with house.state.database.reading() as session:
        roster_id = session.scalars(select(Roster.id)).one()
    paths = acts(app, round_id, roster_id)
    assert len(paths) >= 14
    done = {path: stranger.post(path).status_code for path in paths}
    assert {path: status for path, status in done.items() if status != 409} == {}
    answer = stranger.post(f"/tahap/{round_id}/tutup")
    assert "Program milik perangkat daerah lain" in answer.text
    assert "Dinas Sosial" in answer.text
    with house.state.database.reading() as session:
        assert session.get_one(Round, round_id).state is RoundState.OPEN


def test_a_manager_of_another_office_sees_numbers_but_neither_names_nor_forms(house, stranger):
    house.sign_in(Role.DISTRIBUTOR)
    house.active_card()
    round_id = house.open_round()
    with house.state.database.reading() as session:
        roster_id = session.scalars(select(Roster.id)).one()
    page = stranger.get(f"/tahap/{round_id}")
    assert "Seluruhnya <b>1 keluarga</b>" in page.text
    assert "diurus oleh Dinas Sosial" in page.text
    assert f'action="/tahap/{round_id}' not in page.text
    for path in (f"/tahap/{round_id}/belum-diambil", f"/tahap/{round_id}/jadwal", f"/jadwal/{roster_id}"):
        assert stranger.get(path).status_code == 409


def prepare(house, browser, programme):
    with house.state.database.writing() as session:
        point = add_point(
            session,
            code=f"BAGI-{uuid4().hex[:8].upper()}",
            name="Balai",
            kind=PointKind.HANDOUT,
            area_code="62.06.05",
            **house._rest(session),
        )
    today = local_day(now()).isoformat()
    form = {"programme": programme, "name": "Tahap I", "opens_on": today, "closes_on": today, "price": ""}
    return browser.post("/tahap/buka", form | {"places": f"{point.id}/{VILLAGE}"})


def test_a_manager_prepares_rounds_of_the_own_offices_programmes_only(house):
    manager = house.sign_in(Role.PROGRAMME_MANAGER, username="program", area="62.06", office="DINSOS")
    offered = manager.get("/tahap/buka").text
    assert "Bantuan Pangan KHBS" in offered
    assert "Pasar Murah" not in offered
    assert manager.get("/tahap/buka?program=PASAR").status_code == 409
    assert prepare(house, manager, "PASAR").status_code == 409
    assert prepare(house, manager, "PANGAN").status_code == 303


def test_a_point_without_an_office_prepares_nothing_and_the_centre_everything(house, signed_in):
    nobody = house.sign_in(Role.PROGRAMME_MANAGER, username="program", area="62.06")
    assert "Tidak ada program di titik ini" in nobody.get("/tahap/buka").text
    assert prepare(house, nobody, "PANGAN").status_code == 409
    centre = signed_in(Role.PROGRAMME_MANAGER, username="pusat")
    for programme in ("PASAR", "PANGAN"):
        path = prepare(house, centre, programme)
        assert path.status_code == 303
        assert centre.post(f"{path.location}/tutup").status_code == 303
