"""Family events in a real browser: stated by the card clerk, decided by the supervisor, carried on to the new card."""

from __future__ import annotations

from datetime import date

import pytest
from browsing import assert_accessible, follow, look, sign_in
from conftest import VILLAGE, Kiosk
from invented import nik_of, number_of
from playwright.sync_api import Page, expect

from kiosk.clock import now
from registry.audit import Actor
from registry.cards.cards import hand_over, issue_card, mark_printed, note_read_back
from registry.days import local_day
from registry.families.families import find_families, head_of
from registry.models import Family
from registry.officers.points import CENTRE, get_point


@pytest.fixture
def clerk(page: Page) -> Page:
    sign_in(page, "kartu.ani")
    return page


def give_card(kiosk: Kiosk, place: int) -> str:
    """Put a card into a family's hands behind the browser's back; return its number."""
    with kiosk.database.writing() as session:
        [found] = find_families(session, area="62", vault=kiosk.keys.vault, number=number_of(VILLAGE, place))
        family = session.get_one(Family, found.id)
        rest = {"actor": Actor(None, get_point(session, CENTRE).id), "keys": kiosk.keys, "at": now()}
        card = issue_card(session, family, **rest)
        mark_printed(session, card, **rest)
        note_read_back(session, card, **rest)
        hand_over(session, card, head_of(family), id_seen=True, **rest)
        return card.number


def open_family(page: Page, place: int) -> None:
    """Open the page of one of the invented families."""
    page.goto("/keluarga")
    page.get_by_label("Nomor KK, NIK, atau nama").fill(number_of(VILLAGE, place))
    page.get_by_role("button", name="Cari").click()
    page.locator(".row").first.click()
    expect(page.get_by_role("heading", name="Anggota keluarga")).to_be_visible()


def choose(page: Page, place: int, title: str) -> None:
    """Choose what has happened to a family."""
    open_family(page, place)
    page.get_by_role("link", name="Catat peristiwa keluarga").click()
    follow(page.get_by_role("link", name=title))


def prove(page: Page, number: str, on: date | None = None) -> None:
    """Fill in by which document, and when."""
    page.locator("#happened_on").fill((on or local_day(now())).isoformat())
    page.get_by_label("Nomor dokumen").fill(number)


def propose(page: Page) -> str:
    """Check and propose; return the address of the event."""
    page.get_by_role("button", name="Usulkan").click()
    expect(page.get_by_text("Belum ada yang berubah sampai orang kedua menyetujuinya.")).to_be_visible()
    return page.url


def approve(page: Page, event: str) -> None:
    """Approve as the supervisor."""
    sign_in(page, "penyelia.siti")
    page.goto(event)
    page.get_by_role("button", name="Setujui dan jalankan").click()
    expect(page.get_by_text("Peristiwa disetujui dan sudah dijalankan.")).to_be_visible()


def test_the_head_dies_and_the_widow_gets_the_next_card(clerk: Page, kiosk: Kiosk):
    old = give_card(kiosk, 0)
    open_family(clerk, 0)
    look(clerk, "events-family")
    assert_accessible(clerk)
    clerk.get_by_role("link", name="Catat peristiwa keluarga").click()
    expect(clerk.get_by_role("heading", name="Apa yang terjadi?")).to_be_visible()
    look(clerk, "events-choose")
    assert_accessible(clerk)
    clerk.get_by_role("link", name="Kematian").click()
    clerk.get_by_role("button", name="Periksa dulu").click()
    expect(clerk.get_by_text("Pilih orangnya.")).to_be_visible()
    look(clerk, "events-death-empty")
    clerk.get_by_label("Uhing Saputra Kahayan, kepala keluarga").check()
    clerk.get_by_role("group", name="Pengganti").get_by_label("Lestari Nahan Kahayan").check()
    prove(clerk, "6206-KM-15112026-0003")
    look(clerk, "events-death")
    assert_accessible(clerk)
    clerk.get_by_role("button", name="Periksa dulu").click()
    expect(clerk.get_by_role("heading", name="Periksa sebelum diusulkan")).to_be_visible()
    expect(clerk.get_by_text(f"Kartu {old} atas nama Uhing Saputra Kahayan diganti")).to_be_visible()
    expect(clerk.get_by_label("Rizki Kahayan")).to_have_value("child")
    look(clerk, "events-check")
    assert_accessible(clerk)
    event = propose(clerk)
    look(clerk, "events-proposed")
    assert_accessible(clerk)

    sign_in(clerk, "penyelia.siti")
    clerk.get_by_role("navigation").get_by_role("link", name="Peristiwa").click()
    expect(clerk.get_by_role("heading", name="Peristiwa keluarga")).to_be_visible()
    look(clerk, "events-waiting")
    assert_accessible(clerk)
    clerk.locator(".row").first.click()
    expect(clerk.get_by_role("heading", name="Putusan")).to_be_visible()
    look(clerk, "events-to-decide")
    assert_accessible(clerk)
    clerk.get_by_role("button", name="Setujui dan jalankan").click()
    expect(clerk.get_by_text(f"Tarik kartu lama {old}")).to_be_visible()
    look(clerk, "events-approved")
    assert_accessible(clerk)

    sign_in(clerk, "kartu.ani")
    clerk.goto(event)
    clerk.locator("section", has_text="Langkah berikutnya").get_by_role("link", name="62-06-").last.click()
    expect(clerk.get_by_role("button", name="Tandai tercetak")).to_be_visible()
    clerk.goto(f"/kartu/{old}")
    expect(clerk.get_by_text("kepala keluarga berganti").first).to_be_visible()


