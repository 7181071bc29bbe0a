"""Rounds: which are open, how far each place has come, opening one, and closing it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.filters import angka
from kiosk.forms.rounds import RoundForm
from kiosk.permissions import Permission, needs
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from registry.giving.handout_places import HandoutPlace, list_handout_places
from registry.giving.tallies import tally_places, tally_rounds
from registry.programmes.catalogue import list_programmes
from registry.programmes.rounds import close_round, get_round
from verify.rounds import open_round_for_villages

views = Blueprint("rounds", __name__, url_prefix="/tahap")


@views.get("")
@needs(Permission.ROUNDS_MANAGE)
def index() -> ResponseReturnValue:
    """Show the rounds of the officer's area with what they have given."""
    return render_template("rounds/index.html", tallies=tally_rounds(session(), area=signed_in().area_code))


@views.get("/buka")
@needs(Permission.ROUNDS_MANAGE)
def new() -> ResponseReturnValue:
    """Show the form that opens a round."""
    form, places = _offered(RoundForm(formdata=None))
    return render_template("rounds/new.html", form=form, places=places)


@views.post("/buka")
@needs(Permission.ROUNDS_MANAGE)
def open_() -> ResponseReturnValue:
    """Open a round for the chosen villages."""
    form, places = _offered(RoundForm())
    if not form.validate():
        return render_template("rounds/new.html", form=form, places=places), 422
    opened = open_round_for_villages(
        session(),
        form.programme.data,
        name=form.name.data,
        opens_on=form.opens_on.data,
        closes_on=form.closes_on.data,
        price=form.price.data,
        places=form.chosen_places,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash(
        f"Tahap dibuka: {angka(opened.entitled)} keluarga berhak, {angka(opened.not_entitled)} tidak memenuhi syarat.",
        "success",
    )
    return redirect(url_for("rounds.show", round_id=opened.round.id), 303)


@views.get("/<uuid:round_id>")
@needs(Permission.ROUNDS_MANAGE)
def show(round_id: UUID) -> ResponseReturnValue:
    """Show one round, place by place."""
    round_ = get_round(session(), round_id, area=signed_in().area_code)
    return render_template("rounds/show.html", round=round_, tallies=tally_places(session(), round_.id))


@views.post("/<uuid:round_id>/tutup")
@needs(Permission.ROUNDS_MANAGE)
def close(round_id: UUID) -> ResponseReturnValue:
    """Close a round for good."""
    round_ = get_round(session(), round_id, area=signed_in().area_code)
    close_round(session(), round_, actor=current_actor(), keys=state().keys, at=now())
    flash("Tahap ditutup. Tidak ada lagi yang disalurkan dari tahap ini.", "success")
    return redirect(url_for("rounds.show", round_id=round_.id), 303)


def _offered(form: RoundForm) -> tuple[RoundForm, list[HandoutPlace]]:
    places = list_handout_places(session(), area=signed_in().area_code)
    form.offer(list_programmes(session()), places)
    return form, places
