"""Rounds, as a programme manager prepares, determines, opens, changes and closes them; and a family's status."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from browsing import assert_accessible, follow, keep_picture, look, sign_in
from playwright.sync_api import Page, expect

from kiosk.clock import now
from registry.days import local_day


@pytest.fixture
def manager(page: Page) -> Page:
    sign_in(page, "program.eko")
    return page


def test_a_round_goes_from_its_list_over_the_decree_to_its_end(manager: Page, tmp_path: Path):
    manager.goto("/tahap")
    look(manager, "rounds-none")
    follow(manager.get_by_role("link", name="Buka tahap baru"))
    look(manager, "round-choose")
    assert_accessible(manager)
    follow(manager.get_by_role("link", name="Bantuan Pangan KHBS"))
    hall = manager.locator("details", has_text="Aula Kecamatan Katingan Tengah")
    hall.locator("summary").click()
    expect(hall.get_by_role("checkbox").first).to_be_visible()
    look(manager, "round-new")
    assert_accessible(manager)
    today = local_day(now()).isoformat()
    manager.get_by_label("Nama tahap").fill("Tahap I 2026")
    manager.get_by_label("Mulai").fill(today)
    manager.get_by_label("Sampai dengan").fill(today)
    hall.get_by_label("Seluruh wilayah titik ini").check()
    manager.get_by_role("button", name="Siapkan tahap").click()
    expect(manager.get_by_text("Tahap disiapkan:")).to_be_visible()
    look(manager, "round-preparing")
    assert_accessible(manager)

    manager.get_by_role("button", name="Susun ulang daftar").click()
    expect(manager.get_by_role("heading", name="Daftar disusun:")).to_be_visible()
    look(manager, "round-evaluated")
    assert_accessible(manager)

    file = tmp_path / "sk.csv"
    file.write_text("NIK;Nama\n6206051212909999;Orang Contoh\n12345;Salah Tulis\n", encoding="utf-8")
    manager.get_by_text("Muat daftar SK").click()
    manager.get_by_label("Berkas daftar").set_input_files(file)
    manager.get_by_label("Nomor SK", exact=True).fill("SK 7/2026")
    manager.get_by_role("button", name="Muat daftar").click()
    expect(manager.get_by_text("2 baris tidak dimuat")).to_be_visible()
    look(manager, "round-office-list")
    assert_accessible(manager)

    manager.get_by_label("Nomor SK penetapan").fill("460/12/DINSOS/2026")
    manager.get_by_label("Tanggal SK").fill(today)
    manager.get_by_role("button", name="Tetapkan daftar").click()
    expect(manager.get_by_text("Daftar ditetapkan:")).to_be_visible()
    look(manager, "round-determined")
    assert_accessible(manager)
    row = manager.locator("form", has=manager.get_by_role("button", name="PDF")).first
    token = row.locator("[name=csrf_token]").input_value()
    address = row.get_by_role("button", name="PDF").get_attribute("formaction")
    pdf = manager.request.post(address, form={"csrf_token": token})
    assert pdf.headers["content-type"] == "application/pdf"

    manager.get_by_role("button", name="Buka penyaluran").click()
    expect(manager.get_by_text("Tahap dibuka.")).to_be_visible()
    manager.get_by_text("Keluarkan keluarga dari daftar").click()
    removal = manager.locator("form", has=manager.get_by_role("button", name="Keluarkan"))
    removal.get_by_label("NIK").fill("6206051212909999")
    removal.get_by_label("Nomor adendum").fill("ADD-1")
    removal.get_by_label("Alasan").fill("pindah ke luar provinsi")
    removal.get_by_role("button", name="Keluarkan").click()
    expect(manager.get_by_text("NIK belum terdaftar")).to_be_visible()
    look(manager, "round-addendum-refused")
    assert_accessible(manager)

    manager.goto("/tahap")
    expect(manager.get_by_role("link", name="Tahap I 2026")).to_be_visible()
    look(manager, "rounds")
    assert_accessible(manager)
    follow(manager.get_by_role("link", name="Tahap I 2026"))
    look(manager, "round")
    assert_accessible(manager)
    manager.get_by_text("Tutup tahap ini").click()
    manager.get_by_role("button", name="Ya, tutup tahap").click()
    expect(manager.get_by_text("Tahap ditutup.")).to_be_visible()


def test_a_family_is_shown_its_status_in_every_programme(page: Page):
    sign_in(page, "kartu.ani")
    page.goto("/keluarga")
    page.get_by_label("Nomor KK, NIK, atau nama").fill("Uhing")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name="Uhing Saputra Kahayan").first.click()
    page.get_by_role("link", name="Status program").click()
    expect(page.get_by_role("heading", name="Bantuan Pangan KHBS")).to_be_visible()
    look(page, "family-status")
    assert_accessible(page)
    slip = page.request.get(page.get_by_role("link", name="Cetak slip").get_attribute("href"))
    assert slip.headers["content-type"] == "application/pdf"
    sheet = pypdfium2.PdfDocument(slip.body())[0].render(scale=2).to_pil()
    keep_picture(sheet, "family-status-slip")
