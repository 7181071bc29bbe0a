"""The pages of printers: added by address or from CUPS, seen in words, and asked about what nobody is sure of."""

from __future__ import annotations

import re
import time
from uuid import UUID

import pytest
from kiosk_fixtures import Browser
from printer_scene import MEDIA, PATIENCE
from software_printer import SoftwarePrinter, switched_on
from sqlalchemy import select

from kiosk import words
from kiosk.clock import now
from kiosk.printer_states import SeenPrinter, see_printer
from kiosk.words.printers import HINDRANCES, say_hindrance, say_job
from printing.spooling import Ended, Spool, print_copies
from registry.audit import Actor
from registry.errors import Conflict
from registry.kinds import BatchChoice, BatchState, CopyFate, JobState, Role, SheetCode
from registry.models import Card, Officer, PrintBatch, PrintCopy, Printer, PrintJob
from registry.officers.points import CENTRE, get_point
from registry.prints.batches import make_batch, send_to_printer
from registry.prints.jobs import intend_job
from registry.prints.printers import PrinterPlan, add_printer

SETTINGS = {
    "code": "KARTU-1",
    "name": "Printer loket",
    "transport": "ipp",
    "sheet": "cr80",
    "media": MEDIA,
    "sides": "two-sided-short-edge",
    "dots": "300",
    "tray": "",
    "options": "",
}


@pytest.fixture
def printer(tmp_path):
    with switched_on(tmp_path / "printer") as printer:
        yield printer


@pytest.fixture
def manager(scene) -> Browser:
    return scene.sign_in(Role.SUPERVISOR, Role.CARD_CLERK)


def point_of(session) -> UUID:
    return session.scalars(select(Officer.point_id)).one()


def set_up(scene, printer: SoftwarePrinter, *, cards: int = 2) -> tuple[UUID, UUID]:
    """Give the officer's point a printer and a drawn batch that goes to it; return their ids."""
    for _ in range(cards):
        scene.issue(scene.add_family())
    with scene.state.database.writing() as session:
        rest = {"actor": Actor(None, point_of(session)), "keys": scene.state.keys, "at": now()}
        made = add_printer(
            session,
            "KARTU-1",
            PrinterPlan("Printer loket", "ipp", printer.uri, MEDIA),
            point_id=point_of(session),
            **rest,
        )
        cards = session.scalars(select(Card.id)).all()
        batch = make_batch(
            session,
            chosen_by=BatchChoice.CARDS,
            about="",
            cards=cards,
            sheet=SheetCode.CARD,
            design="",
            area="62",
            **rest,
        )
        batch.state = BatchState.READY
        session.flush()
        send_to_printer(session, batch, made, **rest)
        return made.id, batch.id


def run(scene, printer_id: UUID, batch_id: UUID) -> Ended:
    spool = Spool(scene.state.database, scene.state.keys, now=now, wait=time.sleep, patience=PATIENCE)
    return print_copies(spool, batch_id, printer_id, lambda copies: b"%PDF " + str(copies[0]).encode())


def fates(scene) -> list[CopyFate]:
    with scene.state.database.reading() as session:
        return list(session.scalars(select(PrintCopy.fate).order_by(PrintCopy.position)))


def job_of(scene) -> PrintJob:
    with scene.state.database.reading() as session:
        return session.scalars(select(PrintJob).order_by(PrintJob.intended_at.desc(), PrintJob.id.desc())).first()


def jam(scene, printer, *, out: bool = True) -> tuple[UUID, UUID, str]:
    """Let the first card jam; return printer, batch and the page's address of the job."""
    printer_id, batch_id = set_up(scene, printer)
    printer.fault("jam", "out" if out else "")
    assert run(scene, printer_id, batch_id) is Ended.ASKED
    return printer_id, batch_id, f"/printer/{printer_id}/{job_of(scene).id}"


def text_of_copy(scene, position: int) -> str:
    with scene.state.database.reading() as session:
        card = session.scalars(select(PrintCopy).where(PrintCopy.position == position)).one().card
        return scene.text_of(card)


