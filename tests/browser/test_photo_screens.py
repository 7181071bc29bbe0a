"""The photo of a family's head: by the camera, by a file, and without JavaScript."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from browsing import PHONE, assert_accessible, look, sign_in
from card_scene import picture
from conftest import VILLAGE
from invented import number_of
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect
from village_photos import face

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


def choose(page: Page, content: bytes, name: str = "foto.png") -> None:
    page.get_by_label("Foto kepala keluarga").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": content}
    )


def cut_of(page: Page) -> tuple[float, float, float]:
    """Return left, top and width of the cut as it will be sent."""
    left, top, width = page.locator("[data-cut-field]").input_value().split()
    return float(left), float(top), float(width)


def quarters() -> bytes:
    """Return a wide picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (1600, 1200), "#c02020")
    image.paste("#2040c0", (800, 0, 1600, 1200))
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def test_the_officer_moves_and_enlarges_the_cut_with_the_keyboard_alone(clerk: Page):
    open_studio(clerk, 7)
    choose(clerk, face(3, size=(1200, 900)))
    zoom = clerk.get_by_label("Perbesar")
    expect(zoom).to_be_visible()
    assert cut_of(clerk) == (0.21875, 0, 0.5625)  # the even cut: what the server would do by itself
    look(clerk, "photo-cut-proposed")
    assert_accessible(clerk)
    zoom.focus()
    for _ in range(50):
        clerk.keyboard.press("ArrowRight")
    clerk.keyboard.press("Tab")
    expect(clerk.get_by_label("Kiri – kanan")).to_be_focused()
    before = cut_of(clerk)
    assert before[2] < 0.5
    clerk.keyboard.press("ArrowRight")
    clerk.keyboard.press("Tab")
    clerk.keyboard.press("Home")
    left, top, width = cut_of(clerk)
    assert left > before[0]
    assert top == 0
    assert width == before[2]
    look(clerk, "photo-cut-chosen")
    assert_accessible(clerk)


def test_what_stands_in_the_frame_is_what_is_kept(clerk: Page):
    open_studio(clerk, 8)
    choose(clerk, quarters())
    expect(clerk.get_by_label("Perbesar")).to_be_visible()
    frame = clerk.locator("[data-frame]").bounding_box()
    middle = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    clerk.mouse.move(*middle)
    clerk.mouse.down()
    clerk.mouse.move(middle[0] - frame["width"], middle[1], steps=5)  # the picture is dragged to the left
    clerk.mouse.up()
    left, _, width = cut_of(clerk)
    assert left + width == pytest.approx(1, abs=0.001)
    clerk.mouse.move(*middle)
    clerk.mouse.wheel(0, -400)
    expect(clerk.locator("[data-cut-field]")).not_to_have_value(f"{left:.5f} 0.00000 {width:.5f}")
    clerk.get_by_role("button", name="Simpan foto").click()
    expect(clerk.get_by_text("Foto disimpan.")).to_be_visible()
    red, _, blue = kept(clerk).getpixel((20, 180))
    assert blue > red


def test_a_face_that_the_browser_finds_is_proposed(clerk: Page):
    clerk.add_init_script(
        "const boundingBox = { x: 900, y: 300, width: 150, height: 200 };"
        "window.FaceDetector = class { async detect() { return [{ boundingBox }] } }"
    )
    open_studio(clerk, 9)
    choose(clerk, quarters())
    tall = 200 * 2.2
    expect(clerk.locator("[data-cut-field]")).to_have_value(
        f"{(975 - tall * 0.75 / 2) / 1600:.5f} {(400 - tall * 0.45) / 1200:.5f} {tall * 0.75 / 1600:.5f}"
    )
    look(clerk, "photo-cut-face")


@pytest.mark.parametrize(
    "detector",
    [
        "window.FaceDetector = class { async detect() { return [] } }",
        "window.FaceDetector = class { async detect() { throw new DOMException('none', 'NotSupportedError') } }",
        "window.FaceDetector = class { constructor() { throw new DOMException('none', 'NotSupportedError') } }",
    ],
    ids=["no face", "no service", "no detector"],
)
def test_where_no_face_is_found_the_even_cut_stays(clerk: Page, detector: str):
    clerk.add_init_script(detector)
    open_studio(clerk, 9)
    choose(clerk, quarters())
    expect(clerk.get_by_label("Perbesar")).to_be_visible()
    assert cut_of(clerk) == (0.21875, 0, 0.5625)


def test_a_browser_that_lends_no_camera_still_shows_and_cuts(clerk: Page):
    clerk.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    open_studio(clerk, 10)
    expect(clerk.get_by_role("button", name="Buka kamera")).to_be_hidden()
    choose(clerk, quarters())
    expect(clerk.get_by_alt_text("Foto yang baru diambil")).to_be_visible()
    expect(clerk.get_by_label("Perbesar")).to_be_visible()
    expect(clerk.get_by_role("button", name="Ambil lagi")).to_be_hidden()


def test_a_photo_that_is_chosen_before_the_scripts_are_there_is_cut_as_well(clerk: Page):
    held: list[Route] = []
    clerk.route(re.compile(r"/js/(photo|cut)\.js"), lambda route: held.append(route))
    open_studio(clerk, 12)
    choose(clerk, quarters())
    for script in held:
        script.continue_()
    expect(clerk.get_by_label("Perbesar")).to_be_visible()
    assert cut_of(clerk) == (0.21875, 0, 0.5625)


def test_opening_the_camera_again_forgets_the_cut(clerk: Page):
    open_studio(clerk, 11)
    choose(clerk, quarters())
    expect(clerk.get_by_label("Perbesar")).to_be_visible()
    clerk.get_by_role("button", name="Ambil lagi").click()
    expect(clerk.get_by_role("button", name="Ambil foto")).to_be_visible()
    expect(clerk.get_by_label("Perbesar")).to_be_hidden()
    expect(clerk.locator("[data-cut-field]")).to_have_value("")


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
