"""Blanks and ribbons of the officer's point: boxes, who holds what, and the count at closing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.filters import angka
from kiosk.forms.supplies import EntryForm, FindBoxForm, ReceiveForm, box_forms, count_form
from kiosk.paging import page_number
from kiosk.permissions import Permission, needs, rights_of
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.supply_levels import supply_levels
from kiosk.words import label
from kiosk.words.supplies import say_difference
from registry.days import day_bounds, local_day
from registry.errors import Conflict, NotFound
from registry.kinds import SupplyKind
from registry.models import Officer, ServicePoint, SupplyBox
from registry.supplies import moves
from registry.supplies.balances import balance_of_box, balance_of_point
from registry.supplies.boxes import Held, find_box, find_boxes, find_empty_boxes, find_held, get_own_box, receive_box
from registry.supplies.counts import count_supplies, has_count, list_counts, read_shelves
from registry.supplies.history import count_moves, days_with_destroyed, list_moves

views = Blueprint("supplies", __name__, url_prefix="/blanko")

_KINDS = {"blanko": SupplyKind.BLANK, "pita": SupplyKind.RIBBON}
_PATHS = {kind: path for path, kind in _KINDS.items()}
_MOVES_PER_PAGE, _EMPTY_SHOWN, _COUNTS_SHOWN = 40, 12, 10
_DESTROYED_SHOWN = timedelta(days=31)


@views.get("")
@needs(Permission.SUPPLIES_KEEP)
def index() -> ResponseReturnValue:
    """Show what the point has, how long it lasts, and where it lies."""
    return _index(FindBoxForm(formdata=None))


@views.post("/cari")
@needs(Permission.SUPPLIES_KEEP)
def find() -> ResponseReturnValue:
    """Open a box by its number, typed or scanned."""
    form = FindBoxForm()
    if not form.validate():
        return _index(form), 422
    box = find_box(session(), form.number.data, point_id=signed_in().point_id)
    if box is None:
        form.number.errors = ["Tidak ada kotak dengan nomor ini di sini. Bila baru datang, terima kotaknya."]
        return _index(form), 422
    return redirect(url_for("supplies.box", box_id=box.id), 303)


@views.get("/terima")
@needs(Permission.SUPPLIES_KEEP)
def receive() -> ResponseReturnValue:
    """Show the form of a box that came, filled like the box before it of the same delivery."""
    form = ReceiveForm(formdata=None)
    form.renew()
    if before := request.args.get("seperti", type=UUID):
        like = get_own_box(session(), before, point_id=signed_in().point_id)
        form.supply.data, form.content.data, form.quantity.data = like.kind.value, like.content, like.quantity
        form.document.data = list_moves(session(), like.id, limit=1)[0].move.document
    return render_template("supplies/receive.html", form=form)


@views.post("/terima")
@needs(Permission.SUPPLIES_KEEP)
def take_in() -> ResponseReturnValue:
    """Note a box that came."""
    form = ReceiveForm()
    if not form.validate():
        return render_template("supplies/receive.html", form=form), 422
    try:
        box = receive_box(
            session(),
            SupplyKind(form.supply.data),
            number=form.number.data,
            content=form.content.data or "",
            document=form.document.data,
            first_serial=form.first_serial.data or "",
            last_serial=form.last_serial.data or "",
            **_entry(form),
        )
    except Conflict as error:
        if error.code != "supply_box_known":
            raise
        form.number.errors = ["Kotak dengan nomor ini sudah pernah diterima, di sini atau di titik lain."]
        return render_template("supplies/receive.html", form=form), 422
    flash(f"Kotak {box.number} diterima, isinya {angka(box.quantity)}.", "success")
    return redirect(url_for("supplies.receive", seperti=box.id), 303)


@views.get("/kotak/<uuid:box_id>")
@needs(Permission.SUPPLIES_KEEP)
def box(box_id: UUID) -> ResponseReturnValue:
    """Show a box, what can be done with it, and everything that happened to it."""
    return _box_page(_own(box_id))


@views.post("/kotak/<uuid:box_id>/serahkan")
@needs(Permission.SUPPLIES_KEEP)
def issue(box_id: UUID) -> ResponseReturnValue:
    """Put blanks or ribbon into an officer's hands."""
    box, form = _sent(box_id, "issue")
    if not form.validate():
        return _box_page(box, form, "issue"), 422
    officer = session().get_one(Officer, UUID(form["officer"].data))
    moves.issue_to_officer(session(), box, officer, **_entry(form))
    return _done(box, f"{angka(form.quantity.data)} diserahkan kepada {officer.name}.")


