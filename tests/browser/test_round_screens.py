"""Rounds, as a programme manager opens and closes them."""

from __future__ import annotations

import pytest
from browsing import assert_accessible, look, sign_in
from playwright.sync_api import Page, expect

from kiosk.clock import now
from registry.days import local_day


@pytest.fixture
def manager(page: Page) -> Page:
    sign_in(page, "program.eko")
    return page


def test_a_round_is_opened_for_a_village_and_closed(manager: Page):
    manager.goto("/tahap")
    look(manager, "rounds-none")
    manager.get_by_role("link", name="Buka tahap baru").click()
    hall = manager.locator("details", has_text="Aula Kecamatan Katingan Tengah")
    hall.locator("summary").click()
    expect(hall.get_by_role("checkbox").first).to_be_visible()
    look(manager, "round-new")
    assert_accessible(manager)
    today = local_day(now()).isoformat()
    manager.get_by_label("Nama tahap").fill("Tahap I 2026")
    manager.get_by_label("Mulai").fill(today)
    manager.get_by_label("Sampai dengan").fill(today)
    hall.get_by_role("checkbox").first.check()
    manager.get_by_role("button", name="Buka tahap").click()
    expect(manager.get_by_text("Tahap dibuka:")).to_be_visible()
    look(manager, "round")
    assert_accessible(manager)
    manager.goto("/tahap")
    expect(manager.get_by_role("link", name="Tahap I 2026")).to_be_visible()
    look(manager, "rounds")
    assert_accessible(manager)
    manager.get_by_role("link", name="Tahap I 2026").click()
    manager.get_by_text("Tutup tahap ini").click()
    manager.get_by_role("button", name="Ya, tutup tahap").click()
    expect(manager.get_by_text("Tahap ditutup.")).to_be_visible()
