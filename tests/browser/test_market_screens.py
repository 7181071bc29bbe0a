"""The market and the family's balance, played at the counter: scan, price, face and KTP, paid, given; who takes it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from browsing import assert_accessible, look, sign_in
from conftest import VILLAGE, Kiosk
from PIL import Image
from playwright.sync_api import Page, expect
from scanner import scan
from sqlalchemy import select

from kiosk.clock import now
from registry.audit import Actor
from registry.cards.cards import hand_over, mark_printed, note_read_back
from registry.code.token import to_text
from registry.days import local_day
from registry.models import Balance, Card, Redemption
from registry.officers.points import CENTRE, get_point
from registry.programmes.rounds import Place
from verify.issue import issue_for_village
from verify.rounds import open_round_for_villages

PROXY_NIK = "6206050101700044"


@pytest.fixture(scope="module")
def texts(kiosk: Kiosk) -> list[str]:
    """What the scanner reads from the active cards of Petak Puti; a market and this year's balance are open."""
    at = now()
    with kiosk.database.writing() as session:
        rest = {"actor": Actor(None, get_point(session, CENTRE).id), "keys": kiosk.keys, "at": at}
        issue_for_village(session, VILLAGE, **rest)
        cards = session.scalars(select(Card).order_by(Card.id)).all()
        for card in cards:
            mark_printed(session, card, **rest)
            note_read_back(session, card, **rest)
            hand_over(session, card, card.head, id_seen=True, **rest)
        today = local_day(at)
        days = {"opens_on": today, "closes_on": today + timedelta(days=5)}
        place = Place(get_point(session, "BAGI-PETAKPUTI").id, [VILLAGE])
        open_round_for_villages(session, "PASAR", name="Pasar Murah November", places=[place], **days, **rest)
        open_round_for_villages(session, "BELANJA", name="Tahun 2026", places=[place], **days, **rest)
        return [to_text(card.token) for card in cards]


@pytest.fixture
def point(page: Page, texts: list[str]) -> Page:
    sign_in(page, "bagi.joko")
    page.goto("/pindai")
    return page


def market(page: Page):
    """Return the part of the verdict that is the market's."""
    return page.get_by_role("region", name="Pasar Murah")


def take_steps(page: Page) -> None:
    offer = market(page)
    offer.get_by_label("KTP asli dilihat").check()
    offer.get_by_label("Wajah dan KTP cocok").check()
    offer.get_by_label("Sudah dibayar Rp15.000").check()


def give(page: Page) -> None:
    market(page).get_by_role("button", name="Salurkan Pasar Murah").click()


def test_a_package_of_the_market_is_paid_and_given(point: Page, texts: list[str]):
    scan(point, texts[0])
    expect(point.locator("#putusan")).to_have_text("Berhak")
    expect(market(point).get_by_text("Terima pembayaran Rp15.000, tidak lebih")).to_be_visible()
    look(point, "market-verdict")
    assert_accessible(point)
    give(point)  # the browser itself does not send it before every step is ticked
    expect(point.locator("#putusan")).to_have_text("Berhak")
    take_steps(point)
    give(point)
    expect(point.locator("#putusan")).to_have_text("Diserahkan")
    expect(point.get_by_text("lima belas ribu rupiah")).to_be_visible()
    look(point, "market-receipt")
    assert_accessible(point)


def test_a_step_that_was_left_out_is_refused_and_mended_at_once(point: Page, texts: list[str], kiosk: Kiosk):
    scan(point, texts[1])
    expect(point.locator("#putusan")).to_have_text("Berhak")
    point.evaluate("for (const box of document.querySelectorAll('[required]')) box.required = false")
    market(point).get_by_label("KTP asli dilihat").check()
    give(point)
    expect(point.locator("#putusan")).to_have_text("Ditolak")
    expect(point.get_by_text("wajah dan KTP cocok", exact=False).first).to_be_visible()
    expect(point.get_by_text("Belum dibayar")).to_be_visible()
    look(point, "market-step-missing")
    assert_accessible(point)
    take_steps(point)
    give(point)
    expect(point.locator("#putusan")).to_have_text("Diserahkan")