@views.post("/kotak/<uuid:box_id>/terima-kembali")
@needs(Permission.SUPPLIES_KEEP)
def give_back(box_id: UUID) -> ResponseReturnValue:
    """Put back into the store what an officer held."""
    box, form = _sent(box_id, "give_back")
    if not form.validate():
        return _box_page(box, form, "give_back"), 422
    officer = session().get_one(Officer, UUID(form["officer"].data))
    moves.give_back(session(), box, officer, **_entry(form))
    return _done(box, f"{angka(form.quantity.data)} diterima kembali dari {officer.name}.")


@views.post("/kotak/<uuid:box_id>/pindahkan")
@needs(Permission.SUPPLIES_KEEP)
def transfer(box_id: UUID) -> ResponseReturnValue:
    """Bring a box, or a part of it, to another point."""
    box = session().get(SupplyBox, box_id)  # sent twice, the box may be at the other point by now
    if box is None:
        raise NotFound("supply_box_unknown")
    form = _forms(box, sent="transfer")["transfer"]
    if not form.validate():
        return _box_page(_own(box_id), form, "transfer"), 422
    point = session().get_one(ServicePoint, UUID(form["point"].data))
    arrived = moves.transfer(session(), box, point, document=form["document"].data or "", **_entry(form))
    flash(f"{angka(form.quantity.data)} dipindahkan ke {point.name} sebagai kotak {arrived.number}.", "success")
    return redirect(url_for("supplies.index"), 303)


@views.post("/kotak/<uuid:box_id>/retur")
@needs(Permission.SUPPLIES_KEEP)
def send_back(box_id: UUID) -> ResponseReturnValue:
    """Send back what the supplier is to take."""
    box, form = _sent(box_id, "send_back")
    if not form.validate():
        return _box_page(box, form, "send_back"), 422
    rest = {"reason": form["reason"].data, "document": form["document"].data or ""}
    moves.return_to_supplier(session(), box, **rest, **_entry(form))
    return _done(box, f"{angka(form.quantity.data)} dicatat dikembalikan ke pemasok.")


@views.post("/kotak/<uuid:box_id>/rusak")
@needs(Permission.SUPPLIES_KEEP)
def spoil(box_id: UUID) -> ResponseReturnValue:
    """Note what was damaged outside printing and destroyed."""
    box, form = _sent(box_id, "spoil")
    if not form.validate():
        return _box_page(box, form, "spoil"), 422
    holder = session().get_one(Officer, UUID(form["holder"].data)) if form["holder"].data else None
    rest = {"reason": form["reason"].data, "destroyed_by": form["destroyed_by"].data}
    moves.spoil(session(), box, holder, **rest, **_entry(form))
    return _done(box, f"{angka(form.quantity.data)} dicatat rusak dan dimusnahkan.")


@views.get("/hitung/<what>")
@needs(Permission.SUPPLIES_KEEP)
def ask_count(what: str) -> ResponseReturnValue:
    """Show the form of the count at closing."""
    shelves = read_shelves(session(), signed_in().point_id, _kind(what))
    return render_template("supplies/count.html", what=what, form=count_form(shelves, is_sent=False))


