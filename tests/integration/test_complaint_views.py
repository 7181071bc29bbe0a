"""Complaints on the screens: from a refusal to a number in one step, the list of those who answer, and asking again."""

from __future__ import annotations

import html
import re
from io import BytesIO
from uuid import uuid4

import pypdfium2
import pytest
from card_scene import CardScene
from kiosk_fixtures import Browser
from sqlalchemy import func, select

from registry.cards import cards
from registry.kinds import BlockReason, ComplaintKind, Role
from registry.models import Attempt, Complaint, Family, ServicePoint

DESK, NEW, LIST = "/pengaduan", "/pengaduan/baru", "/pengaduan/daftar"


@pytest.fixture
def clerk(scene: CardScene) -> Browser:
    return scene.sign_in(Role.CARD_CLERK)


@pytest.fixture
def registrar(scene: CardScene) -> Browser:
    return scene.sign_in(Role.REGISTRAR, username="rita.data", area="62.06")


def refusal(scene: CardScene, clerk: Browser) -> str:
    """Try to hand over a card that is not printed, and return the refusal's page."""
    return clerk.post("/kartu/serahkan", {"scanned": scene.text_of(scene.issue(scene.add_family()))}).text


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the complaint's form, the words that stand in it, and the kind that is chosen."""
    form = page[page.index('action="/pengaduan"') :]
    form = form[: form.index("</form>")]
    names = "attempt|family|scanned|scanned_as_typed|key"
    fields = dict(re.findall(rf'<input[^>]*name="({names})"[^>]*value="([^"]*)"', form))
    fields["told"] = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", form, re.DOTALL)[1]
    chosen = re.search(r'<input[^>]*checked[^>]*name="kind"[^>]*value="(\w+)"', form)
    return {name: html.unescape(value) for name, value in fields.items()} | ({"kind": chosen[1]} if chosen else {})


def press_complain(browser: Browser, page: str) -> str:
    """Press "Adukan" on a page of refusal, and return the form that opens."""
    form = page[page.index(f'action="{NEW}"') :]
    form = form[: form.index("</form>")]
    sent = dict(re.findall(r'name="(attempt|family)" value="([^"]*)"', form))
    assert "Adukan" in form
    return browser.post(NEW, sent).text


def take(browser: Browser, **fields: str):
    known = {"kind": "not_listed", "told": "Belum pernah didata.", "key": str(uuid4())}
    return browser.post(DESK, known | fields)


def number_in(location: str) -> str:
    return re.search(r"ADU-\d{6}-\w{4}-\w{4}", location)[0]


def words_of_pdf(pdf: bytes) -> str:
    return " ".join(
        page.get_textpage().get_text_bounded().replace("\r\n", " ") for page in pypdfium2.PdfDocument(BytesIO(pdf))
    )


def row_of(scene: CardScene, number: str) -> Complaint:
    with scene.state.database.reading() as session:
        return session.scalar(select(Complaint).where(Complaint.number == number))


def test_from_a_refusal_the_form_stands_filled_in_and_one_press_saves_it(scene, clerk):
    page = press_complain(clerk, refusal(scene, clerk))
    fields = hidden(page)
    assert fields["told"].startswith("Ditolak: kartu belum ditandai tercetak. Keluarga menyampaikan:")
    assert fields["kind"] == "other"
    answer = clerk.post(DESK, fields)
    assert answer.status_code == 303
    number = number_in(answer.location)
    told = clerk.get(answer.location).text
    assert re.search(rf'class="complaint-number">{number}<', told)
    assert "GRATIS" in told
    complaint = row_of(scene, number)
    with scene.state.database.reading() as session:
        attempt = session.scalar(select(Attempt))
        family = session.scalar(select(Family))
    assert (complaint.attempt_id, complaint.family_id, complaint.area_code) == (
        attempt.id,
        family.id,
        family.village_code,
    )


def test_pressing_twice_is_one_complaint(scene, clerk):
    key = str(uuid4())
    locations = {take(clerk, key=key).location, take(clerk, key=f"{{{key}}}".upper()).location}
    assert len(locations) == 1
    with scene.state.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Complaint)) == 1


def test_looking_at_the_form_stores_nothing(scene, clerk):
    press_complain(clerk, refusal(scene, clerk))
    with scene.state.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Complaint)) == 0


def test_a_refused_card_leads_to_a_complaint_about_its_family_with_the_reasons(scene, clerk):
    family = scene.add_family(desil=9)
    page = clerk.post(f"/keluarga/{family}/kartu").text
    fields = hidden(press_complain(clerk, page))
    assert fields["family"] == family
    assert fields["kind"] == "not_listed"
    with scene.state.database.reading() as session:
        family_id = session.scalar(select(Family.id))
    assert row_of(scene, number_in(clerk.post(DESK, fields).location)).family_id == family_id


