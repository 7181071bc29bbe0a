"""Finding a family and seeing what is known of it, as an officer at the counter does."""

from __future__ import annotations

import pytest
from browsing import PHONE, assert_accessible, follow, look, sign_in
from conftest import VILLAGE
from invented import nik_of, number_of
from playwright.sync_api import Page, expect


@pytest.fixture
def at_search(page: Page) -> Page:
    sign_in(page, "kartu.ani")
    follow(page.get_by_role("navigation", name="Tugas").get_by_role("link", name="Keluarga"))
    return page


def search(page: Page, text: str) -> None:
    page.get_by_label("Nomor KK, NIK, atau nama").fill(text)
    follow(page.get_by_role("button", name="Cari"))


def test_a_family_is_found_by_keyboard_alone(at_search: Page):
    expect(at_search.get_by_label("Nomor KK, NIK, atau nama")).to_be_focused()
    at_search.keyboard.type(number_of(VILLAGE, 0))
    at_search.keyboard.press("Enter")
    expect(at_search.get_by_text("1 keluarga ditemukan")).to_be_visible()
    at_search.get_by_role("link", name="Uhing Saputra Kahayan").focus()
    at_search.keyboard.press("Enter")
    expect(at_search.get_by_role("heading", level=1)).to_have_text("Uhing Saputra Kahayan")


def test_what_was_searched_stands_in_no_address(at_search: Page):
    search(at_search, nik_of(VILLAGE, 1))
    expect(at_search.get_by_text("1 keluarga ditemukan")).to_be_visible()
    assert at_search.url.endswith("/keluarga/cari")


def test_a_name_lists_the_families_page_by_page(at_search: Page):
    search(at_search, "a")
    expect(at_search.get_by_text("paling sedikit 3 huruf")).to_be_visible()
    look(at_search, "families-search-wrong")
    search(at_search, "saputra")
    expect(at_search.get_by_text("keluarga ditemukan")).to_be_visible()
    look(at_search, "families-found")
    assert_accessible(at_search)


def test_a_village_is_listed_without_a_name(at_search: Page):
    at_search.get_by_label("Wilayah").select_option(label="Petak Puti")
    at_search.get_by_role("button", name="Cari").click()
    expect(at_search.locator(".row")).to_have_count(20)


def test_a_search_without_a_hit_says_what_to_do(at_search: Page):
    search(at_search, "Tidak Ada Orangnya")
    expect(at_search.get_by_role("heading", name="Tidak ada keluarga yang cocok")).to_be_visible()
    look(at_search, "families-none")
    assert_accessible(at_search)


def test_the_family_page_hides_every_number_and_says_every_source(at_search: Page):
    search(at_search, number_of(VILLAGE, 0))
    follow(at_search.get_by_role("link", name="Uhing Saputra Kahayan"))
    content = at_search.content()
    for number in (number_of(VILLAGE, 0), *(nik_of(VILLAGE, 0, position) for position in range(3))):
        assert number not in content
        assert number.masked in content
    expect(at_search.get_by_text("Petak Puti, Kecamatan Katingan Tengah")).to_be_visible()
    expect(at_search.get_by_text("DTSEN, 31 Januari 2026").first).to_be_visible()
    expect(at_search.get_by_text("Lihat NIK dan Nomor KK lengkap")).to_have_count(0)
    look(at_search, "family")
    assert_accessible(at_search)


def test_whole_numbers_are_seen_only_with_a_reason(page: Page):
    sign_in(page, "penyelia.siti")
    page.goto("/keluarga")
    search(page, number_of(VILLAGE, 0))
    follow(page.get_by_role("link", name="Uhing Saputra Kahayan"))
    page.get_by_text("Lihat NIK dan Nomor KK lengkap").click()
    look(page, "family-reason")
    assert_accessible(page)
    page.get_by_label("mencocokkan dengan KTP atau KK asli").check()
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.get_by_text(number_of(VILLAGE, 0))).to_be_visible()
    expect(page.get_by_text(nik_of(VILLAGE, 0))).to_be_visible()
    look(page, "family-whole-numbers")
    assert_accessible(page)
    page.get_by_role("link", name="Sembunyikan lagi").click()
    expect(page.get_by_text(number_of(VILLAGE, 0))).to_have_count(0)


def test_a_phone_is_wide_enough_for_a_search(at_search: Page):
    at_search.set_viewport_size(PHONE)
    search(at_search, "saputra")
    assert_accessible(at_search)
