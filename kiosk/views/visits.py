"""Visits that were recorded by mistake: a supervisor finds them by time and place, not by name, and undoes them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.forms.care import VisitUndoForm
from kiosk.paging import page_number
from kiosk.permissions import Permission, needs
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from registry.care.visits import undo_visit, visits_of_day
from registry.days import local_day

views = Blueprint("visits", __name__, url_prefix="/kunjungan")

_PER_PAGE = 50


@views.get("")
@needs(Permission.SCAN_UNDO)
def index() -> ResponseReturnValue:
    """Show the visits of a day in the supervisor's area, of nobody by name."""
    return _page(_day(request.args.get("hari", "")), VisitUndoForm(formdata=None))


@views.post("/<uuid:visit_id>/batal")
@needs(Permission.SCAN_UNDO)
def undo(visit_id: UUID) -> ResponseReturnValue:
    """Undo a visit, with a reason."""
    form, day = VisitUndoForm(), _day(request.args.get("hari", ""))
    if not form.validate():
        return _page(day, form, wrong=visit_id), 422
    undo_visit(
        session(),
        visit_id,
        reason=form.reason.data,
        area=signed_in().area_code,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash("Catatan kunjungan dibatalkan.", "success")
    return redirect(url_for("visits.index", hari=day.isoformat(), page=request.args.get("page")), 303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return local_day(now())


def _page(day: date, form: VisitUndoForm, *, wrong: UUID | None = None) -> str:
    page = page_number(request.args.get("page"))
    visits = visits_of_day(session(), signed_in().area_code, day, skip=(page - 1) * _PER_PAGE, limit=_PER_PAGE + 1)
    return render_template(
        "visits/index.html",
        visits=visits[:_PER_PAGE],
        day=day,
        page=page,
        has_more=len(visits) > _PER_PAGE,
        form=form,
        wrong=wrong,
    )
