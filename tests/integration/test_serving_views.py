"""The pages of schedule, queue, stock, minutes and what was not collected: who may open them, and what they refuse."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from giving_house import GivingScene
from kiosk_fixtures import Browser
from sqlalchemy import select

from kiosk.clock import now
from registry.days import local_day
from registry.kinds import Role
from registry.models import AuditLine, Minutes, QueueTicket, Roster, ServingSession, Stock


@pytest.fixture
def house(app, signed_in) -> GivingScene:
    return GivingScene(app.extensions["kiosk"], signed_in)


@pytest.fixture
def distributor(house: GivingScene) -> Browser:
    return house.sign_in(Role.DISTRIBUTOR, Role.PROGRAMME_MANAGER, office="DINSOS")


@pytest.fixture
def roster(house: GivingScene, distributor: Browser) -> UUID:
    house.active_card()
    house.open_round()
    with house.state.database.reading() as session:
        return session.scalars(select(Roster.id)).one()


def entry(page: str, kind: str) -> str:
    return re.search(rf'name="{kind}-entry"[^>]*value="([^"]+)"', page)[1]


def rows(house: GivingScene, model: type) -> list:
    with house.state.database.reading() as session:
        return list(session.scalars(select(model)))


def deliver(distributor: Browser, roster: UUID, quantity: str, **other: str):
    sent = {"delivered-entry": str(uuid4()), "delivered-quantity": quantity, "delivered-document": "SJ-1"} | other
    return distributor.post(f"/stok/{roster}/terima", sent)


def test_a_delivery_sent_twice_is_one_delivery(house, distributor, roster):
    key = entry(distributor.get(f"/stok/{roster}").text, "delivered")
    for _ in range(2):
        assert deliver(distributor, roster, "5", **{"delivered-entry": key}).status_code == 303
    assert [one.delivered for one in rows(house, Stock)] == [5]


@pytest.mark.parametrize("quantity", ["", "0", "-3", "lima", "20001"])
def test_a_quantity_that_is_none_is_refused_by_its_field(house, distributor, roster, quantity):
    answer = deliver(distributor, roster, quantity)
    assert answer.status_code == 422
    assert "delivered-quantity-error" in answer.text
    assert rows(house, Stock) == []


def test_more_than_is_left_is_not_returned(house, distributor, roster):
    deliver(distributor, roster, "2")
    sent = {"returned-entry": str(uuid4()), "returned-quantity": "3", "returned-note": "sisa", "returned-document": ""}
    answer = distributor.post(f"/stok/{roster}/kembalikan", sent)
    assert answer.status_code == 409
    assert "hanya tersisa 2 paket" in answer.text


def test_another_points_stock_minutes_and_names_stay_closed(house, distributor, roster, hire):
    stranger = Browser(distributor.client.application)
    stranger.sign_in(hire(Role.DISTRIBUTOR, username="lain", area="62.71.01"))
    for path in ("", "/berita-acara", "/belum-diambil"):
        assert stranger.get(f"/stok/{roster}{path}").status_code == 404
    assert stranger.post(f"/stok/{roster}/berita-acara", {"counted": "1"}).status_code == 404
    assert stranger.post(f"/stok/{roster}/belum-diambil.xlsx").status_code == 404
    distributor.post(f"/stok/{roster}/berita-acara", {"note": ""})
    [minutes] = rows(house, Minutes)
    assert stranger.get(f"/berita-acara/{minutes.id}.pdf").status_code == 404
    assert distributor.get(f"/berita-acara/{minutes.id}.pdf").mimetype == "application/pdf"


def test_another_point_of_the_same_area_reads_no_minutes_but_the_rounds_manager_does(house, distributor, roster, hire):
    distributor.post(f"/stok/{roster}/berita-acara", {"note": ""})
    [minutes] = rows(house, Minutes)
    neighbour, manager = Browser(distributor.client.application), Browser(distributor.client.application)
    neighbour.sign_in(hire(Role.DISTRIBUTOR, username="tetangga", area="62.06"))
    manager.sign_in(hire(Role.PROGRAMME_MANAGER, username="program"))
    assert neighbour.get(f"/berita-acara/{minutes.id}.pdf").status_code == 404
    assert neighbour.get(f"/tahap/berita-acara/{minutes.id}.pdf").status_code == 403
    assert manager.get(f"/tahap/berita-acara/{minutes.id}.pdf").mimetype == "application/pdf"


def test_a_day_is_not_closed_without_a_count_where_stock_is_kept(house, distributor, roster):
    deliver(distributor, roster, "4")
    assert distributor.post(f"/stok/{roster}/berita-acara", {"note": ""}).status_code == 422
    unexplained = distributor.post(f"/stok/{roster}/berita-acara", {"counted": "3", "note": " "})
    assert (unexplained.status_code, rows(house, Minutes)) == (422, [])
    assert distributor.post(f"/stok/{roster}/berita-acara", {"counted": "4", "note": ""}).status_code == 303
    assert [one.figures["difference"] for one in rows(house, Minutes)] == [0]
    page = distributor.get(f"/stok/{roster}/berita-acara").text
    assert "dengan hitungan <b>4</b>" in page
    assert re.search(r'<details class="act">\s*<summary>.*Tutup ulang \(revisi\)', page)
    assert "Tutup hari ini" not in page


def plan(browser: Browser, roster: UUID, **other):
    day = local_day(now()).isoformat()
    return browser.post(f"/jadwal/{roster}/susun", {"first_day": day, "windows": ["0800"], "capacity": "10"} | other)


def test_a_plan_names_its_wrong_fields(house, distributor, roster):
    for wrong in ({"first_day": ""}, {"windows": []}, {"windows": ["0300"]}, {"capacity": "0"}, {"capacity": "501"}):
        assert plan(distributor, roster, **wrong).status_code == 422
    assert plan(distributor, roster, first_day="2020-01-01").status_code == 422
    assert rows(house, ServingSession) == []


def test_numbers_are_handed_out_printed_and_seen_at_the_door_without_a_name(house, distributor, roster):
    tomorrow = (local_day(now()) + timedelta(days=1)).isoformat()
    assert distributor.post(f"/jadwal/{roster}/nomor", {}).status_code == 409
    assert plan(distributor, roster, first_day=tomorrow).status_code == 303
    assert distributor.post(f"/jadwal/{roster}/nomor", {}).status_code == 303
    assert [one.number for one in rows(house, QueueTicket)] == [1]
    page = distributor.get(f"/jadwal/{roster}").text
    [link] = re.findall(r'href="(/jadwal/[^"]+undangan.pdf[^"]*)"', page)
    paper = distributor.get(link.replace("&amp;", "&"))
    assert paper.mimetype == "application/pdf"
    assert "inline; filename=undangan-pangan-tahap-i-" in paper.headers["Content-Disposition"]
    assert distributor.get(f"/jadwal/{roster}/undangan.pdf?desa=62.71").status_code == 404
    visitor = Browser(distributor.client.application)
    door = visitor.get(f"/antrean/layar/{roster}")
    assert door.status_code == 200
    assert "SITI AMINAH" not in door.text
    assert visitor.get(f"/antrean/layar/{uuid4()}").status_code == 404


def test_the_managers_pages_of_a_round_open(house, distributor, roster):
    with house.state.database.reading() as session:
        round_id = session.get_one(Roster, roster).round_id
    for path in ("jadwal", "berita-acara", "belum-diambil"):
        answer = distributor.get(f"/tahap/{round_id}/{path}")
        assert answer.status_code in (200, 404), path


def test_who_takes_the_names_of_those_who_did_not_come_leaves_a_line(house, distributor, roster):
    with house.state.database.reading() as session:
        round_id = session.get_one(Roster, roster).round_id
    for path in (f"/stok/{roster}", f"/tahap/{round_id}"):
        assert distributor.get(f"{path}/belum-diambil.xlsx").status_code == 405
    assert distributor.post(f"/stok/{roster}/belum-diambil.xlsx").data.startswith(b"PK")
    told = [(one.action, one.subject) for one in rows(house, AuditLine) if one.action == "list.downloaded"]
    assert told == [("list.downloaded", f"round:{round_id}")]
