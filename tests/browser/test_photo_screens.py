"""The photo of a family's head: by the camera, by a file, and without JavaScript."""

from __future__ import annotations

from io import BytesIO

import pytest
from browsing import PHONE, assert_accessible, look, sign_in
from card_scene import picture
from conftest import VILLAGE
from invented import number_of
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from printing.photo import PHOTO_SIZE


@pytest.fixture
def clerk(page: Page) -> Page:
    sign_in(page, "kartu.ani")
    return page


def open_studio(page: Page, place: int) -> None:
    page.goto("/keluarga")
    page.get_by_label("Nomor KK, NIK, atau nama").fill(number_of(VILLAGE, place))
    page.get_by_role("button", name="Cari").click()
    page.locator(".row").click()
    page.get_by_role("link", name="Ambil foto").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Foto")


def kept(page: Page) -> Image.Image:
    """Return the photo that the family's page shows."""
    source = page.get_by_alt_text("Foto kepala keluarga").get_attribute("src")
    return Image.open(BytesIO(page.request.get(source).body()))


def test_the_camera_takes_a_photo_that_the_family_page_shows(clerk: Page):
    open_studio(clerk, 0)
    look(clerk, "photo-before")
    assert_accessible(clerk)
    clerk.get_by_role("button", name="Buka kamera").click()
    expect(clerk.get_by_role("button", name="Ambil foto")).to_be_focused()
    look(clerk, "photo-camera")
    assert_accessible(clerk)
    clerk.get_by_role("button", name="Ambil foto").press("Enter")
    expect(clerk.get_by_text("Foto siap disimpan.")).to_be_visible()
    expect(clerk.get_by_role("button", name="Simpan foto")).to_be_focused()
    look(clerk, "photo-taken")
    assert_accessible(clerk)
    clerk.get_by_role("button", name="Simpan foto").press("Enter")
    expect(clerk.get_by_text("Foto disimpan.")).to_be_visible()
    assert kept(clerk).size == PHOTO_SIZE
    look(clerk, "photo-on-family")
    assert_accessible(clerk)


def test_the_camera_is_switched_off_when_the_photo_is_taken(clerk: Page):
    open_studio(clerk, 1)
    clerk.get_by_role("button", name="Buka kamera").click()
    clerk.get_by_role("button", name="Ambil foto").click()
    expect(clerk.get_by_role("button", name="Ambil lagi")).to_be_visible()
    assert clerk.evaluate(
        "document.querySelector('video').srcObject.getTracks().every((one) => one.readyState === 'ended')"
    )


def test_a_photo_can_be_taken_again_before_it_is_kept(clerk: Page):
    open_studio(clerk, 1)
    clerk.get_by_role("button", name="Buka kamera").click()
    clerk.get_by_role("button", name="Ambil foto").click()
    clerk.get_by_role("button", name="Ambil lagi").click()
    expect(clerk.get_by_role("button", name="Ambil foto")).to_be_visible()


def test_without_a_camera_the_page_says_so_and_a_file_does(clerk: Page):
    clerk.add_init_script("navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no camera'))")
    open_studio(clerk, 4)
    clerk.get_by_role("button", name="Buka kamera").click()
    expect(clerk.get_by_text("Kamera tidak dapat dibuka.")).to_be_visible()
    look(clerk, "photo-no-camera")
    clerk.get_by_label("Foto kepala keluarga").set_input_files(
        {"name": "foto.png", "mimeType": "image/png", "buffer": picture((900, 900), "PNG")}
    )
    expect(clerk.get_by_alt_text("Foto yang baru diambil")).to_be_visible()
    clerk.get_by_role("button", name="Simpan foto").click()
    expect(clerk.get_by_text("Foto disimpan.")).to_be_visible()
    assert kept(clerk).size == PHOTO_SIZE


def test_what_is_no_picture_is_refused_in_words(clerk: Page):
    open_studio(clerk, 5)
    clerk.get_by_label("Foto kepala keluarga").set_input_files(
        {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    clerk.get_by_role("button", name="Simpan foto").click()
    expect(clerk.get_by_text("Foto harus JPEG, PNG, atau WebP.")).to_be_visible()
    look(clerk, "photo-wrong")
    assert_accessible(clerk)


def test_without_javascript_there_is_a_plain_file_field(browser: Browser, browser_context_args: dict):
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False, "viewport": PHONE})
    page = context.new_page()
    sign_in(page, "kartu.ani")
    open_studio(page, 6)
    expect(page.get_by_role("button", name="Buka kamera")).to_be_hidden()
    page.get_by_label("Foto kepala keluarga").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.get_by_role("button", name="Simpan foto").click()
    expect(page.get_by_text("Foto disimpan.")).to_be_visible()
    context.close()
