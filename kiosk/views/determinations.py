"""The list of a round: written by the rule, brought by an office, frozen under a decree, and put on paper."""

from __future__ import annotations

from pathlib import PurePath
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.clock import now
from kiosk.db import session
from kiosk.errors import status_of
from kiosk.file_names import file_name
from kiosk.filters import angka
from kiosk.forms.rounds import DeterminationForm, DiscretionForm, OfficeListForm
from kiosk.name_lists import name_list, name_sheet
from kiosk.own_rounds import own_round
from kiosk.permissions import Permission, needs
from kiosk.received_files import received
from kiosk.round_page import show_round
from kiosk.sent_files import offer_file, show_pdf
from kiosk.sign_in import current_actor
from kiosk.state import state
from printing.bnba import name_list_pdf
from printing.workbook import write_workbook
from registry.downloads import note_download
from registry.errors import RegistryError
from registry.kinds import Basis, ListOfNames
from registry.models import Round
from registry.programmes.determinations import determine_round
from registry.programmes.office_lists import OfficeLine, TakenList, add_office_list, read_office_list
from verify.rounds import evaluate_round

views = Blueprint("determinations", __name__, url_prefix="/tahap/<uuid:round_id>")


@views.post("/daftar")
@needs(Permission.ROUNDS_MANAGE)
def evaluate(round_id: UUID) -> ResponseReturnValue:
    """Write the list by the programme's rule once more, and show why whom it leaves out; a second time does no harm."""
    round_ = own_round(round_id)
    evaluation = evaluate_round(session(), round_, actor=current_actor(), keys=state().keys, at=now())
    return show_round(round_, evaluation=evaluation)


@views.post("/daftar-sk")
@needs(Permission.ROUNDS_MANAGE)
def bring(round_id: UUID) -> ResponseReturnValue:
    """Take over the list that an office brings under its decree, and show the lines that were not taken."""
    round_, form = own_round(round_id), OfficeListForm()
    if not form.validate():
        return show_round(round_, list_form=form), 422
    sent = form.file.data
    try:
        with received(sent, state().settings.lists_folder) as path:
            lines = read_office_list(path, PurePath(sent.filename.replace("\\", "/")).name)
        taken = _take(round_, lines, Basis.OFFICE_DECREE, form.document.data)
    except RegistryError as error:
        return show_round(round_, list_form=form, said=words.of(error.code, **error.detail)), status_of(error)
    return show_round(round_, taken=taken)


@views.post("/diskresi")
@needs(Permission.ROUNDS_MANAGE)
def add_one(round_id: UUID) -> ResponseReturnValue:
    """Put one family or person on the list at the office's discretion."""
    round_, form = own_round(round_id), DiscretionForm(prefix="diskresi-")
    if not form.validate():
        return show_round(round_, discretion_form=form), 422
    line = OfficeLine(1, form.whose, (form.npsn.data or "").strip())
    taken = _take(round_, [line], Basis.DISCRETION, form.document.data)
    return show_round(round_, taken=taken), 422 if taken.left_out else 200


@views.post("/tetapkan")
@needs(Permission.ROUNDS_MANAGE)
def determine(round_id: UUID) -> ResponseReturnValue:
    """Freeze the list under a decree."""
    round_, form = own_round(round_id), DeterminationForm()
    if not form.validate():
        return show_round(round_, determination_form=form), 422
    made = determine_round(
        session(),
        round_,
        decree_number=form.decree_number.data,
        decree_date=form.decree_date.data,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash(f"Daftar ditetapkan: {angka(made.entitled)} penerima. Selanjutnya berubah hanya lewat adendum.", "success")
    return redirect(url_for("rounds.show", round_id=round_.id), 303)


@views.post("/bnba/<village>.pdf")
@needs(Permission.ROUNDS_MANAGE)
def names_pdf(round_id: UUID, village: str) -> Response:
    """Give a village's list by name and address as a PDF, which leaves a line in the trail."""
    with state().database.reading() as reading:
        round_ = own_round(round_id, using=reading)
        names = name_list(reading, round_, village, at=now())
        name = _name(round_, village, "pdf")
    pdf = name_list_pdf(names)  # laying out a long list holds back nobody who gives
    _note_download(round_id, village)
    return show_pdf(pdf, name)


@views.post("/bnba/<village>.xlsx")
@needs(Permission.ROUNDS_MANAGE)
def names_xlsx(round_id: UUID, village: str) -> Response:
    """Give a village's list by name and address as a workbook, which leaves a line in the trail."""
    with state().database.reading() as reading:
        round_ = own_round(round_id, using=reading)
        book = write_workbook([name_sheet(reading, round_, village)])
        name = _name(round_, village, "xlsx")
    _note_download(round_id, village)
    return offer_file(book, name)


def _take(round_: Round, lines: list[OfficeLine], basis: Basis, document: str) -> TakenList:
    return add_office_list(
        session(), round_, lines, basis=basis, document=document, actor=current_actor(), keys=state().keys, at=now()
    )


def _note_download(round_id: UUID, village: str) -> None:
    note_download(
        session(),
        round_id,
        ListOfNames.BY_ADDRESS,
        village=village,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )


def _name(round_: Round, village: str, ending: str) -> str:
    return file_name("bnba", round_.programme_code, round_.name, village, ending=ending)
