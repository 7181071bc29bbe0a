"""Deciding what happens with families that a list could not settle by itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from browsing import assert_accessible, follow, look, sign_in
from conftest import VILLAGE, Kiosk
from invented import invent_families, list_rows, write_list
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from kiosk.clock import now
from registry.audit import Actor
from registry.families.families import find_families
from registry.importing import apply_list, plan_list
from registry.kinds import PersonState
from registry.models import Person
from registry.officers.points import CENTRE, get_point
from registry.regions import PROVINCE

TELOK = "62.06.05.2004"
TWO_HEADS, WITHOUT_HEAD, FOREIGN_NIK, OTHER_NUMBER, DEAD_HEAD = range(5)


@pytest.fixture(scope="module")
def kiosk(kiosk: Kiosk, tmp_path_factory: pytest.TempPathFactory) -> Kiosk:
    """A kiosk at which one family waits for each reason that there is."""
    drafts = list(invent_families(TELOK, 5))
    known = list(invent_families(VILLAGE, 20))
    rows = [list_rows(draft) for draft in drafts]
    rows[TWO_HEADS][1][3] = "Kepala Keluarga"
    rows[WITHOUT_HEAD][0][3] = "Famili Lain"
    rows[FOREIGN_NIK].append([*list_rows(known[4])[1]])  # the wife of a known family, named in this one too
    rows[FOREIGN_NIK][-1][0] = drafts[FOREIGN_NIK].number
    for row in rows[OTHER_NUMBER]:
        row[0] = known[7].number
    dead = list_rows(known[5])
    with kiosk.database.writing() as session:
        index = kiosk.keys.vault.index("nik", known[5].people[0].nik)
        session.scalars(select(Person).where(Person.nik_index == index)).one().state = PersonState.DEAD
    path = write_list(
        tmp_path_factory.mktemp("list") / "daftar_ditahan.csv", [row for family in [*rows[:4], dead] for row in family]
    )
    with kiosk.database.reading() as session:
        actor = Actor(officer_id=None, point_id=get_point(session, CENTRE).id)
    rest = {"folder": kiosk.settings.lists_folder, "actor": actor, "keys": kiosk.keys, "at": now()}
    planned = plan_list(kiosk.database, path, path.name, as_of=date(2026, 2, 28), **rest)
    apply_list(kiosk.database, planned.id, **rest)
    return kiosk


@pytest.fixture
def waiting(page: Page) -> Page:
    sign_in(page, "wati.data")
    follow(page.get_by_role("navigation", name="Tugas").get_by_role("link", name="Putusan"))
    return page


def open_family(page: Page, reason: str) -> None:
    page.get_by_role("navigation", name="Menurut alasan").get_by_role("link", name=reason).click()
    follow(page.locator(".row").first)


def names_in(kiosk: Kiosk, name: str) -> list[str]:
    with kiosk.database.reading() as session:
        found = find_families(session, area=PROVINCE, vault=kiosk.keys.vault, name=name)
        return [line.village for line in found]


def test_families_wait_by_reason(waiting: Page):
    expect(waiting.get_by_text("5 keluarga ditahan")).to_be_visible()
    look(waiting, "held")
    assert_accessible(waiting)


def test_a_head_is_chosen_by_keyboard_and_confirmed(waiting: Page):
    page = waiting
    open_family(page, "Dua kepala keluarga")
    look(page, "held-two-heads")
    assert_accessible(page)
    page.get_by_role("radio", name="Lestari Nahan Kahayan").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Jalankan keputusan ini?")).to_be_visible()
    expect(page.get_by_text("Lestari Nahan Kahayan menjadi kepala keluarga.")).to_be_visible()
    expect(page.get_by_text("Uhing Saputra Kahayan dicatat sebagai anggota lainnya")).to_be_visible()
    look(page, "held-confirm")
    assert_accessible(page)
    page.get_by_role("button", name="Ya, jalankan").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lestari Nahan Kahayan")


def test_nothing_is_carried_out_before_it_is_confirmed(waiting: Page, kiosk: Kiosk):
    page = waiting
    open_family(page, "Tanpa kepala keluarga")
    page.get_by_role("radio", name="Dehen Manan Kahayan").check()
    page.get_by_role("button", name="Lanjut").click()
    follow(page.get_by_role("link", name="Kembali"))
    assert names_in(kiosk, "Dehen Manan Kahayan") == ["Petak Puti"]
    expect(page.get_by_role("heading", name="Keputusan", exact=True)).to_be_visible()


def test_a_choice_that_is_missing_is_asked_for(waiting: Page):
    open_family(waiting, "Tanpa kepala keluarga")
    waiting.get_by_role("button", name="Lanjut").click()
    expect(waiting.get_by_text("Pilih kepala keluarganya.")).to_be_visible()
    look(waiting, "held-missing")
    assert_accessible(waiting)


def test_a_person_in_two_families_is_moved_knowingly(waiting: Page, kiosk: Kiosk):
    page = waiting
    open_family(page, "NIK ada di dua keluarga")
    expect(page.get_by_text("Menurut daftar")).to_be_visible()
    expect(page.get_by_text("Sudah tercatat", exact=True)).to_be_visible()
    look(page, "held-two-families")
    assert_accessible(page)
    page.get_by_role("radio", name="Pindah ke keluarga ini").check()
    page.get_by_role("button", name="Lanjut").click()
    expect(page.get_by_text("Norhayati Ilai Kahayan dipindahkan dari keluarga")).to_be_visible()
    page.get_by_role("button", name="Ya, jalankan").click()
    expect(page.get_by_text("Keputusan sudah dijalankan")).to_be_visible()
    expect(page.get_by_role("heading", name="Norhayati Ilai Kahayan")).to_be_visible()
    expect(page.get_by_text("Pindah keluarga")).to_be_visible()
    look(page, "family-with-history")
    assert_accessible(page)


def test_a_number_of_another_family_is_shown_beside_it(waiting: Page):
    page = waiting
    open_family(page, "Nomor KK milik keluarga lain")
    look(page, "held-other-number")
    assert_accessible(page)
    page.get_by_role("button", name="Lanjut").click()
    expect(page.get_by_role("alert").get_by_text("Nomor KK milik keluarga lain")).to_be_visible()
    page.get_by_role("button", name="Jangan ambil keluarga ini").click()
    expect(page.get_by_text("Tidak satu pun dari 2 baris keluarga ini diambil.")).to_be_visible()
    look(page, "held-confirm-drop")
    page.get_by_role("button", name="Ya, jalankan").click()
    expect(page.get_by_text("Keputusan sudah dijalankan")).to_be_visible()


def test_a_dead_head_is_followed_by_another(waiting: Page):
    page = waiting
    open_family(page, "Kepala keluarga meninggal atau pindah")
    expect(page.get_by_text("Di sini tercatat meninggal.")).to_be_visible()
    look(page, "held-dead-head")


def test_of_two_officers_the_second_is_told_who_and_when(waiting: Page, browser: Browser, kiosk: Kiosk):
    page = waiting
    open_family(page, "Tanpa kepala keluarga")
    other = browser.new_context(base_url=kiosk.url, locale="id-ID").new_page()
    sign_in(other, "rita.data")
    other.goto(page.url)
    for officer in (page, other):
        officer.get_by_role("radio", name="Dehen Manan Kahayan").check()
        officer.get_by_role("button", name="Lanjut").click()
        expect(officer.get_by_role("heading", name="Jalankan keputusan ini?")).to_be_visible()
    follow(page.get_by_role("button", name="Ya, jalankan"))
    with other.expect_response(lambda answer: answer.request.method == "POST") as answer:
        other.get_by_role("button", name="Ya, jalankan").click()
    assert answer.value.status == 409
    expect(other.get_by_role("heading", name="Sudah diputuskan")).to_be_visible()
    expect(other.get_by_text("Wati Lestari")).to_be_visible()
    look(other, "held-decided")
    assert_accessible(other)
    other.context.close()


def test_a_family_of_another_area_is_not_shown(page: Page, kiosk: Kiosk, tmp_path: Path):
    sign_in(page, "kartu.ani")
    page.goto("/putusan")
    expect(page.get_by_role("heading", name="Anda tidak berhak membuka halaman ini")).to_be_visible()
