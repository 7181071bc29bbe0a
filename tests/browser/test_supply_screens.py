"""Blanks and ribbons at the counter: boxes come, go into hands, are used, counted and destroyed."""

from __future__ import annotations

import re

import pypdfium2
from browsing import assert_accessible, follow, keep_picture, look, sign_in
from conftest import Kiosk
from playwright.sync_api import Page, expect
from sqlalchemy import select

from kiosk.clock import now
from registry.audit import Actor
from registry.cards.cards import cards_in_village, live_card_of, mark_printed, mark_spoilt
from registry.models import Officer
from verify.issue import issue_for_village

VILLAGE = "62.06.05.2003"


def receive(page: Page, number: str, *, supply: str = "Blanko kartu", quantity: str = "500", content: str) -> None:
    page.get_by_label("Nomor kotak").fill(number)
    page.get_by_label(supply, exact=True).check()
    page.get_by_label("Jumlah", exact=False).first.fill(quantity)
    page.get_by_label("Jenis").fill(content)
    page.get_by_label("Nomor surat jalan").fill("SJ-0417/DUKCAPIL")
    page.get_by_role("button", name="Terima kotak").click()
    expect(page.get_by_text(f"Kotak {number} diterima")).to_be_visible()


def open_box(page: Page, number: str) -> None:
    page.goto("/blanko")
    page.get_by_label("Nomor kotak").fill(number)
    page.keyboard.press("Enter")  # as a scanner does
    expect(page.get_by_role("heading", name=number)).to_be_visible()


def test_1_boxes_of_one_delivery_are_received_one_after_the_other(page: Page):
    sign_in(page, "kartu.ani")
    page.goto("/blanko")
    expect(page.get_by_text("Belum ada kotak yang diterima")).to_be_visible()
    look(page, "supplies-none")
    page.get_by_role("link", name="Terima kotak").click()
    page.get_by_role("button", name="Terima kotak").click()
    expect(page.get_by_text("Isi nomor surat jalannya.")).to_be_visible()
    look(page, "supplies-receive-wrong")
    assert_accessible(page)
    receive(page, "KHB-2026-0041", quantity="12", content="CR80 PVC 0,76 mm")
    receive(page, "KHB-2026-0042", content="CR80 PVC 0,76 mm")
    receive(page, "PITA-2026-0007", supply="Pita printer", quantity="200", content="YMCKOK 200")
    page.goto("/blanko")
    expect(page.get_by_role("link", name="KHB-2026-0042")).to_be_visible()


def test_2_blanks_go_into_hands_and_printing_uses_them(page: Page, kiosk: Kiosk):
    sign_in(page, "kartu.ani")
    open_box(page, "KHB-2026-0041")
    page.get_by_text("Serahkan kepada petugas").click()
    issue = page.locator("details", has_text="Serahkan kepada petugas")
    issue.get_by_label("Petugas").select_option(label="Ani Rahmawati")
    issue.get_by_label("Jumlah").fill("4")
    issue.get_by_role("button", name="Catat penyerahan").click()
    expect(page.get_by_text("4 pada Ani Rahmawati")).to_be_visible()
    with kiosk.database.writing() as session:
        ani = session.scalars(select(Officer).where(Officer.username == "kartu.ani")).one()
        rest = {"actor": Actor(ani.id, ani.point_id), "keys": kiosk.keys, "at": now()}
        issue_for_village(session, VILLAGE, **rest)
        cards = [live_card_of(session, family) for family, number in cards_in_village(session, VILLAGE) if number]
        assert len(cards) > 6
        for card in cards[:6]:
            mark_printed(session, card, **rest)
        mark_spoilt(
            session, cards[0], reason="pita putus, garis putih melintang di foto", destroyed_by="Ani Rahmawati", **rest
        )
    page.reload()
    expect(page.get_by_text("1 rusak")).to_be_visible()
    look(page, "supplies-box")
    assert_accessible(page)
    page.get_by_text("Catat rusak di luar pencetakan").click()
    spoil = page.locator("details", has_text="Catat rusak di luar pencetakan")
    expect(spoil.get_by_label("Dimusnahkan oleh")).to_have_value("Ani Rahmawati")
    spoil.get_by_role("button", name="Catat rusak").click()
    expect(page.get_by_text("Tulis alasannya.")).to_be_visible()
    look(page, "supplies-box-wrong")
    spoil = page.locator("details", has_text="Catat rusak di luar pencetakan")
    spoil.get_by_label("Jumlah").fill("2")
    spoil.get_by_label("Alasan").fill("Basah terkena atap bocor")
    spoil.get_by_label("Dimusnahkan oleh").fill("Siti Norhayati, penyelia")
    spoil.get_by_role("button", name="Catat rusak").click()
    expect(page.get_by_text("2 dicatat rusak dan dimusnahkan.")).to_be_visible()


def test_3_the_count_differs_and_becomes_a_case_that_the_supervisor_reads(page: Page):
    sign_in(page, "kartu.ani")
    page.goto("/blanko")
    follow(page.get_by_role("link", name="Hitung penutupan").first)
    fields = page.locator("input[type=number]")
    for place, found in enumerate(("4", "499")):
        fields.nth(place).fill(found)
    page.get_by_role("button", name="Simpan hitungan").click()
    expect(page.get_by_text("Hitung sekali lagi; bila tetap, tulis penjelasannya.")).to_be_visible()
    look(page, "supplies-count")
    assert_accessible(page)
    page.get_by_label("Penjelasan").fill("Satu keping belum ditemukan, dicari lagi besok.")
    page.get_by_role("button", name="Simpan hitungan").click()
    expect(page.get_by_text("Selisihnya menjadi kasus")).to_be_visible()
    look(page, "supplies")
    assert_accessible(page)
    sign_in(page, "penyelia.siti")
    page.goto("/blanko")
    page.get_by_role("link", name=re.compile("kasus")).click()
    expect(page.get_by_text("Satu keping belum ditemukan")).to_be_visible()
    look(page, "supplies-case")


def test_4_low_blanks_are_told_where_the_day_begins(page: Page):
    sign_in(page, "kartu.ani")
    open_box(page, "KHB-2026-0042")
    page.get_by_text("Kembalikan ke pemasok").click()
    back = page.locator("details", has_text="Kembalikan ke pemasok")
    back.get_by_label("Jumlah").fill("499")
    back.get_by_label("Alasan").fill("Salah jenis")
    follow(back.get_by_role("button", name="Catat retur"))
    page.goto("/blanko")
    expect(page.get_by_text("minta kiriman sekarang").first).to_be_visible()
    look(page, "supplies-low")
    assert_accessible(page)
    page.goto("/")
    expect(page.get_by_text("1 persediaan menipis")).to_be_visible()


def test_5_the_paper_of_what_was_destroyed(page: Page):
    sign_in(page, "kartu.ani")
    page.goto("/blanko")
    paper = page.request.get(page.get_by_role("link", name="PDF").get_attribute("href"))
    assert paper.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(paper.body())
    keep_picture(document[0].render(scale=1.5).to_pil(), "supplies-destroyed")
    document.close()
