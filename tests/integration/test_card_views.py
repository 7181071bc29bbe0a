"""Cards at the counter: issued, printed, spoilt, blocked, replaced, each by the page that an officer uses."""

from __future__ import annotations

import re
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from card_scene import CardScene
from design_samples import changed_design
from kiosk_fixtures import Browser
from printing_samples import words

from printing.design_archive import pack_design
from registry.identifiers import CardNumber
from registry.kinds import BlockReason, CardMedium, CardState, Role

BY = {"destroyed_by": "Dewi"}


@pytest.fixture
def clerk(scene: CardScene) -> Browser:
    return scene.sign_in(Role.CARD_CLERK)


def decode(pdf: bytes, page: int) -> str:
    """Read the code on a page as a scanner of 300 dots to the inch sees it."""
    picture = pypdfium2.PdfDocument(BytesIO(pdf))[page].render(scale=300 / 72).to_pil()
    [code] = zxingcpp.read_barcodes(picture)
    return code.text


def test_an_entitled_family_is_issued_a_card_that_its_pdf_carries(scene, clerk):
    family = scene.add_family()
    answer = clerk.post(f"/keluarga/{family}/kartu")
    card = scene.card_of(family)
    assert (answer.status_code, answer.location) == (303, f"/kartu/{card.number}")
    pdf = clerk.get(f"/kartu/{card.number}/cetak.pdf")
    assert pdf.mimetype == "application/pdf"
    assert pdf.headers["Cache-Control"] == "no-store"
    assert len(pypdfium2.PdfDocument(BytesIO(pdf.data))) == 2
    assert scene.read(decode(pdf.data, 1)).claims.number == card.number


@pytest.mark.parametrize("medium", CardMedium)
def test_a_single_card_is_drawn_by_the_design_in_force(scene, clerk, medium):
    admin = scene.sign_in(Role.ADMINISTRATOR, username="admin", area="62")
    design = pack_design(changed_design({"ke-<span": "nomor <span"}))
    files = {"name": "percobaan", "file": (BytesIO(design), "rancangan.zip")}
    admin.post("/rancangan-kartu", files, content_type="multipart/form-data")
    assert admin.post("/rancangan-kartu/percobaan/pakai").status_code == 303
    family = scene.add_family()
    clerk.post(f"/keluarga/{family}/kartu", {"medium": medium.value})
    pdf = clerk.get(f"/kartu/{scene.card_of(family).number}/cetak.pdf")
    assert "nomor 1" in words(pdf.data, 0)


def test_a_family_that_is_not_entitled_is_told_every_reason_and_gets_no_card(scene, clerk):
    family = scene.add_family(desil=7, receives_pkh=True)
    answer = clerk.post(f"/keluarga/{family}/kartu")
    assert answer.status_code == 200
    assert "Desil 7 menurut DTSEN" in answer.text
    assert "Menerima PKH menurut DTSEN" in answer.text
    assert scene.card_of(family) is None


def test_a_family_that_has_its_card_is_not_told_that_it_has_no_right_to_one(scene, clerk):
    family = scene.add_family()
    card = scene.issue(family)
    page = clerk.post(f"/keluarga/{family}/kartu").text
    assert "Tidak diterbitkan" in page
    assert card.number in page
    assert "Belum berhak" not in page


def test_a_note_with_a_number_of_a_person_is_not_kept(scene, clerk):
    card = scene.issue(scene.add_family())
    answer = clerk.post(f"/kartu/{card.number}/rusak", {"reason": "tertukar dengan 6206050101800001", **BY})
    assert answer.status_code == 422
    assert "tidak boleh memuat NIK" in answer.text
    assert len(scene.steps(card)) == 1


def test_a_family_outside_the_area_is_not_found(scene, clerk):
    family = scene.add_family(village="62.71.01.1001")
    assert clerk.post(f"/keluarga/{family}/kartu").status_code == 404
    assert scene.card_of(family) is None


def test_a_card_outside_the_area_is_not_found(scene, clerk):
    card = scene.issue(scene.add_family(village="62.71.01.1001"))
    for path in (f"/kartu/{card.number}", f"/kartu/{card.number}/cetak.pdf"):
        assert clerk.get(path).status_code == 404
    for act in ("tercetak", "rusak", "blokir", "ganti"):
        assert clerk.post(f"/kartu/{card.number}/{act}", {"reason": "x", "why": "lost"}).status_code == 404
    assert scene.again(card).state is CardState.ISSUED


