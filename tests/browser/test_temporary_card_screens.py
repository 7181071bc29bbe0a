"""A temporary card from its issue to the hand-over, and its plastic one, in a real browser."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import zxingcpp
from browsing import assert_accessible, follow, keep_picture, look, sign_in
from conftest import VILLAGE
from invented import number_of
from playwright.sync_api import Page, expect
from scanner import scan


def open_family(page: Page, place: int) -> None:
    """Open the page of one of the invented families."""
    page.goto("/keluarga")
    page.get_by_label("Nomor KK, NIK, atau nama").fill(number_of(VILLAGE, place))
    page.get_by_role("button", name="Cari").click()
    follow(page.locator(".row"))


def test_paper_is_issued_read_from_its_slip_handed_over_and_replaced_by_plastic(page: Page):
    sign_in(page, "kartu.ani")
    open_family(page, 0)
    page.get_by_text("Kartu sementara", exact=True).click()
    look(page, "temporary-family")
    assert_accessible(page)
    page.get_by_role("button", name="Terbitkan kartu sementara (kertas, 30 hari)").click()
    expect(page.get_by_text("Kartu sementara (kertas) diterbitkan.")).to_be_visible()
    look(page, "temporary-issued")
    assert_accessible(page)

    pdf = page.request.get(page.get_by_role("link", name="Buka lembar kartu sementara").get_attribute("href")).body()
    with pypdfium2.PdfDocument(BytesIO(pdf)) as slip:
        shown = slip[0].render(scale=300 / 72).to_pil()
    keep_picture(shown, "temporary-slip")
    [code] = zxingcpp.read_barcodes(shown)
    number = page.url.rpartition("/")[2]

    follow(page.get_by_role("button", name="Tandai tercetak"))
    page.goto("/kartu/serahkan")
    scan(page, code.text)
    expect(page.get_by_role("heading", name="Siapa yang menerima kartu?")).to_be_visible()
    page.get_by_label("KTP asli penerima sudah dilihat").check()
    page.get_by_role("button", name="Serahkan dan aktifkan kartu").click()
    expect(page.get_by_text(f"Kartu {number} sudah diserahkan dan sekarang aktif.")).to_be_visible()

    page.goto("/kartu/sementara")
    look(page, "temporary-list")
    assert_accessible(page)
    page.locator("tbody a").click()
    page.get_by_text("Ganti dengan kartu tetap", exact=True).click()
    look(page, "temporary-active")
    assert_accessible(page)
    page.get_by_role("button", name="Terbitkan kartu tetap").click()
    expect(page.get_by_text("Kartu pengganti terbit.")).to_be_visible()
    expect(page.get_by_role("link", name="Buka PDF kartu")).to_be_visible()
    page.goto(f"/kartu/{number}")
    expect(page.get_by_text("karena kartu sementara diganti kartu tetap")).to_be_visible()
    look(page, "temporary-replaced")
