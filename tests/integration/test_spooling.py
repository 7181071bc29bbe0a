"""Printing on a printer: one job at a time, never twice, never skipped, and nothing guessed."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from printer_scene import MEDIA, PATIENCE, SHORT, PrinterScene, draw, printer_of, set_up
from software_printer import SoftwarePrinter, switched_on
from sqlalchemy import select, update

from printing.errors import PrintingError
from printing.printers import sending
from printing.printers.looking import look_at_printer
from printing.printers.sending import Setting, cancel_job, create_job, find_job
from printing.spooling import Ended
from registry.cards.cards import block_card
from registry.errors import Conflict
from registry.kinds import BatchState, BlockReason, CardState, CopyFate, JobState, SheetCode
from registry.models import Card, PrintBatch, PrintCopy, PrintJob
from registry.prints.copies import note_printed
from registry.prints.jobs import (
    accept_job,
    answer_nothing_came_out,
    answer_spoilt,
    answer_unknown,
    end_job,
    intend_job,
    job_in_flight,
)

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
W, S, U, P, X = CopyFate.WAITING, CopyFate.SENT, CopyFate.UNKNOWN, CopyFate.PRINTED, CopyFate.SPOILT


@pytest.fixture
def printer(tmp_path):
    with switched_on(tmp_path / "printer", stale=PATIENCE) as printer:
        yield printer


@pytest.fixture
def scene(database, printer) -> PrinterScene:
    return set_up(database, NOW, printer.uri)


def outs(scene: PrinterScene, printer: SoftwarePrinter) -> list[int]:
    return list(scene.count_out(printer.out()).values())


def intend(scene: PrinterScene, index: int = 0) -> PrintJob:
    """Write the intent of one copy, as the loop does before it speaks to the printer."""
    with scene.database.writing() as session:
        copy = session.get_one(PrintCopy, scene.copies[index])
        batch = session.get_one(PrintBatch, scene.batch_id)
        return intend_job(session, printer_of(scene), batch, [copy], sha256="0" * 64, printer_up_time=1, at=NOW)


def accept(scene: PrinterScene, job: PrintJob, number: int) -> None:
    with scene.database.writing() as session:
        accept_job(session, session.get_one(PrintJob, job.id), printer_job_id=number, at=NOW)


def card_of(scene: PrinterScene, session, index: int) -> Card:
    return session.get_one(PrintCopy, scene.copies[index]).card


SETTING = Setting(MEDIA, "one-sided", None, "", {})


def test_a_batch_is_printed_card_by_card_in_order(scene, printer):
    assert scene.print() is Ended.DONE
    assert [scene.copies.index(copy) for copy in scene.count_out(printer.out())] == [0, 1, 2]
    assert outs(scene, printer) == [1, 1, 1]
    assert {(media, sides) for _name, _hash, media, sides in printer.out()} == {(MEDIA, "one-sided")}
    assert scene.fates() == [P, P, P]
    assert scene.card_states() == {CardState.PRINTED}
    assert scene.batch().state is BatchState.SETTLED
    assert [name for name, *_ in printer.out()] == [str(job.id) for job in scene.jobs()]


def test_ten_cards_of_a_sheet_are_one_job(database, printer):
    scene = set_up(
        database,
        NOW,
        printer.uri,
        cards=12,
        sheet=SheetCode.A4_LONG_EDGE,
        media="iso_a4_210x297mm",
        sides="two-sided-long-edge",
    )
    assert scene.print() is Ended.DONE
    assert [row[2:] for row in printer.out()] == [["iso_a4_210x297mm", "two-sided-long-edge"]] * 2
    assert scene.fates() == [P] * 12


def test_an_empty_hopper_or_an_open_cover_is_waited_for_and_nothing_is_sent(scene, printer):
    for fault in ("media-empty", "cover-open"):
        printer.fault(fault)
        assert scene.print(patience=SHORT) is Ended.WAITING
        assert scene.jobs() == []
        printer.mend(fault)
    assert scene.print() is Ended.DONE


def test_a_hopper_that_runs_empty_under_way_is_said_and_printing_goes_on_when_it_is_filled(scene, printer):
    said = []

    def empty_once(copies):
        if not said:
            printer.fault("media-empty")
        return draw(copies)

    def fill(seconds: float) -> None:
        if scene.jobs() and scene.jobs()[0].said:
            said.append(scene.jobs()[0].said)
            printer.mend("media-empty")
        time.sleep(seconds)

    assert scene.print(empty_once, wait=fill) is Ended.DONE
    assert said[0] == "media-empty"
    assert outs(scene, printer) == [1, 1, 1]


@pytest.mark.parametrize("came_out", [False, True])
def test_after_a_jam_an_officer_is_asked_and_nothing_is_sent_until_he_answers(scene, printer, came_out):
    printer.fault("jam", "out" if came_out else "")
    assert scene.print() is Ended.ASKED
    assert scene.print() is Ended.ASKED
    assert scene.fates() == [U, W, W]
    with scene.database.writing() as session:
        job = job_in_flight(session, printer_of(scene))
        if came_out:
            assert answer_unknown(session, job, card_of(scene, session, 0), **scene.house.rest) is True
        else:
            answer_nothing_came_out(session, job, **scene.house.rest)
    assert scene.print() is Ended.DONE
    assert outs(scene, printer) == [1, 1, 1]
    assert scene.fates() == [P, P, P]


def test_a_card_that_jammed_is_spoilt_and_its_card_waits_for_a_reprint(scene, printer):
    printer.fault("jam", "out")
    assert scene.print() is Ended.ASKED
    with scene.database.writing() as session:
        job = job_in_flight(session, printer_of(scene))
        answer_spoilt(session, job, reason="macet", destroyed_by="Dewi", **scene.house.rest)
    assert scene.print() is Ended.DONE
    assert scene.fates() == [X, P, P]
    assert scene.batch().state is BatchState.SETTLED


def test_the_last_card_of_the_job_before_says_that_nothing_came_out(scene, printer):
    def jam_the_second(copies):
        if copies[0] == scene.copies[1]:
            printer.fault("jam")
        return draw(copies)

    assert scene.print(jam_the_second) is Ended.ASKED
    with scene.database.writing() as session:
        job = job_in_flight(session, printer_of(scene))
        with pytest.raises(Conflict, match="card_not_last_printed"):
            answer_unknown(session, job, card_of(scene, session, 2), **scene.house.rest)
        assert answer_unknown(session, job, card_of(scene, session, 0), **scene.house.rest) is False
        with pytest.raises(Conflict, match="print_job_not_unknown"):
            answer_nothing_came_out(session, job, **scene.house.rest)
    assert scene.print() is Ended.DONE
    assert outs(scene, printer) == [1, 1, 1]


def test_a_card_whose_job_was_cancelled_under_way_still_comes_out_so_it_is_asked(scene, printer):
    printer.fault("stuck")

    def cancel(seconds: float) -> None:
        job = scene.jobs()[0]
        found = find_job(printer.uri, str(job.id), job.printer_job_id)
        if found.has_begun:
            cancel_job(printer.uri, found.number)
        time.sleep(seconds)

    assert scene.print(wait=cancel) is Ended.ASKED
    printer.mend("stuck")
    while not printer.out():
        time.sleep(0.01)
    assert scene.fates() == [U, W, W]


def test_a_job_cancelled_at_the_printer_before_it_began_waits_again_and_pauses_the_batch(scene, printer, monkeypatch):
    def cancelled(uri, number, _pdf):
        cancel_job(uri, number)

    monkeypatch.setattr("printing.spooling.send_document", cancelled)
    assert scene.print() is Ended.PAUSED
    assert (scene.fates(), scene.states()) == ([W, W, W], [JobState.CANCELLED])
    monkeypatch.undo()
    assert scene.print() is Ended.PAUSED
    scene.go_on()
    assert scene.print() is Ended.DONE
    assert outs(scene, printer) == [1, 1, 1]


def test_a_busy_printer_is_waited_for(scene, printer):
    printer.fault("busy")
    assert scene.print(patience=SHORT) is Ended.WAITING
    assert set(scene.states()) <= {JobState.FAILED}
    printer.mend("busy")
    assert scene.print() is Ended.DONE
    assert outs(scene, printer) == [1, 1, 1]


def test_a_printer_that_is_off_is_waited_for(scene, printer):
    printer.kill()
    assert scene.print(patience=SHORT) is Ended.WAITING
    assert scene.jobs() == []
    printer.start()
    assert scene.print() is Ended.DONE


def test_a_printer_that_vanishes_with_a_card_and_forgets_is_asked_about_once(scene, printer):
    def vanish(seconds: float) -> None:
        if printer.out():
            printer.restart()
            printer.mend("slow")
        time.sleep(seconds)

    printer.fault("slow", "20")
    assert scene.print(wait=vanish) in (Ended.ASKED, Ended.DONE)
    while job := next((job for job in scene.jobs() if job.state is JobState.UNKNOWN), None):
        with scene.database.writing() as session:
            out = scene.count_out(printer.out())
            index = next(index for index, copy in enumerate(scene.copies) if scene.fates()[index] is U)
            job = session.get_one(PrintJob, job.id)
            if out[scene.copies[index]]:
                answer_unknown(session, job, card_of(scene, session, index), **scene.house.rest)
            else:
                answer_nothing_came_out(session, job, **scene.house.rest)
        assert scene.print() is Ended.DONE
    assert outs(scene, printer) == [1, 1, 1]


def test_killed_after_the_intent_nothing_was_sent_and_nothing_is_asked(scene, printer):
    intend(scene)
    assert scene.print() is Ended.DONE
    assert scene.states() == [JobState.FAILED] + [JobState.COMPLETED] * 3
    assert outs(scene, printer) == [1, 1, 1]


def test_killed_after_the_job_was_made_the_empty_job_is_cleared_away(scene, printer):
    job = intend(scene)
    number = create_job(printer.uri, str(job.id), SETTING)
    assert scene.print() is Ended.DONE
    assert outs(scene, printer) == [1, 1, 1]
    assert find_job(printer.uri, str(job.id), number).state is sending.RemoteState.CANCELLED


def test_killed_before_the_document_was_sent_the_job_is_cancelled_first(scene, printer):
    job = intend(scene)
    accept(scene, job, create_job(printer.uri, str(job.id), SETTING))
    assert scene.print() is Ended.DONE
    assert scene.states() == [JobState.CANCELLED] + [JobState.COMPLETED] * 3
    assert outs(scene, printer) == [1, 1, 1]


def test_killed_after_the_document_was_sent_the_printers_history_says_that_it_is_printed(scene, printer):
    job = intend(scene)
    number = create_job(printer.uri, str(job.id), SETTING)
    accept(scene, job, number)
    sending.send_document(printer.uri, number, draw(scene.copies[:1]))
    while not printer.out():
        time.sleep(0.01)
    assert scene.print() is Ended.DONE
    assert scene.states() == [JobState.COMPLETED] * 3
    assert outs(scene, printer) == [1, 1, 1]


def test_a_printers_numbers_begin_anew_and_prove_nothing(scene, printer):
    job = intend(scene)
    number = create_job(printer.uri, str(job.id), SETTING)
    accept(scene, job, number)
    printer.restart()
    assert create_job(printer.uri, "another's", SETTING) == number
    assert scene.print() is Ended.ASKED
    assert scene.jobs()[0].said == "job-forgotten"


def test_an_accepted_job_that_the_printer_forgot_is_asked_even_when_it_never_restarted(scene, printer):
    """A printer keeps its history for a minute or so: what is not in it may have been printed."""
    job = intend(scene)
    number = create_job(printer.uri, str(job.id), SETTING)
    accept(scene, job, number)
    sending.send_document(printer.uri, number, draw(scene.copies[:1]))
    while not printer.out():
        time.sleep(0.01)
    printer.fault("forget")
    assert scene.print() is Ended.ASKED
    assert scene.fates() == [U, W, W]


def test_one_who_was_given_up_for_dead_and_comes_back_sends_nothing(scene, printer, monkeypatch):
    sent = []
    monkeypatch.setattr("printing.spooling.send_document", lambda *_: sent.append(1))

    def while_it_slept(uri, job_name, setting):
        number = create_job(uri, job_name, setting)
        with scene.database.writing() as session:
            job = job_in_flight(session, printer_of(scene))
            end_job(session, job, JobState.FAILED, **scene.house.rest)
        monkeypatch.undo()
        return number

    monkeypatch.setattr("printing.spooling.create_job", while_it_slept)
    assert scene.print() is Ended.DONE
    assert sent == []
    assert outs(scene, printer) == [1, 1, 1]


def test_a_printer_has_one_job_in_flight_whatever_batch_it_is_of(scene):
    intend(scene, 0)
    with pytest.raises(Conflict, match="printer_busy"):
        intend(scene, 1)
    assert scene.fates() == [S, W, W]


def test_another_batch_waits_while_its_worker_lives_and_clears_up_when_it_is_dead(scene, printer):
    with scene.database.writing() as session:
        other = PrintBatch(
            number=99,
            chosen_by="cards",
            sheet=SheetCode.CARD,
            design="",
            area_code="62",
            point_id=scene.house.actor.point_id,
            state=BatchState.READY,
            copies_total=1,
            made_at=NOW,
            worker="elsewhere",
            worked_until=NOW.replace(hour=3),
        )
        session.add(other)
        session.flush()
        copy = session.get_one(PrintCopy, scene.copies[2])
        copy.batch_id, copy.position = other.id, 1
        intend_job(session, printer_of(scene), other, [copy], sha256="0" * 64, printer_up_time=1, at=NOW)
    assert scene.print() is Ended.WAITING
    assert printer.out() == []
    with scene.database.writing() as session:
        session.execute(update(PrintBatch).where(PrintBatch.number == 99).values(worked_until=NOW.replace(hour=1)))
    assert scene.print() is Ended.DONE
    assert outs(scene, printer) == [1, 1, 0]
    with scene.database.reading() as session:
        assert session.get_one(PrintCopy, scene.copies[2]).fate is W


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"media": "na_letter_8.5x11in"}, "media_not_supported"),
        ({"sides": "one-sided", "media": "iso_a3_297x420mm"}, "media_not_supported"),
    ],
)
def test_what_the_printer_does_not_take_pauses_the_batch_and_says_why(database, printer, plan, code):
    scene = set_up(database, NOW, printer.uri, **plan)
    assert scene.print() is Ended.PAUSED
    assert [(job.state, job.said) for job in scene.jobs()] == [(JobState.FAILED, code)]
    assert (scene.fates(), scene.batch().is_paused) == ([W, W, W], True)
    assert printer.out() == []


def test_a_printer_that_would_take_other_media_than_it_was_told_gets_no_document(scene, printer):
    printer.fault("no-media")
    assert scene.print() is Ended.PAUSED
    assert scene.jobs()[0].said == "media_not_supported"
    assert printer.out() == []


def test_a_paused_batch_and_a_printer_out_of_use_print_nothing(scene, printer):
    with scene.database.writing() as session:
        session.execute(update(PrintBatch).values(is_paused=True))
    assert scene.print() is Ended.PAUSED
    assert scene.jobs() == []


def test_a_card_blocked_while_it_was_printed_holds_nothing_up_and_stays_blocked(scene, printer):
    def block_meanwhile(copies):
        if copies[0] == scene.copies[0]:
            with scene.database.writing() as session:
                block_card(session, card_of(scene, session, 0), BlockReason.LOST, **scene.house.rest)
        return draw(copies)

    assert scene.print(block_meanwhile) is Ended.DONE
    assert scene.fates() == [P, P, P]
    assert scene.card_states() == {CardState.BLOCKED, CardState.PRINTED}


def test_a_card_that_was_closed_after_it_was_drawn_is_not_printed_any_more(scene, printer):
    with scene.database.writing() as session:
        block_card(session, card_of(scene, session, 0), BlockReason.LOST, **scene.house.rest)
    assert scene.print() is Ended.DONE
    assert scene.fates() == [CopyFate.CANCELLED, P, P]
    assert outs(scene, printer) == [0, 1, 1]


def test_an_unknown_job_whose_copies_were_decided_one_by_one_holds_the_printer_no_longer(scene, printer):
    printer.fault("jam", "out")
    assert scene.print() is Ended.ASKED
    with scene.database.writing() as session:
        note_printed(session, session.get_one(PrintCopy, scene.copies[0]), **scene.house.rest)
    assert scene.print() is Ended.DONE
    assert scene.fates() == [P, P, P]
    assert outs(scene, printer) == [1, 1, 1]


def test_an_officer_who_is_quicker_than_the_printer_is_believed(scene, printer):
    job = intend(scene)
    accept(scene, job, create_job(printer.uri, str(job.id), SETTING))
    with scene.database.writing() as session:
        note_printed(session, session.get_one(PrintCopy, scene.copies[0]), **scene.house.rest)
        end_job(session, session.get_one(PrintJob, job.id), JobState.COMPLETED, **scene.house.rest)
    assert scene.fates() == [P, W, W]


def test_told_to_stop_it_leaves_at_the_next_step(scene, printer):
    assert scene.print(goes_on=lambda: False) is Ended.LEFT
    assert scene.jobs() == []


def test_what_a_printer_says_of_itself_is_read(printer):
    printer.fault("cover-open")
    look = look_at_printer(printer.uri)
    assert (look.name, look.model) == ("Pencetak kartu percobaan", "Huma Betang CR80")
    assert (look.reasons, look.hindered) == (("cover-open",), True)
    assert (look.takes_pdf, look.takes_jobs_in_two_steps) == (True, True)
    assert look.resolutions == (300, 600)
    assert look.media_for("custom_kartu_54x86mm") == "custom_kartu_54x86mm"
    assert look.media_for("custom_kartu_53.98x85.6mm") == MEDIA
    assert look.media_for("na_letter_8.5x11in") is None


def test_a_silent_address_is_said_to_be_unreachable(printer):
    printer.kill()
    with pytest.raises(PrintingError, match="printer_unreachable"):
        look_at_printer(printer.uri)


def test_a_tray_is_named_inside_the_collection_that_also_names_the_size(database, printer):
    scene = set_up(database, NOW, printer.uri, cards=1, tray="main", options={"GRibbonType": "RC_YMCKOK"})
    assert scene.print() is Ended.DONE
    with scene.database.reading() as session:
        assert session.scalars(select(PrintJob.state)).all() == [JobState.COMPLETED]
