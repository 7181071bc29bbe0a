"""The same faults against real software: ippeveprinter directly, and through a CUPS server before it.

Needs root, cups, cups-client, cups-ipp-utils, cups-filters, avahi-daemon and dbus; elsewhere test_spooling.py has the
same scenarios with a printer of our own, and this file says why it is left out.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pypdfium2
import pytest
from announced_printers import listened
from cups_house import MEDIA, CupsHouse, why_not
from printer_scene import PATIENCE, PrinterScene, printer_of, set_up
from sqlalchemy import select

from printing.printers.finding import FoundPrinter, find_announced, find_queues
from printing.printers.looking import PrinterState, look_at_printer
from printing.spooling import Ended
from registry.cards.reading_back import list_unread
from registry.db import Database
from registry.kinds import CopyFate, JobState, Transport
from registry.models import PrintCopy, PrintJob
from registry.prints.jobs import answer_nothing_came_out, answer_unknown, job_in_flight

# the same scenarios run everywhere against the software printer, in test_spooling.py
pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
U, W, P = CopyFate.UNKNOWN, CopyFate.WAITING, CopyFate.PRINTED


@pytest.fixture(scope="module")
def chain() -> Iterator[CupsHouse]:
    # not below the folder of pytest, which closes it to others: the filters of CUPS run as another user
    with tempfile.TemporaryDirectory(prefix="khb-cups", ignore_cleanup_errors=True) as folder:
        house = CupsHouse(Path(folder))
        house.start()
        yield house
        house.stop()


@pytest.fixture
def house(chain: CupsHouse) -> CupsHouse:
    """The chain with nothing wrong and nothing printed."""
    for fault in ("media-empty", "cover-open", "jam", "slow"):
        chain.mend(fault)
    chain.await_rest()
    (chain.folder / "out").unlink(missing_ok=True)
    return chain


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """Two sides of a card, empty: CUPS's filters read it."""
    document, file = pypdfium2.PdfDocument.new(), BytesIO()
    for _ in range(2):
        document.new_page(242.88, 153.12)
    document.save(file)
    document.close()
    return file.getvalue()


class Run:
    """A batch of two cards, and what came out of it, by the names that its jobs had."""

    def __init__(self, database: Database, house: CupsHouse, pdf: bytes, transport: Transport) -> None:
        self.house, self._pdf = house, pdf
        uri = house.queue if transport is Transport.CUPS else house.uri
        self.scene: PrinterScene = set_up(
            database, NOW, uri, cards=2, transport=transport, sides="two-sided-short-edge"
        )
        self._copies: dict[UUID, UUID] = {}
        self.said: set[str] = set()

    def print(self, when=None) -> Ended:
        """Print until the loop stops; ``when`` is called at every pause with the job that is in flight."""

        def wait(seconds: float) -> None:
            self._note_jobs()
            with self.scene.database.reading() as session:
                job = job_in_flight(session, printer_of(self.scene))
            if job is not None:
                self.said |= set(job.said.split())
            if when is not None and job is not None and job.state is JobState.ACCEPTED:
                when(job)
            time.sleep(min(seconds, 0.2))

        return self.scene.print(lambda _copies: self._pdf, wait=wait, patience=PATIENCE)

    def out(self) -> list[int]:
        """Return how often each card came out, in the order of the batch."""
        self._note_jobs()
        names = [UUID(line[0]) for line in self.house.out()]
        return [sum(self._copies[name] == copy for name in names) for copy in self.scene.copies]

    def _note_jobs(self) -> None:
        """Keep which job carries which card: one that is put back forgets its job."""
        with self.scene.database.reading() as session:
            for copy in session.scalars(select(PrintCopy).where(PrintCopy.job_id.is_not(None))):
                self._copies[copy.job_id] = copy.id

    def answer(self) -> None:
        """Answer as an officer does who looks into the tray when the printer has come to rest."""
        self.house.await_rest()
        with self.scene.database.writing() as session:
            job = job_in_flight(session, printer_of(self.scene))
            copy = session.scalars(select(PrintCopy).where(PrintCopy.job_id == job.id)).one()
            if str(job.id) in {line[0] for line in self.house.out()}:
                assert answer_unknown(session, job, copy.card, **self.scene.house.rest) is True
            else:
                answer_nothing_came_out(session, job, **self.scene.house.rest)

    def print_all(self, when=None) -> int:
        """Print to the end, answering what is asked; return how often that was."""
        asked = 0
        while (ended := self.print(when)) is Ended.ASKED:
            asked += 1
            self.answer()
        assert ended is Ended.DONE
        self.house.await_rest()
        return asked


