"""A round's days at its point: the schedule, the queue, the stock, the closing of a day, and what was not collected."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

import pypdfium2
import pytest
from browsing import assert_accessible, follow, keep_picture, look, sign_in
from conftest import VILLAGE, Kiosk
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from kiosk.clock import now
from registry.audit import Actor
from registry.cards.cards import hand_over, mark_printed, note_read_back
from registry.days import local_day
from registry.db import new_id
from registry.kinds import Proof
from registry.models import Card, Entitlement, QueueTicket, Roster, ServingSession
from registry.officers.points import CENTRE, get_point
from registry.programmes.rounds import Place
from verify.facts import Scan
from verify.issue import issue_for_village
from verify.redeem import Given, RedeemRequest, redeem_all
from verify.rounds import open_round_for_villages


@pytest.fixture(scope="module")
def roster_id(kiosk: Kiosk) -> UUID:
    """An open round in Petak Puti, every card in its family's hands, and one session of today for five of them."""
    at = now()
    today = local_day(at)
    with kiosk.database.writing() as session:
        rest = {"actor": Actor(None, get_point(session, CENTRE).id), "keys": kiosk.keys, "at": at}
        issue_for_village(session, VILLAGE, **rest)
        for card in session.scalars(select(Card).order_by(Card.id)).all():
            mark_printed(session, card, **rest)
            note_read_back(session, card, **rest)
            hand_over(session, card, card.head, id_seen=True, **rest)
        place = Place(get_point(session, "BAGI-PETAKPUTI").id, [VILLAGE])
        days = {"opens_on": today, "closes_on": today + timedelta(days=5)}
        open_round_for_villages(session, "PANGAN", name="Tahap I 2026", places=[place], **days, **rest)
        roster = session.scalars(select(Roster)).one()
        session.add(
            ServingSession(
                id=new_id(), roster_id=roster.id, on_date=today, starts_at=time(0), ends_at=time(23, 59), capacity=5
            )
        )
        return roster.id


@pytest.fixture(scope="module")
def entitled(kiosk: Kiosk, roster_id: UUID) -> int:
    """How many families of the village are entitled."""
    with kiosk.database.reading() as session:
        return session.scalar(select(func.count()).where(Entitlement.roster_id == roster_id))


def give(kiosk: Kiosk, families: slice) -> int:
    """Give to some of those who are invited today, as the scanner at the point does; return how many got it."""
    with kiosk.database.reading() as session:
        point_id = get_point(session, "BAGI-PETAKPUTI").id
        asked = session.execute(
            select(Entitlement.id, Entitlement.round_id, Card.token_hash)
            .join(QueueTicket, QueueTicket.entitlement_id == Entitlement.id)
            .join(ServingSession, ServingSession.id == QueueTicket.session_id)
            .join(Card, Card.family_id == Entitlement.family_id)
            .where(ServingSession.on_date == local_day(now()))
            .order_by(QueueTicket.number)
        ).all()[families]
    with kiosk.database.connecting(writes=True) as connection:
        requests = [
            RedeemRequest(
                scan=Scan(token_hash=token_hash),
                round_id=round_id,
                idempotency_key=str(right),
                actor=Actor(None, point_id),
                at=now(),
                proofs=frozenset(Proof),
            )
            for right, round_id, token_hash in asked
        ]
        answers = redeem_all(connection, requests, audit_key=kiosk.keys.audit_key)
    return sum(isinstance(answer, Given) for answer in answers)


def keep_paper(paper: bytes, name: str) -> None:
    """Store a picture of each of the first two pages of a PDF."""
    document = pypdfium2.PdfDocument(paper)
    for number in range(min(2, len(document))):
        keep_picture(document[number].render(scale=1.5).to_pil(), f"{name}-{number + 1}")


def test_1_the_manager_plans_sessions_and_hands_out_numbers(page: Page, entitled: int):
    sign_in(page, "program.eko")
    page.goto("/tahap")
    page.get_by_role("link", name="Tahap I 2026").click()
    follow(page.get_by_role("link", name="Jadwal dan undangan"))
    look(page, "schedules")
    assert_accessible(page)
    page.get_by_role("link", name="Balai Desa Petak Puti").click()
    expect(page.get_by_role("heading", name=f"{entitled} keluarga belum mendapat nomor antrean")).to_be_visible()
    page.get_by_label("Mulai hari").fill((local_day(now()) + timedelta(days=1)).isoformat())
    page.get_by_label("Keluarga dalam satu sesi").fill("3")
    page.get_by_role("button", name="Susun sesi").click()
    expect(page.get_by_text("2 sesi ditambahkan.")).to_be_visible()
    look(page, "schedule-planned")
    page.get_by_role("button", name="Bagikan nomor antrean").click()
    expect(page.get_by_text(f"{entitled} keluarga mendapat nomor antrean.")).to_be_visible()
    look(page, "schedule")
    assert_accessible(page)
    tickets = page.get_by_role("link", name=f"Petak Puti ({entitled})")
    paper = page.request.get(tickets.get_attribute("href"))
    assert paper.headers["content-type"] == "application/pdf"
    keep_paper(paper.body(), "invitations")