def test_a_printer_is_found_by_its_address_offered_as_it_is_and_added(scene, manager, printer):
    assert "Belum ada printer" in manager.get("/printer/kelola").text
    found = manager.post("/printer/kelola/periksa", {"uri": printer.uri, "transport": "ipp"})
    assert found.status_code == 200
    assert "Huma Betang CR80 menjawab" in found.text
    assert f'value="{MEDIA}"' in found.text
    added = manager.post("/printer/kelola/tambah", SETTINGS | {"uri": printer.uri, "options": "GRibbonType=RC_YMCKOK"})
    assert added.status_code == 303
    page = manager.get(added.location).text
    assert "siap" in page
    assert "GRibbonType=RC_YMCKOK" in page
    assert "Kalibrasi printer" in page


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("http://192.168.1.1/", "diawali ipp://"),
        ("ipp://admin:rahasia@192.168.1.1/", "tanpa nama pengguna"),
        ("ipp://127.0.0.1:9/ipp/print", "Printer tidak menjawab"),
        ("", "Isi alamat printernya."),
    ],
)
def test_an_address_that_is_no_printers_is_refused_in_words(manager, uri, said):
    answer = manager.post("/printer/kelola/periksa", {"uri": uri, "transport": "ipp"})
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "kartu 1"}, "2–20 huruf besar"),
        ({"media": "A4"}, "nama PWG"),
        ({"dots": "180"}, "Kode hanya tepat di titik cetak"),
        ({"dots": "400"}, "Kode hanya tepat di titik cetak"),
        ({"options": "media=na_letter_8.5x11in"}, "diatur kiosk"),
        ({"options": "tanpa nilai"}, "nama=nilai"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_words(manager, printer, wrong, said):
    answer = manager.post("/printer/kelola/tambah", SETTINGS | {"uri": printer.uri} | wrong)
    assert answer.status_code == 422
    assert re.search(said, answer.text)


def test_the_queues_of_the_cups_server_are_offered(scene, manager, printer, app):
    object.__setattr__(scene.state.settings, "cups_url", printer.uri)
    page = manager.get("/printer/kelola/cari").text
    assert 'name="transport" value="cups"' in page
    assert f'value="{printer.uri.replace("127.0.0.1", "localhost")}"' in page
    printer.kill()
    assert "Tidak ada antrean CUPS" in manager.get("/printer/kelola/cari").text


def test_a_printer_is_changed_taken_out_of_use_and_used_again(scene, manager, printer):
    printer_id, _ = set_up(scene, printer)
    page = f"/printer/kelola/{printer_id}"
    assert (
        manager.post(f"{page}/ubah", SETTINGS | {"uri": printer.uri, "name": "Loket dua", "tray": "main"}).status_code
        == 303
    )
    assert "Loket dua" in manager.get(page).text
    assert manager.post(f"{page}/henti").status_code == 303
    assert "tidak dipakai" in manager.get("/printer/kelola").text
    assert "Belum ada printer" in manager.get("/printer").text
    assert manager.post(f"{page}/pakai").status_code == 303
    assert "Loket dua" in manager.get("/printer").text


def test_a_printer_of_another_point_is_not_there(scene, manager, printer):
    with scene.state.database.writing() as session:
        centre = get_point(session, CENTRE)
        rest = {"actor": Actor(None, centre.id), "keys": scene.state.keys, "at": now()}
        other = add_printer(
            session, "LAIN-1", PrinterPlan("Lain", "ipp", printer.uri, MEDIA), point_id=centre.id, **rest
        )
    for path in (f"/printer/{other.id}", f"/printer/kelola/{other.id}", f"/printer/kelola/{other.id}/ubah"):
        assert manager.get(path).status_code == 404
    assert manager.post(f"/printer/kelola/{other.id}/henti").status_code == 404


def test_what_hinders_a_printer_stands_there_in_words(scene, manager, printer):
    printer_id, _ = set_up(scene, printer)
    printer.fault("media-empty")
    for path in ("/printer", f"/printer/{printer_id}", "/printer/kelola", f"/printer/kelola/{printer_id}"):
        page = manager.get(path).text
        assert "berhenti" in page
    assert "Isi blanko" in manager.get(f"/printer/{printer_id}").text
    printer.kill()
    assert "tidak menjawab" in manager.get(f"/printer/{printer_id}").text


def test_an_unknown_job_is_answered_by_scanning_the_card_that_came_out(scene, manager, printer):
    printer_id, batch_id, job = jam(scene, printer)
    assert "menunggu jawaban Anda" in manager.get("/printer").text
    page = manager.get(f"/printer/{printer_id}").text
    assert "Apakah kartu ini keluar?" in page
    answered = manager.post(f"{job}/kartu-terakhir", {"scanned": text_of_copy(scene, 1)})
    assert answered.status_code == 303
    assert "sudah keluar" in manager.get(answered.location).text
    assert fates(scene) == [CopyFate.PRINTED, CopyFate.WAITING]
    assert run(scene, printer_id, batch_id) is Ended.DONE
    assert fates(scene) == [CopyFate.PRINTED] * 2


def test_a_typed_number_or_another_card_answers_nothing(scene, manager, printer):
    _, _, job = jam(scene, printer)
    with scene.state.database.reading() as session:
        number = session.scalars(select(PrintCopy)).first().card.number
    typed = manager.post(f"{job}/kartu-terakhir", {"typed": number})
    assert (typed.status_code, "Kode kartu belum dipindai" in typed.text) == (422, True)
    other = manager.post(f"{job}/kartu-terakhir", {"scanned": text_of_copy(scene, 2)})
    assert (other.status_code, "Bukan kartu terakhir printer ini" in other.text) == (422, True)
    assert fates(scene) == [CopyFate.UNKNOWN, CopyFate.WAITING]


def test_an_unknown_job_is_answered_by_nothing_came_out_and_only_once(scene, manager, printer):
    printer_id, batch_id, job = jam(scene, printer, out=False)
    assert manager.post(f"{job}/tidak-keluar").status_code == 303
    again = manager.post(f"{job}/tidak-keluar")
    assert (again.status_code, "Sudah dijawab" in again.text) == (409, True)
    assert run(scene, printer_id, batch_id) is Ended.DONE
    assert len(printer.out()) == 2


def test_an_unknown_job_is_answered_by_spoilt_with_reason_and_who_destroyed_it(scene, manager, printer):
    _, _, job = jam(scene, printer)
    empty = manager.post(f"{job}/rusak", {"reason": "", "destroyed_by": ""})
    assert (empty.status_code, "Tulis apa yang rusak." in empty.text) == (422, True)
    assert manager.post(f"{job}/rusak", {"reason": "macet", "destroyed_by": "Ani"}).status_code == 303
    assert fates(scene) == [CopyFate.SPOILT, CopyFate.WAITING]


def test_cancelling_pauses_the_batch_and_it_can_be_printed_again(scene, manager, printer):
    printer_id, batch_id = set_up(scene, printer)
    with scene.state.database.writing() as session:
        batch = session.get_one(PrintBatch, batch_id)
        copy = session.scalars(select(PrintCopy).order_by(PrintCopy.position)).first()
        job = intend_job(
            session, session.get_one(Printer, printer_id), batch, [copy], sha256="0" * 64, printer_up_time=1, at=now()
        )
    page = f"/printer/{printer_id}"
    assert manager.post(f"{page}/{job.id}/batal").status_code == 303
    assert "Pembatalan diminta" in manager.get(page).text
    assert run(scene, printer_id, batch_id) is Ended.PAUSED
    assert "Cetak lagi" in manager.get(page).text
    assert manager.post(f"{page}/{job.id}/lagi").status_code == 303
    assert run(scene, printer_id, batch_id) is Ended.DONE
    assert job_of(scene).state is JobState.COMPLETED


def test_a_job_that_is_over_or_another_printers_cannot_be_cancelled(scene, manager, printer):
    printer_id, batch_id = set_up(scene, printer)
    assert run(scene, printer_id, batch_id) is Ended.DONE
    over = manager.post(f"/printer/{printer_id}/{job_of(scene).id}/batal")
    assert (over.status_code, "sudah selesai" in over.text) == (409, True)
    with scene.state.database.writing() as session:
        rest = {"actor": Actor(None, point_of(session)), "keys": scene.state.keys, "at": now()}
        other = add_printer(
            session,
            "KARTU-2",
            PrinterPlan("Loket dua", "ipp", printer.uri, MEDIA),
            point_id=point_of(session),
            **rest,
        )
    assert manager.post(f"/printer/{other.id}/{job_of(scene).id}/batal").status_code == 404


def test_a_printer_that_is_taken_out_of_use_pauses_its_batches_and_gets_none(scene, manager, printer):
    printer_id, batch_id = set_up(scene, printer)
    assert manager.post(f"/printer/kelola/{printer_id}/henti").status_code == 303
    with scene.state.database.reading() as session:
        assert session.get_one(PrintBatch, batch_id).is_paused
    with scene.state.database.writing() as session:
        rest = {"actor": Actor(None, point_of(session)), "keys": scene.state.keys, "at": now()}
        batch, retired = session.get_one(PrintBatch, batch_id), session.get_one(Printer, printer_id)
        with pytest.raises(Conflict, match="printer_retired"):
            send_to_printer(session, batch, retired, **rest)
    assert run(scene, printer_id, batch_id) is Ended.PAUSED
    assert printer.out() == []


def test_nobody_waits_for_a_lock_while_a_silent_printer_is_asked(scene, manager, printer, monkeypatch):
    printer_id, _, job = jam(scene, printer)

    def write_meanwhile(asked: Printer) -> SeenPrinter:
        with scene.state.database.writing() as session:
            session.get_one(Printer, asked.id).name = "Diubah orang lain"
        return see_printer(asked)

    monkeypatch.setattr("kiosk.views.print_jobs.see_printer", write_meanwhile)
    assert manager.post(f"{job}/kartu-terakhir", {"typed": ""}).status_code == 422
    assert manager.post(f"{job}/kartu-terakhir", {"scanned": text_of_copy(scene, 2)}).status_code == 422
    assert "Diubah orang lain" in manager.get(f"/printer/{printer_id}").text


def test_who_may_not_print_sees_no_printer(scene):
    distributor = scene.sign_in(Role.DISTRIBUTOR)
    assert distributor.get("/printer").status_code == 403
    assert distributor.get("/printer/kelola").status_code == 403


def test_a_clerk_may_not_change_a_printer(scene):
    clerk = scene.sign_in(Role.CARD_CLERK)
    assert clerk.get("/printer").status_code == 200
    assert clerk.get("/printer/kelola").status_code == 403
    assert clerk.post("/printer/kelola/tambah", SETTINGS).status_code == 403
    assert clerk.post("/printer/kelola/jaringan").status_code == 403


def test_commands_add_list_and_probe(app, printer):
    runner = app.test_cli_runner()
    from kiosk.commands.printers import printers

    added = runner.invoke(printers, ["add", "KARTU-9", printer.uri, "--name", "Uji", "--option", "Ribbon=YMCKOK"])
    assert "KARTU-9 ditambahkan" in added.output
    printer.fault("cover-open")
    listed = runner.invoke(printers, ["list"])
    assert "KARTU-9\tberhenti" in listed.output
    assert "Tutup terbuka." in listed.output
    assert MEDIA in runner.invoke(printers, ["probe", printer.uri]).output


def test_every_keyword_that_stands_for_something_has_words_and_the_unknown_is_shown():
    assert all(said.title and said.explanation.endswith(".") for said in HINDRANCES.values())
    assert say_hindrance("com.evolis.ribbon-ended") == HINDRANCES["marker-supply-empty"]
    assert "printer-on-fire" in say_hindrance("printer-on-fire").explanation
    assert say_job("aborted-by-system media-jam") == "dihentikan printer; Kartu atau kertas macet"
    assert say_job("media_not_supported") == words.of("media_not_supported").title