def test_a_family_without_a_card_and_on_no_list_complains_too(scene, clerk):
    page = clerk.post(NEW, {}).text
    assert "Tanpa kartu" in page
    fields = hidden(page) | {"kind": "not_listed", "told": "Belum pernah didata."}
    complaint = row_of(scene, number_in(clerk.post(DESK, fields).location))
    assert (complaint.family_id, complaint.area_code) == (None, "62.06.05")


def test_a_card_that_is_shown_names_the_family_whatever_its_state(scene, clerk):
    card = scene.print_card(scene.add_family())
    scene.change(cards.block_card, card, BlockReason.LOST)
    for shown in ({"scanned": scene.text_of(card)}, {"typed": card.number}):
        page = clerk.post(NEW, shown).text
        assert f"kartu {card.number}" in page
        fields = hidden(page) | {"kind": "lost_card", "told": "Kartu hilang di sungai."}
        assert row_of(scene, number_in(clerk.post(DESK, fields).location)).family_id == card.family_id


def test_a_text_that_is_no_card_says_so_and_that_none_is_needed(scene, clerk):
    elsewhere = scene.print_card(scene.add_family(village="62.71.01.1001"))
    for typed in ("62-06-207002-1", elsewhere.number, "apa saja"):
        answer = clerk.post(NEW, {"typed": typed})
        assert answer.status_code == 422
        assert "diterima tanpa kartu" in answer.text


def test_a_refusal_of_another_point_is_nobodys_here(scene, clerk, registrar):
    page = refusal(scene, clerk)
    attempt = re.search(r'name="attempt" value="([^"]+)"', page)[1]
    assert registrar.post(NEW, {"attempt": attempt}).status_code == 404
    assert registrar.get(f"/pengaduan/penolakan/{attempt}/slip.pdf").status_code == 404


def test_a_family_outside_the_area_or_without_the_right_is_not_taken_along(scene, clerk):
    elsewhere = scene.add_family(village="62.71.01.1001")
    assert clerk.post(NEW, {"family": elsewhere}).status_code == 404
    distributor = scene.sign_in(Role.DISTRIBUTOR, username="bagi.joko", area="62.06.05.2003")
    answer = take(distributor, family=scene.add_family())
    assert row_of(scene, number_in(answer.location)).family_id is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": ""}, "Pilih tentang apa"),
        ({"told": ""}, "Tulis apa yang disampaikan"),
        ({"told": "NIK 6206050101800001"}, "NIK"),
        ({"told": "x" * 501}, "Paling panjang 500"),
        ({"about_point": str(uuid4())}, "Not a valid choice"),
    ],
)
def test_a_form_that_is_not_complete_says_where(scene, clerk, fields, said):
    answer = take(clerk, **fields)
    assert answer.status_code == 422
    if said != "Not a valid choice":
        assert said in answer.text


def test_the_slip_bears_the_number_and_nothing_of_the_family(scene, clerk):
    family = scene.add_family()
    location = take(clerk, family=family).location
    slip = words_of_pdf(clerk.get(location.replace("diterima", "slip.pdf")).data)
    for word in (number_in(location), "GRATIS", "tidak dipungut biaya", "RT", "DTSEN", "Loket uji"):
        assert word in slip
    for number in scene.numbers_of(family):
        assert number not in slip
    assert "SITI" not in slip


def test_the_slip_of_a_refusal_says_every_reason_the_next_step_and_the_number(scene, clerk):
    page = refusal(scene, clerk)
    address = re.search(r'href="(/pengaduan/penolakan/[^"]+)"', page)[1]
    before = words_of_pdf(clerk.get(address).data)
    for word in ("Kartu belum ditandai tercetak", "tandai tercetak di halaman kartu", "Anda boleh mengadu"):
        assert word in before
    number = number_in(clerk.post(DESK, hidden(press_complain(clerk, page))).location)
    assert number in words_of_pdf(clerk.get(address).data)


def test_the_family_asks_by_its_number_at_any_counter(scene, clerk, registrar):
    number = number_in(take(clerk, told="Nama anak salah.", kind="wrong_data").location)
    registrar.post(f"{LIST}/{number}/jawab", {"seen": "0", "answer": "Nama sudah diperbaiki."})
    elsewhere = scene.sign_in(Role.DISTRIBUTOR, username="bagi.joko", area="62.71")
    answer = elsewhere.post(f"{DESK}/tanya", {"number": number.lower().replace("-", " ")})
    assert answer.status_code == 303
    page = elsewhere.get(answer.location).text
    assert "Nama sudah diperbaiki." in page
    assert "dijawab" in page
    assert "Nama anak salah." not in page