def test_2_one_family_is_moved_to_another_session(page: Page, roster_id: UUID):
    sign_in(page, "program.eko")
    page.goto(f"/jadwal/{roster_id}")
    follow(page.get_by_role("link", name="08.00–10.00"))
    look(page, "session")
    assert_accessible(page)
    page.locator("summary", has_text="Pindahkan").last.click()
    page.get_by_role("button", name="Pindahkan undangan").click()
    expect(page.get_by_text("Undangan dipindahkan. Nomornya sekarang 2")).to_be_visible()
    expect(page.get_by_role("heading", name="10.00–12.00 WIB")).to_be_visible()


def test_3_packages_are_received_and_the_screen_warns(page: Page, entitled: int):
    sign_in(page, "bagi.joko")
    page.goto("/stok")
    page.get_by_role("link", name="Tahap I 2026").click()
    expect(page.get_by_text("Belum ada paket yang diterima")).to_be_visible()
    look(page, "stock-empty")
    page.get_by_role("button", name="Catat kiriman").click()
    expect(page.get_by_text("Isi nomor surat jalannya.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Jumlah paket").fill(str(entitled))
    page.get_by_label("Nomor surat jalan").fill("SJ-0417/BULOG")
    page.get_by_role("button", name="Catat kiriman").click()
    expect(page.get_by_text(f"{entitled} paket diterima.")).to_be_visible()
    page.get_by_text("Catat paket rusak").click()
    damage = page.locator("details", has_text="Catat paket rusak")
    damage.get_by_label("Jumlah paket").fill("1")
    damage.get_by_label("Alasan").fill("Karung sobek terkena hujan")
    damage.get_by_role("button", name="Catat rusak").click()
    expect(page.get_by_text(f"Kurang 1 paket untuk {entitled} yang belum diambil.")).to_be_visible()
    look(page, "stock")
    assert_accessible(page)


def test_4_the_queue_keeps_itself_fresh_also_at_the_door_without_signing_in(
    page: Page, browser: Browser, kiosk: Kiosk, roster_id: UUID
):
    assert give(kiosk, slice(0, 3)) == 3
    sign_in(page, "bagi.joko")
    page.goto("/antrean")
    expect(page.locator(".board__sums dd").first).to_have_text("3")
    look(page, "queue")
    assert_accessible(page)
    door = browser.new_page(base_url=kiosk.url, locale="id-ID", viewport={"width": 1280, "height": 800})
    door.clock.install()
    door.goto(f"/antrean/layar/{roster_id}")
    expect(door.locator(".board__sums dd").first).to_have_text("3")
    look(door, "queue-door")
    assert_accessible(door)
    assert give(kiosk, slice(3, 4)) == 1
    door.clock.run_for(16_000)
    expect(door.locator(".board__sums dd").first).to_have_text("4")
    with kiosk.database.reading() as session:
        heads = [card.head_name for card in session.scalars(select(Card))]
    assert not [name for name in heads if name in door.content()]
    door.close()


def test_5_the_day_is_closed_with_a_count_and_a_paper(page: Page, roster_id: UUID, entitled: int):
    sign_in(page, "bagi.joko")
    page.goto(f"/stok/{roster_id}")
    page.get_by_role("link", name="Tutup hari dan berita acara").click()
    page.get_by_label("Hasil hitung paket yang tersisa").fill(str(entitled - 6))
    page.get_by_role("button", name="Tutup hari ini").click()
    expect(page.get_by_text("Tulis penjelasan selisihnya.")).to_be_visible()
    look(page, "minutes-wrong")
    page.get_by_label("Catatan").fill("Satu paket belum ditemukan, dicari lagi besok.")
    page.get_by_role("button", name="Tutup hari ini").click()
    expect(page.get_by_text("Hari ini sudah ditutup pukul")).to_contain_text(f"dengan hitungan {entitled - 6}")
    expect(page.get_by_role("button", name="Tutup ulang")).to_be_hidden()
    look(page, "minutes")
    assert_accessible(page)
    paper = page.request.get(page.get_by_role("link", name="PDF").get_attribute("href"))
    assert paper.headers["content-type"] == "application/pdf"
    keep_paper(paper.body(), "minutes-paper")


def test_6_what_nobody_collected_is_listed_for_point_and_manager(page: Page, roster_id: UUID, entitled: int):
    sign_in(page, "bagi.joko")
    page.goto(f"/stok/{roster_id}/belum-diambil")
    expect(page.get_by_role("heading", name=f"{entitled - 4} hak belum diambil")).to_be_visible()
    look(page, "uncollected")
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh XLSX").click()
    assert download.value.suggested_filename == "belum-diambil-pangan-tahap-i-2026-bagi-petakputi.xlsx"
    sign_in(page, "program.eko")
    page.goto("/tahap")
    page.get_by_role("link", name="Tahap I 2026").click()
    page.get_by_role("link", name="Berita acara").click()
    expect(page.get_by_role("rowheader", name="Balai Desa Petak Puti")).to_be_visible()
    look(page, "minutes-of-round")
    assert_accessible(page)
