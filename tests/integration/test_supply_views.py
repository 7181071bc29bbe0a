"""The pages of blanks and ribbons: boxes come, go into hands, are counted; papers of what was destroyed."""

from __future__ import annotations

import re
from uuid import UUID

import pypdfium2
import pytest
from kiosk_fixtures import PASSWORD, Browser
from sqlalchemy import func, select

from kiosk.clock import now
from registry.audit import Actor
from registry.cards.cards import mark_spoilt
from registry.kinds import PointKind, Role
from registry.models import Complaint, Officer, ServicePoint, SupplyBox, SupplyCount, SupplyMove
from registry.officers.officers import add_officer
from registry.officers.passwords import make_password_hash
from registry.officers.points import add_point


@pytest.fixture
def clerk(scene) -> Browser:
    return scene.sign_in(Role.CARD_CLERK)


def entry(page: str, prefix: str = "") -> str:
    name = f"{prefix}-entry" if prefix else "entry"
    return re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1]


def receive(browser: Browser, number: str = "KH-001", quantity: int = 10, **rest: str):
    page = browser.get("/blanko/terima").text
    usual = {"supply": "blank", "content": "CR80", "document": "SJ-1", "entry": entry(page)}
    return browser.post("/blanko/terima", usual | {"number": number, "quantity": str(quantity)} | rest)


def box(scene, number: str = "KH-001") -> SupplyBox:
    with scene.state.database.reading() as session:
        return session.scalars(select(SupplyBox).where(SupplyBox.number == number)).one()


def officer(scene) -> Officer:
    with scene.state.database.reading() as session:
        return session.scalars(select(Officer)).one()


def act(browser: Browser, scene, path: str, prefix: str, **fields: str):
    held = box(scene)
    page = browser.get(f"/blanko/kotak/{held.id}").text
    sent = {f"{prefix}-{name}": value for name, value in fields.items()}
    return browser.post(f"/blanko/kotak/{held.id}/{path}", {f"{prefix}-entry": entry(page, prefix)} | sent)


def add_other_point(scene) -> UUID:
    with scene.state.database.writing() as session:
        one = session.scalars(select(Officer)).one()
        rest = {"actor": Actor(one.id, one.point_id), "keys": scene.state.keys, "at": now()}
        point = add_point(session, code="LOKET-2", name="Loket dua", kind=PointKind.COUNTER, area_code="62.71", **rest)
        return point.id


def test_before_the_first_box_the_page_says_that_printing_goes_on(clerk):
    page = clerk.get("/blanko").text
    assert "Belum ada kotak yang diterima" in page
    assert "Terima kotak" in page


def test_a_box_is_received_and_the_next_form_is_filled_like_it(clerk, scene):
    sent = receive(clerk, " kh-001 ", 500)
    assert sent.status_code == 303
    page = clerk.get(sent.location).text
    assert "Kotak KH-001 diterima, isinya 500." in page
    assert 'value="SJ-1"' in page
    assert 'value="CR80"' in page
    assert box(scene).in_store == 500
    assert "500 dari 500" in clerk.get("/blanko").text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("number", "", "Isi atau pindai nomor kotaknya."),
        ("number", "%%%", "Nomor kotak berisi paling banyak 36 huruf"),
        ("quantity", "0", "Isi 1 sampai 10.000."),
        ("document", "", "Isi nomor surat jalannya."),
    ],
)
def test_a_wrong_form_says_what_is_wrong(clerk, field, value, said):
    sent = receive(clerk, **{"number": "KH-001"} | {field: value})
    assert sent.status_code == 422
    assert said in sent.text


def test_a_number_that_is_known_is_told_at_its_field(clerk):
    receive(clerk)
    sent = receive(clerk)
    assert sent.status_code == 422
    assert "sudah pernah diterima" in sent.text


def test_a_scanned_number_opens_its_box_and_an_unknown_one_says_so(clerk, scene):
    receive(clerk)
    found = clerk.post("/blanko/cari", {"number": "kh-001"})
    assert (found.status_code, found.location) == (303, f"/blanko/kotak/{box(scene).id}")
    missing = clerk.post("/blanko/cari", {"number": "KH-9"})
    assert missing.status_code == 422
    assert "Tidak ada kotak dengan nomor ini di sini." in missing.text


def test_blanks_are_handed_out_and_given_back(clerk, scene):
    receive(clerk)
    someone = officer(scene)
    assert act(clerk, scene, "serahkan", "issue", officer=str(someone.id), quantity="4").status_code == 303
    page = clerk.get("/blanko").text
    assert "6 di gudang, 4 di tangan petugas" in page
    assert act(clerk, scene, "terima-kembali", "give_back", officer=str(someone.id), quantity="1").status_code == 303
    page = clerk.get(f"/blanko/kotak/{box(scene).id}").text
    assert f"3 pada {someone.name}" in page
    assert "diambil petugas" in page


