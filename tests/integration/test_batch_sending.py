"""A drawn batch is sent to a printer by the background, from the officer's button to the last card."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from card_house import VILLAGE
from printer_scene import MEDIA
from software_printer import switched_on
from sqlalchemy import select

from kiosk.clock import now
from registry.audit import Actor
from registry.kinds import BatchState, CardState, CopyFate, Role, Transport
from registry.models import Officer, PrintBatch, PrintCopy, Printer
from registry.prints.printers import PrinterPlan, add_printer

AT = "/kartu/paket/1"
CARDS = 4


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
