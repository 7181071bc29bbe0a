"""The life of a card at the counter, in a real browser: from an entitled family to a card that opens things."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from browsing import assert_accessible, follow, look, sign_in
from conftest import VILLAGE
from invented import number_of
from playwright.sync_api import Page, expect
from scanner import scan


@pytest.fixture
def clerk(page: Page) -> Page:
    sign_in(page, "kartu.ani")
    return page


def open_family(page: Page, place: int) -> None:
    """Open the page of one of the invented families."""
    page.goto("/keluarga")
    page.get_by_label("Nomor KK, NIK, atau nama").fill(number_of(VILLAGE, place))
    page.get_by_role("button", name="Cari").click()
    follow(page.locator(".row"))


def issue(page: Page, place: int) -> str:
    """Issue a card to one of the invented families and return its number."""
    open_family(page, place)
    page.get_by_role("button", name="Terbitkan kartu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kartu 62-06-")
    return page.url.rpartition("/")[2]


def read_code(page: Page, number: str) -> str:
    """Fetch the card's PDF and read the code on its back, as a scanner of 300 dots to the inch sees it."""
    pdf = page.request.get(f"/kartu/{number}/cetak.pdf").body()
    picture = pypdfium2.PdfDocument(BytesIO(pdf))[1].render(scale=300 / 72).to_pil()
    [code] = zxingcpp.read_barcodes(picture)
    return code.text


def print_card(page: Page, place: int) -> tuple[str, str]:
    """Issue a card, read it from its PDF, and mark it as printed; return its number and what a scanner reads."""
    number = issue(page, place)
    text = read_code(page, number)
    page.get_by_role("button", name="Tandai tercetak").click()
    expect(page.get_by_text("tercetak, belum diserahkan")).to_be_visible()
    return number, text


def test_a_card_is_issued_printed_read_from_its_pdf_handed_over_and_active(clerk: Page):
    open_family(clerk, 0)
    look(clerk, "cards-family-without-card")
    clerk.get_by_role("button", name="Terbitkan kartu").click()
    expect(clerk.get_by_text("Kartu diterbitkan.")).to_be_visible()
    look(clerk, "cards-issued")
    assert_accessible(clerk)
    number = clerk.url.rpartition("/")[2]
    text = read_code(clerk, number)

    clerk.get_by_role("button", name="Tandai tercetak").click()
    expect(clerk.locator("[aria-current=step]")).to_contain_text("Diserahkan dan aktif")
    look(clerk, "cards-printed")
    clerk.get_by_role("link", name="Serahkan kartu").click()

    expect(clerk.get_by_role("heading", name="Serahkan kartu")).to_be_visible()
    look(clerk, "hand-over-waits")
    assert_accessible(clerk)
    scan(clerk, text)
    expect(clerk.get_by_role("heading", name="Siapa yang menerima kartu?")).to_be_visible()
    expect(clerk.get_by_label("Uhing Saputra Kahayan")).to_be_checked()
    look(clerk, "hand-over-receivers")
    assert_accessible(clerk)

    clerk.get_by_role("button", name="Serahkan dan aktifkan kartu").click()
    expect(clerk.get_by_text("Lihat dulu KTP asli penerima")).to_be_visible()
    look(clerk, "hand-over-without-id")
    clerk.get_by_label("KTP asli penerima sudah dilihat").check()
    clerk.get_by_role("button", name="Serahkan dan aktifkan kartu").click()
    expect(clerk.get_by_text(f"Kartu {number} sudah diserahkan dan sekarang aktif.")).to_be_visible()
    look(clerk, "hand-over-done")

    clerk.goto(f"/kartu/{number}")
    expect(clerk.locator(".badge", has_text="aktif")).to_be_visible()
    expect(clerk.locator(".step--done", has_text="Diterima Uhing Saputra Kahayan").first).to_be_visible()
    look(clerk, "cards-active")
    assert_accessible(clerk)


def test_scanning_the_active_card_again_is_refused_over_the_whole_screen(clerk: Page):
    number, text = print_card(clerk, 1)
    clerk.goto("/kartu/serahkan")
    scan(clerk, text)
    clerk.get_by_label("KTP asli penerima sudah dilihat").check()
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_text("sekarang aktif")).to_be_visible()
    scan(clerk, text)
    expect(clerk.get_by_role("heading", name="Jangan serahkan")).to_be_visible()
    expect(clerk.get_by_text("Kartu sudah diserahkan")).to_be_visible()
    look(clerk, "hand-over-refused")
    assert_accessible(clerk)
    clerk.get_by_role("link", name="Buka halaman kartu").click()
    expect(clerk.get_by_role("heading", level=1)).to_contain_text(number)


