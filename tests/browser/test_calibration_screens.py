"""Calibrating a printer in a real browser: print the sheet, read eight distances a side, see what they come to."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from browsing import assert_accessible, keep_picture, look, sign_in
from conftest import Kiosk
from playwright.sync_api import Page, expect

from kiosk.clock import now
from registry.db import new_id
from registry.kinds import Transport
from registry.models import Printer
from registry.officers.points import get_point


@pytest.fixture(scope="module")
def printer(kiosk: Kiosk) -> Printer:
    with kiosk.database.writing() as session:
        made = Printer(
            id=new_id(),
            code="CETAK-1",
            name="Printer kartu Katingan Tengah",
            point_id=get_point(session, "LOKET-KATINGAN").id,
            transport=Transport.IPP,
            uri="ipp://localhost:8631/ipp/print",
            media="om_cr80_53.98x85.6mm",
            sides="two-sided-short-edge",
            tray="main",
            added_at=now(),
        )
        session.add(made)
    return made


def test_a_printer_is_measured_on_both_sides(page: Page, printer: Printer):
    sign_in(page, "penyelia.siti")
    page.goto(f"/printer/{printer.id}/kalibrasi")
    expect(page.get_by_text("Belum diukur")).to_have_count(2)
    look(page, "calibration-empty")
    assert_accessible(page)
    pdf = page.request.get(page.get_by_role("link", name="Buka lembar kalibrasi").get_attribute("href")).body()
    with pypdfium2.PdfDocument(BytesIO(pdf)) as sheet:
        for number in range(len(sheet)):
            keep_picture(sheet[number].render(scale=3).to_pil(), f"calibration-sheet-{number + 1}")

    front = page.locator("section", has=page.get_by_role("heading", name="Sisi depan"))
    front.get_by_label("A, dari kiri").fill("25")
    front.get_by_role("button", name="Simpan sisi depan").click()
    expect(page.get_by_text("Isi antara 0 dan 20 mm.")).to_be_visible()
    expect(page.get_by_text("Isi jaraknya.")).to_have_count(7)
    look(page, "calibration-wrong")
    assert_accessible(page)

    measured = {"A": ("11,5", "10"), "B": ("8,5", "10"), "C": ("8,5", "10"), "D": ("11,5", "10")}
    for corner, distances in measured.items():
        for field, distance in zip(front.get_by_label(f"{corner}, dari").all(), distances, strict=True):
            field.fill(distance)
    front.get_by_role("button", name="Simpan sisi depan").click()
    expect(page.get_by_text("Digeser 1,5 mm ke kiri.")).to_be_visible()
    expect(page.get_by_role("link", name="Buka lembar periksa")).to_be_visible()
    look(page, "calibration-kept")
    assert_accessible(page)