def test_a_proxy_collects_for_three_families_and_no_more(point: Page, texts: list[str]):
    for number, text in enumerate(texts[2:6]):
        point.goto("/pindai")
        scan(point, text)
        take_steps(point)
        offer = market(point)
        offer.get_by_text("Ganti bila orang lain").click()
        offer.get_by_label("Wakil dari luar KK").check()
        if number == 0:
            offer.get_by_label("NIK wakil").fill("12345")
            give(point)
            expect(point.locator("[id^=proxy_nik][id$=error]")).to_be_visible()
            look(point, "market-proxy")
            assert_accessible(point)
        offer.get_by_label("Nama wakil").fill("Bahrudin")
        offer.get_by_label("NIK wakil").fill(PROXY_NIK)
        offer.get_by_label("Nomor surat kuasa").fill(f"SK/{number}/2026")
        give(point)
        if number < 3:
            expect(point.locator("#putusan")).to_have_text("Diserahkan")
            expect(point.get_by_text("Bahrudin, wakil (NIK ••••0044)")).to_be_visible()
    expect(point.locator("#putusan")).to_have_text("Ditolak")
    expect(point.get_by_text("sudah mengambil untuk 3 keluarga; batasnya 3")).to_be_visible()
    look(point, "market-proxy-limit")
    assert_accessible(point)


def test_a_supervisor_sees_who_collected_for_many(point: Page, kiosk: Kiosk):
    with kiosk.database.reading() as session:
        number = session.scalars(
            select(Redemption.receipt_number).where(Redemption.proxy_id.is_not(None)).order_by(Redemption.seq)
        ).first()
    sign_in(point, "penyelia.siti")
    point.goto(f"/bukti/{number}")
    point.get_by_role("link", name="Semua wakil tahap ini").click()
    expect(point.get_by_role("rowheader", name="Bahrudin")).to_be_visible()
    look(point, "market-proxies")
    assert_accessible(point)


def test_a_balance_is_spent_in_parts_with_the_amount_in_words(point: Page, texts: list[str], kiosk: Kiosk):
    scan(point, texts[0])
    offer = point.get_by_role("region", name="Saldo Belanja Pangan")
    expect(offer.get_by_text("Sisa saldo Rp2.000.000")).to_be_visible()
    offer.get_by_label("Jumlah belanja").fill("75.000")
    offer.get_by_label("KTP asli dilihat").check()
    look(point, "balance-verdict")
    assert_accessible(point)
    offer.get_by_role("button", name="Belanjakan").click()
    expect(point.locator("#putusan")).to_have_text("Dibelanjakan")
    expect(point.get_by_text("Rp75.000 (tujuh puluh lima ribu rupiah)")).to_be_visible()
    expect(point.get_by_text("Rp1.925.000")).to_be_visible()
    look(point, "balance-receipt")
    assert_accessible(point)
    receipt = point.url
    scan(point, texts[0])
    offer = point.get_by_role("region", name="Saldo Belanja Pangan")
    offer.get_by_label("Jumlah belanja").fill("2000000")
    offer.get_by_label("KTP asli dilihat").check()
    offer.get_by_role("button", name="Belanjakan").click()
    expect(point.get_by_text("Sisa saldo keluarga Rp1.925.000, yang diminta Rp2.000.000")).to_be_visible()
    look(point, "balance-not-enough")
    sign_in(point, "penyelia.siti")
    point.goto(receipt)
    point.get_by_text("Batalkan belanja ini").click()
    point.get_by_label("Alasan pembatalan").fill("salah hitung")
    point.get_by_role("button", name="Ya, batalkan").click()
    expect(point.get_by_text("Jumlahnya kembali ke saldo keluarga.")).to_be_visible()
    with kiosk.database.reading() as session:
        assert set(session.scalars(select(Balance.spent))) == {0}


def test_a_photo_of_the_hand_over_is_kept_with_the_receipt(point: Page, kiosk: Kiosk):
    with kiosk.database.reading() as session:
        number = session.scalars(select(Redemption.receipt_number).order_by(Redemption.seq)).first()
    point.goto(f"/bukti/{number}")
    point.get_by_role("link", name="Foto serah terima").click()
    expect(point.get_by_role("heading", name="Foto serah terima")).to_be_visible()
    look(point, "hand-over-photo")
    assert_accessible(point)
    picture = BytesIO()
    Image.new("RGB", (800, 600), "olive").save(picture, "JPEG")
    point.get_by_label("Foto serah terima").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    point.get_by_role("button", name="Simpan foto").click()
    expect(point.get_by_text("Foto serah terima tersimpan.")).to_be_visible()
    sign_in(point, "penyelia.siti")
    point.goto(f"/bukti/{number}")
    expect(point.get_by_role("img", name="Foto serah terima")).to_be_visible()
