"""The photos of a village: a ZIP chosen, looked through and kept, on a counter's screen and a phone's."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsing import PHONE, assert_accessible, follow, look, sign_in
from conftest import VILLAGE, Kiosk
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from village_photos import face, zipped

from registry.models import Family


@pytest.fixture
def families(kiosk: Kiosk) -> list[str]:
    with kiosk.database.reading() as session:
        return list(session.scalars(select(Family.reference).where(Family.village_code == VILLAGE).order_by(Family.id)))


@pytest.fixture
def clerk(page: Page) -> Page:
    sign_in(page, "kartu.ani")
    return page


def village(families: list[str]) -> bytes:
    """Return photos of some families, and all that goes wrong with the rest."""
    good = {f"RT 1/{one}.jpg": face(number) for number, one in enumerate(families[:12])}
    bad = {
        f"RT 2/{families[12]}.jpg": face(1)[:2_000],
        f"RT 2/{families[13]}.jpg": face(2),
        f"RT 2/lagi/{families[13]}.png": face(2, kind="PNG"),
        "RT 2/IMG_20260301_083000.jpg": face(3),
        "RT 2/62-06-000000-1.jpg": face(4),
        "catatan.docx": b"x",
        "__MACOSX/RT 1/._a.jpg": b"x",
    }
    return zipped(good | bad)


def choose(page: Page, content: bytes, name: str = "Petak Puti.zip") -> None:
    page.get_by_label("Berkas ZIP").set_input_files({"name": name, "mimeType": "application/zip", "buffer": content})


def test_the_photos_of_a_village_are_brought_in(clerk: Page, families: list[str]):
    clerk.goto("/kartu")
    follow(clerk.get_by_role("link", name="Foto banyak keluarga"))
    look(clerk, "village-photos-choose")
    assert_accessible(clerk)
    choose(clerk, village(families))
    clerk.get_by_role("button", name="Unggah dan periksa").click()
    expect(clerk.get_by_role("heading", name="Rencana siap, belum ada yang berubah")).to_be_visible()
    look(clerk, "village-photos-plan")
    assert_accessible(clerk)
    clerk.get_by_role("button", name="Simpan 12 foto").click()
    expect(clerk.get_by_role("heading", name="Sudah disimpan")).to_be_visible()
    expect(clerk.get_by_text("12 foto disimpan.")).to_be_visible()
    look(clerk, "village-photos-kept")
    assert_accessible(clerk)
    with clerk.expect_download() as downloading:
        clerk.get_by_role("link", name="Unduh laporan CSV").click()
    assert "photo_twice" in downloading.value.path().read_text()
    clerk.get_by_role("link", name=f"RT 1/{min(families[:12])}.jpg").click()
    expect(clerk.get_by_alt_text("Foto kepala keluarga")).to_be_visible()


def test_a_zip_that_is_too_large_is_stopped_before_it_is_sent(clerk: Page, tmp_path: Path):
    with (tmp_path / "besar.zip").open("wb") as file:
        file.truncate(100_000_000)
    clerk.goto(f"/foto-desa?desa={VILLAGE}")
    clerk.get_by_label("Berkas ZIP").set_input_files(tmp_path / "besar.zip")
    expect(clerk.get_by_text("Berkas ini lebih besar dari 64 MB.")).to_be_visible()
    look(clerk, "village-photos-too-large")
    assert_accessible(clerk)
    clerk.get_by_role("button", name="Unggah dan periksa").click()
    expect(clerk.get_by_text("Berkas ini lebih besar dari 64 MB.")).to_be_visible()


def test_without_javascript_100_megabytes_are_refused_on_a_page_and_steps_are_pressed_one_by_one(
    browser: Browser, browser_context_args: dict, families: list[str], tmp_path: Path
):
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False, "viewport": PHONE})
    page = context.new_page()
    sign_in(page, "kartu.ani")
    with (tmp_path / "besar.zip").open("wb") as file:
        file.truncate(100_000_000)
    page.goto(f"/foto-desa?desa={VILLAGE}")
    page.get_by_label("Berkas ZIP").set_input_files(tmp_path / "besar.zip")
    page.get_by_role("button", name="Unggah dan periksa").click()
    expect(page.get_by_role("heading", name="Kiriman terlalu besar")).to_be_visible()
    page.goto(f"/foto-desa?desa={VILLAGE}")
    choose(page, zipped({f"{one}.jpg": face(number) for number, one in enumerate(families[14:16])}))
    page.get_by_role("button", name="Unggah dan periksa").click()
    page.get_by_role("button", name="Simpan 2 foto").click()
    expect(page.get_by_role("heading", name="Sudah disimpan")).to_be_visible()
    context.close()


def test_what_is_no_zip_is_refused_where_it_was_chosen(clerk: Page):
    clerk.goto("/foto-desa")
    choose(clerk, b"%PDF-1.7", "surat.zip")
    clerk.get_by_role("button", name="Unggah dan periksa").click()
    expect(clerk.get_by_text("Berkas ini bukan arsip ZIP yang utuh.")).to_be_visible()
    look(clerk, "village-photos-refused")
    assert_accessible(clerk)