def test_a_child_is_born_by_the_keyboard_alone(clerk: Page):
    choose(clerk, 1, "Kelahiran")
    clerk.get_by_label("Nama anak").focus()
    clerk.keyboard.type("Bima Barito")
    clerk.keyboard.press("Tab")
    clerk.keyboard.type("6206050111260007")
    clerk.keyboard.press("Tab")
    clerk.keyboard.press("Space")
    prove(clerk, "6206-LU-01112026-0007", date(2026, 11, 1))
    clerk.get_by_label("Nomor dokumen").press("Enter")
    expect(clerk.get_by_role("heading", name="Periksa sebelum diusulkan")).to_be_visible()
    look(clerk, "events-birth-check")
    clerk.keyboard.press("Tab")
    clerk.get_by_role("button", name="Usulkan").press("Enter")
    expect(clerk.get_by_text("Belum ada yang berubah sampai orang kedua")).to_be_visible()
    approve(clerk, clerk.url)
    expect(clerk.get_by_text("Bima Barito")).to_be_visible()


def test_a_family_is_split_and_another_merged_on_a_phone(clerk: Page, kiosk: Kiosk):
    give_card(kiosk, 4)
    choose(clerk, 4, "Pecah KK")
    for name in ("Norhayati Ilai Kahayan", "Bungai Kahayan"):
        clerk.get_by_role("group", name="Siapa yang keluar").get_by_label(name).check()
    look(clerk, "events-split-who")
    assert_accessible(clerk)
    clerk.get_by_role("button", name="Lanjut").press("Enter")
    expect(clerk.get_by_text("Langkah 2 dari 2")).to_be_visible()
    clerk.get_by_role("group", name="Kepala keluarga yang baru").get_by_label("Norhayati Ilai Kahayan").check()
    clerk.get_by_label("Nomor KK keluarga baru").fill("6206052211260001")
    prove(clerk, "KK terbitan Dukcapil")
    look(clerk, "events-split")
    assert_accessible(clerk)
    clerk.get_by_role("button", name="Periksa dulu").click()
    expect(clerk.get_by_role("heading", name="Periksa sebelum diusulkan")).to_be_visible()
    look(clerk, "events-split-check")
    approve(clerk, propose(clerk))
    expect(clerk.get_by_text("Terbitkan kartu keluarga baru")).to_be_visible()
    look(clerk, "events-split-approved")

    sign_in(clerk, "kartu.ani")
    card = give_card(kiosk, 5)
    choose(clerk, 5, "Gabung KK")
    clerk.get_by_label("Nomor KK tujuan").fill(number_of(VILLAGE, 6))
    prove(clerk, "470/12/DS/2026")
    clerk.get_by_role("button", name="Periksa dulu").click()
    expect(clerk.get_by_text(f"Kartu {card} diblokir")).to_be_visible()
    look(clerk, "events-merge-check")
    assert_accessible(clerk)
    approve(clerk, propose(clerk))
    look(clerk, "events-merge-approved")


def test_what_does_not_fit_any_more_can_only_be_rejected(clerk: Page):
    choose(clerk, 8, "Pindah keluar")
    clerk.get_by_label("Seluruh keluarga").check()
    prove(clerk, "475/8/2026")
    follow(clerk.get_by_role("button", name="Periksa dulu"))
    leaving = propose(clerk)
    choose(clerk, 9, "Pindah masuk")
    clerk.get_by_label("NIK orang yang masuk").fill(nik_of(VILLAGE, 10, 2))
    clerk.get_by_label("Hubungan dengan kepala keluarga").select_option("relative")
    prove(clerk, "475/9/2026")
    clerk.get_by_role("button", name="Periksa dulu").click()
    expect(clerk.get_by_role("heading", name="Periksa sebelum diusulkan")).to_be_visible()
    look(clerk, "events-join-check")
    propose(clerk)
    choose(clerk, 8, "Gabung KK")
    clerk.get_by_label("Nomor KK tujuan").fill(number_of(VILLAGE, 9))
    prove(clerk, "475/10/2026")
    follow(clerk.get_by_role("button", name="Periksa dulu"))
    approve(clerk, propose(clerk))
    clerk.goto(leaving)
    expect(clerk.get_by_text("Tidak dapat dijalankan lagi")).to_be_visible()
    expect(clerk.get_by_role("button", name="Setujui dan jalankan")).to_have_count(0)
    look(clerk, "events-hindered")
    assert_accessible(clerk)
    clerk.get_by_label("Alasan penolakan").fill("Keluarganya sudah digabung")
    clerk.get_by_role("button", name="Tolak peristiwa ini").click()
    expect(clerk.get_by_text("Peristiwa ditolak. Tidak ada yang berubah.")).to_be_visible()
    clerk.goto("/peristiwa?keadaan=selesai")
    look(clerk, "events-decided")
    assert_accessible(clerk)
