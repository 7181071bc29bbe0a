"""The card's design: an administrator downloads it, brings back a changed one, looks at it and puts it in force."""

from __future__ import annotations

import pytest
from browsing import assert_accessible, look, sign_in
from design_samples import changed_design
from playwright.sync_api import Browser, Page, expect

from printing.design import Design
from printing.design_archive import pack_design, unpack_design

_DRAWING = 90_000
"""Milliseconds for what draws cards before it answers."""


@pytest.fixture
def admin(page: Page) -> Page:
    sign_in(page, "admin.yusuf")
    page.goto("/rancangan-kartu")
    return page


def bring(page: Page, name: str, design: Design) -> None:
    page.get_by_label("Nama rancangan").fill(name)
    content = {"name": "rancangan.zip", "mimeType": "application/zip", "buffer": pack_design(design)}
    page.get_by_label("Berkas ZIP").set_input_files(content)  # type: ignore[arg-type]
    page.get_by_role("button", name="Periksa dan simpan").click(timeout=_DRAWING)


def test_a_changed_design_is_brought_in_looked_at_and_put_in_force(admin: Page):
    look(admin, "designs")
    assert_accessible(admin)
    with admin.expect_download() as download:
        admin.get_by_role("link", name="Unduh rancangan bawaan").click()
    assert unpack_design("huma_betang", download.value.path().read_bytes()).name == "huma_betang"

    bring(admin, "huma_betang_2027", changed_design(css=".programme { color: #8c1610 }"))
    expect(admin.get_by_text("Rancangan lulus pemeriksaan")).to_be_visible(timeout=_DRAWING)
    for picture in admin.locator("section.design img").all():
        expect(picture).to_have_js_property("naturalWidth", 1012, timeout=_DRAWING)
    look(admin, "design-new")
    assert_accessible(admin)

    admin.get_by_text("Bandingkan dengan gambar lambat").press("Enter")
    admin.locator("details.design img").last.scroll_into_view_if_needed()
    expect(admin.locator("details.design img").last).to_be_visible()
    assert_accessible(admin)

    admin.locator("summary", has_text="Pakai rancangan ini").press("Enter")
    admin.get_by_role("button", name="Ya, pakai").click(timeout=_DRAWING)
    expect(admin.get_by_text("dipakai sekarang")).to_be_visible(timeout=_DRAWING)
    admin.goto("/rancangan-kartu")
    look(admin, "designs-two")


def test_every_fault_of_a_design_is_told_with_what_to_do(admin: Page):
    wrong = {
        'data-field="district"': "",
        'src="front.svg"': 'src="https://contoh.id/depan.png"',
        "<title>": "<script></script><title>",
    }
    bring(admin, "percobaan", changed_design(wrong, "p { display: flex }"))
    expect(admin.get_by_role("alert")).to_have_count(4, timeout=_DRAWING)
    expect(admin.get_by_label("Nama rancangan")).to_have_value("percobaan")
    look(admin, "design-faults")
    assert_accessible(admin)


def test_a_design_is_brought_and_put_in_force_without_javascript(browser: Browser, kiosk):
    context = browser.new_context(base_url=kiosk.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "admin.yusuf")
    page.goto("/rancangan-kartu")
    bring(page, "tanpa_skrip", changed_design())
    page.locator("summary", has_text="Pakai rancangan ini").click(timeout=_DRAWING)
    page.get_by_role("button", name="Ya, pakai").click(timeout=_DRAWING)
    expect(page.get_by_text("dipakai sekarang")).to_be_visible(timeout=_DRAWING)
    context.close()
