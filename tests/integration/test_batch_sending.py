"""A drawn batch is sent to a printer by the background, from the officer's button to the last card."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from io import BytesIO
from typing import TypeVar

import pypdfium2
import pytest
import zxingcpp
from card_house import VILLAGE
from printer_scene import MEDIA
from software_printer import switched_on
from sqlalchemy import select, update

from kiosk import words
from kiosk.clock import now
from registry.audit import Actor
from registry.kinds import BatchState, CardState, CopyFate, JobState, Role, Transport
from registry.models import Officer, PrintBatch, PrintCopy, Printer, PrintJob
from registry.prints.jobs import intend_job
from registry.prints.printers import PrinterPlan, add_printer

AT = "/kartu/paket/1"
CARDS = 4
Found = TypeVar("Found")


@pytest.fixture
def paper(tmp_path):
    """A printer that keeps what came out."""
    with switched_on(tmp_path / "printer", keep=True) as printer:
        yield printer


@pytest.fixture
def clerk(scene, paper):
    """A clerk with a drawn batch and a printer at the counter."""
    clerk = scene.sign_in(Role.CARD_CLERK)
    for _ in range(CARDS):
        scene.issue(scene.add_family())
    with scene.state.database.writing() as session:
        officer = session.scalars(select(Officer).where(Officer.username == "budi.santoso")).one()
        plan = PrinterPlan(name="Printer kartu", transport=Transport.IPP, uri=paper.uri, media=MEDIA)
        actor = Actor(officer_id=officer.id, point_id=officer.point_id)
        add_printer(session, "CETAK-1", plan, point_id=officer.point_id, actor=actor, keys=scene.state.keys, at=now())
    clerk.post("/kartu/paket", {"chosen_by": "village", "village": VILLAGE, "sheet": "cr80"})
    scene.state.work.work_off()
    return clerk


def send(scene, clerk) -> None:
    with scene.state.database.reading() as session:
        printer_id = session.scalars(select(Printer.id)).one()
    assert clerk.post(f"{AT}/printer", {"printer": str(printer_id)}).status_code == 303


def batch(scene) -> PrintBatch:
    with scene.state.database.reading() as session:
        return session.scalars(select(PrintBatch)).one()


def copies(scene) -> list[PrintCopy]:
    with scene.state.database.reading() as session:
        found = session.scalars(select(PrintCopy).order_by(PrintCopy.position)).all()
        for copy in found:
            copy.card.number  # noqa: B018 (read while the session is open)
        return list(found)


def number_on(scene, pdf: bytes) -> str:
    with pypdfium2.PdfDocument(BytesIO(pdf)) as document:
        picture = document[1].render(scale=300 / 72).to_pil()
    return scene.read(zxingcpp.read_barcodes(picture)[0].text).claims.number


def test_every_card_comes_out_once_in_the_order_of_the_batch(scene, clerk, paper):
    send(scene, clerk)
    scene.state.work.work_off()
    made = copies(scene)
    out = [(paper.folder / "paper" / f"{job}.pdf").read_bytes() for job, *_ in paper.out()]
    assert [number_on(scene, pdf) for pdf in out] == [copy.card.number for copy in made]
    assert {copy.fate for copy in made} == {CopyFate.PRINTED}
    assert {scene.again(copy.card).state for copy in made} == {CardState.PRINTED}
    assert (batch(scene).state, batch(scene).worker) == (BatchState.SETTLED, "")
    assert "tercetak" in clerk.get(AT).text


def test_a_paused_batch_sends_nothing_until_it_goes_on(scene, clerk, paper):
    send(scene, clerk)
    clerk.post(f"{AT}/jeda")
    scene.state.work.work_off()
    assert paper.out() == []
    assert "Dijeda di Printer kartu" in clerk.get(AT).text
    send(scene, clerk)
    scene.state.work.work_off()
    assert len(paper.out()) == CARDS


def test_after_a_jam_an_officer_is_asked_and_nothing_goes_on_by_itself(scene, clerk, paper):
    paper.fault("jam", "out")
    send(scene, clerk)
    scene.state.work.work_off()
    assert [copy.fate for copy in copies(scene)] == [CopyFate.UNKNOWN, *[CopyFate.WAITING] * (CARDS - 1)]
    assert "1 kartu belum pasti keluar" in clerk.get(AT).text
    assert clerk.post(f"{AT}/batal").status_code == 409
    scene.state.work.sweep()
    scene.state.work.work_off()
    assert len(paper.out()) == 1


def test_a_batch_whose_sender_died_is_taken_up_by_the_sweep(scene, clerk, paper):
    """Its message is lost, as when the process is killed; the database knows what is to be done."""
    send(scene, clerk)
    while scene.state.work._tasks.queue.dequeue():
        pass
    scene.state.work.work_off()
    assert paper.out() == []
    scene.state.work.sweep()
    scene.state.work.work_off()
    assert len(paper.out()) == CARDS


def wait_for(found: Callable[[], Found], seconds: float = 60.0) -> Found:
    """Wait until something is so; so long a sender looks again and again for a printer that hangs."""
    ends = time.monotonic() + seconds
    while not (one := found()):
        assert time.monotonic() < ends, "it never came to be so"
        time.sleep(0.01)
    return one


def take_up(scene) -> JobState:
    """Let the sweep find what is to be done, do it, and return what became of the first job."""
    scene.state.work.sweep()
    scene.state.work.work_off()
    with scene.state.database.reading() as session:
        return session.scalars(select(PrintJob.state).order_by(PrintJob.intended_at)).first()


def leave_at_printer(scene, **changes: object) -> None:
    """Leave the batch as a worker does who is killed right after he wrote down what he is about to send."""
    with scene.state.database.writing() as session:
        batch = session.scalars(select(PrintBatch)).one()
        printer = session.scalars(select(Printer)).one()
        batch.printer_id = printer.id
        for name, value in changes.items():
            setattr(batch, name, value)
        copy = session.scalars(select(PrintCopy).order_by(PrintCopy.position)).first()
        intend_job(session, printer, batch, [copy], sha256="0" * 64, printer_up_time=1, at=now())


def is_leased_here() -> bool:
    """Tell whether a thread of this process keeps a lease."""
    return "lease" in {thread.name for thread in threading.enumerate()}


def test_a_lease_is_renewed_while_the_printer_hangs(scene, clerk, paper, monkeypatch):
    monkeypatch.setattr("kiosk.work.sending._SIGN_OF_LIFE", 0.02)
    paper.fault("hang")
    send(scene, clerk)
    worker = threading.Thread(target=scene.state.work.work_off)
    worker.start()
    try:
        first = wait_for(lambda: batch(scene).worked_until)
        wait_for(lambda: batch(scene).worked_until > first)
    finally:
        paper.mend("hang")
        worker.join()
    assert len(paper.out()) == CARDS


def test_one_who_was_given_up_for_dead_while_the_printer_hung_prints_nothing(scene, clerk, paper, monkeypatch):
    monkeypatch.setattr("kiosk.work.sending._SIGN_OF_LIFE", 0.02)
    paper.fault("hang")
    send(scene, clerk)
    worker = threading.Thread(target=scene.state.work.work_off)
    worker.start()
    try:
        wait_for(is_leased_here)
        with scene.state.database.writing() as session:
            session.execute(update(PrintBatch).values(worker="elsewhere"))
        wait_for(lambda: not is_leased_here())
    finally:
        paper.mend("hang")
        worker.join()
    assert paper.out() == []
    assert batch(scene).worker == "elsewhere"


def test_a_design_that_is_gone_pauses_the_batch_and_says_why_until_it_is_back(scene, clerk, paper):
    with scene.state.database.writing() as session:
        name = session.scalars(select(PrintBatch.design)).one()
        session.execute(update(PrintBatch).values(design="hilang"))
    send(scene, clerk)
    scene.state.work.work_off()
    stopped = batch(scene)
    assert (stopped.is_paused, stopped.fault_code, stopped.worker) == (True, "design_missing", "")
    page = clerk.get(AT).text
    said = words.of("design_missing", about="hilang")
    assert said.title in page
    assert said.next_step in page
    assert "design_missing" not in page
    with scene.state.database.writing() as session:
        session.execute(update(PrintBatch).values(design=name))
    send(scene, clerk)
    scene.state.work.work_off()
    assert len(paper.out()) == CARDS
    assert said.title not in clerk.get(AT).text


def test_cards_that_cannot_be_drawn_for_another_reason_pause_the_batch_too(scene, clerk, paper, monkeypatch):
    def unreadable(*_cards: object, **_how: object) -> None:
        raise OSError("the disk is broken")

    monkeypatch.setattr("kiosk.work.sending.faces_of", unreadable)
    send(scene, clerk)
    scene.state.work.work_off()
    assert (batch(scene).is_paused, batch(scene).fault_code) == (True, "printing_failed")
    assert "Pencetakan terhenti" in clerk.get(AT).text
    assert paper.out() == []


def test_what_is_at_the_printer_is_cleared_up_also_when_the_design_is_gone(scene, clerk):
    leave_at_printer(scene, design="hilang")
    assert take_up(scene) is JobState.FAILED
    assert {copy.fate for copy in copies(scene)} == {CopyFate.WAITING}
    assert batch(scene).fault_code == "design_missing"


def test_what_is_at_the_printer_is_cleared_up_also_when_the_batch_was_paused(scene, clerk, paper):
    """Its officer cancelled it, the worker was killed: without this nobody would ever tell what came out."""
    leave_at_printer(scene, is_paused=True)
    assert take_up(scene) is JobState.FAILED
    assert {copy.fate for copy in copies(scene)} == {CopyFate.WAITING}
    assert (batch(scene).is_paused, paper.out()) == (True, [])