def test_looking_at_the_pdf_changes_nothing(scene, clerk):
    card = scene.issue(scene.add_family())
    clerk.get(f"/kartu/{card.number}/cetak.pdf")
    assert scene.again(card).state is CardState.ISSUED
    assert len(scene.steps(card)) == 1


def test_a_printed_card_is_printed_again_only_after_its_blank_was_noted_as_spoilt(scene, clerk):
    card = scene.issue(scene.add_family())
    assert clerk.post(f"/kartu/{card.number}/tercetak").status_code == 303
    refused = clerk.get(f"/kartu/{card.number}/cetak.pdf")
    assert refused.status_code == 409
    assert "sudah ditandai tercetak" in refused.text
    assert clerk.post(f"/kartu/{card.number}/rusak", {"reason": "gambar bergaris", **BY}).status_code == 303
    assert clerk.get(f"/kartu/{card.number}/cetak.pdf").status_code == 200
    assert "gambar bergaris" in clerk.get(f"/kartu/{card.number}").text


def test_a_spoilt_print_needs_its_reason(scene, clerk):
    card = scene.issue(scene.add_family())
    answer = clerk.post(f"/kartu/{card.number}/rusak", {"reason": "  ", **BY})
    assert answer.status_code == 422
    assert "Tulis apa yang rusak" in answer.text
    assert len(scene.steps(card)) == 1


@pytest.mark.parametrize(
    "named", [{}, {"destroyed_by": ""}, {"destroyed_by": "  "}], ids=["left out", "empty", "blank"]
)
def test_a_spoilt_print_needs_who_destroyed_it_and_offers_the_officer(scene, clerk, named):
    card = scene.issue(scene.add_family())
    assert re.search(r'name="destroyed_by"[^>]*value="[^"]+"', clerk.get(f"/kartu/{card.number}").text)
    answer = clerk.post(f"/kartu/{card.number}/rusak", {"reason": "gambar bergaris", **named})
    assert answer.status_code == 422
    assert "Tulis siapa yang memusnahkannya." in answer.text
    assert len(scene.steps(card)) == 1


def test_nobody_is_named_for_a_paper_card_because_no_blank_was_lost(scene, clerk):
    family = scene.add_family()
    clerk.post(f"/keluarga/{family}/kartu", {"medium": "paper"})
    card = scene.card_of(family)
    assert 'name="destroyed_by"' not in clerk.get(f"/kartu/{card.number}").text
    assert clerk.post(f"/kartu/{card.number}/rusak", {"reason": "kertas sobek"}).status_code == 303
    assert "kertas sobek" in clerk.get(f"/kartu/{card.number}").text


def test_the_card_page_says_who_when_and_where(scene, clerk):
    card = scene.issue(scene.add_family())
    clerk.post(f"/kartu/{card.number}/tercetak")
    page = clerk.get(f"/kartu/{card.number}").text
    assert page.count("Budi Santoso (P-") >= 1
    assert "Loket uji" in page
    assert "WIB" in page


def test_a_blocked_card_says_why_and_offers_a_replacement(scene, clerk):
    card = scene.issue(scene.add_family())
    assert clerk.post(f"/kartu/{card.number}/blokir", {"why": "misused", "note": "dipinjamkan"}).status_code == 303
    page = clerk.get(f"/kartu/{card.number}").text
    assert "diblokir karena disalahgunakan" in page
    assert "dipinjamkan" in page
    assert "Ganti dengan kartu baru" in page
    assert "Blokir kartu" not in page


def test_a_block_needs_its_reason(scene, clerk):
    card = scene.issue(scene.add_family())
    answer = clerk.post(f"/kartu/{card.number}/blokir", {"note": "entah"})
    assert answer.status_code == 422
    assert "Pilih alasannya" in answer.text
    assert scene.again(card).state is CardState.ISSUED


