"""The printers of a service point, for those who set them up: found, added, changed, taken out of use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.clock import now
from kiosk.db import session
from kiosk.forms.printers import AddressForm, PrinterForm
from kiosk.permissions import Permission, needs
from kiosk.printer_states import see_printer, see_printers, warn_of
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words import Words
from printing.errors import PrintingError
from printing.printers.finding import FoundPrinter, find_announced, find_queues
from printing.printers.looking import PrinterLook, look_at_printer
from printing.printers.speaking import address_of
from registry.errors import RegistryError
from registry.models import Printer
from registry.prints.printers import (
    add_printer,
    change_printer,
    find_printers,
    get_printer,
    set_printer_active,
)

views = Blueprint("printers", __name__, url_prefix="/printer/kelola")

_SECONDS = 4.0  # for a printer that is looked for


class _Offer(NamedTuple):
    """A printer that was found, and which of the point's own it is when it was added before."""

    found: FoundPrinter
    added: Printer | None


@views.get("")
@needs(Permission.PRINTERS_MANAGE)
def index() -> ResponseReturnValue:
    """Show the printers of the officer's point, also those out of use."""
    printers = find_printers(session(), point_id=signed_in().point_id, with_retired=True)
    return render_template(
        "printers/index.html",
        seen=see_printers([one for one in printers if one.is_active]),
        retired=[one for one in printers if not one.is_active],
    )


@views.get("/tambah")
@needs(Permission.PRINTERS_MANAGE)
def choose() -> ResponseReturnValue:
    """Ask where the new printer is."""
    return _choose(AddressForm(formdata=None))


@views.post("/jaringan")
@needs(Permission.PRINTERS_MANAGE)
def search_network() -> ResponseReturnValue:
    """Show the printers that announce themselves on the networks of this server; takes some seconds."""
    announced = find_announced()  # before the database is asked: meanwhile nobody waits for a lock of ours
    return _choose(AddressForm(formdata=None), announced=_offer(announced))


@views.get("/cari")
@needs(Permission.PRINTERS_MANAGE)
def search_cups() -> ResponseReturnValue:
    """Show the queues of the CUPS server beside the kiosk."""
    queues = find_queues(state().settings.cups_url)
    return _choose(AddressForm(formdata=None), queues=_offer(queues))


@views.post("/periksa")
@needs(Permission.PRINTERS_MANAGE)
def probe() -> ResponseReturnValue:
    """Ask the printer what it is, and offer it for adding."""
    address = AddressForm()
    if not address.validate():
        return _choose(address), 422
    try:
        look = look_at_printer(address.uri.data, seconds=_SECONDS)
    except PrintingError as error:
        return _choose(address, said=words.of(error.code)), 422
    form = PrinterForm(formdata=None)
    form.uri.data, form.transport.data = address.uri.data, address.transport.data
    form.offer(look)
    return _fill_in(form, look)


@views.post("/tambah")
@needs(Permission.PRINTERS_MANAGE)
def add() -> ResponseReturnValue:
    """Add a printer."""
    form = PrinterForm()
    if not form.validate():
        return _fill_in(form, _look(form)), 422
    try:
        printer = add_printer(
            session(),
            form.code.data,
            form.plan(),
            point_id=signed_in().point_id,
            actor=current_actor(),
            keys=state().keys,
            at=now(),
        )
    except RegistryError as error:
        session().rollback()
        return _fill_in(form, _look(form), said=words.of(error.code, **error.detail)), 422
    flash(f"{printer.name} ditambahkan. Kalibrasi dahulu sebelum mencetak banyak kartu.", "success")
    return redirect(url_for("printers.show", printer_id=printer.id), 303)


@views.get("/<uuid:printer_id>")
@needs(Permission.PRINTERS_MANAGE)
def show(printer_id: UUID) -> ResponseReturnValue:
    """Show how a printer is set up, how it is now, and the way to its calibration."""
    printer = _get(printer_id)
    return render_template("printers/show.html", printer=printer, seen=see_printer(printer))


@views.get("/<uuid:printer_id>/ubah")
@needs(Permission.PRINTERS_MANAGE)
def edit(printer_id: UUID) -> ResponseReturnValue:
    """Offer how a printer is set up for changing."""
    printer, form = _get(printer_id), PrinterForm(formdata=None)
    form.show(printer)
    return _fill_in(form, _look(form), printer=printer)


@views.post("/<uuid:printer_id>/ubah")
@needs(Permission.PRINTERS_MANAGE)
def change(printer_id: UUID) -> ResponseReturnValue:
    """Change how a printer is set up."""
    printer, form = _get(printer_id), PrinterForm()
    form.code.data = printer.code
    if not form.validate():
        return _fill_in(form, None, printer=printer), 422
    try:
        change_printer(session(), printer, form.plan(), actor=current_actor(), keys=state().keys, at=now())
    except RegistryError as error:
        session().rollback()
        return _fill_in(form, None, printer=printer, said=words.of(error.code, **error.detail)), 422
    flash("Pengaturan printer disimpan.", "success")
    return redirect(url_for("printers.show", printer_id=printer.id), 303)


@views.post("/<uuid:printer_id>/henti")
@needs(Permission.PRINTERS_MANAGE)
def retire(printer_id: UUID) -> ResponseReturnValue:
    """Take a printer out of use."""
    return _set_active(printer_id, is_active=False, said="{} tidak dipakai lagi.")


@views.post("/<uuid:printer_id>/pakai")
@needs(Permission.PRINTERS_MANAGE)
def reinstate(printer_id: UUID) -> ResponseReturnValue:
    """Take a printer into use again."""
    return _set_active(printer_id, is_active=True, said="{} dipakai lagi.")


def _set_active(printer_id: UUID, *, is_active: bool, said: str) -> ResponseReturnValue:
    printer = _get(printer_id)
    set_printer_active(session(), printer, is_active=is_active, actor=current_actor(), keys=state().keys, at=now())
    flash(said.format(printer.name), "success")
    return redirect(url_for("printers.show", printer_id=printer.id), 303)


def _get(printer_id: UUID) -> Printer:
    return get_printer(session(), printer_id, point_id=signed_in().point_id)


def _look(form: PrinterForm) -> PrinterLook | None:
    if form.uri.errors:
        return None
    try:
        return look_at_printer(form.uri.data or "", seconds=_SECONDS)
    except PrintingError:
        return None


def _offer(found: Sequence[FoundPrinter]) -> list[_Offer]:
    here = find_printers(session(), point_id=signed_in().point_id, with_retired=True)
    by_address = {address_of(printer.uri): printer for printer in here}
    return [_Offer(one, by_address.get(address_of(one.uri))) for one in found]


def _choose(
    form: AddressForm,
    *,
    announced: Sequence[_Offer] | None = None,
    queues: Sequence[_Offer] | None = None,
    said: Words | None = None,
) -> str:
    return render_template("printers/choose.html", form=form, announced=announced, queues=queues, said=said)


def _fill_in(
    form: PrinterForm, look: PrinterLook | None, *, printer: Printer | None = None, said: Words | None = None
) -> str:
    return render_template(
        "printers/form.html",
        form=form,
        look=look,
        printer=printer,
        said=said,
        warnings=warn_of(look) if look else (),
    )