@pytest.mark.parametrize("number", ["", "12345", "ADU-261122-OOOO-OOOO"])
def test_a_number_that_cannot_be_one_is_said_at_the_field(clerk, number):
    assert clerk.post(f"{DESK}/tanya", {"number": number}).status_code == 422


def test_a_number_that_nobody_has_is_not_found_in_words(clerk):
    answer = clerk.get(f"{DESK}/ADU-261122-AAAA-AAAA")
    assert answer.status_code == 404
    assert "Pengaduan tidak ditemukan" in answer.text


def test_a_complaint_is_listed_referred_answered_and_closed(scene, clerk, registrar):
    number = number_in(take(clerk).location)
    assert number in registrar.get(LIST).text
    refer = {"seen": "0", "referral": "desa", "asked": "Mohon diusulkan pada musyawarah desa."}
    assert registrar.post(f"{LIST}/{number}/teruskan", refer).status_code == 303
    page = registrar.get(f"{LIST}/{number}").text
    assert "Diteruskan kepada pemerintah desa atau kelurahan" in page
    registrar.post(f"{LIST}/{number}/jawab", {"seen": "1", "answer": "Sudah diusulkan."})
    assert number not in registrar.get(LIST).text
    assert number in registrar.get(f"{LIST}?keadaan=answered").text
    registrar.post(f"{LIST}/{number}/selesai", {"seen": "2", "told": "Keluarga datang ke loket."})
    assert "Pengaduan ini sudah selesai" in registrar.get(f"{LIST}/{number}").text


def test_a_step_on_a_page_that_is_out_of_date_is_told_in_words(scene, clerk, registrar):
    number = number_in(take(clerk).location)
    for expected in (303, 409):
        answer = registrar.post(f"{LIST}/{number}/teruskan", {"seen": "0", "referral": "rt", "asked": "Tolong."})
        assert answer.status_code == expected
    assert "Pengaduan sudah berubah" in answer.text


def test_a_step_without_words_or_without_its_office_says_so_at_the_field(scene, clerk, registrar):
    number = number_in(take(clerk).location)
    for path, fields, said in (
        ("jawab", {"seen": "0"}, "Tulis jawabannya"),
        ("teruskan", {"seen": "0", "referral": "office", "asked": "Tolong."}, "Pilih perangkat daerahnya"),
        ("selesai", {"seen": "0", "told": ""}, "Pengaduan"),
        ("jawab", {"answer": "Tanpa tahu langkahnya."}, "Pengaduan"),
    ):
        answer = registrar.post(f"{LIST}/{number}/{path}", fields)
        assert answer.status_code == 422
        assert said in answer.text


def test_extortion_is_neither_listed_nor_told_at_the_point_complained_of(scene, clerk, registrar):
    supervisor = scene.sign_in(Role.SUPERVISOR, username="penyelia.siti", area="62.06.05.2003")
    with scene.state.database.reading() as session:
        accused = session.scalar(select(ServicePoint.id).where(ServicePoint.code == "LOKET-6206052003"))
    fields = {"kind": ComplaintKind.EXTORTION.value, "told": "Diminta uang.", "about_point": str(accused)}
    number = number_in(take(clerk, **fields).location)
    assert number in registrar.get(LIST).text
    assert number not in supervisor.get(f"{LIST}?keadaan=semua").text
    for path in (f"{LIST}/{number}", f"{DESK}/{number}"):
        assert supervisor.get(path).status_code == 404
    assert supervisor.post(f"{LIST}/{number}/selesai", {"seen": "0", "told": "Sudah."}).status_code == 404
    assert number not in supervisor.get("/jejak").text or "pungutan" not in supervisor.get("/jejak").text


def test_an_address_of_the_list_that_names_what_is_not_there_is_refused(registrar):
    assert registrar.get(f"{LIST}?wilayah=62.71").status_code == 404
    assert registrar.get(f"{LIST}?tentang=apa").status_code == 404


def test_only_who_takes_takes_and_only_who_answers_answers(scene, clerk):
    number = number_in(take(clerk).location)
    for path in (LIST, f"{LIST}/{number}"):
        assert clerk.get(path).status_code == 403
    manager = scene.sign_in(Role.PROGRAMME_MANAGER, username="program.eko", area="62.06")
    assert manager.get(DESK).status_code == 403
    assert manager.get(LIST).status_code == 200
    assert "SITI" not in manager.get(f"{LIST}/{number}").text
