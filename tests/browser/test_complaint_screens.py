"""A family that was refused complains, is answered, and asks; and what an office's programmes cost."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pypdfium2
from browsing import assert_accessible, follow, keep_picture, look, sign_in
from conftest import VILLAGE, Kiosk
from invented import number_of
from playwright.sync_api import Page, expect
from scanner import scan
from sqlalchemy import select

from kiosk.clock import now
from registry.db import new_id
from registry.kinds import RoundState
from registry.models import Determination, Entitlement, Family, Roster, Round
from registry.officers.points import get_point


def refuse(page: Page, place: int) -> None:
    """Issue a card to one of the invented families, and try to hand it over before it is printed."""
    page.goto("/keluarga")
    page.get_by_label("Nomor KK, NIK, atau nama").fill(number_of(VILLAGE, place))
    page.get_by_role("button", name="Cari").click()
    page.locator(".row").click()
    page.get_by_role("button", name="Terbitkan kartu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kartu 62-06-")
    number = page.url.rpartition("/")[2]
    page.goto("/kartu/serahkan")
    scan(page, number)
    expect(page.get_by_role("heading", name="Jangan serahkan")).to_be_visible()


def render(page: Page, address: str, name: str) -> str:
    """Fetch a slip, keep its picture, and return its words."""
    slip = pypdfium2.PdfDocument(BytesIO(page.request.get(address).body()))[0]
    keep_picture(slip.render(scale=2).to_pil(), name)
    return slip.get_textpage().get_text_bounded()


def test_from_a_refusal_to_an_answer_that_is_told_at_another_counter(page: Page):
    sign_in(page, "kartu.ani")
    refuse(page, 0)
    look(page, "complaint-refused")
    assert_accessible(page)
    refused = page.get_by_role("link", name="Cetak alasan penolakan").get_attribute("href")
    page.get_by_role("button", name="Adukan").click()

    expect(page.get_by_role("heading", name="Terima pengaduan")).to_be_visible()
    told = page.get_by_label("Apa yang disampaikan keluarga?")
    expect(told).to_contain_text("Ditolak: kartu belum ditandai tercetak. Keluarga menyampaikan:")
    page.get_by_label("Data salah").check()
    told.fill("Nama kepala keluarga pada kartu tidak sama dengan KTP.")
    look(page, "complaint-new")
    assert_accessible(page)
    page.get_by_role("button", name="Simpan pengaduan").click()

    expect(page.get_by_role("heading", name="Pengaduan diterima")).to_be_visible()
    number = page.locator(".complaint-number").inner_text()
    look(page, "complaint-taken")
    assert_accessible(page)
    slip = page.get_by_role("link", name="Cetak slip").get_attribute("href")
    assert number in render(page, slip, "complaint-slip")
    assert number in render(page, refused, "refusal-slip")

    sign_in(page, "wati.data")
    page.goto("/pengaduan/daftar")
    look(page, "complaint-list")
    assert_accessible(page)
    page.locator(".row", has_text=number).click()
    expect(page.get_by_text("Nama kepala keluarga pada kartu tidak sama dengan KTP.")).to_be_visible()
    look(page, "complaint-open")
    assert_accessible(page)
    page.get_by_label("Teruskan kepada", exact=True).select_option(label="Pemerintah desa atau kelurahan")
    page.get_by_label("Apa yang diminta").fill("Mohon dicocokkan dengan KTP dan KK asli.")
    page.get_by_role("button", name="Teruskan").click()
    expect(page.get_by_text("Diteruskan kepada pemerintah desa atau kelurahan")).to_be_visible()
    page.get_by_label("Jawaban untuk keluarga").fill("Nama sudah diperbaiki. Kartu dicetak ulang tanpa biaya di loket.")
    page.get_by_role("button", name="Simpan jawaban").click()
    expect(page.get_by_role("heading", name="Selesaikan")).to_be_visible()
    look(page, "complaint-answered")
    assert_accessible(page)

    sign_in(page, "bagi.joko")
    follow(page.get_by_role("navigation").get_by_role("link", name="Pengaduan").first)
    look(page, "complaint-desk")
    assert_accessible(page)
    page.get_by_label("Nomor pengaduan").fill(number.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nama sudah diperbaiki.")).to_be_visible()
    look(page, "complaint-told")
    assert_accessible(page)


def test_a_family_on_no_list_complains_without_a_card_and_of_extortion(page: Page):
    sign_in(page, "kartu.ani")
    page.goto("/pengaduan")
    page.get_by_role("button", name="Lanjut tanpa kartu").click()
    page.get_by_role("button", name="Simpan pengaduan").click()
    expect(page.get_by_text("Pilih tentang apa pengaduannya.")).to_be_visible()
    look(page, "complaint-new-wrong")
    assert_accessible(page)
    page.get_by_label("Pungutan liar").check()
    page.get_by_label("Apa yang disampaikan keluarga?").fill("Diminta Rp20.000 untuk mengambil paket.")
    page.get_by_label("Titik layanan yang diadukan").select_option(label="Loket Katingan Tengah (LOKET-KATINGAN)")
    follow(page.get_by_role("button", name="Simpan pengaduan"))
    number = page.locator(".complaint-number").inner_text()

    sign_in(page, "penyelia.siti")
    page.goto("/pengaduan/daftar")
    expect(page.get_by_role("heading", name="Jawab pengaduan")).to_be_visible()
    expect(page.get_by_text(number)).to_have_count(0)
    sign_in(page, "rita.data")
    page.goto("/pengaduan/daftar?tentang=extortion")
    expect(page.get_by_text(number)).to_be_visible()


def test_the_office_sees_what_its_programmes_cost(page: Page, kiosk: Kiosk):
    with kiosk.database.writing() as session:
        opened = Round(
            id=new_id(),
            programme_code="PANGAN",
            name="Tahap II 2026",
            opens_on=date(2026, 11, 1),
            closes_on=date(2026, 12, 1),
            state=RoundState.OPEN,
            value=150_000,
            price=0,
            legal_reference="Juknis 2026",
            created_at=now(),
        )
        session.add(opened)
        session.flush()
        roster = Roster(id=new_id(), round_id=opened.id, point_id=get_point(session, "BAGI-PETAKPUTI").id)
        session.add(roster)
        session.flush()
        for family_id in session.scalars(select(Family.id)):
            session.add(Entitlement(id=new_id(), round_id=opened.id, roster_id=roster.id, family_id=family_id))
        session.flush()
        session.add(
            Determination(
                round_id=opened.id,
                decree_number="460/1/2026",
                decree_date=date(2026, 11, 1),
                programme_version=1,
                clauses=[],
                entitled=1,
                list_hash=bytes(32),
                frozen_at=now(),
            )
        )

    sign_in(page, "program.eko")
    page.goto("/anggaran")
    page.get_by_text("Per tahap dan per kabupaten").first.click()
    expect(page.get_by_text("Bantuan Pangan KHBS · Tahap II 2026")).to_be_visible()
    look(page, "budgets")
    assert_accessible(page)
    book = page.request.get("/anggaran/anggaran.xlsx")
    assert book.ok
    assert book.body()[:2] == b"PK"

    follow(page.get_by_role("region", name="Bantuan pangan KHBS").get_by_role("link", name="Ubah pagu"))
    look(page, "budget-ceiling")
    assert_accessible(page)
    page.get_by_label("Pagu baru, dalam rupiah").fill("1000000")
    page.get_by_label("Dasar", exact=True).fill("DPPA 2026")
    page.get_by_role("button", name="Simpan pagu").click()
    expect(page.get_by_text("melebihi pagu sebesar")).to_be_visible()
    look(page, "budgets-exceeded")


def test_a_school_has_its_number_and_an_office_its_name(page: Page):
    sign_in(page, "admin.yusuf")
    page.goto("/petugas/titik/baru")
    page.get_by_label("Nama titik").fill("SMAN 1 Katingan Tengah")
    page.get_by_label("Kode titik").fill("SMAN1-KT")
    page.get_by_label("Jenis titik").select_option("sekolah")
    page.get_by_label("NPSN sekolah").fill("123")
    look(page, "points-new")
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.get_by_text("NPSN salah bentuk")).to_be_visible()
    page.get_by_label("NPSN sekolah").fill("30203456")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Titik layanan SMAN1-KT ditambahkan.")).to_be_visible()
    page.get_by_role("link", name="SMAN 1 Katingan Tengah").click()
    expect(page.get_by_text("Sekolah Gratis")).to_be_visible()
    look(page, "points-show")
    assert_accessible(page)
