"""Receipts, photos of hand-overs and refusals beside a grant: who sees them, and what of them is kept."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import pytest
from card_house import VILLAGE
from card_scene import picture
from giving_house import GivingScene, give, give_form, kind, scan, word
from kiosk_fixtures import Browser
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from kiosk.clock import now
from kiosk.words.schooling import case_words
from registry.complaints.complaints import check_words
from registry.db import new_id
from registry.errors import RegistryError
from registry.free_text import check_free_text
from registry.kinds import PointKind, Role
from registry.models import Attempt, Complaint, Officer, Programme, Proxy, Redemption, RedemptionPhoto, Round
from registry.officers.points import add_point
from registry.programmes.rounds import close_round
from registry.schooling.pupils import Standing
from verify.not_confirmed import Elsewhere


@pytest.fixture
def house(app, signed_in) -> GivingScene:
    return GivingScene(app.extensions["kiosk"], signed_in)


@pytest.fixture
def distributor(house: GivingScene) -> Browser:
    return house.sign_in(Role.DISTRIBUTOR)


@pytest.fixture
def receipt(house: GivingScene, distributor: Browser) -> str:
    """Return the address of the receipt of a package that was given."""
    card = house.active_card()
    house.open_round()
    return give(distributor, house.text_of(card)).location


def neighbour(house: GivingScene, role: Role = Role.DISTRIBUTOR) -> Browser:
    """Sign an officer in at another point of the same area."""
    browser = house.sign_in(role, username="tetangga", area="62.06")
    with house.state.database.writing() as session:
        other = add_point(
            session,
            code="LAIN",
            name="Titik lain",
            kind=PointKind.HANDOUT,
            area_code="62.06.05",
            **house._rest(session),
        )
        session.execute(update(Officer).where(Officer.username == "tetangga").values(point_id=other.id))
    return browser


def count(house: GivingScene, model: type) -> int:
    with house.state.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def attempts(house: GivingScene) -> dict[UUID | None, list[str]]:
    with house.state.database.reading() as session:
        return {row.round_id: row.reasons for row in session.execute(select(Attempt.round_id, Attempt.reasons))}


def send_photo(browser: Browser, receipt: str) -> TestResponse:
    return browser.post(f"{receipt}/foto", {"photo": (BytesIO(picture()), "x.jpg")}, content_type="multipart/form-data")


# whose receipts


def test_another_point_of_the_area_does_not_read_receipts_by_counting(house, receipt):
    other = neighbour(house)
    for answer in (other.get(receipt), other.get(f"{receipt}/slip.pdf"), other.get(f"{receipt}/foto")):
        assert answer.status_code == 404
    assert send_photo(other, receipt).status_code == 404
    assert count(house, RedemptionPhoto) == 0


def test_a_supervisor_reads_the_receipts_of_the_area_but_photographs_at_their_own_point(house, receipt):
    supervisor = neighbour(house, Role.SUPERVISOR)
    page = supervisor.get(receipt)
    assert (page.status_code, word(page)) == (200, "Diserahkan")
    assert "Foto serah terima" not in page.text
    assert supervisor.get(f"{receipt}/foto").status_code == 409
    assert send_photo(supervisor, receipt).status_code == 409
    assert count(house, RedemptionPhoto) == 0


def test_a_photo_is_kept_on_the_day_and_only_one(house, distributor, receipt):
    assert "Foto serah terima" in distributor.get(receipt).text
    assert send_photo(distributor, receipt).status_code == 303
    assert send_photo(distributor, receipt).status_code == 409
    assert count(house, RedemptionPhoto) == 1


def test_what_was_taken_back_is_not_photographed(house, distributor, receipt):
    supervisor = house.sign_in(Role.SUPERVISOR, username="penyelia", area="62.06")
    supervisor.post(f"{receipt}/batal", {"reason": "barang kurang"})
    assert send_photo(distributor, receipt).status_code == 409
    assert count(house, RedemptionPhoto) == 0


def test_a_supervisor_who_gave_is_told_to_ask_another(house):
    supervisor = house.sign_in(Role.SUPERVISOR)
    card = house.active_card()
    house.open_round()
    receipt = give(supervisor, house.text_of(card)).location
    page = supervisor.get(receipt)
    assert "Batalkan penyaluran ini" not in page.text
    assert "penyelia lain" in page.text
    refused = supervisor.post(f"{receipt}/batal", {"reason": "salah pencet"})
    assert (refused.status_code, "penyelia lain" in refused.text) == (409, True)


def test_pressed_again_after_an_undo_the_page_says_that_it_was_undone(house, distributor):
    card = house.active_card()
    house.open_round()
    form = give_form(scan(distributor, house.text_of(card)))
    receipt = distributor.post("/pindai/salurkan", form).location
    house.sign_in(Role.SUPERVISOR, username="penyelia", area="62.06").post(f"{receipt}/batal", {"reason": "keliru"})
    again = distributor.post("/pindai/salurkan", form)
    assert again.location == receipt
    page = distributor.get(receipt)
    assert word(page) == "Dibatalkan"
    assert "Penyaluran ini sudah dibatalkan. Pindai lagi" in page.text


def test_who_sees_no_families_does_not_see_their_status(house):
    reference = house.add_family()
    for role, area in ((Role.AUDITOR, "62.06"), (Role.PROGRAMME_MANAGER, "62")):
        browser = house.sign_in(role, username=f"petugas.{area}", area=area)
        for path in (f"/keluarga/{reference}/program", f"/keluarga/{reference}/program/slip.pdf"):
            assert browser.get(path).status_code == 403
    clerk = house.sign_in(Role.CARD_CLERK, username="loket", area="62.06.05")
    assert clerk.get(f"/keluarga/{reference}/program").status_code == 200


# refusals


def test_what_is_refused_beside_a_grant_is_kept_for_its_office(house, distributor):
    card = house.active_card()
    house.open_round()
    refused = house.open_round(programme="BELANJA", name="Saldo 2026")
    with house.state.database.writing() as session:
        session.execute(update(Programme).where(Programme.code == "BELANJA").values(is_withdrawn=True))
    answer = scan(distributor, house.text_of(card))
    assert kind(answer) == "granted"
    assert attempts(house) == {refused: ["programme_withdrawn"]}
    with house.state.database.reading() as session:
        attempt_id = session.scalar(select(Attempt.id))
    assert f'name="attempt" value="{attempt_id}"' in answer.text


def test_several_refusals_of_one_scan_are_a_row_each(house, distributor):
    card = house.active_card()
    rounds = {house.open_round(), house.open_round(programme="BELANJA", name="Saldo 2026")}
    with house.state.database.writing() as session:
        session.execute(update(Programme).values(is_withdrawn=True))
    answer = scan(distributor, house.text_of(card))
    assert word(answer) == "Ditolak"
    assert attempts(house) == {one: ["programme_withdrawn"] for one in rounds}
    assert answer.text.count('name="attempt"') == 2


def test_a_round_that_was_closed_by_the_button_is_told_as_closed(house, distributor):
    card = house.active_card()
    round_id = house.open_round()
    with house.state.database.writing() as session:
        close_round(session, session.get_one(Round, round_id), **house._rest(session))
    assert word(scan(distributor, house.text_of(card))) == "Ditolak"
    assert attempts(house) == {round_id: ["round_not_open"]}


# what is typed


def test_the_nik_of_a_proxy_typed_as_the_name_is_refused(house, distributor):
    card = house.active_card()
    house.open_round()
    proxy = {"receiver": "wakil", "proxy_name": "6206056308900003", "proxy_nik": "6206056308900003"}
    form = give_form(scan(distributor, house.text_of(card)))
    answer = distributor.post("/pindai/salurkan", form | proxy | {"proxy_letter": "SK/1"})
    assert answer.status_code == 422
    assert "tidak boleh memuat NIK" in answer.text
    assert count(house, Proxy) == count(house, Redemption) == 0


def test_a_text_with_a_nul_is_refused_everywhere(house, distributor):
    card = house.active_card()
    house.open_round()
    form = give_form(scan(distributor, house.text_of(card)))
    assert distributor.post("/pindai/salurkan", form | {"substitution": "gula\0kecap"}).status_code == 400
    told = distributor.post("/pengaduan", {"kind": "other", "told": "abc\0def", "key": str(new_id())})
    assert (told.status_code, "Permintaan tidak dapat dibaca" in told.text) == (400, True)
    assert distributor.get("/bukti/26%00").status_code == 400
    assert distributor.get("/pindai?x=%00").status_code == 400
    assert distributor.client.post("/pindai", json={"typed": "a\0"}).status_code == 400
    assert count(house, Redemption) == count(house, Complaint) == 0
    with pytest.raises(RegistryError, match="text_unreadable"):
        check_free_text("gula\0kecap")


@pytest.mark.parametrize("length", [5, 80])
def test_the_words_of_a_case_always_fit(length):
    name = "A" * length
    first = Standing(new_id(), name, "12345678", now(), "-", "")
    words = case_words(
        Elsewhere(new_id(), f"{name} {name}", new_id(), new_id(), VILLAGE, first, new_id(), name, "1" * 8)
    )
    assert check_words(words) == words
