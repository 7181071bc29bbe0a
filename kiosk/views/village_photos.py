"""Photos of a whole village: a ZIP brought in, its plan looked through, applied step by step."""

from __future__ import annotations

import io
from pathlib import PurePath
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import secure_filename

from kiosk import words
from kiosk.bodies import takes
from kiosk.clock import lasting, now
from kiosk.db import session
from kiosk.forms.photos import VillagePhotosForm
from kiosk.permissions import Permission, needs
from kiosk.photo_import import (
    REPORT_COLUMNS,
    PhotoPlan,
    apply_photos,
    discard_plan,
    load_plan,
    plan_photos,
    report_rows,
)
from kiosk.sent_files import offer_file
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words.photos import HINTS
from printing.errors import PhotoError
from printing.picture_sources import ZipSource
from registry import regions
from registry.errors import NotFound
from registry.regions import RegionPath
from registry.reports import write_csv

views = Blueprint("village_photos", __name__, url_prefix="/foto-desa")

LARGEST = 64 * 1024 * 1024
"""300 families at 200 KB each, as messengers send photos; more goes by the command."""
_PLAN_SECONDS = 120.0  # 300 pictures of 12 megapixels take about 15; nobody waits longer than this
_STEP_SECONDS = 1.0  # a progress bar that moves each second is seen to move
_EXAMPLES = 5  # files that each kind of finding names; the report has them all


@views.get("")
@needs(Permission.CARDS_ISSUE)
def choose() -> ResponseReturnValue:
    """Show the form by which the photos of a village, or of the whole area, are brought in."""
    return _show_form(VillagePhotosForm(formdata=None))


@views.post("")
@needs(Permission.CARDS_ISSUE)
@takes(LARGEST)
def plan() -> ResponseReturnValue:
    """Look through the pictures and go to their plan; nothing of it is in the registry yet."""
    form, place = VillagePhotosForm(), _place()
    if not form.validate():
        return _show_form(form), 422
    try:
        planned = plan_photos(
            state().database,
            ZipSource(form.file.data.stream),
            PurePath(form.file.data.filename.replace("\\", "/")).name,
            folder=state().settings.photo_plans_folder,
            area=signed_in().area_code,
            village=place.code if place else "",
            replaces=form.replaces.data,
            at=now(),
            goes_on=lasting(_PLAN_SECONDS),
        )
    except PhotoError as error:
        return _show_form(form, words.of(error.code)), 422
    return redirect(url_for("village_photos.show", plan_id=planned.id), 303)


@views.get("/<uuid:plan_id>")
@needs(Permission.CARDS_ISSUE)
def show(plan_id: UUID) -> ResponseReturnValue:
    """Show a plan, how far it has been applied, or what became of it."""
    plan = _get(plan_id)
    groups = [
        (words.of(code), count, [one for one in plan.findings if one.code == code][:_EXAMPLES])
        for code, count in plan.counts.items()
    ]
    hints = [(said, sum(code in one.hints for one in plan.to_take)) for code, said in HINTS.items()]
    return render_template(
        "village_photos/show.html",
        plan=plan,
        place=regions.find_path(session(), plan.village) if plan.village else None,
        groups=[(group[2][0].fate, *group) for group in groups],
        hints=[(said, count) for said, count in hints if count],
    )


@views.get("/<uuid:plan_id>/laporan.csv")
@needs(Permission.CARDS_ISSUE)
def report(plan_id: UUID) -> Response:
    """Give the report: one row for each file."""
    plan = _get(plan_id)
    text = io.StringIO(newline="")
    write_csv(text, REPORT_COLUMNS, report_rows(plan))
    name = secure_filename(PurePath(plan.file_name).stem) or "foto"
    return offer_file(text.getvalue().encode(), f"laporan-{name}.csv")


@views.post("/<uuid:plan_id>/terapkan")
@needs(Permission.CARDS_ISSUE)
def apply(plan_id: UUID) -> ResponseReturnValue:
    """Apply a plan for about a second; the page then shows how far that came, and goes on from there."""
    apply_photos(
        state().database,
        _get(plan_id),
        folder=state().settings.photo_plans_folder,
        photos=state().settings.photos_folder,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
        goes_on=lasting(_STEP_SECONDS),
    )
    return redirect(url_for("village_photos.show", plan_id=plan_id), 303)


@views.post("/<uuid:plan_id>/buang")
@needs(Permission.CARDS_ISSUE)
def discard(plan_id: UUID) -> ResponseReturnValue:
    """Forget a plan; what was applied of it stays."""
    plan = _get(plan_id)
    discard_plan(state().settings.photo_plans_folder, plan)
    return redirect(url_for("village_photos.choose", desa=plan.village or None), 303)


def _get(plan_id: UUID) -> PhotoPlan:
    return load_plan(state().settings.photo_plans_folder, plan_id, area=signed_in().area_code)


def _place() -> RegionPath | None:
    village = request.args.get("desa")
    if not village:
        return None
    if not regions.is_within(village, signed_in().area_code):
        raise NotFound("region_unknown", code=village[:13])
    # the view's own session would hold the writing lock of SQLite while the pictures are looked through
    with state().database.reading() as reading:
        return regions.find_path(reading, village)


def _show_form(form: VillagePhotosForm, said: words.Words | None = None) -> str:
    return render_template("village_photos/choose.html", form=form, said=said, place=_place(), largest=LARGEST)
