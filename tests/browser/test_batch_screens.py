"""A village's cards as one batch: chosen, drawn, the PDF read, and what came out matched by range and all but some."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from browsing import assert_accessible, follow, keep_picture, look, sign_in
from conftest import VILLAGE, Kiosk
from playwright.sync_api import Page, expect
from scanner import scan
from sqlalchemy import select

from kiosk.clock import now
from registry.audit import Actor
from registry.cards.cards import issue_card
from registry.code.token import read_card, to_text
from registry.keys.keys import load_trust
from registry.models import Card, Family
from registry.officers.points import CENTRE, get_point

DRAWN_WITHIN = 120_000  # milliseconds; a quiet machine needs two seconds


@pytest.fixture(scope="module")
def cards(kiosk: Kiosk) -> list[str]:
    """Issue a card to each of the twenty families of Petak Puti; return their numbers."""
    with kiosk.database.writing() as session:
        actor = Actor(officer_id=None, point_id=get_point(session, CENTRE).id)
        families = session.scalars(select(Family).where(Family.village_code == VILLAGE)).all()
        return [issue_card(session, one, actor=actor, keys=kiosk.keys, at=now()).number for one in families]


@pytest.fixture
def clerk(page: Page) -> Page:
    sign_in(page, "kartu.ani")
    return page


def pages_of(pdf: bytes) -> list:
    with pypdfium2.PdfDocument(BytesIO(pdf)) as document:
        return [document[page].render(scale=300 / 72).to_pil() for page in range(len(document))]


def text_of(kiosk: Kiosk, number: str) -> str:
    with kiosk.database.reading() as session:
        return to_text(session.scalars(select(Card.token).where(Card.number == number)).one())


def test_a_village_is_drawn_printed_and_matched(clerk: Page, kiosk: Kiosk, cards: list[str]):
    follow(clerk.get_by_role("navigation", name="Tugas").get_by_role("link", name="Paket"))
    look(clerk, "batches-none")
    clerk.goto(f"/kartu?desa={VILLAGE}")
    clerk.get_by_role("link", name="Buat paket desa ini").click()
    expect(clerk.get_by_label("Desa atau kelurahan", exact=True)).to_have_value(VILLAGE)
    look(clerk, "batches-choose")
    assert_accessible(clerk)
    follow(clerk.get_by_role("button", name="Buat paket"))
    look(clerk, "batches-drawing")
    expect(clerk.get_by_text("siap dicetak")).to_be_visible(timeout=DRAWN_WITHIN)
    look(clerk, "batches-ready")
    assert_accessible(clerk)

    pdf = clerk.request.get(clerk.get_by_role("link", name="Semua kartu").get_attribute("href")).body()
    pictures = pages_of(pdf)
    keep_picture(pictures[0], "batches-first-front")
    keep_picture(pictures[1], "batches-first-back")
    with kiosk.database.reading() as session:
        trust = load_trust(session)
    codes = [zxingcpp.read_barcodes(picture)[0].text for picture in pictures[1::2]]
    shown = clerk.locator("td[data-name='Nomor kartu'] .number").all_inner_texts()
    assert [read_card(code, trust, at=now()).claims.number for code in codes] == shown
    assert sorted(shown) == sorted(cards)

    clerk.get_by_label("Nomor urut yang tercetak baik").fill("1-12")
    clerk.get_by_role("button", name="Tandai tercetak").click()
    expect(clerk.get_by_text("12 kartu ditandai tercetak.")).to_be_visible()
    look(clerk, "batches-range")

    clerk.get_by_label("Nomor urut atau nomor kartu").fill("15, 17")
    clerk.get_by_role("button", name="Catat").click()
    expect(clerk.get_by_text("Tulis apa yang salah")).to_be_visible()
    clerk.get_by_label("Apa yang salah").fill("gambar bergaris")
    expect(clerk.get_by_label("Dimusnahkan oleh")).to_have_value("Ani Rahmawati")
    clerk.get_by_label("Semua kartu lain di paket ini").check()
    look(clerk, "batches-all-but")
    clerk.get_by_role("button", name="Catat").click()
    expect(clerk.get_by_text("6 kartu lain ditandai tercetak.")).to_be_visible()
    look(clerk, "batches-settled")
    assert_accessible(clerk)


def test_what_was_spoilt_is_drawn_again_and_matched_by_scanning(clerk: Page, kiosk: Kiosk, cards: list[str]):
    clerk.goto("/kartu/paket/1")
    clerk.get_by_role("button", name="Buat paket cetak ulang (2 kartu)").click()
    expect(clerk.get_by_text("siap dicetak")).to_be_visible(timeout=DRAWN_WITHIN)
    expect(clerk.get_by_text("cetakan ke-2").first).to_be_visible()
    numbers = clerk.locator("td[data-name='Nomor kartu'] .number").all_inner_texts()
    follow(clerk.get_by_role("link", name="Cocokkan dengan memindai"))
    look(clerk, "batches-scan")
    assert_accessible(clerk)
    for number in numbers:
        scan(clerk, text_of(kiosk, number))
        expect(clerk.get_by_text("Tercetak dan terbaca")).to_be_visible()
        expect(clerk.get_by_role("status")).to_contain_text(number)
    look(clerk, "batches-scanned")
    expect(clerk.get_by_text("Semua sudah jelas")).to_be_visible()
    clerk.goto("/kartu/paket")
    look(clerk, "batches-index")
    assert_accessible(clerk)
