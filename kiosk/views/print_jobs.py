"""The printers of a service point, for those who print: how each is now, what it was sent, and what became of it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.clock import now
from kiosk.db import session
from kiosk.forms.printers import LastCardForm
from kiosk.forms.spoilt import SpoiltForm
from kiosk.permissions import Permission, needs
from kiosk.printer_states import see_printer, see_printers
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words import Words
from kiosk.words.printers import say_job
from printing.errors import PrintingError
from printing.printers.sending import cancel_job
from registry.cards.cards import find_card
from registry.errors import Conflict, RegistryError
from registry.kinds import JobState
from registry.models import Card, PrintBatch, Printer, PrintJob
from registry.prints.batches import send_to_printer
from registry.prints.jobs import (
    answer_nothing_came_out,
    answer_spoilt,
    answer_unknown,
    cards_of_job,
    get_job,
    job_in_flight,
    jobs_of,
    note_cancel_asked,
    unknown_jobs,
)
from registry.prints.printers import find_printers, get_printer
from verify.facts import read_scan

views = Blueprint("print_jobs", __name__, url_prefix="/printer")

_SHOWN = 30
_CAN_GO_ON = frozenset({JobState.FAILED, JobState.CANCELLED})


@views.get("")
@needs(Permission.CARDS_PRINT)
def index() -> ResponseReturnValue:
    """Show the printers of the officer's point, and the questions that wait for an answer."""
    here = signed_in().point_id
    return render_template(
        "print_jobs/index.html",
        seen=see_printers(find_printers(session(), point_id=here)),
        unknown=unknown_jobs(session(), point_id=here),
    )


@views.get("/<uuid:printer_id>")
@needs(Permission.CARDS_PRINT)
def show(printer_id: UUID) -> ResponseReturnValue:
    """Show a printer: its state in words, the job that is there, and the last ones."""
    return _page(_printer(printer_id))


@views.post("/<uuid:printer_id>/<uuid:job_id>/batal")
@needs(Permission.CARDS_PRINT)
def cancel(printer_id: UUID, job_id: UUID) -> ResponseReturnValue:
    """Ask the printer to give up a job, and let its batch rest."""
    printer = _printer(printer_id)
    job = _job(printer, job_id)
    note_cancel_asked(session(), job, actor=current_actor(), keys=state().keys, at=now())
    session().commit()  # a printer may take seconds to answer; nobody waits for our lock meanwhile
    try:
        if job.printer_job_id is not None:
            cancel_job(printer.uri, job.printer_job_id)
    except PrintingError as error:
        flash(f"{words.of(error.code).title}. Paketnya dijeda.", "warning")
    else:
        flash("Pembatalan diminta dan paketnya dijeda. Kartu yang sudah di jalan masih dapat keluar.", "success")
    return _to(printer)


@views.post("/<uuid:printer_id>/<uuid:job_id>/lagi")
@needs(Permission.CARDS_PRINT)
def go_on(printer_id: UUID, job_id: UUID) -> ResponseReturnValue:
    """Send what waits of the job's batch again."""
    printer = _printer(printer_id)
    job = _job(printer, job_id)
    batch = session().get_one(PrintBatch, job.batch_id)
    send_to_printer(session(), batch, printer, actor=current_actor(), keys=state().keys, at=now())
    return _wake(printer, batch.id, f"Paket {batch.number} dilanjutkan.")


@views.post("/<uuid:printer_id>/<uuid:job_id>/kartu-terakhir")
@needs(Permission.CARDS_PRINT)
def answer_with_card(printer_id: UUID, job_id: UUID) -> ResponseReturnValue:
    """Take the last card that came out as the answer what became of a job."""
    printer, form = _printer(printer_id), LastCardForm()
    job = _job(printer, job_id)
    if not form.validate():
        return _page(printer, scan=form), 422
    try:
        card = _scanned(form)
        came_out = answer_unknown(session(), job, card, actor=current_actor(), keys=state().keys, at=now())
    except RegistryError as error:
        session().rollback()
        return _page(_printer(printer_id), said=words.of(error.code, **error.detail)), 422
    said = (
        "Kartu itu sudah keluar dan dicatat tercetak." if came_out else "Kartu berikutnya tidak keluar: dicetak lagi."
    )
    return _wake(printer, job.batch_id, said)


@views.post("/<uuid:printer_id>/<uuid:job_id>/tidak-keluar")
@needs(Permission.CARDS_PRINT)
def answer_nothing(printer_id: UUID, job_id: UUID) -> ResponseReturnValue:
    """Take the officer's word that nothing came out."""
    printer = _printer(printer_id)
    job = _job(printer, job_id)
    answer_nothing_came_out(session(), job, actor=current_actor(), keys=state().keys, at=now())
    return _wake(printer, job.batch_id, "Dicatat: tidak ada yang keluar. Kartunya dicetak lagi.")


@views.post("/<uuid:printer_id>/<uuid:job_id>/rusak")
@needs(Permission.CARDS_PRINT)
def answer_with_spoilt(printer_id: UUID, job_id: UUID) -> ResponseReturnValue:
    """Take the officer's word that what came out is spoilt."""
    printer, form = _printer(printer_id), SpoiltForm()
    job = _job(printer, job_id)
    if not form.validate():
        return _page(printer, spoilt=form), 422
    answer_spoilt(
        session(),
        job,
        reason=form.reason.data,
        destroyed_by=form.destroyer,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    return _wake(printer, job.batch_id, "Dicatat rusak. Kartunya menunggu cetak ulang di paket berikutnya.")


def _scanned(form: LastCardForm) -> Card:
    scan = read_scan(form.text, state().trust, at=now(), as_typed=form.scanned_as_typed.data or "")
    card = find_card(session(), token_hash=scan.token_hash) if scan.token_hash is not None else None
    if card is None:  # a number that is typed says nothing of what lies in the tray
        raise Conflict("card_not_read")
    return card


def _printer(printer_id: UUID) -> Printer:
    return get_printer(session(), printer_id, point_id=signed_in().point_id)


def _job(printer: Printer, job_id: UUID) -> PrintJob:
    return get_job(session(), job_id, printer=printer)


def _wake(printer: Printer, batch_id: UUID, said: str) -> ResponseReturnValue:
    session().commit()  # a worker looks for it in the database
    state().work.print(batch_id)
    flash(said, "success")
    return _to(printer)


def _to(printer: Printer) -> ResponseReturnValue:
    return redirect(url_for("print_jobs.show", printer_id=printer.id), 303)


def _page(
    printer: Printer,
    *,
    scan: LastCardForm | None = None,
    spoilt: SpoiltForm | None = None,
    said: Words | None = None,
) -> str:
    session().commit()  # of an answer that was refused nothing is written; a silent printer holds no lock of ours
    seen = see_printer(printer)
    in_flight = job_in_flight(session(), printer)
    jobs = jobs_of(session(), printer, limit=_SHOWN)
    newest = jobs[0][0] if jobs else None
    return render_template(
        "print_jobs/show.html",
        printer=printer,
        seen=seen,
        job=in_flight,
        cards=cards_of_job(session(), in_flight) if in_flight else [],
        jobs=[(job, batch, say_job(job.said)) for job, batch in jobs],
        can_go_on=newest
        if in_flight is None and newest and newest.state in _CAN_GO_ON and jobs[0][1].is_paused
        else None,
        scan=scan or LastCardForm(formdata=None),
        spoilt=spoilt or SpoiltForm(formdata=None),
        said=said,
        say_job=say_job,
    )