@views.post("/hitung/<what>")
@needs(Permission.SUPPLIES_KEEP)
def count(what: str) -> ResponseReturnValue:
    """Keep the count; a difference becomes a case, and the books are put right."""
    point = session().get_one(ServicePoint, signed_in().point_id)
    shelves = read_shelves(session(), point.id, _kind(what))
    form = count_form(shelves, is_sent=True)
    if has_count(session(), form.entry.data or ""):
        flash("Hitungan ini sudah disimpan.", "success")
        return redirect(url_for("supplies.index"), 303)
    if form.as_of.data != shelves.newest_move:  # before the fields: a box may have come or gone
        raise Conflict("supplies_moved_meanwhile")
    if not form.validate():
        return render_template("supplies/count.html", what=what, form=form), 422
    counted, note = form.counted, (form.note.data or "").strip()
    kept = count_supplies(
        session(),
        point,
        shelves,
        count_id=UUID(form.entry.data),
        counted=counted,
        as_of=form.as_of.data,
        note=note,
        words=say_difference(shelves, sum(counted.values()), point=point.name, note=note, day=local_day(now())),
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    if kept.complaint_id:
        flash("Hitungan disimpan. Selisihnya menjadi kasus, dan catatan disesuaikan dengan hitungan.", "warning")
    else:
        flash(f"Hitungan {label(kept.supply)} cocok dengan catatan: {angka(kept.counted)}.", "success")
    return redirect(url_for("supplies.index"), 303)


def _index(form: FindBoxForm) -> str:
    point_id = signed_in().point_id
    since = day_bounds(local_day(now()) - _DESTROYED_SHOWN)[0]
    return render_template(
        "supplies/index.html",
        form=form,
        levels=supply_levels(),
        boxes=[(kind, find_boxes(session(), point_id, kind)) for kind in SupplyKind],
        held=find_held(session(), point_id),
        balances=[(kind, balance_of_point(session(), point_id, kind)) for kind in SupplyKind],
        empty_boxes=find_empty_boxes(session(), point_id, limit=_EMPTY_SHOWN),
        counts=list_counts(session(), point_id, limit=_COUNTS_SHOWN),
        destroyed=days_with_destroyed(session(), point_id, since=since),
        paths=_PATHS,
    )


def _box_page(box: SupplyBox, form: EntryForm | None = None, sent: str = "") -> str:
    forms = _forms(box)
    if form is not None:
        forms = {**forms, sent: form}
    page = page_number(request.args.get("page"))
    total = count_moves(session(), box.id)
    return render_template(
        "supplies/box.html",
        box=box,
        balance=balance_of_box(session(), box),
        held=_held(box),
        forms=forms,
        sent=sent,
        parent=session().get(SupplyBox, box.parent_id) if box.parent_id else None,
        moves=list_moves(session(), box.id, limit=_MOVES_PER_PAGE, offset=(page - 1) * _MOVES_PER_PAGE),
        page=page,
        pages=-(-total // _MOVES_PER_PAGE),
    )


def _forms(box: SupplyBox, *, sent: str = "") -> dict[str, EntryForm]:
    held = _held(box)
    officers = [
        one
        for one in moves.find_officers(session(), signed_in().point_id)
        if rights_of({row.role for row in one.role_rows}) & {Permission.CARDS_PRINT, Permission.SUPPLIES_KEEP}
    ]
    return dict(box_forms(officers, held, moves.find_other_points(session(), signed_in().point_id), sent=sent))


def _sent(box_id: UUID, name: str) -> tuple[SupplyBox, EntryForm]:
    box = _own(box_id)
    return box, _forms(box, sent=name)[name]


def _kind(what: str) -> SupplyKind:
    if what not in _KINDS:
        raise NotFound("supply_unknown")
    return _KINDS[what]


def _held(box: SupplyBox) -> list[Held]:
    return [one for one in find_held(session(), box.point_id) if one.box.id == box.id]


def _own(box_id: UUID) -> SupplyBox:
    return get_own_box(session(), box_id, point_id=signed_in().point_id)


def _entry(form: EntryForm) -> dict[str, Any]:
    return {
        "move_id": UUID(form.entry.data),
        "quantity": form.quantity.data,
        "actor": current_actor(),
        "keys": state().keys,
        "at": now(),
    }


def _done(box: SupplyBox, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("supplies.box", box_id=box.id), 303)
