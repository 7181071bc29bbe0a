"""The puskesmas in a real browser: scan, person, visit, the course of a pregnancy, the letter, an emergency."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2
import pytest
from browsing import PASSWORD, assert_accessible, follow, keep_picture, look, sign_in
from conftest import VILLAGE, Kiosk
from playwright.sync_api import Page, expect
from scanner import scan
from sqlalchemy import select

from kiosk.clock import now
from registry.audit import Actor
from registry.cards.cards import block_card, hand_over, mark_printed, note_read_back
from registry.code.token import to_text
from registry.days import local_day
from registry.kinds import BlockReason, PointKind, Role
from registry.models import Card, Visit
from registry.officers.officers import add_officer
from registry.officers.passwords import make_password_hash
from registry.officers.points import CENTRE, add_point, get_point
from verify.issue import issue_for_village


@pytest.fixture(scope="module")
def texts(kiosk: Kiosk) -> list[str]:
    """What the scanner reads from cards of Petak Puti; the last card is blocked. And a puskesmas with its officers."""
    with kiosk.database.writing() as session:
        rest = {"actor": Actor(None, get_point(session, CENTRE).id), "keys": kiosk.keys, "at": now()}
        for code, name, kind, username, officer, role in (
            (
                "PKM-SAMBA",
                "Puskesmas Tumbang Samba",
                PointKind.PUSKESMAS,
                "bidan.lina",
                "Lina Marlina",
                Role.HEALTH_WORKER,
            ),
            ("TPA-SAMBA", "Kantor Camat", PointKind.OFFICE, "mengaji.umar", "Umar Faruk", Role.DISTRIBUTOR),
        ):
            point = add_point(session, code=code, name=name, kind=kind, area_code="62.06.05", **rest)
            hashed = make_password_hash(PASSWORD, username=username)
            add_officer(session, point, username=username, name=officer, password_hash=hashed, roles=[role], **rest)
        issue_for_village(session, VILLAGE, **rest)
        cards = session.scalars(select(Card).order_by(Card.id)).all()
        for card in cards:
            mark_printed(session, card, **rest)
            note_read_back(session, card, **rest)
            hand_over(session, card, card.head, id_seen=True, **rest)
        block_card(session, cards[-1], BlockReason.LOST, **rest)
        return [to_text(card.token) for card in cards]


@pytest.fixture
def midwife(page: Page, texts: list[str]) -> Page:
    sign_in(page, "bidan.lina")
    page.goto("/layanan-kesehatan")
    return page


def choose(page: Page, text: str, name: str) -> None:
    """Scan a card and choose a person by the first words of their name."""
    scan(page, text)
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_a_visit_is_recorded_from_the_scan_by_two_presses(midwife: Page, texts: list[str], kiosk: Kiosk):
    look(midwife, "care-waits")
    assert_accessible(midwife)
    scan(midwife, texts[0])
    expect(midwife.get_by_role("heading", name="Siapa yang datang?")).to_be_visible()
    look(midwife, "care-members")
    assert_accessible(midwife)
    midwife.get_by_role("button", name="Lestari").click()
    expect(midwife.get_by_text("PBI (iuran dibayar pemerintah)")).to_be_visible()
    look(midwife, "care-member")
    assert_accessible(midwife)
    midwife.get_by_role("button", name="Berobat").dblclick()
    expect(midwife.locator("#putusan")).to_have_text("Tercatat")
    look(midwife, "care-recorded")
    assert_accessible(midwife)
    with kiosk.database.reading() as session:
        assert len(session.scalars(select(Visit)).all()) == 1


def test_a_pregnancy_is_registered_and_visited_and_the_next_card_is_scanned_at_once(midwife: Page, texts: list[str]):
    choose(midwife, texts[7], "Yuliana")
    midwife.get_by_role("button", name="Daftarkan kehamilan").click()
    expect(midwife.get_by_text("Isi hari perkiraan lahir")).to_be_visible()
    look(midwife, "care-due-date-missing")
    midwife.get_by_label("Hari perkiraan lahir").fill((local_day(now()) + timedelta(days=120)).isoformat())
    midwife.get_by_role("button", name="Daftarkan kehamilan").click()
    expect(midwife.get_by_text("Kehamilan terdaftar.")).to_be_visible()
    midwife.get_by_label("Kunjungan berikutnya").fill((local_day(now()) + timedelta(days=28)).isoformat())
    look(midwife, "care-pregnancy")
    assert_accessible(midwife)
    midwife.get_by_role("button", name="Catat kunjungan ke-1").click()
    expect(midwife.get_by_text("ke-1 dari 6")).to_be_visible()
    expect(midwife.get_by_text("Kunjungan berikutnya")).to_be_visible()
    look(midwife, "care-step-recorded")
    choose(midwife, texts[7], "Yuliana")
    expect(midwife.get_by_text("1 dari 6 kunjungan sudah dicatat")).to_be_visible()
    expect(midwife.get_by_role("button", name="Catat kunjungan ke-2")).to_be_visible()
    look(midwife, "care-course")


def test_a_card_that_is_not_good_shows_its_reasons_and_what_an_emergency_needs(midwife: Page, texts: list[str]):
    scan(midwife, texts[-1])
    expect(midwife.locator("#putusan")).to_have_text("Kartu tidak berlaku")
    expect(midwife.get_by_text("Kartu diblokir")).to_be_visible()
    expect(midwife.get_by_text("RSUD Hanau")).to_be_visible()
    look(midwife, "care-refused")
    assert_accessible(midwife)
    midwife.goto("/layanan-kesehatan")
    scan(midwife, "00020101021126610014COM.GO-JEK.WWW")
    expect(midwife.locator("#putusan")).to_have_text("Bukan kartu kita")
    expect(midwife.get_by_text("Keadaan darurat tidak pernah ditolak")).to_be_visible()


def test_in_an_emergency_one_press_says_what_to_do(midwife: Page):
    midwife.get_by_role("link", name="Apa yang dilakukan").click()
    expect(midwife.get_by_role("heading", level=1)).to_have_text("Keadaan darurat tidak pernah ditolak")
    look(midwife, "care-emergency")
    assert_accessible(midwife)


def test_the_letter_to_dinas_sosial_is_one_page_of_paper(midwife: Page, texts: list[str]):
    choose(midwife, texts[2], "Yuliana")
    midwife.get_by_role("button", name="Buat surat").click()
    expect(midwife.get_by_text("Cek P-Care dulu")).to_be_visible()
    look(midwife, "care-letter-unasked")
    assert_accessible(midwife)
    midwife.get_by_label("PBI-JK nonaktif").check()
    form = midwife.evaluate("Object.fromEntries(new FormData(document.querySelector('form[action$=\"surat.pdf\"]')))")
    answer = midwife.request.post("/layanan-kesehatan/surat.pdf", form=form)
    with pypdfium2.PdfDocument(answer.body()) as document:
        assert len(document) == 1
        assert "Yuliana Bahan" in document[0].get_textpage().get_text_range()
        keep_picture(document[0].render(scale=2).to_pil(), "care-letter")


def test_the_counts_of_the_day_and_a_supervisor_who_undoes(midwife: Page, texts: list[str]):
    choose(midwife, texts[3], "Norhayati")
    midwife.get_by_role("button", name="Ambulans").click()
    expect(midwife.locator("#putusan")).to_have_text("Tercatat")
    midwife.goto("/layanan-kesehatan/hari-ini")
    expect(midwife.get_by_text("Hanya jumlah, tanpa nama")).to_be_visible()
    look(midwife, "care-today")
    assert_accessible(midwife)
    sign_in(midwife, "penyelia.siti")
    follow(midwife.get_by_role("navigation", name="Tugas").get_by_role("link", name="Kunjungan"))
    first = midwife.locator(".row").first
    expect(first).to_contain_text("Pemakaian ambulans")
    first.locator("summary").click()
    first.get_by_role("button", name="Batalkan catatan ini").click()
    expect(midwife.get_by_text("pembatalan tanpa alasan tidak diterima")).to_be_visible()
    look(midwife, "visits-undo")
    assert_accessible(midwife)
    midwife.get_by_label("Alasan pembatalan").first.fill("salah pilih orang")
    midwife.get_by_role("button", name="Batalkan catatan ini").first.click()
    expect(midwife.get_by_text("Catatan kunjungan dibatalkan.")).to_be_visible()
    expect(midwife.locator(".row").first).to_contain_text("salah pilih orang")
    look(midwife, "visits-undone")
    assert_accessible(midwife)


def test_attendance_is_noted_once_a_day(page: Page, texts: list[str]):
    sign_in(page, "mengaji.umar")
    page.goto("/kehadiran")
    look(page, "attendance-waits")
    assert_accessible(page)
    scan(page, texts[0])
    expect(page.get_by_role("heading", name="Siapa yang hadir?")).to_be_visible()
    look(page, "attendance-members")
    assert_accessible(page)
    page.get_by_role("button", name="Rizki").click()
    expect(page.locator("#putusan")).to_have_text("Hadir")
    look(page, "attendance-noted")
    assert_accessible(page)
    scan(page, texts[0])
    page.get_by_role("button", name="Rizki").click()
    expect(page.get_by_text("sudah tercatat; tidak dicatat dua kali")).to_be_visible()
    expect(page.get_by_text("1 orang tercatat hadir")).to_be_visible()
