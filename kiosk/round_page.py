"""The page of one round, which several acts end on: listing, determining, changing by an addendum."""

from __future__ import annotations

from typing import Any

from flask import render_template

from kiosk.db import session
from kiosk.forms.rounds import AdditionForm, DeterminationForm, DiscretionForm, OfficeListForm, RemovalForm
from kiosk.sign_in import current_actor
from kiosk.words.given import given_as
from kiosk.words.rounds import LEFT_OUT_BY, LINE_FAULTS
from registry.giving.tallies import tally_balances, tally_places
from registry.kinds import Carrying, RoundState
from registry.models import Round
from registry.programmes.addenda import list_addenda
from registry.programmes.name_lists import list_villages
from registry.programmes.owners import acts_for
from registry.programmes.terms import terms_of
from registry.regions import find_paths
from verify.rounds import Evaluation


def show_round(round_: Round, **rest: Any) -> str:
    """Return the page of a round.

    Args:
        rest: what an act has to add: ``evaluation``, ``taken``, ``said``, or the form that was sent, by its name.
    """
    determination = round_.determination
    is_own = acts_for(session(), round_.programme, current_actor())
    is_spent = round_.programme.carrying is Carrying.SPENT
    is_open = is_own and round_.state is not RoundState.CLOSED
    shown = {
        "list_form": OfficeListForm(formdata=None),
        "discretion_form": DiscretionForm(formdata=None, prefix="diskresi-"),
        "determination_form": DeterminationForm(formdata=None),
        "addition_form": AdditionForm(formdata=None, prefix="tambah-"),
        "removal_form": RemovalForm(formdata=None, prefix="keluar-"),
        "evaluation": None,
        "taken": None,
        "said": None,
    } | rest
    return render_template(
        "rounds/show.html",
        round=round_,
        determination=determination,
        is_own=is_own,
        can_list=is_open and determination is None,
        can_amend=is_open and determination is not None,
        villages=list_villages(session(), round_.id),
        addenda=list_addenda(session(), round_.id),
        terms=terms_of(session(), [round_.id])[round_.id],
        said_as=given_as(round_.programme.unit, is_spent=is_spent),
        tallies=tally_places(session(), round_.id),
        balances=tally_balances(session(), round_.id) if is_spent else None,
        line_faults=LINE_FAULTS,
        evaluation_words=LEFT_OUT_BY,
        village_names=_village_names(rest.get("evaluation")),
        **shown,
    )


def _village_names(evaluation: Evaluation | None) -> dict[str, str]:
    if evaluation is None:
        return {}
    return {code: path.village for code, path in find_paths(session(), list(evaluation.villages)).items()}
