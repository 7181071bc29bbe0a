"""What browser tests do over and over: sign in, take a picture, ask for accessibility."""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL.Image import Image
from playwright.sync_api import Locator, Page, expect

PASSWORD = "rumah panjang di tepi sungai"
COUNTER = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
_SHOTS = Path(os.environ.get("SHOTS") or Path(__file__).parent / "shots")


def sign_in(page: Page, username: str) -> None:
    """Sign in by the real form; any officer who is signed in here leaves first."""
    page.context.clear_cookies()
    page.goto("/masuk")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()


def follow(way: Locator) -> None:
    """Press a link or a button that leads on, and wait until the page behind it is there, with its scripts.

    Playwright's own press waits for a page only when the browser begins to fetch it before the press has ended, which a
    busy machine does not.
    """
    way.wait_for()
    way.page.wait_for_load_state("load")  # else the end of this page's loading would pass for the next one's
    with way.page.expect_event("load"):
        way.click()


def look(page: Page, name: str) -> None:
    """Store a picture of the whole page at a counter's and at a phone's width; nothing may stick out on either."""
    _SHOTS.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    page.evaluate("document.fonts.ready")  # until then a wider font stands in for ours
    for size in (COUNTER, PHONE):
        page.set_viewport_size(size)
        width = page.evaluate("document.documentElement.scrollWidth")
        page.screenshot(path=_SHOTS / f"{name}-{size['width']}.png", full_page=True)
        assert width <= size["width"], f"{page.url} is {width} px wide on a screen of {size['width']} px"
    if before:
        page.set_viewport_size(before)


def keep_picture(picture: Image, name: str) -> None:
    """Store a picture that is no screen: a side of a card."""
    _SHOTS.mkdir(parents=True, exist_ok=True)
    picture.save(_SHOTS / f"{name}.png", optimize=True)


def assert_accessible(page: Page) -> None:
    """Find no fault of accessibility (axe-core: WCAG 2.2 A and AA, and its best practices)."""
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
