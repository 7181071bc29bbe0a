"""Bringing in a family list through the browser: upload, plan, apply, whatever happens in between."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from browsing import assert_accessible, follow, look, sign_in
from conftest import VILLAGE, Kiosk
from invented import invent_families, list_rows, many_rows, write_list
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from registry.kinds import ListState
from registry.models import Family, FamilyList

OTHER_VILLAGE = "62.06.05.2004"


@pytest.fixture
def at_upload(page: Page) -> Page:
    sign_in(page, "rita.data")
    page.get_by_role("navigation", name="Tugas").get_by_role("link", name="Daftar").click()
    follow(page.get_by_role("link", name="Unggah daftar"))
    return page


def upload(page: Page, path: Path) -> None:
    fill_in(page, path)
    page.get_by_role("button", name="Unggah dan periksa").click()


def fill_in(page: Page, path: Path) -> None:
    page.get_by_label("Berkas daftar").set_input_files(path)
    page.get_by_label("Keadaan data per tanggal").fill("2026-02-28")


def faulty_list(folder: Path) -> Path:
    """Four families: one fine, one with a repaired date and a missing NIK, one with two heads, one known already."""
    fine, repaired, two_heads = invent_families(OTHER_VILLAGE, 3)
    rows = list_rows(fine) + list_rows(repaired) + list_rows(two_heads) + list_rows(next(invent_families(VILLAGE, 1)))
    rows[3][5] = "09/03/1962"
    rows[5][1] = ""
    rows[7][3] = "Kepala Keluarga"
    return write_list(folder / "daftar_telok.csv", rows)


def long_list(folder: Path, name: str, village: str, count: int) -> Path:
    return write_list(folder / name, many_rows(village, count))


def families_of(kiosk: Kiosk, village: str) -> int:
    with kiosk.database.reading() as session:
        return session.scalar(select(func.count()).where(Family.village_code == village)) or 0


def test_a_list_is_planned_applied_and_reported(at_upload: Page, kiosk: Kiosk, tmp_path: Path):
    page = at_upload
    look(page, "list-upload")
    assert_accessible(page)
    upload(page, faulty_list(tmp_path))
    expect(page.get_by_role("heading", name="Rencana siap, belum ada yang berubah")).to_be_visible()
    expect(page.get_by_text("2 keluarga baru dicatat dan 0 keluarga diperbarui")).to_be_visible()
    look(page, "list-plan")
    assert_accessible(page)
    assert families_of(kiosk, OTHER_VILLAGE) == 0

    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh laporan CSV").click()
    assert download.value.suggested_filename == "laporan-daftar_telok.csv"
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["line"], row["fate"]) for row in rows} >= {("5", "fix"), ("7", "reject"), ("9", "hold")}

    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("heading", name="Sudah diterapkan")).to_be_visible()
    assert families_of(kiosk, OTHER_VILLAGE) == 2
    look(page, "list-applied")
    assert_accessible(page)
    page.get_by_role("link", name="Putuskan 1 keluarga").click()
    expect(page.get_by_text("Dua kepala keluarga").first).to_be_visible()
    page.goto("/daftar")
    look(page, "lists")
    assert_accessible(page)


def test_progress_moves_until_all_is_applied(at_upload: Page, kiosk: Kiosk, tmp_path: Path):
    page = at_upload
    village = "62.06.05.2005"
    upload(page, long_list(tmp_path, "panjang.csv", village, 6_000))
    page.get_by_role("button", name="Terapkan").click()
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    expect(page.get_by_role("button", name="Lanjutkan")).to_be_hidden()
    look(page, "list-applying")
    assert_accessible(page)
    expect(page.get_by_role("heading", name="Sudah diterapkan")).to_be_visible(timeout=60_000)
    assert families_of(kiosk, village) == 6_000


def test_without_scripts_the_officer_goes_on_by_hand(browser: Browser, kiosk: Kiosk, tmp_path: Path):
    village = "62.06.05.2006"
    context = browser.new_context(base_url=kiosk.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "rita.data")
    page.goto("/daftar/unggah")
    upload(page, long_list(tmp_path, "tanpa_skrip.csv", village, 6_000))
    follow(page.get_by_role("button", name="Terapkan"))
    presses = 0
    while page.get_by_role("button", name="Lanjutkan").is_visible():
        expect(page.get_by_text("Penerapan berhenti setelah keluarga ke-")).to_be_visible()
        follow(page.get_by_role("button", name="Lanjutkan"))
        presses += 1
    expect(page.get_by_role("heading", name="Sudah diterapkan")).to_be_visible()
    assert presses > 0
    assert families_of(kiosk, village) == 6_000
    context.close()


def test_a_killed_server_loses_nothing_and_the_open_page_goes_on(at_upload: Page, kiosk: Kiosk, tmp_path: Path):
    page = at_upload
    village = "62.06.05.2002"
    upload(page, long_list(tmp_path, "terputus.csv", village, 6_000))
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    kiosk.kill()
    expect(page.get_by_text("Sambungan ke kios terputus")).to_be_visible(timeout=10_000)
    look(page, "list-broken")
    with kiosk.database.reading() as session:
        stopped = session.scalars(select(FamilyList).where(FamilyList.file_name == "terputus.csv")).one()
    assert stopped.state is ListState.APPLYING
    assert families_of(kiosk, village) == stopped.families_done < 6_000
    kiosk.start()
    expect(page.get_by_role("heading", name="Sudah diterapkan")).to_be_visible(timeout=60_000)
    assert families_of(kiosk, village) == 6_000


def test_a_closed_page_says_where_it_stopped(at_upload: Page, kiosk: Kiosk, tmp_path: Path):
    page = at_upload
    village = "62.06.05.2001"
    upload(page, long_list(tmp_path, "ditutup.csv", village, 6_000))
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    address = page.url
    # one step follows the other: when the next one is cut off, the one that was under way has ended
    page.route("**/terapkan", lambda route: route.abort())
    expect(page.get_by_text("Sambungan ke kios terputus")).to_be_visible()
    page.unroute("**/terapkan")
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_text(re.compile(r"berhenti setelah keluarga ke-[\d.]+; semua"))).to_be_visible()
    look(page, "list-paused")
    assert_accessible(page)
    page.get_by_role("button", name="Lanjutkan").press("Enter")
    expect(page.get_by_role("heading", name="Sudah diterapkan")).to_be_visible(timeout=60_000)
    assert families_of(kiosk, village) == 6_000


def test_a_file_that_is_no_list_is_refused_with_the_reason(at_upload: Page, tmp_path: Path):
    file = tmp_path / "bukan_daftar.csv"
    file.write_text("satu,dua\n1,2\n")
    upload(at_upload, file)
    expect(at_upload.get_by_role("alert").get_by_text("Kolom wajib tidak ada")).to_be_visible()
    look(at_upload, "list-refused")
    assert_accessible(at_upload)


def test_a_file_that_is_too_large_is_not_even_sent(at_upload: Page, tmp_path: Path):
    file = tmp_path / "besar.csv"
    with file.open("wb") as empty:
        empty.truncate(17 * 1024 * 1024)
    fill_in(at_upload, file)
    expect(at_upload.get_by_text("lebih besar dari 16 MB")).to_be_visible()
    at_upload.get_by_role("button", name="Unggah dan periksa").click()
    expect(at_upload).to_have_url(re.compile("/daftar/unggah$"))
    look(at_upload, "list-too-large")


def test_the_page_says_that_a_list_is_being_read(at_upload: Page, tmp_path: Path):
    page = at_upload
    # the answer never comes: the page stays as it is while the kiosk reads
    page.route("**/daftar", lambda route: route.abort("aborted"))
    upload(page, write_list(tmp_path / "kecil.csv", list_rows(next(invent_families(VILLAGE, 1)))))
    expect(page.get_by_text("Daftar sedang dibaca dan diperiksa.")).to_be_visible()
    look(page, "list-reading")
    assert_accessible(page)


def test_a_plan_can_be_thrown_away(at_upload: Page, tmp_path: Path):
    page = at_upload
    upload(page, write_list(tmp_path / "dibuang.csv", list_rows(next(invent_families("62.06.05.2007", 1)))))
    page.get_by_text("Buang rencana ini").click()
    look(page, "list-discard")
    page.get_by_role("button", name="Buang rencana").click()
    expect(page.get_by_role("heading", name="Daftar keluarga")).to_be_visible()
    expect(page.get_by_text("dibuang.csv")).to_have_count(0)