@pytest.fixture(params=list(Transport))
def run(request, house: CupsHouse, sqlite_template, tmp_path, pdf) -> Iterator[Run]:
    file = tmp_path / "kiosk.db"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{file}")
    yield Run(database, house, pdf, request.param)
    database.close()


def test_the_queue_is_found_and_offers_what_the_printer_can(house):
    assert [queue.name for queue in find_queues(house.server)] == ["Kartu"]
    for uri in (house.uri, house.queue):
        look = look_at_printer(uri)
        assert (look.takes_pdf, look.takes_jobs_in_two_steps) == (True, True)
        assert look.media_for(MEDIA) == MEDIA
        assert "two-sided-short-edge" in look.sides


def test_a_printer_that_avahi_announces_is_found_and_answers_at_the_address(house):
    def listen() -> list[FoundPrinter]:
        return [one for one in find_announced() if one.name == house.announced_as]

    found = listened(listen, bool)
    assert [one.is_queue for one in found] == [False]
    assert look_at_printer(found[0].uri).takes_jobs_in_two_steps


def test_every_card_comes_out_once_with_its_two_sides(run):
    assert run.print_all() == 0
    assert run.out() == [1, 1]
    assert {line[-1] for line in run.house.out()} == {"two-sided-short-edge"}
    assert run.scene.fates() == [P, P]


@pytest.mark.parametrize("fault", ["media-empty", "cover-open"])
def test_an_empty_hopper_and_an_open_cover_are_said_and_printing_goes_on(run, fault):
    run.house.fault(fault)

    def fill(job: PrintJob) -> None:
        if fault in run.said:
            run.house.mend(fault)

    assert run.print_all(fill) == 0
    assert fault in run.said
    assert run.out() == [1, 1]


@pytest.mark.parametrize("run", [Transport.IPP], indirect=True)
@pytest.mark.parametrize("came_out", [True, False])
def test_a_jam_is_asked_about_and_nothing_is_sent_until_it_is_answered(run, came_out):
    run.house.fault("jam", "out" if came_out else "")
    assert run.print() is Ended.ASKED
    assert run.print() is Ended.ASKED
    assert run.scene.fates() == [U, W]
    run.answer()
    assert run.print_all() == 0
    assert run.out() == [1, 1]


@pytest.mark.parametrize("run", [Transport.CUPS], indirect=True)
@pytest.mark.parametrize("came_out", [True, False])
def test_behind_cups_a_jammed_card_is_asked_about_or_waits_to_be_scanned_and_none_comes_twice(run, came_out):
    run.house.fault("jam", "out" if came_out else "")
    run.print_all()
    assert max(run.out()) == 1
    with run.scene.database.reading() as session:  # CUPS may call a job completed that the printer aborted
        unread = {card.id for card in list_unread(session, area="62", limit=10)}
        printed = set(session.scalars(select(PrintCopy.card_id).where(PrintCopy.fate == CopyFate.PRINTED)))
    assert unread == printed


def test_a_printer_that_vanishes_under_way_prints_no_card_twice(run):
    run.house.fault("slow", "0.5")
    seen: list[PrintJob] = []

    def vanish(job: PrintJob) -> None:
        if not seen and look_at_printer(run.house.uri).state is PrinterState.PROCESSING:
            seen.append(job)
            run.house.kill_printer()
            run.house.mend("slow")
            run.house.start_printer()

    run.print_all(vanish)
    assert seen
    assert run.out() == [1, 1]
    assert run.scene.fates() == [P, P]


@pytest.mark.parametrize("hard", [True, False])
def test_cupsd_killed_under_way_prints_no_card_twice_and_skips_none(run, hard):
    run.house.fault("slow", "0.5")
    killed: list[PrintJob] = []

    def kill(job: PrintJob) -> None:
        if not killed and look_at_printer(run.house.uri).state is PrinterState.PROCESSING:
            killed.append(job)
            run.house.kill_cupsd(hard=hard)
            run.house.mend("slow")
            if hard:
                run.house.purge_spool()
            run.house.start_cupsd()

    asked = run.print_all(kill)
    assert killed
    assert run.out() == [1, 1]
    assert run.scene.fates() == [P, P]
    assert asked <= 1
