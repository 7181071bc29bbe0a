"""Calibration: the sheet that shows how far a printer prints beside its mark, and what was measured on it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from kiosk import words
from kiosk.calibrated import adjustments_of
from kiosk.clock import now
from kiosk.db import session
from kiosk.forms.calibrations import SideForm
from kiosk.permissions import Permission, needs
from kiosk.sent_files import show_pdf
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words.calibrations import say_calibration
from printing.calibration_sheet import Corner, adjustment_for, calibration_pdf, inset
from printing.errors import PrintingError
from printing.sheets import PLAIN, SHEETS, Adjustment
from registry.errors import RegistryError
from registry.models import Printer
from registry.prints.calibrations import adjustment_of, keep_calibration
from registry.prints.printers import get_printer

views = Blueprint("calibrations", __name__, url_prefix="/printer/<uuid:printer_id>/kalibrasi")

_SIDES = {"depan": False, "belakang": True}
"""By their names in the address: whether it is the back."""


@views.get("")
@needs(Permission.PRINTERS_MANAGE)
def show(printer_id: UUID) -> ResponseReturnValue:
    """Show what was measured last on each side, with the forms for measuring again."""
    return _page(_printer(printer_id))


@views.get("/lembar.pdf")
@needs(Permission.PRINTERS_MANAGE)
def sheet(printer_id: UUID) -> ResponseReturnValue:
    """Give the sheet that is measured: as the printer prints by itself."""
    return _pdf(_printer(printer_id), "kalibrasi", PLAIN, PLAIN)


@views.get("/lembar-periksa.pdf")
@needs(Permission.PRINTERS_MANAGE)
def proof(printer_id: UUID) -> ResponseReturnValue:
    """Give the sheet as it is printed with what was measured: the crosses stand where they should now."""
    printer = _printer(printer_id)
    return _pdf(printer, "periksa", *adjustments_of(session(), printer))


@views.post("/<side>")
@needs(Permission.PRINTERS_MANAGE)
def keep(printer_id: UUID, side: str) -> ResponseReturnValue:
    """Keep what was measured on one side."""
    printer = _printer(printer_id)
    if side not in list(_SIDES)[: SHEETS[printer.sheet].pages]:
        raise NotFound
    form = _form(printer, side, is_sent=True)
    if not form.validate():
        return _page(printer, sent=(side, form)), 422
    try:
        measured = adjustment_for(SHEETS[printer.sheet], form.readings())
        keep_calibration(
            session(),
            printer,
            measured,
            is_back=_SIDES[side],
            actor=current_actor(),
            keys=state().keys,
            at=now(),
        )
    except (PrintingError, RegistryError) as error:
        return _page(printer, sent=(side, form), said=words.of(error.code)), 422
    flash(f"Kalibrasi sisi {side} disimpan. Cetak lembar periksa untuk memastikannya.", "success")
    return redirect(url_for("calibrations.show", printer_id=printer.id), 303)


def _printer(printer_id: UUID) -> Printer:
    return get_printer(session(), printer_id, point_id=signed_in().actor.point_id)


def _form(printer: Printer, side: str, *, is_sent: bool = False) -> SideForm:
    form = SideForm(prefix=side) if is_sent else SideForm(formdata=None, prefix=side)
    form.expect(inset(SHEETS[printer.sheet]))
    return form


def _page(printer: Printer, *, sent: tuple[str, SideForm] | None = None, said: words.Words | None = None) -> str:
    sheet = SHEETS[printer.sheet]
    sides = []
    for side, is_back in list(_SIDES.items())[: sheet.pages]:
        form = sent[1] if sent and sent[0] == side else _form(printer, side)
        kept = adjustment_of(session(), printer, is_back=is_back)
        sides.append((side, form, kept, say_calibration(kept) if kept else ""))
    return render_template(
        "calibrations/show.html",
        printer=printer,
        sides=sides,
        corners=(Corner.TOP_LEFT, Corner.TOP_RIGHT, Corner.BOTTOM_LEFT, Corner.BOTTOM_RIGHT),
        inset=inset(sheet),
        sent=sent[0] if sent else "",
        said=said,
    )


def _pdf(printer: Printer, name: str, front: Adjustment, back: Adjustment) -> Response:
    pdf = calibration_pdf(SHEETS[printer.sheet], printer=printer.name, tray=printer.tray, front=front, back=back)
    return show_pdf(pdf, f"{name}-{printer.code}.pdf")
