"""A printer is found, set up and calibrated; its hopper runs empty; a card jams, and the officer is asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import UUID

import pytest
from announced_printers import announced, announcement
from browsing import assert_accessible, follow, look, sign_in
from conftest import VILLAGE, Kiosk
from playwright.sync_api import Page, expect
from printer_scene import PATIENCE
from scanner import scan
from software_printer import SoftwarePrinter, switched_on
from sqlalchemy import select

from kiosk.clock import now
from printing.spooling import Spool, print_copies
from registry.audit import Actor
from registry.code.token import to_text
from registry.kinds import BatchChoice, BatchState, SheetCode
from registry.models import Card, PrintBatch, PrintCopy, Printer
from registry.officers.points import get_point
from registry.prints.batches import make_batch
from verify.issue import issue_for_village


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftwarePrinter]:
    with switched_on(tmp_path_factory.mktemp("printer")) as printer:
        yield printer


@pytest.fixture(scope="module")
def batch_id(kiosk: Kiosk) -> UUID:
    """The village's cards in a batch that is drawn."""
    with kiosk.database.writing() as session:
        rest = {"actor": Actor(None, get_point(session, "LOKET-KATINGAN").id), "keys": kiosk.keys, "at": now()}
        issue_for_village(session, VILLAGE, **rest)
        cards = session.scalars(select(Card.id).order_by(Card.id)).all()[:4]
        batch = make_batch(
            session,
            chosen_by=BatchChoice.CARDS,
            about="",
            cards=cards,
            sheet=SheetCode.CARD,
            design="",
            area=VILLAGE,
            **rest,
        )
        batch.state = BatchState.READY
        return batch.id


def run(kiosk: Kiosk, batch_id: UUID) -> None:
    """Print as a worker does, until the loop stops by itself; the batch goes to no printer by the kiosk's own."""
    with kiosk.database.reading() as session:
        printer_id = session.scalars(select(Printer.id)).one()
    spool = Spool(kiosk.database, kiosk.keys, now=now, wait=time.sleep, patience=PATIENCE)
    print_copies(spool, batch_id, printer_id, lambda copies: b"%PDF " + str(copies[0]).encode())


def text_of(kiosk: Kiosk, batch_id: UUID, position: int) -> str:
    with kiosk.database.reading() as session:
        copy = session.scalars(select(PrintCopy).where(PrintCopy.batch_id == batch_id, PrintCopy.position == position))
        return to_text(copy.one().card.token)


def test_1_the_supervisor_finds_the_printer_and_adds_it(page: Page, printer: SoftwarePrinter):
    sign_in(page, "penyelia.siti")
    page.goto("/printer/kelola")
    look(page, "printers-none")
    page.get_by_role("link", name="Tambah printer").click()
    page.get_by_label("Alamat printer").fill("192.168.1.20")
    page.get_by_role("button", name="Periksa printer").click()
    expect(page.get_by_text("Alamat printer diawali ipp://")).to_be_visible()
    look(page, "printer-choose")
    assert_accessible(page)
    port = int((printer.folder / "port").read_text())
    with announced(announcement("Kartu Loket 1", port=port, ty="Huma Betang CR80", note="Loket 1, Kasongan")):
        page.get_by_role("button", name="Cari di jaringan ini").click()
        expect(page.get_by_text("Huma Betang CR80 · Loket 1, Kasongan")).to_be_visible()
    look(page, "printer-network")
    assert_accessible(page)
    page.get_by_role("button", name="Pilih Kartu Loket 1").click()
    expect(page.get_by_role("heading", name="Printer ditemukan")).to_be_visible()
    expect(page.get_by_label("Alamat printer")).to_have_value(printer.uri)
    page.goto("/printer/kelola/tambah")
    page.get_by_label("Alamat printer").fill(printer.uri)
    page.get_by_role("button", name="Periksa printer").click()
    expect(page.get_by_role("heading", name="Printer ditemukan")).to_be_visible()
    expect(page.get_by_label("Media")).to_have_value("om_cr80_53.98x85.6mm")
    look(page, "printer-found")
    assert_accessible(page)
    page.get_by_label("Kode").fill("KARTU-1")
    page.get_by_label("Nama").fill("Printer kartu loket 1")
    page.get_by_role("button", name="Tambahkan printer").click()
    expect(page.get_by_text("Printer kartu loket 1 ditambahkan.")).to_be_visible()
    expect(page.get_by_role("link", name="Kalibrasi printer")).to_be_visible()
    look(page, "printer-settings")
    assert_accessible(page)