def test_more_than_there_is_is_refused_in_words(clerk, scene):
    receive(clerk)
    refused = act(clerk, scene, "serahkan", "issue", officer=str(officer(scene).id), quantity="11")
    assert refused.status_code == 409
    assert "di gudang tersisa 10" in refused.text


def test_what_was_damaged_needs_a_reason_and_who_destroyed_it(clerk, scene):
    receive(clerk)
    page = clerk.get(f"/blanko/kotak/{box(scene).id}").text
    assert re.search(rf'name="spoil-destroyed_by"[^>]*value="{officer(scene).name}"', page), "the officer's own name"
    wrong = act(clerk, scene, "rusak", "spoil", quantity="2", holder="", reason="", destroyed_by="")
    assert wrong.status_code == 422
    assert "Tulis alasannya." in wrong.text
    assert "Tulis siapa yang memusnahkannya." in wrong.text
    done = act(clerk, scene, "rusak", "spoil", quantity="2", holder="", reason="basah", destroyed_by="Siti, penyelia")
    assert done.status_code == 303
    assert "dimusnahkan oleh Siti, penyelia" in clerk.get(done.location).text


def test_boxes_go_back_to_the_supplier_and_to_another_point(clerk, scene):
    other = add_other_point(scene)
    receive(clerk)
    assert act(clerk, scene, "retur", "send_back", quantity="2", reason="cacat", document="").status_code == 303
    sent = act(clerk, scene, "pindahkan", "transfer", quantity="3", point=str(other), document="SJ-2")
    assert "sebagai kotak KH-001/2" in clerk.get(sent.location).text
    assert (box(scene).in_store, box(scene, "KH-001/2").point_id) == (5, other)
    gone = clerk.get(f"/blanko/kotak/{box(scene, 'KH-001/2').id}")
    assert gone.status_code == 404
    assert "Kotak tidak ditemukan" in gone.text


def test_a_whole_box_sent_twice_over_a_bad_line_is_one_transfer(clerk, scene):
    other = add_other_point(scene)
    receive(clerk)
    one = box(scene)
    page = clerk.get(f"/blanko/kotak/{one.id}").text
    form = {"transfer-entry": entry(page, "transfer"), "transfer-quantity": "10", "transfer-point": str(other)}
    for _ in range(2):
        assert clerk.post(f"/blanko/kotak/{one.id}/pindahkan", form).status_code == 303
    with scene.state.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SupplyMove)) == 2
    wrong = clerk.post(f"/blanko/kotak/{one.id}/pindahkan", form | {"transfer-quantity": ""})
    assert wrong.status_code == 404


def count(browser: Browser, what: str, quantity: str, **rest: str):
    page = browser.get(f"/blanko/hitung/{what}").text
    names = re.findall(r'name="([0-9a-f]{8}-[0-9a-f-]{27}(?:-[0-9a-f-]{36})?)"', page)
    as_of = re.search(r'name="as_of"[^>]*value="([^"]*)"', page)[1]
    sent = {"entry": entry(page), "as_of": as_of, **dict.fromkeys(names, quantity)}
    return sent | rest


def test_a_count_that_fits_is_said_and_one_that_differs_asks_why_and_becomes_a_case(clerk, scene):
    receive(clerk)
    fits = clerk.post("/blanko/hitung/blanko", count(clerk, "blanko", "10"))
    assert "Hitungan blanko kartu cocok dengan catatan: 10." in clerk.get(fits.location).text
    form = count(clerk, "blanko", "8")
    asked = clerk.post("/blanko/hitung/blanko", form)
    assert asked.status_code == 422
    assert "menurut catatan 10" in asked.text
    kept = clerk.post("/blanko/hitung/blanko", form | {"note": "Dua keping belum ditemukan"})
    assert kept.status_code == 303
    page = clerk.get("/blanko").text
    assert "selisih" in page
    with scene.state.database.reading() as session:
        case = session.scalars(select(Complaint)).one()
        assert case.words.startswith("Blanko kartu di Loket uji, ")
        assert "menurut catatan 10, dihitung 8, kurang 2." in case.words
        assert case.words.endswith("Dua keping belum ditemukan")
        assert case.number in page
    assert box(scene).in_store == 8


def test_a_count_sent_twice_is_one(clerk, scene):
    receive(clerk)
    form = count(clerk, "blanko", "9", note="Satu hilang")
    for _ in range(2):
        assert clerk.post("/blanko/hitung/blanko", form).status_code == 303
    with scene.state.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SupplyCount)) == 1


