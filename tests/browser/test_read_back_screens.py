"""Fresh cards are read back: by the scanner one after the other, by photo, by camera; and a print is graded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from browsing import PHONE, assert_accessible, follow, keep_picture, look, sign_in
from code_pictures import code_file, code_picture, file_of
from conftest import Kiosk
from film import film_of, held_before_the_camera
from PIL import ImageFilter
from playwright.sync_api import Browser, Page, expect
from printing_samples import picture
from scanner import scan
from sqlalchemy import select

from kiosk.card_faces import faces_of
from kiosk.clock import now
from printing.card import card_pdf
from registry.audit import Actor
from registry.cards.cards import block_card, mark_printed
from registry.code.token import to_text
from registry.kinds import BlockReason
from registry.models import Card
from registry.officers.points import CENTRE, get_point
from verify.issue import issue_for_village

VILLAGE = "62.06.05.2003"


@pytest.fixture(scope="module")
def texts(kiosk) -> list[str]:
    """What stands in the codes of printed cards; the last of them is blocked."""
    with kiosk.database.writing() as session:
        rest = {"actor": Actor(None, get_point(session, CENTRE).id), "keys": kiosk.keys, "at": now()}
        issue_for_village(session, VILLAGE, **rest)
        cards = session.scalars(select(Card).order_by(Card.id)).all()
        for card in cards:
            mark_printed(session, card, **rest)
        block_card(session, cards[-1], BlockReason.LOST, **rest)
        return [to_text(card.token) for card in cards]


@pytest.fixture
def clerk(page: Page, kiosk, texts) -> Page:
    sign_in(page, "kartu.ani")
    return page


def picture_file(folder: Path, content: bytes) -> Path:
    file = folder / "kode.png"
    file.write_bytes(content)
    return file


def test_a_stack_of_fresh_cards_is_scanned_one_after_the_other(clerk: Page, texts):
    clerk.get_by_role("link", name="Periksa hasil cetak").first.click()
    expect(clerk.get_by_role("heading", name="Periksa hasil cetak")).to_be_visible()
    look(clerk, "read-back-waits")
    assert_accessible(clerk)
    for number, text in enumerate(texts[:2], 1):
        scan(clerk, text)
        expect(clerk.locator(".facts")).to_contain_text(f"{number} kartu")
        expect(clerk.get_by_role("heading", name="Siap", exact=True)).to_be_visible()
        expect(clerk.locator("form[data-scan]")).to_have_attribute("data-state", "ready")
    look(clerk, "read-back-ready")
    assert_accessible(clerk)
    scan(clerk, texts[1])
    expect(clerk.get_by_role("heading", name="Sudah diperiksa")).to_be_visible()
    scan(clerk, texts[-1])
    expect(clerk.get_by_role("heading", name="Belum siap")).to_be_visible()
    expect(clerk.get_by_role("heading", name="Kartu diblokir")).to_be_visible()
    look(clerk, "read-back-blocked")
    assert_accessible(clerk)


def test_a_photo_of_a_code_does_where_there_is_no_scanner(clerk: Page, texts, tmp_path):
    clerk.set_viewport_size(PHONE)
    clerk.goto("/kartu/periksa-cetak")
    clerk.get_by_text("Pakai kamera").click()
    look(clerk, "read-back-camera")
    assert_accessible(clerk)
    blurred = code_picture(texts[2], module=10).filter(ImageFilter.GaussianBlur(5.5))
    clerk.get_by_label("Foto kode").set_input_files(picture_file(tmp_path, file_of(blurred)))
    clerk.locator("[data-code-form] button").click()
    expect(clerk.get_by_text("Kode terlihat, tetapi tidak terbaca")).to_be_visible()
    look(clerk, "read-back-unclear")
    assert_accessible(clerk)
    clerk.get_by_label("Foto kode").set_input_files(picture_file(tmp_path, code_file(texts[2])))
    clerk.locator("[data-code-form] button").click()
    expect(clerk.get_by_role("heading", name="Siap", exact=True)).to_be_visible()


def test_a_card_that_is_held_before_the_counters_camera_is_ready(
    kiosk: Kiosk,
    texts,
    launch_browser: Callable[..., Browser],
    browser_type_launch_args: dict,
    browser_context_args: dict,
    tmp_path,
):
    with kiosk.database.reading() as session:
        card = session.scalars(select(Card).order_by(Card.id).offset(3).limit(1)).one()
        [face] = faces_of(session, [card], photos=kiosk.settings.photos_folder)
    seen = held_before_the_camera(picture(card_pdf([face]), 1))
    keep_picture(seen, "read-back-held")
    film = tmp_path / "kartu.y4m"
    film.write_bytes(film_of(seen))
    args = [*browser_type_launch_args["args"], f"--use-file-for-fake-video-capture={film}"]
    with closing(launch_browser(args=args)) as browser:
        clerk = browser.new_context(**browser_context_args).new_page()
        sign_in(clerk, "kartu.ani")
        clerk.goto("/kartu/periksa-cetak")
        clerk.get_by_text("Pakai kamera").click()
        clerk.get_by_role("button", name="Buka kamera").click()
        shoot = clerk.locator("[data-shoot]")
        expect(shoot).to_be_focused()
        look(clerk, "read-back-camera-open")
        assert_accessible(clerk)
        shoot.press("Enter")
        expect(clerk.get_by_role("heading", name="Siap", exact=True)).to_be_visible()
        expect(clerk.locator(".verdict")).to_contain_text(card.number)
    with kiosk.database.reading() as session:
        assert session.get_one(Card, card.id).read_back_at is not None


def test_a_camera_that_sees_no_code_says_so(clerk: Page):
    clerk.goto("/kartu/serahkan")
    clerk.get_by_text("Pakai kamera").click()
    clerk.get_by_role("button", name="Buka kamera").click()
    shoot = clerk.locator("[data-shoot]")
    expect(shoot).to_be_visible()
    look(clerk, "hand-over-camera")
    assert_accessible(clerk)
    shoot.click()
    # Chromium's fake camera shows no code of ours
    expect(clerk.get_by_text("Tidak ada kode di foto")).to_be_visible()


def test_a_print_is_graded_in_words(clerk: Page, texts, tmp_path):
    clerk.goto("/kartu/periksa-cetak")
    follow(clerk.get_by_role("link", name="Nilai mutu cetak dari foto"))
    look(clerk, "print-grade-asks")
    assert_accessible(clerk)
    pale = code_picture(texts[0], module=9).point(lambda value: 190 + value // 4)
    clerk.get_by_label("Foto kode").set_input_files(picture_file(tmp_path, file_of(pale)))
    clerk.get_by_label("Resolusi pindaian").fill("600")
    clerk.get_by_role("button", name="Nilai mutu cetak").click()
    expect(clerk.get_by_role("heading", name="Mutu buruk")).to_be_visible()
    expect(clerk.get_by_role("heading", name="Hitamnya kurang hitam")).to_be_visible()
    look(clerk, "print-grade-poor")
    assert_accessible(clerk)
    clerk.get_by_label("Foto kode").set_input_files(picture_file(tmp_path, file_of(code_picture(texts[0], module=10))))
    clerk.get_by_label("Resolusi pindaian").fill("600")
    clerk.get_by_role("button", name="Nilai mutu cetak").click()
    expect(clerk.get_by_role("heading", name="Mutu baik")).to_be_visible()
    look(clerk, "print-grade-good")
