"""Scanning, giving, receipts and their undoing, each by the page that an officer uses."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from card_house import VILLAGE
from giving_house import POINT, GivingScene, give, give_form, kind, scan, word
from kiosk_fixtures import Browser
from sqlalchemy import func, select

from kiosk.clock import now
from kiosk.filters import tanggal
from registry.cards.cards import block_card, replace_card
from registry.days import local_day
from registry.giving.redemptions import lock_own_hub
from registry.kinds import BlockReason, Role
from registry.models import Attempt, AuditLine, Redemption, RedemptionUndo

PATIENCE = 600.0
"""Seconds after which a test that waits for something gives up."""


@pytest.fixture
def house(app, signed_in) -> GivingScene:
    return GivingScene(app.extensions["kiosk"], signed_in)


@pytest.fixture
def distributor(house: GivingScene) -> Browser:
    return house.sign_in(Role.DISTRIBUTOR)


def count(house: GivingScene, model: type) -> int:
    with house.state.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_an_entitled_familys_card_fills_the_screen_with_berhak_and_opens_one_package(house, distributor):
    card = house.active_card()
    house.open_round()
    answer = scan(distributor, house.text_of(card))
    assert (answer.status_code, kind(answer), word(answer)) == (200, "granted", "Berhak")
    assert card.head_name in answer.text
    assert "Rp150.000" in answer.text
    assert "GRATIS" in answer.text


def test_what_is_given_has_a_receipt_that_says_who_when_where(house, distributor):
    card = house.active_card()
    house.open_round()
    given = give(distributor, house.text_of(card))
    assert given.status_code == 303
    receipt = distributor.get(given.location)
    assert word(receipt) == "Diserahkan"
    for said in (card.number, "Loket uji", "Budi Santoso", "WIB", "GRATIS"):
        assert said in receipt.text
    slip = distributor.get(f"{given.location}/slip.pdf")
    assert (slip.status_code, slip.mimetype) == (200, "application/pdf")


def test_pressed_twice_it_is_given_once_with_the_same_receipt(house, distributor):
    card = house.active_card()
    house.open_round()
    form = give_form(scan(distributor, house.text_of(card)))
    first, second = (distributor.post("/pindai/salurkan", form) for _ in range(2))
    assert first.location == second.location
    assert count(house, Redemption) == 1


def test_a_second_scan_says_when_where_and_by_whom_it_was_received(house, distributor):
    card = house.active_card()
    house.open_round()
    give(distributor, house.text_of(card))
    answer = scan(distributor, house.text_of(card))
    assert (kind(answer), word(answer)) == ("already", "Sudah diterima")
    for said in ("Loket uji", "Budi Santoso", "WIB"):
        assert said in answer.text


def test_a_form_that_was_open_at_another_counter_is_told_that_it_was_received(house, distributor):
    card = house.active_card()
    house.open_round()
    form = give_form(scan(distributor, house.text_of(card)))
    give(distributor, house.text_of(card))
    late = distributor.post("/pindai/salurkan", form)
    assert (late.status_code, word(late)) == (200, "Sudah diterima")
    assert count(house, Redemption) == 1


def test_the_number_typed_by_hand_does_what_the_scan_does(house, distributor):
    card = house.active_card()
    house.open_round()
    assert word(distributor.post("/pindai", {"typed": card.number.replace("-", " ")})) == "Berhak"


def test_the_other_reading_of_the_keys_is_tried_when_the_first_is_no_card(house, distributor):
    card = house.active_card()
    house.open_round()
    answer = scan(distributor, "NCFOXN=&TSMAHO", scanned_as_typed=house.text_of(card))
    assert word(answer) == "Berhak"
    assert distributor.post("/pindai/salurkan", give_form(answer)).status_code == 303


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("00020101021126570011ID.DANA.WWW", "QRIS"),
        ("0001234567890", "BPJS"),
        ("https://contoh.invalid/kartu", "situs"),
        ("KHB 2024 000123", "contoh"),
    ],
)
def test_what_is_not_ours_is_named_in_grey(house, distributor, text, said):
    answer = scan(distributor, text)
    assert (answer.status_code, kind(answer), word(answer)) == (200, "unknown", "Bukan kartu kita")
    assert said in answer.text


def test_a_card_that_was_never_handed_over_opens_nothing(house, distributor):
    card = house.print_card(house.add_family())
    house.open_round()
    answer = scan(distributor, house.text_of(card))
    assert word(answer) == "Ditolak"
    assert "belum diserahkan" in answer.text


def test_a_blocked_card_is_refused_with_its_reason(house, distributor):
    card = house.active_card()
    house.open_round()
    house.change(block_card, card, BlockReason.LOST)
    answer = scan(distributor, house.text_of(card))
    assert word(answer) == "Ditolak"
    assert "hilang" in answer.text


def test_a_replaced_card_is_refused_and_its_successor_opens_the_same_package_once(house, distributor):
    old = house.active_card()
    house.open_round()
    give(distributor, house.text_of(old))
    house.change(replace_card, old, BlockReason.DAMAGED)
    assert "ada kartu yang lebih baru" in scan(distributor, house.text_of(old)).text.lower()
    assert count(house, Redemption) == 1


def test_a_family_of_another_place_is_told_the_right_one(house, distributor):
    elsewhere = house.sign_in(Role.DISTRIBUTOR, area="62.71", username="bagi.kota")
    card = house.active_card()
    house.open_round()
    answer = scan(elsewhere, house.text_of(card))
    assert word(answer) == "Ditolak"
    assert "Loket uji" in answer.text


def test_a_family_served_only_elsewhere_is_told_each_place_and_takes_a_reason_home(house, distributor):
    elsewhere = house.sign_in(Role.DISTRIBUTOR, area="62.71", username="bagi.kota")
    card = house.active_card()
    house.open_round()
    house.open_round(programme="UMKM", name="Angkatan I")
    answer = scan(elsewhere, house.text_of(card))
    assert (word(answer), "Dilayani di tempat lain" in answer.text) == ("Ditolak", True)
    assert count(house, Attempt) == 2
    assert answer.text.count('name="attempt"') == 1
    slip = re.search(r'href="(/pengaduan/penolakan/[^"]+)"', answer.text)[1]
    assert elsewhere.get(slip).mimetype == "application/pdf"


def test_a_round_that_is_not_open_says_its_days(house, distributor):
    card = house.active_card()
    later = local_day(now()) + timedelta(days=30)
    house.open_round(opens_on=later, closes_on=later)
    answer = scan(distributor, house.text_of(card))
    assert word(answer) == "Ditolak"
    assert tanggal(later) in answer.text


def test_every_refused_scan_is_a_row_and_a_line_in_the_trail(house, distributor):
    scan(distributor, "00020101021126570011ID.DANA.WWW")
    with house.state.database.reading() as session:
        [attempt] = session.scalars(select(Attempt))
        lines = session.scalar(select(func.count()).where(AuditLine.action == "scan.refused"))
    assert (attempt.reasons, lines) == (["not_ours"], 1)


def test_what_was_scanned_stands_in_no_address(house, distributor):
    card = house.active_card()
    house.open_round()
    given = give(distributor, house.text_of(card))
    assert card.number not in given.location
    assert house.text_of(card)[:20] not in given.location


def test_the_market_says_the_official_price(house, distributor):
    card = house.active_card()
    house.open_round(programme="PASAR", name="Pasar murah")
    assert "Rp15.000" in scan(distributor, house.text_of(card)).text


def test_only_who_may_undo_is_offered_it(house, distributor):
    card = house.active_card()
    house.open_round()
    receipt = give(distributor, house.text_of(card)).location
    assert "Batalkan" not in distributor.get(receipt).text
    assert distributor.post(f"{receipt}/batal", {"reason": "salah orang"}).status_code == 403


def test_an_undone_giving_stays_on_record_and_the_package_can_be_given_once_more(house, distributor):
    card = house.active_card()
    house.open_round()
    receipt = give(distributor, house.text_of(card)).location
    supervisor = house.sign_in(Role.SUPERVISOR, username="penyelia", area="62.06")
    assert supervisor.post(f"{receipt}/batal", {"reason": ""}).status_code == 422
    assert supervisor.post(f"{receipt}/batal", {"reason": "barang kurang"}).status_code == 303
    assert word(distributor.get(receipt)) == "Dibatalkan"
    assert "barang kurang" in distributor.get(receipt).text
    assert give(distributor, house.text_of(card)).location != receipt
    assert word(scan(distributor, house.text_of(card))) == "Sudah diterima"
    assert (count(house, Redemption), count(house, RedemptionUndo)) == (2, 1)


def test_an_undo_pressed_twice_is_one(house, distributor):
    card = house.active_card()
    house.open_round()
    receipt = give(distributor, house.text_of(card)).location
    supervisor = house.sign_in(Role.SUPERVISOR, username="penyelia", area="62.06")
    answers = [supervisor.post(f"{receipt}/batal", {"reason": "barang kurang"}).status_code for _ in range(2)]
    assert answers == [303, 409]
    assert count(house, RedemptionUndo) == 1


def test_a_receipt_of_another_area_is_not_found(house, distributor):
    card = house.active_card()
    house.open_round()
    receipt = give(distributor, house.text_of(card)).location
    elsewhere = house.sign_in(Role.SUPERVISOR, area="62.71", username="penyelia.kota")
    assert elsewhere.get(receipt).status_code == 404
    assert elsewhere.post(f"{receipt}/batal", {"reason": "x"}).status_code == 404


def test_nothing_to_scan_is_asked_for_again(house, distributor):
    answer = distributor.post("/pindai", {"typed": "  "})
    assert answer.status_code == 422
    assert "Pindai kartu, atau ketik nomornya" in answer.text


def test_a_forged_give_form_gives_nothing_and_says_so(house, distributor):
    house.open_round()
    answer = distributor.post("/pindai/salurkan", {"text": "x", "round_id": "bukan-uuid", "key": "1"})
    assert answer.status_code == 422
    assert "Permintaan tidak lengkap" in answer.text
    assert 'action="/pindai"' in answer.text
    assert count(house, Redemption) == 0


def test_a_key_written_in_another_way_is_the_same_key(house, distributor):
    card = house.active_card()
    house.open_round()
    form = give_form(scan(distributor, house.text_of(card)))
    first = distributor.post("/pindai/salurkan", form)
    again = distributor.post("/pindai/salurkan", form | {"key": f"urn:uuid:{form['key'].upper()}"})
    assert (again.status_code, again.location) == (303, first.location)


def test_looking_at_a_card_that_is_granted_waits_for_no_writer(house, distributor):
    """SQLite has one writer; with the whole look inside its lock, every scan would queue behind every giving."""
    card = house.active_card()
    house.open_round()
    form = {"scanned": house.text_of(card), "csrf_token": distributor.token()}
    with ThreadPoolExecutor(1) as pool, house.state.database.connecting(writes=True) as busy:
        lock_own_hub(busy)
        answer = pool.submit(distributor.client.post, "/pindai", data=form).result(timeout=PATIENCE)
    assert word(answer) == "Berhak"


def test_a_reason_for_undoing_holds_no_number_of_a_person(house, distributor):
    card = house.active_card()
    house.open_round()
    receipt = give(distributor, house.text_of(card)).location
    supervisor = house.sign_in(Role.SUPERVISOR, username="penyelia", area="62.06")
    refused = supervisor.post(f"{receipt}/batal", {"reason": "NIK 6206 0501 0180 0001 salah"})
    assert refused.status_code == 422
    assert "tidak boleh memuat NIK" in refused.text
    assert count(house, RedemptionUndo) == 0


def test_the_page_says_what_is_given_here_today(house, distributor):
    house.open_round()
    page = distributor.get("/pindai")
    assert "Bantuan Pangan KHBS" in page.text
    assert "Tahap I" in page.text


def test_a_rounds_page_counts_what_was_given(house, distributor):
    card = house.active_card()
    round_id = house.open_round()
    give(distributor, house.text_of(card))
    manager = house.sign_in(Role.PROGRAMME_MANAGER, username="program", area="62.06.05.2001")
    assert manager.get(f"/tahap/{round_id}").status_code == 404, "a round outside the officer's area"
    manager = house.sign_in(Role.PROGRAMME_MANAGER, username="program2", area="62.06")
    page = manager.get(f"/tahap/{round_id}")
    assert re.search(r'data-name="Sudah diterima">1<', page.text)
    assert "1 dari 1 hak sudah disalurkan" in manager.get("/tahap").text


def test_a_closed_round_gives_nothing_more(house, distributor):
    card = house.active_card()
    round_id = house.open_round()
    form = give_form(scan(distributor, house.text_of(card)))
    manager = house.sign_in(Role.PROGRAMME_MANAGER, username="program", area="62.06", office="DINSOS")
    assert manager.post(f"/tahap/{round_id}/tutup").status_code == 303
    assert word(distributor.post("/pindai/salurkan", form)) == "Ditolak"
    assert manager.post(f"/tahap/{round_id}/tutup").status_code == 409


def test_a_persons_right_is_given_to_the_one_who_is_chosen(house, distributor):
    """UMKM is for whoever is 18 or older: the mother and the son of the scene's family, not the daughter."""
    card = house.active_card()
    house.open_round(programme="UMKM", name="Angkatan I")
    answer = scan(distributor, house.text_of(card))
    people = dict(re.findall(r'name="person"[^>]* value="([^"]+)"[^>]*>\s*<label[^>]*>([A-Z ]+)', answer.text))
    assert sorted(people.values()) == ["RAHMAT", "SITI AMINAH"]
    form = give_form(answer)
    nobody = distributor.post("/pindai/salurkan", form)
    assert (word(nobody), nobody.status_code) == ("Ditolak", 200)
    assert "Orangnya belum dipilih" in nobody.text
    son = next(id_ for id_, name in people.items() if name == "RAHMAT")
    given = distributor.post("/pindai/salurkan", form | {"person": son})
    assert given.status_code == 303
    receipt = distributor.get(given.location)
    assert "RAHMAT" in receipt.text
    again = scan(distributor, house.text_of(card))
    assert word(again) == "Berhak", "the mother's right is her own"
    assert "RAHMAT, lahir 2004: sudah dicatat" in again.text


