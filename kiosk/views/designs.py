"""The card's designs: looked at with invented data, brought in, and put in force."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.clock import now
from kiosk.db import session
from kiosk.design_previews import WAYS, find_preview, keep_preview
from kiosk.designs import find_names, get_design, keep_design, name_in_force
from kiosk.file_names import file_name
from kiosk.forms.designs import DesignForm
from kiosk.invented_faces import invented_faces
from kiosk.permissions import Permission, needs
from kiosk.sent_files import offer_file
from kiosk.sign_in import current_actor
from kiosk.state import state
from kiosk.words import Words
from printing.design import Design, packaged_design
from printing.design_archive import pack_design, unpack_design
from printing.design_check import Examination, examine, preview
from printing.errors import PrintingError
from registry.prints.designs import choose_design, note_brought

views = Blueprint("designs", __name__, url_prefix="/rancangan-kartu")


@views.get("")
@needs(Permission.DESIGNS_CHANGE)
def index() -> ResponseReturnValue:
    """Show the designs, and the form for a new one."""
    return _list(DesignForm(formdata=None))


@views.post("")
@needs(Permission.DESIGNS_CHANGE)
def bring() -> ResponseReturnValue:
    """Keep a new design if it passes; otherwise say everything that is wrong with it."""
    form = DesignForm()
    if not form.validate():
        return _list(form), 422
    try:
        design = unpack_design(form.name.data.strip(), form.file.data.read())
    except PrintingError as fault:
        return _list(form, [fault]), 422
    examined = _examine(design)
    if examined.faults or examined.preview is None:
        return _list(form, examined.faults), 422
    try:
        keep_design(_folder(), design)
    except PrintingError as fault:
        return _list(form, [fault]), 422
    keep_preview(_folder(), design, examined.preview)
    note_brought(session(), name=design.name, sha256=design.sha256, actor=current_actor(), keys=state().keys, at=now())
    flash("Rancangan lulus pemeriksaan dan disimpan. Lihat contohnya sebelum dipakai.", "success")
    return redirect(url_for("designs.show", design_name=design.name), 303)


@views.get("/<design_name>")
@needs(Permission.DESIGNS_CHANGE)
def show(design_name: str) -> ResponseReturnValue:
    """Show a design by cards of families that are not there."""
    return _page(_design(design_name))


@views.get("/<design_name>/contoh.pdf")
@needs(Permission.DESIGNS_CHANGE)
def proof(design_name: str) -> ResponseReturnValue:
    """Give the preview as a PDF."""
    path = find_preview(_folder(), _design(design_name))
    return send_file(path, mimetype="application/pdf") if path else abort(404)


@views.get("/<design_name>/<way>-<int:page>.png")
@needs(Permission.DESIGNS_CHANGE)
def picture(design_name: str, way: str, page: int) -> ResponseReturnValue:
    """Give one side of a card of the preview."""
    path = find_preview(_folder(), _design(design_name), f"{way}-{page}.png") if way in WAYS else None
    return send_file(path, mimetype="image/png") if path else abort(404)


@views.get("/<design_name>.zip")
@needs(Permission.DESIGNS_CHANGE)
def download(design_name: str) -> ResponseReturnValue:
    """Give a design's files, to begin another one with."""
    design = _design(design_name)
    return offer_file(pack_design(design), file_name("rancangan", design.name, ending="zip"))


@views.post("/<design_name>/pakai")
@needs(Permission.DESIGNS_CHANGE)
def choose(design_name: str) -> ResponseReturnValue:
    """Put a design in force, unless it does not pass any more: its files may lie there by another hand."""
    design = _design(design_name)
    if design.name != packaged_design().name:
        examined = _examine(design)
        if examined.faults or examined.preview is None:
            return _page(design, examined.faults), 422
        keep_preview(_folder(), design, examined.preview)
    choose_design(session(), name=design.name, sha256=design.sha256, actor=current_actor(), keys=state().keys, at=now())
    flash("Kartu yang dibuat mulai sekarang memakai rancangan ini.", "success")
    return redirect(url_for("designs.show", design_name=design.name), 303)


def _folder() -> Path:
    return state().settings.designs_folder


def _design(name: str) -> Design:
    try:
        return get_design(_folder(), name)
    except PrintingError as fault:
        if fault.code == "design_missing":
            abort(404)
        raise


def _examine(design: Design) -> Examination:
    # in a session of its own, which is over before the drawing begins: this takes seconds, and nobody may wait for it
    with state().database.reading() as reading:
        faces = invented_faces(reading)
    return examine(design, list(faces.values()))


def _page(design: Design, faults: Sequence[PrintingError] = ()) -> str:
    with state().database.reading() as reading:
        in_force, faces = name_in_force(reading), invented_faces(reading)
    said = _words(faults)
    if not said and find_preview(_folder(), design) is None:
        try:
            keep_preview(_folder(), design, preview(design, list(faces.values())))
        except PrintingError as fault:
            said = _words([fault])
    return render_template(
        "designs/show.html",
        design=design,
        is_in_force=design.name == in_force,
        is_packaged=design.name == packaged_design().name,
        shown=list(faces) if find_preview(_folder(), design) else [],
        ways=WAYS,
        faults=said,
    )


def _list(form: DesignForm, faults: Sequence[PrintingError] = ()) -> str:
    with state().database.reading() as reading:
        in_force = name_in_force(reading)
    return render_template(
        "designs/index.html",
        names=[packaged_design().name, *find_names(_folder())],
        in_force=in_force,
        packaged=packaged_design().name,
        form=form,
        faults=_words(faults),
    )


def _words(faults: Sequence[PrintingError]) -> list[Words]:
    return [words.of(fault.code, about=fault.about) for fault in faults]