def test_a_scanner_without_enter_and_a_number_typed_by_hand_do_as_well(clerk: Page):
    number, text = print_card(clerk, 4)
    clerk.goto("/kartu/serahkan")
    scan(clerk, text, ends_with_enter=False)
    expect(clerk.get_by_role("heading", name="Siapa yang menerima kartu?")).to_be_visible()
    clerk.get_by_role("link", name="Batal").click()
    clerk.get_by_label("Nomor kartu").fill(number)
    clerk.get_by_label("Nomor kartu").press("Enter")
    expect(clerk.get_by_role("heading", name="Siapa yang menerima kartu?")).to_be_visible()


def test_what_is_not_ours_is_grey(clerk: Page):
    clerk.goto("/kartu/serahkan")
    scan(clerk, "00020101021126610014COM.GO-JEK.WWW01189360091434506469550210G4506469550303UMI")
    expect(clerk.get_by_role("heading", name="Bukan kartu kita")).to_be_visible()
    look(clerk, "hand-over-not-ours")
    assert_accessible(clerk)


def test_a_family_that_is_not_entitled_is_told_every_reason(clerk: Page):
    open_family(clerk, 2)
    clerk.get_by_role("button", name="Terbitkan kartu").click()
    expect(clerk.get_by_role("heading", name="Tidak diterbitkan")).to_be_visible()
    expect(clerk.get_by_text("penerima PKH tidak menerima kartu ini")).to_be_visible()
    look(clerk, "cards-not-entitled")
    assert_accessible(clerk)


def test_a_lost_card_is_replaced_and_both_lead_to_each_other(clerk: Page):
    old, text = print_card(clerk, 5)
    clerk.get_by_text("Ganti dengan kartu baru").click()
    clerk.get_by_role("button", name="Ganti kartu").click()
    expect(clerk.get_by_text("Pilih alasannya.")).to_be_visible()
    look(clerk, "cards-replace")
    assert_accessible(clerk)
    clerk.locator("details[open]").get_by_label("Hilang").check()
    clerk.get_by_role("button", name="Ganti kartu").click()
    expect(clerk.get_by_text("Kartu pengganti terbit.")).to_be_visible()
    expect(clerk.get_by_text("Menggantikan kartu")).to_be_visible()
    clerk.get_by_role("link", name=old).click()
    expect(clerk.get_by_text("ditolak di semua tempat")).to_be_visible()
    look(clerk, "cards-replaced")
    assert_accessible(clerk)
    clerk.goto("/kartu/serahkan")
    scan(clerk, text)
    expect(clerk.get_by_text("Ada kartu yang lebih baru")).to_be_visible()


def test_a_spoilt_print_goes_back_to_the_printer(clerk: Page):
    number = issue(clerk, 6)
    clerk.locator("summary", has_text="Cetakan rusak").click()
    clerk.get_by_label("Apa yang rusak").fill("gambar bergaris")
    look(clerk, "cards-spoilt")
    clerk.get_by_role("button", name="Catat cetakan rusak").click()
    expect(clerk.get_by_text("“gambar bergaris”")).to_be_visible()
    assert clerk.request.get(f"/kartu/{number}/cetak.pdf").ok


def test_a_blocked_card_shows_why(clerk: Page):
    issue(clerk, 7)
    clerk.get_by_text("Blokir kartu", exact=True).first.click()
    clerk.locator("details[open]").get_by_label("Disalahgunakan").check()
    clerk.locator("details[open]").get_by_label("Catatan").fill("dipakai orang lain")
    look(clerk, "cards-block")
    clerk.get_by_role("button", name="Blokir kartu").click()
    expect(clerk.get_by_text("diblokir karena disalahgunakan")).to_be_visible()
    look(clerk, "cards-blocked")
    assert_accessible(clerk)


def test_the_waiting_cards_of_a_village_lead_to_a_batch(clerk: Page):
    numbers = [issue(clerk, place) for place in (8, 9)]
    clerk.get_by_role("navigation", name="Tugas").get_by_role("link", name="Kartu").click()
    expect(clerk.get_by_role("heading", name="Kartu yang menunggu")).to_be_visible()
    look(clerk, "cards-waiting")
    assert_accessible(clerk)
    clerk.get_by_role("link", name="Petak Puti").click()
    for number in numbers:
        expect(clerk.get_by_role("row", name=number)).to_be_visible()
    look(clerk, "cards-village")
    assert_accessible(clerk)
    clerk.get_by_role("link", name="Buat paket desa ini").click()
    expect(clerk.get_by_role("heading", name="Buat paket")).to_be_visible()


def test_a_card_is_opened_by_its_number(clerk: Page):
    number = issue(clerk, 3)
    clerk.goto("/kartu")
    clerk.get_by_label("Buka kartu menurut nomornya").fill(number.replace("-", " "))
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_role("heading", level=1)).to_contain_text(number)