def test_a_typed_nik_that_is_none_is_told_with_the_form_as_it_was(house, distributor):
    card = house.active_card()
    house.open_round()
    proxy = {"receiver": "wakil", "proxy_name": "Bahrudin", "proxy_nik": "123", "proxy_letter": "SK/1"}
    answer = distributor.post("/pindai/salurkan", give_form(scan(distributor, house.text_of(card))) | proxy)
    assert (answer.status_code, word(answer)) == (422, "Berhak")
    assert "16 angka" in answer.text
    assert 'value="Bahrudin"' in answer.text
    assert count(house, Redemption) == count(house, Attempt) == 0


def test_a_round_is_opened_for_chosen_villages(house, distributor):
    house.active_card()
    manager = house.sign_in(Role.PROGRAMME_MANAGER, username="program", area="62.06", office="DINSOS")
    with house.state.database.writing() as session:
        from registry.kinds import PointKind
        from registry.officers.points import add_point

        point = add_point(
            session, code="BAGI", name="Balai", kind=PointKind.HANDOUT, area_code="62.06.05", **house._rest(session)
        )
    today = local_day(now()).isoformat()
    form = {"programme": "PANGAN", "name": "Tahap II", "opens_on": today, "closes_on": today, "price": ""}
    refused = manager.post("/tahap/buka", form)
    assert refused.status_code == 422
    assert "Pilih paling sedikit satu desa" in refused.text
    opened = manager.post("/tahap/buka", form | {"places": f"{point.id}/{VILLAGE}"})
    assert opened.status_code == 303
    assert "1 keluarga berhak" in manager.get(opened.location).text
    assert POINT not in manager.get(opened.location).text