def test_a_count_beside_a_movement_is_void(clerk, scene):
    receive(clerk)
    form = count(clerk, "blanko", "10")
    receive(clerk, "KH-002")
    void = clerk.post("/blanko/hitung/blanko", form)
    assert void.status_code == 409
    assert "Catatan berubah selagi dihitung" in void.text


def test_without_a_box_there_is_nothing_to_count(clerk):
    assert "Tidak ada kotak untuk dihitung" in clerk.get("/blanko/hitung/pita").text
    assert clerk.get("/blanko/hitung/kertas").status_code == 404


def test_a_case_is_read_by_the_supervisor(app, clerk, scene):
    receive(clerk)
    clerk.post("/blanko/hitung/blanko", count(clerk, "blanko", "9", note="Satu hilang"))
    with scene.state.database.reading() as session:
        number = session.scalars(select(Complaint.number)).one()
    supervisor = Browser(app)
    with scene.state.database.writing() as session:
        point = session.scalars(select(ServicePoint).where(ServicePoint.code == "LOKET-620605")).one()
        add_officer(
            session,
            point,
            username="siti",
            name="Siti",
            password_hash=make_password_hash(PASSWORD, username="siti"),
            roles=[Role.SUPERVISOR],
            actor=Actor(None, point.id),
            keys=scene.state.keys,
            at=now(),
        )
    supervisor.sign_in("siti")
    page = supervisor.get(f"/pengaduan/daftar/{number}")
    assert page.status_code == 200, page.text[:200]
    assert "dihitung 9" in page.text
    assert number in supervisor.get("/blanko").text


def test_the_paper_of_the_day_names_the_card_the_reason_and_who_destroyed_it(clerk, scene):
    receive(clerk)
    receive(clerk, "PITA-1", 200, supply="ribbon")
    with scene.state.database.writing() as session:
        point_id = session.scalars(select(SupplyBox.point_id).limit(1)).one()
    card = scene.issue(scene.add_family())
    with scene.state.database.writing() as session:
        card = session.merge(card)
        rest = {"actor": Actor(officer(scene).id, point_id), "keys": scene.state.keys, "at": now()}
        mark_spoilt(session, card, reason="pita putus", destroyed_by="Dewi Lestari", **rest)
    act(clerk, scene, "rusak", "spoil", quantity="3", holder="", reason="basah", destroyed_by="Siti")
    page = clerk.get("/blanko").text
    link = re.search(r'href="(/blanko/pemusnahan/[^"]+\.pdf)"', page)[1]
    paper = clerk.get(link)
    assert paper.mimetype == "application/pdf"
    document = pypdfium2.PdfDocument(paper.data)
    text = "".join(leaf.get_textpage().get_text_range() for leaf in document)
    document.close()
    for words in (card.number, "pita putus", "Dewi Lestari", "basah", "Siti", "Saksi II", "KH-001"):
        assert words in text
    assert clerk.get("/blanko/pemusnahan/2020-01-01.pdf").status_code == 404
    assert clerk.get("/blanko/pemusnahan/kemarin.pdf").status_code == 404


def test_a_day_on_which_only_ribbon_was_destroyed_has_its_paper_too(clerk, scene):
    receive(clerk, quantity=200, supply="ribbon")
    act(clerk, scene, "rusak", "spoil", quantity="3", holder="", reason="kusut", destroyed_by="Siti")
    page = clerk.get("/blanko").text
    assert "3 set pita rusak" in page
    assert clerk.get(re.search(r'href="(/blanko/pemusnahan/[^"]+\.pdf)"', page)[1]).status_code == 200


def test_low_supplies_are_told_on_the_first_page(clerk, scene):
    receive(clerk, quantity=1)
    assert "menipis" not in clerk.get("/").text
    for _ in range(2):
        scene.issue(scene.add_family())
    assert "1 persediaan menipis" in clerk.get("/").text
    assert "Kurang 1: minta kiriman sekarang." in clerk.get("/blanko").text


def test_only_those_who_keep_supplies_see_them(scene):
    assert scene.sign_in(Role.REGISTRAR).get("/blanko").status_code == 403


def test_what_another_counter_has_is_its_own(app, clerk, scene, hire):
    receive(clerk)
    one = box(scene)
    hire(Role.CARD_CLERK, username="dewi", area="62.71")
    other = Browser(app)
    other.sign_in("dewi")
    assert other.get(f"/blanko/kotak/{one.id}").status_code == 404
    assert "KH-001" not in other.get("/blanko").text
    assert other.get(f"/blanko/terima?seperti={one.id}").status_code == 404
    for path in ("serahkan", "terima-kembali", "retur", "rusak", "pindahkan"):
        assert other.post(f"/blanko/kotak/{one.id}/{path}").status_code == 404
