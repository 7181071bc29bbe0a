"""Addenda: one family or person joins or leaves a frozen list, by number and reason."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.clock import now
from kiosk.db import session
from kiosk.errors import status_of
from kiosk.forms.rounds import AdditionForm, RemovalForm
from kiosk.own_rounds import own_round
from kiosk.permissions import Permission, needs
from kiosk.round_page import show_round
from kiosk.sign_in import current_actor
from kiosk.state import state
from registry.errors import RegistryError
from registry.kinds import Basis
from registry.programmes.addenda import add_to_list, remove_from_list
from registry.programmes.office_lists import right_by_nik, subject_by_nik

views = Blueprint("addenda", __name__, url_prefix="/tahap/<uuid:round_id>/adendum")


@views.post("/tambah")
@needs(Permission.ROUNDS_MANAGE)
def add(round_id: UUID) -> ResponseReturnValue:
    """Put one on the list."""
    round_ = own_round(round_id)
    form = AdditionForm(prefix="tambah-")
    if not form.validate():
        return show_round(round_, addition_form=form), 422
    try:
        right = right_by_nik(
            session(),
            round_,
            form.whose,
            npsn=(form.npsn.data or "").strip(),
            basis=Basis(form.basis.data),
            document=form.document.data,
            vault=state().keys.vault,
        )
        made = add_to_list(
            session(),
            round_,
            right,
            number=form.number.data,
            reason=form.reason.data,
            actor=current_actor(),
            keys=state().keys,
            at=now(),
        )
    except RegistryError as error:
        session().rollback()
        return show_round(round_, addition_form=form, said=words.of(error.code, **error.detail)), status_of(error)
    flash(f"Ditambahkan ke daftar dengan adendum {made.number}.", "success")
    return redirect(url_for("rounds.show", round_id=round_.id), 303)


@views.post("/keluarkan")
@needs(Permission.ROUNDS_MANAGE)
def remove(round_id: UUID) -> ResponseReturnValue:
    """Take one off the list."""
    round_ = own_round(round_id)
    form = RemovalForm(prefix="keluar-")
    if not form.validate():
        return show_round(round_, removal_form=form), 422
    try:
        family_id, person_id = subject_by_nik(session(), round_, form.whose, vault=state().keys.vault)
        made = remove_from_list(
            session(),
            round_,
            family_id,
            person_id,
            number=form.number.data,
            reason=form.reason.data,
            actor=current_actor(),
            keys=state().keys,
            at=now(),
        )
    except RegistryError as error:
        session().rollback()
        return show_round(round_, removal_form=form, said=words.of(error.code, **error.detail)), status_of(error)
    flash(f"Dikeluarkan dari daftar dengan adendum {made.number}.", "success")
    return redirect(url_for("rounds.show", round_id=round_.id), 303)
