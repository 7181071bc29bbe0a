"""The main job, the whole way, in a real browser: family list, held family, card on paper, scan, given once."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import zxingcpp
from browsing import assert_accessible, follow, keep_picture, look, sign_in
from conftest import Kiosk
from invented import invent_families, list_rows, write_list
from playwright.sync_api import Page, expect
from scanner import scan

VILLAGE = "62.06.05.2004"
"""Telok: in the area of the counter and of the hand-out point, with no family before the list comes."""


def test_from_the_list_to_the_package_given_once(page: Page, kiosk: Kiosk, tmp_path):
    # a registrar brings in the list and decides the family that is held
    entitled, two_heads = invent_families(VILLAGE, 2)
    rows = list_rows(entitled) + list_rows(two_heads)
    rows[len(list_rows(entitled)) + 1][3] = "Kepala Keluarga"
    path = write_list(tmp_path / "daftar.csv", rows)
    sign_in(page, "rita.data")
    page.goto("/daftar/unggah")
    page.get_by_label("Berkas daftar").set_input_files(path)
    page.get_by_label("Keadaan data per tanggal").fill("2026-02-28")
    page.get_by_role("button", name="Unggah dan periksa").click()
    page.get_by_role("button", name="Terapkan").click()
    page.get_by_role("link", name="Putuskan 1 keluarga").click()
    page.locator("a.row").first.click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_role("button", name="Ya, jalankan").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    # a card clerk issues the card, prints it, and hands it over by scanning the paper
    sign_in(page, "kartu.ani")
    page.goto("/keluarga")
    page.get_by_label("Nomor KK, NIK, atau nama").fill(str(entitled.number))
    page.get_by_role("button", name="Cari").click()
    page.locator("a.row").first.click()
    follow(page.get_by_role("button", name="Terbitkan kartu"))
    pdf = page.request.get(f"{page.url}/cetak.pdf").body()
    front, back = (side.render(scale=300 / 72).to_pil() for side in pypdfium2.PdfDocument(BytesIO(pdf)))
    keep_picture(front, "card-front")
    keep_picture(back, "card-back")
    [code] = zxingcpp.read_barcodes(back)
    follow(page.get_by_role("button", name="Tandai tercetak"))
    page.goto("/kartu/serahkan")
    scan(page, code.text)
    page.get_by_label("KTP asli penerima").check()
    page.get_by_role("button", name="Serahkan dan aktifkan kartu").click()
    expect(page.get_by_text("aktif").first).to_be_visible()

    # a programme manager opens a round for the village
    sign_in(page, "program.eko")
    page.goto("/tahap/buka?program=PANGAN")
    page.get_by_label("Nama tahap atau kegiatan").fill("Tahap I")
    today = page.evaluate("new Date().toLocaleDateString('sv')")
    page.get_by_label("Mulai").fill(today)
    page.get_by_label("Sampai dengan").fill(today)
    page.locator("details.place", has_text="Aula Kecamatan").locator("summary").click()
    page.get_by_label("Telok").first.check()
    look(page, "rounds-new")
    assert_accessible(page)
    page.get_by_role("button", name="Siapkan tahap").click()
    expect(page.get_by_text("keluarga berhak")).to_be_visible()
    page.get_by_label("Nomor SK penetapan").fill("460/1/DINSOS/2026")
    page.get_by_label("Tanggal SK").fill(today)
    page.get_by_role("button", name="Tetapkan daftar").click()
    page.get_by_role("button", name="Buka penyaluran").click()
    expect(page.get_by_text("Tahap dibuka.")).to_be_visible()
    look(page, "round")
    assert_accessible(page)

    # a distribution officer scans it, gives the package, and sees the second scan refused
    sign_in(page, "bagi.tini")
    page.goto("/pindai")
    look(page, "scan")
    assert_accessible(page)
    scan(page, code.text)
    expect(page.get_by_role("heading", name="Berhak", exact=True)).to_be_visible()
    look(page, "verdict-granted")
    assert_accessible(page)
    page.get_by_label("KTP asli dilihat").check()
    page.get_by_role("button", name="Salurkan").click()
    expect(page.get_by_role("heading", name="Diserahkan")).to_be_visible()
    look(page, "receipt")
    assert_accessible(page)
    page.reload()
    expect(page.get_by_role("heading", name="Diserahkan")).to_be_visible()
    scan(page, code.text)
    expect(page.get_by_role("heading", name="Sudah diterima").first).to_be_visible()
    expect(page.get_by_text("Aula Kecamatan Katingan Tengah oleh Tini")).to_be_visible()
    look(page, "verdict-already")
    assert_accessible(page)
