"""Rounds: which there are, how far each place has come, preparing one, opening it, and closing it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.filters import angka
from kiosk.forms.rounds import RoundForm
from kiosk.own_rounds import own_round
from kiosk.permissions import Permission, needs
from kiosk.round_page import show_round
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words.given import given_as
from registry.giving.handout_places import HandoutPlace, list_handout_places
from registry.giving.tallies import tally_rounds
from registry.kinds import Subject
from registry.models import Programme
from registry.offices.offices import offices_of
from registry.programmes.owners import check_owner
from registry.programmes.rounds import (
    close_round,
    get_round,
    get_round_programme,
    list_round_programmes,
    prepare_round,
    start_round,
)
from verify.rounds import evaluate_round

views = Blueprint("rounds", __name__, url_prefix="/tahap")


@views.get("")
@needs(Permission.ROUNDS_MANAGE)
def index() -> ResponseReturnValue:
    """Show the rounds of the officer's area with what they have given."""
    tallies = tally_rounds(session(), area=signed_in().area_code)
    return render_template("rounds/index.html", tallies=tallies, given_as=given_as)


@views.get("/buka")
@needs(Permission.ROUNDS_MANAGE)
def new() -> ResponseReturnValue:
    """Show the programmes of the officer's office, or the form that prepares a round of one."""
    code = request.args.get("program")
    if code is None:
        own = offices_of(session(), current_actor())
        programmes = [one for one in list_round_programmes(session()) if one.office_code in own]
        return render_template("rounds/choose.html", programmes=programmes)
    form = RoundForm(formdata=None, programme=code)
    programme, places = _offer(form)
    return render_template("rounds/new.html", form=form, programme=programme, places=places)


@views.post("/buka")
@needs(Permission.ROUNDS_MANAGE)
def prepare() -> ResponseReturnValue:
    """Prepare a round for the chosen villages, with a first list by the programme's rule."""
    form = RoundForm()
    programme, places = _offer(form)
    if not form.validate():
        return render_template("rounds/new.html", form=form, programme=programme, places=places), 422
    made = prepare_round(
        session(),
        programme.code,
        name=form.name.data,
        opens_on=form.opens_on.data,
        closes_on=form.closes_on.data,
        price=form.price.data,
        places=form.chosen_places,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    listed = evaluate_round(session(), made, actor=current_actor(), keys=state().keys, at=now())
    whose = "keluarga" if programme.subject is Subject.FAMILY else "orang"
    entitled, others = angka(listed.entitled), angka(listed.not_entitled)
    flash(f"Tahap disiapkan: {entitled} {whose} berhak, {others} tidak memenuhi syarat.", "success")
    return redirect(url_for("rounds.show", round_id=made.id), 303)


@views.get("/<uuid:round_id>")
@needs(Permission.ROUNDS_MANAGE)
def show(round_id: UUID) -> ResponseReturnValue:
    """Show one round: its list, its determination, and place by place what was given."""
    return show_round(get_round(session(), round_id, area=signed_in().area_code))


@views.post("/<uuid:round_id>/mulai")
@needs(Permission.ROUNDS_MANAGE)
def start(round_id: UUID) -> ResponseReturnValue:
    """Open a round whose list is determined."""
    round_ = own_round(round_id)
    start_round(session(), round_, actor=current_actor(), keys=state().keys, at=now())
    flash("Tahap dibuka. Pada hari penyalurannya titik layanan dapat menyalurkan.", "success")
    return redirect(url_for("rounds.show", round_id=round_.id), 303)


@views.post("/<uuid:round_id>/tutup")
@needs(Permission.ROUNDS_MANAGE)
def close(round_id: UUID) -> ResponseReturnValue:
    """Close a round for good."""
    round_ = own_round(round_id)
    close_round(session(), round_, actor=current_actor(), keys=state().keys, at=now())
    flash("Tahap ditutup. Tidak ada lagi yang disalurkan dari tahap ini.", "success")
    return redirect(url_for("rounds.show", round_id=round_.id), 303)


def _offer(form: RoundForm) -> tuple[Programme, list[HandoutPlace]]:
    programme = get_round_programme(session(), form.programme.data or "")
    check_owner(session(), programme, current_actor())
    places = list_handout_places(session(), area=signed_in().area_code, kinds=programme.places)
    form.offer(places)
    return programme, places