def test_2_the_clerk_sees_in_words_what_the_printer_needs(page: Page, printer: SoftwarePrinter):
    printer.fault("media-empty")
    sign_in(page, "kartu.ani")
    page.goto("/printer")
    expect(page.get_by_text("Kartu atau kertas habis")).to_be_visible()
    look(page, "printers")
    assert_accessible(page)
    page.get_by_role("link", name="Printer kartu loket 1").click()
    expect(page.get_by_text("Isi blanko; cetakan berlanjut.")).to_be_visible()
    look(page, "printer-empty")
    assert_accessible(page)
    printer.mend("media-empty")
    page.get_by_role("link", name="Lihat keadaan terbaru").click()
    expect(page.get_by_text("siap", exact=True)).to_be_visible()


def test_3_after_a_jam_the_clerk_is_asked_and_answers_with_the_card(
    page: Page, kiosk: Kiosk, printer: SoftwarePrinter, batch_id: UUID
):
    printer.fault("jam", "out")
    run(kiosk, batch_id)
    sign_in(page, "kartu.ani")
    page.goto("/printer")
    page.get_by_role("link", name="Jawab sekarang").click()
    expect(page.get_by_role("heading", name="Apakah kartu ini keluar?")).to_be_visible()
    look(page, "printer-asks")
    assert_accessible(page)
    scan(page, text_of(kiosk, batch_id, 3))
    expect(page.get_by_text("Bukan kartu terakhir printer ini")).to_be_visible()
    look(page, "printer-asks-again")
    scan(page, text_of(kiosk, batch_id, 1))
    expect(page.get_by_text("Kartu itu sudah keluar dan dicatat tercetak.")).to_be_visible()


def test_4_a_spoilt_card_is_noted_with_who_destroyed_it(
    page: Page, kiosk: Kiosk, printer: SoftwarePrinter, batch_id: UUID
):
    printer.fault("jam", "out")
    run(kiosk, batch_id)
    sign_in(page, "kartu.ani")
    page.goto("/printer")
    page.get_by_role("link", name="Jawab sekarang").click()
    page.get_by_text("Keluar, tetapi rusak").click()
    page.get_by_role("button", name="Catat rusak").click()
    expect(page.get_by_text("Tulis apa yang rusak.")).to_be_visible()
    look(page, "printer-spoilt")
    assert_accessible(page)
    page.get_by_label("Apa yang rusak").fill("Macet, cetakannya bergaris")
    page.get_by_label("Dimusnahkan oleh").fill("Siti Norhayati, penyelia")
    page.get_by_role("button", name="Catat rusak").click()
    expect(page.get_by_text("Dicatat rusak.")).to_be_visible()
    run(kiosk, batch_id)
    page.get_by_role("link", name="Lihat keadaan terbaru").click()
    expect(page.get_by_text("keluar dengan baik").first).to_be_visible()
    look(page, "printer-jobs")
    assert_accessible(page)
    with kiosk.database.reading() as session:
        assert session.get_one(PrintBatch, batch_id).state is BatchState.SETTLED


def test_5_the_supervisor_takes_the_printer_out_of_use(page: Page):
    sign_in(page, "penyelia.siti")
    page.goto("/printer/kelola")
    page.get_by_role("link", name="Printer kartu loket 1").click()
    follow(page.get_by_role("link", name="Ubah pengaturan"))
    look(page, "printer-change")
    page.get_by_label("Nama").fill("Printer kartu lama")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Pengaturan printer disimpan.")).to_be_visible()
    page.get_by_text("Jangan pakai lagi").click()
    page.get_by_role("button", name="Hentikan pemakaian").click()
    expect(page.get_by_text("Printer kartu lama tidak dipakai lagi.")).to_be_visible()
