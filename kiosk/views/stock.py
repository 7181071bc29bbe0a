"""The stock of a service point: what came, was damaged, went back, was given, and what must be left."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.filters import angka
from kiosk.forms.stock import DeliveryForm, LossForm, stock_form
from kiosk.permissions import Permission, needs
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from registry.days import local_day
from registry.giving.stock import is_countable, list_entries, note_stock, read_stock
from registry.kinds import StockKind
from registry.models import Roster
from registry.programmes.rosters import find_own_rosters, get_own_roster

views = Blueprint("stock", __name__, url_prefix="/stok")

_FORMS = (StockKind.DELIVERED, StockKind.DAMAGED, StockKind.RETURNED)


@views.get("")
@needs(Permission.STOCK_KEEP)
def index() -> ResponseReturnValue:
    """Show the stock of every round that the officer's point gives in."""
    rosters = find_own_rosters(session(), signed_in().actor.point_id, today=local_day(now()))
    stocks = [(roster, read_stock(session(), roster.id), is_countable(roster)) for roster in rosters]
    return render_template("stock/index.html", stocks=stocks)


@views.get("/<uuid:roster_id>")
@needs(Permission.STOCK_KEEP)
def show(roster_id: UUID) -> ResponseReturnValue:
    """Show one round's stock in big numbers, with the forms that change it."""
    return _page(_roster(roster_id))


@views.post("/<uuid:roster_id>/terima")
@needs(Permission.STOCK_KEEP)
def deliver(roster_id: UUID) -> ResponseReturnValue:
    """Note packages that came."""
    return _note(roster_id, StockKind.DELIVERED, "{} paket diterima.")


@views.post("/<uuid:roster_id>/rusak")
@needs(Permission.STOCK_KEEP)
def damage(roster_id: UUID) -> ResponseReturnValue:
    """Note packages that were damaged."""
    return _note(roster_id, StockKind.DAMAGED, "{} paket dicatat rusak.")


@views.post("/<uuid:roster_id>/kembalikan")
@needs(Permission.STOCK_KEEP)
def give_back(roster_id: UUID) -> ResponseReturnValue:
    """Note packages that go back to the store."""
    return _note(roster_id, StockKind.RETURNED, "{} paket dikembalikan ke gudang.")


def _note(roster_id: UUID, kind: StockKind, said: str) -> ResponseReturnValue:
    roster, form = _roster(roster_id), stock_form(kind, is_sent=True)
    if not form.validate():
        return _page(roster, sent=(kind, form)), 422
    note_stock(
        session(),
        roster,
        kind,
        entry_id=UUID(form.entry.data),
        quantity=form.quantity.data,
        document=form.document.data or "",
        note=form.note.data if isinstance(form, LossForm) else "",
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash(said.format(angka(form.quantity.data)), "success")
    return redirect(url_for("stock.show", roster_id=roster.id), 303)


def _roster(roster_id: UUID) -> Roster:
    return get_own_roster(session(), roster_id, point_id=signed_in().actor.point_id)


def _page(roster: Roster, sent: tuple[StockKind, DeliveryForm | LossForm] | None = None) -> str:
    forms = {kind.value: stock_form(kind) for kind in _FORMS}
    if sent:
        forms[sent[0].value] = sent[1]
    return render_template(
        "stock/show.html",
        roster=roster,
        stock=read_stock(session(), roster.id),
        is_countable=is_countable(roster),
        entries=list_entries(session(), roster.id),
        forms=forms,
        sent=sent[0].value if sent else "",
    )