def test_a_card_is_not_blocked_because_the_head_changed(scene, clerk):
    card = scene.issue(scene.add_family())
    answer = clerk.post(f"/kartu/{card.number}/blokir", {"why": BlockReason.HEAD_CHANGED.value})
    assert answer.status_code == 422
    assert scene.again(card).state is CardState.ISSUED


def test_a_replaced_card_and_its_successor_lead_to_each_other(scene, clerk):
    family = scene.add_family()
    old = scene.issue(family)
    answer = clerk.post(f"/kartu/{old.number}/ganti", {"why": "lost", "note": ""})
    new = scene.card_of(family)
    assert answer.location == f"/kartu/{new.number}"
    assert scene.again(old).state is CardState.REPLACED
    assert new.issue_number == 2
    assert f"/kartu/{new.number}" in clerk.get(f"/kartu/{old.number}").text
    assert f"/kartu/{old.number}" in clerk.get(f"/kartu/{new.number}").text


def test_a_card_is_replaced_once_however_often_the_button_is_pressed(scene, clerk):
    family = scene.add_family()
    old = scene.issue(family)
    clerk.post(f"/kartu/{old.number}/ganti", {"why": "damaged"})
    assert clerk.post(f"/kartu/{old.number}/ganti", {"why": "damaged"}).status_code == 409
    assert scene.card_of(family).issue_number == 2


def test_a_supervisor_blocks_but_does_not_print(scene):
    supervisor = scene.sign_in(Role.SUPERVISOR)
    card = scene.issue(scene.add_family())
    page = supervisor.get(f"/kartu/{card.number}").text
    assert "Blokir kartu" in page
    assert "Buka PDF" not in page
    assert "Tandai tercetak" not in page
    assert supervisor.get(f"/kartu/{card.number}/cetak.pdf").status_code == 403
    assert supervisor.post(f"/kartu/{card.number}/tercetak").status_code == 403


def test_a_card_page_shows_no_number_of_the_state(scene, clerk):
    family = scene.add_family()
    card = scene.issue(family)
    page = clerk.get(f"/kartu/{card.number}").text
    for secret in scene.numbers_of(family):
        assert secret not in page


def test_cards_that_wait_are_counted_by_village(scene, clerk):
    for _ in range(3):
        scene.issue(scene.add_family())
    printed = scene.issue(scene.add_family())
    clerk.post(f"/kartu/{printed.number}/tercetak")
    scene.issue(scene.add_family(village="62.71.01.1001"))
    page = clerk.get("/kartu").text
    assert "<b>3</b> kartu menunggu dicetak, <b>1</b> menunggu diserahkan" in page
    village = clerk.get("/kartu?desa=62.06.05.2003").text
    assert "3 kartu" in village
    assert "Buat paket desa ini" in village
    assert str(printed.number) in village


def test_a_village_elsewhere_is_not_shown(scene, clerk):
    scene.issue(scene.add_family(village="62.71.01.1001"))
    for path in ("/kartu?desa=62.71.01.1001", "/kartu?desa=62.06.05.9999"):
        assert clerk.get(path).status_code == 404


def test_a_card_is_opened_by_its_number_however_it_is_typed(scene, clerk):
    card = scene.issue(scene.add_family())
    assert clerk.get(f"/kartu/cari?nomor={card.number.replace('-', '')}").location == f"/kartu/{card.number}"
    wrong = CardNumber.make("62.06", 999_999)
    page = clerk.get(f"/kartu/cari?nomor={wrong}", follow_redirects=True).text
    assert "Kartu tidak terdaftar" in page
    assert "salah bentuk" in clerk.get("/kartu/cari?nomor=apa", follow_redirects=True).text


def test_the_photo_of_the_head_is_printed_on_the_card(scene, clerk):
    family = scene.add_family()
    card = scene.issue(family)
    without = clerk.get(f"/kartu/{card.number}/cetak.pdf").data
    scene.give_photo(family)
    assert len(clerk.get(f"/kartu/{card.number}/cetak.pdf").data) > len(without) + 1_000


def test_a_lost_photo_file_does_not_hold_up_the_printer(scene, clerk):
    family = scene.add_family()
    card = scene.issue(family)
    scene.give_photo(family)
    for file in scene.photos.glob("*.jpg"):
        file.unlink()
    assert clerk.get(f"/kartu/{card.number}/cetak.pdf").status_code == 200
