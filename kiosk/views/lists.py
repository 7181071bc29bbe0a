"""Family lists: brought in, planned, looked through, applied step by step."""

from __future__ import annotations

import io
from itertools import groupby
from pathlib import PurePath
from tempfile import TemporaryFile
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import secure_filename

from kiosk import words
from kiosk.clock import lasting, now
from kiosk.db import session
from kiosk.errors import status_of
from kiosk.forms.lists import ListForm
from kiosk.paging import page_number
from kiosk.permissions import Permission, needs
from kiosk.received_files import received
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words import imports as words_import
from registry.errors import RegistryError
from registry.families.lists import SeenList, find_lists, findings_by_code, get_list
from registry.importing import apply_list, discard_list, plan_list
from registry.importing.waiting import count_held
from registry.kinds import Fate
from registry.reports import LIST_REPORT_COLUMNS, list_report_rows, write_csv

views = Blueprint("lists", __name__)

PAGE = 20
_STEP_SECONDS = 1.0  # a progress bar that moves each second is seen to move
_EXAMPLES = 6  # line numbers that each kind of finding names; the report has them all


@views.get("/daftar")
@needs(Permission.FAMILIES_IMPORT)
def index() -> ResponseReturnValue:
    """Show the lists so far, the newest first."""
    page = page_number(request.args.get("page"))
    found = find_lists(session(), area=signed_in().area_code, skip=(page - 1) * PAGE, limit=PAGE + 1)
    return render_template("lists/index.html", lists=found[:PAGE], page=page, has_more=len(found) > PAGE)


@views.get("/daftar/unggah")
@needs(Permission.FAMILIES_IMPORT)
def choose() -> ResponseReturnValue:
    """Show the form by which a list is brought in."""
    return _show_form(ListForm(formdata=None))


@views.post("/daftar")
@needs(Permission.FAMILIES_IMPORT)
def plan() -> ResponseReturnValue:
    """Read a list and go to its plan; nothing of it is in the registry yet."""
    form = ListForm()
    if not form.validate():
        return _show_form(form), 422
    file_name = PurePath(form.file.data.filename.replace("\\", "/")).name
    try:
        with received(form.file.data, state().settings.lists_folder) as path:
            planned = plan_list(
                state().database,
                path,
                file_name,
                source=form.source.data.strip(),
                as_of=form.as_of.data,
                folder=state().settings.lists_folder,
                area=signed_in().area_code,
                actor=current_actor(),
                keys=state().keys,
                at=now(),
            )
    except RegistryError as error:
        return _show_form(form, words.of(error.code, **error.detail)), status_of(error)
    return redirect(url_for("lists.show", list_id=planned.id), 303)


@views.get("/daftar/<uuid:list_id>")
@needs(Permission.FAMILIES_IMPORT)
def show(list_id: UUID) -> ResponseReturnValue:
    """Show a list: its plan, how far it has been applied, or what became of it."""
    seen = _get_list(list_id)
    found = [
        (group, words_import.message_of_many(group.code, group.detail))
        for group in findings_by_code(session(), list_id, examples=_EXAMPLES)
    ]
    return render_template(
        "lists/show.html",
        seen=seen,
        counts=seen.list.counts,
        fates={fate.value: fate for fate in Fate},
        findings=[(fate, list(groups)) for fate, groups in groupby(found, key=lambda pair: pair[0].fate)],
        waiting=sum(count_held(session(), area=signed_in().area_code, list_id=list_id).values()),
    )


@views.get("/daftar/<uuid:list_id>/laporan.csv")
@needs(Permission.FAMILIES_IMPORT)
def report(list_id: UUID) -> Response:
    """Give the report: one row for each line on which something was found."""
    seen = _get_list(list_id)
    # closed with the answer that sends it; a long report is not held in memory
    file = TemporaryFile()  # noqa: SIM115
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    write_csv(text, LIST_REPORT_COLUMNS, list_report_rows(session(), list_id, words_import.message))
    text.detach()
    file.seek(0)
    name = secure_filename(PurePath(seen.list.file_name).stem) or "daftar"
    return send_file(file, "text/csv", as_attachment=True, download_name=f"laporan-{name}.csv")


@views.post("/daftar/<uuid:list_id>/terapkan")
@needs(Permission.FAMILIES_IMPORT)
def apply(list_id: UUID) -> ResponseReturnValue:
    """Apply a list for about a second; the page then shows how far that came, and goes on from there."""
    with state().database.reading() as reading:
        get_list(reading, list_id, area=signed_in().area_code)
    apply_list(
        state().database,
        list_id,
        folder=state().settings.lists_folder,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
        goes_on=lasting(_STEP_SECONDS),
    )
    return redirect(url_for("lists.show", list_id=list_id), 303)


@views.post("/daftar/<uuid:list_id>/buang")
@needs(Permission.FAMILIES_IMPORT)
def discard(list_id: UUID) -> ResponseReturnValue:
    """Forget a plan that was never begun."""
    discard_list(
        session(),
        _get_list(list_id).list,
        folder=state().settings.lists_folder,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    return redirect(url_for("lists.index"), 303)


def _get_list(list_id: UUID) -> SeenList:
    return get_list(session(), list_id, area=signed_in().area_code)


def _show_form(form: ListForm, said: words.Words | None = None) -> str:
    return render_template("lists/choose.html", form=form, said=said, largest=state().settings.max_body)
