"""Officers, service points and the trail, as an administrator and an auditor see them."""

from __future__ import annotations

import re

import pytest
from browsing import PASSWORD, assert_accessible, follow, look, sign_in
from playwright.sync_api import Browser, Page, expect

NEW_PASSWORD = "hujan turun di hulu mahakam"


@pytest.fixture
def admin(page: Page) -> Page:
    sign_in(page, "admin.yusuf")
    return page


def add_officer(page: Page, username: str, name: str) -> None:
    page.goto("/petugas/baru")
    page.get_by_label("Nama lengkap").fill(name)
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Titik layanan").select_option("LOKET-KATINGAN")
    page.get_by_label("Petugas kartu").check()
    page.get_by_label("Kata sandi pertama", exact=True).fill(PASSWORD)
    page.get_by_label("Ulangi kata sandi pertama").fill(PASSWORD)
    page.get_by_role("button", name="Tambah petugas").click()
    expect(page.get_by_text(f"Petugas {username} ditambahkan")).to_be_visible()


def test_officers_stand_at_their_points(admin: Page):
    admin.get_by_role("navigation", name="Tugas").get_by_role("link", name="Petugas").click()
    expect(admin.get_by_role("region", name="Loket Katingan Tengah")).to_contain_text("Ani Rahmawati")
    look(admin, "officers")
    assert_accessible(admin)


def test_an_officer_is_added_and_signs_in(admin: Page):
    admin.goto("/petugas/baru")
    admin.get_by_role("button", name="Tambah petugas").click()
    expect(admin.get_by_text("Isi nama petugas.")).to_be_visible()
    look(admin, "officer-new-wrong")
    assert_accessible(admin)
    add_officer(admin, "dewi.kartu", "Dewi Lestari")
    sign_in(admin, "dewi.kartu")
    expect(admin.get_by_role("heading", level=1)).to_contain_text("Dewi Lestari")


def test_an_officer_who_leaves_is_out_at_once(admin: Page, browser: Browser, browser_context_args: dict):
    add_officer(admin, "tono.kartu", "Tono Wijaya")
    elsewhere = browser.new_context(**browser_context_args)
    counter = elsewhere.new_page()
    sign_in(counter, "tono.kartu")
    follow(admin.get_by_role("link", name="Tono Wijaya"))
    look(admin, "officer")
    assert_accessible(admin)
    admin.get_by_text("Nonaktifkan petugas").click()
    look(admin, "officer-leaves")
    assert_accessible(admin)
    admin.get_by_role("button", name="Nonaktifkan sekarang").click()
    expect(admin.get_by_text("semua sesinya diakhiri").first).to_be_visible()
    look(admin, "officer-left")
    assert_accessible(admin)
    counter.goto("/kartu")
    expect(counter.get_by_role("heading", name="Masuk")).to_be_visible()
    elsewhere.close()


def test_a_point_is_added_down_to_its_village(admin: Page):
    admin.goto("/petugas/titik/baru")
    look(admin, "point-new")
    assert_accessible(admin)
    admin.get_by_label("Nama titik").fill("Balai Desa Tumbang Lahang")
    admin.get_by_label("Kode titik").fill("bagi-lahang")
    admin.get_by_label("Jenis titik").select_option("titik_bagi")
    for region in ("62.06", "62.06.05"):
        admin.get_by_label("Wilayah yang dilayani").select_option(region)
        admin.get_by_role("button", name="Buka wilayah ini").click()
        expect(admin.get_by_label("Wilayah yang dilayani")).to_have_value(region)
    village = admin.get_by_label("Wilayah yang dilayani").locator("option").nth(1)
    admin.get_by_label("Wilayah yang dilayani").select_option(village.get_attribute("value"))
    look(admin, "point-village")
    # Enter adds the point, it does not open the area
    admin.get_by_label("Nama titik").press("Enter")
    expect(admin.get_by_text("Titik layanan BAGI-LAHANG ditambahkan.")).to_be_visible()


def test_an_officer_changes_the_own_password(page: Page, kiosk):
    sign_in(page, "program.eko")
    follow(page.get_by_role("link", name="Ganti kata sandi"))
    look(page, "own-password")
    assert_accessible(page)
    page.get_by_label("Kata sandi sekarang").fill("bukan kata sandinya")
    page.get_by_label("Kata sandi baru", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("Ulangi kata sandi baru").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Ganti kata sandi").click()
    expect(page.get_by_text("Kata sandi sekarang salah")).to_be_visible()
    look(page, "own-password-wrong")
    page.get_by_label("Kata sandi sekarang").fill(PASSWORD)
    page.get_by_label("Kata sandi baru", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("Ulangi kata sandi baru").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Ganti kata sandi").click()
    expect(page.get_by_text("Kata sandi Anda sudah diganti.")).to_be_visible()


def test_an_auditor_reads_the_trail_and_finds_it_whole(page: Page):
    sign_in(page, "auditor.nia")
    page.get_by_role("navigation", name="Tugas").get_by_role("link", name="Jejak").click()
    expect(page.get_by_text("Masuk").first).to_be_visible()
    look(page, "trail")
    assert_accessible(page)
    page.get_by_label("Titik layanan").select_option("LOKET-KATINGAN")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page).to_have_url(re.compile("titik=LOKET-KATINGAN"))
    page.get_by_role("link", name="Periksa rantai").click()
    expect(page.get_by_role("heading", name="Jejak utuh")).to_be_visible()
    look(page, "trail-whole")
    assert_accessible(page)
