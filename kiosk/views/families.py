"""Finding a family and seeing what is known of it."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.forms.families import FamilySearchForm, ShowNumbersForm
from kiosk.permissions import Permission, needs
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words import changes as words_changes
from registry.cards.history import cards_of
from registry.cards.photos import current_photo
from registry.days import local_day
from registry.db import Session
from registry.events.waiting import events_of
from registry.families.families import FamilyLine, find_families, get_family, head_of
from registry.families.history import changes_of
from registry.families.known_facts import current_family_facts, current_person_facts
from registry.families.numbers import FamilyNumbers, hidden_numbers, show_numbers
from registry.identifiers import FamilyNumber, Nik
from registry.kinds import ShowReason
from registry.models import Family
from registry.regions import find_path, list_grandchildren

views = Blueprint("families", __name__)

PAGE = 20  # a counter's screen shows so many without much scrolling


@views.get("/keluarga")
@needs(Permission.FAMILIES_SEE)
def search() -> ResponseReturnValue:
    """Show the search form."""
    return render_template("families/search.html", form=_search_form(session(), formdata=None), found=None)


@views.post("/keluarga/cari")
@needs(Permission.FAMILIES_SEE)
def find() -> ResponseReturnValue:
    """Show what was found; by POST, because a NIK or a name must stand in no address and no log."""
    with state().database.reading() as reading:  # a search holds back nobody who gives
        form = _search_form(reading)
        if not form.validate():
            return render_template("families/search.html", form=form, found=None), 422
        found = _find(reading, form)
    return render_template("families/search.html", form=form, found=found[:PAGE], has_more=len(found) > PAGE)


@views.get("/keluarga/<reference>")
@needs(Permission.FAMILIES_SEE)
def show(reference: str) -> ResponseReturnValue:
    """Show a family with its numbers half hidden."""
    family = get_family(session(), reference, area=signed_in().area_code)
    return _show_family(family, hidden_numbers(family, state().keys.vault), ShowNumbersForm(formdata=None))


@views.post("/keluarga/<reference>/nik")
@needs(Permission.FAMILIES_SEE_NIK)
def show_whole_numbers(reference: str) -> ResponseReturnValue:
    """Show a family with its whole numbers, once, and record who asked and why."""
    family = get_family(session(), reference, area=signed_in().area_code)
    form = ShowNumbersForm()
    if not form.validate():
        return _show_family(family, hidden_numbers(family, state().keys.vault), form), 422
    numbers = show_numbers(
        session(),
        family,
        reason=ShowReason(form.reason.data),
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    return _show_family(family, numbers, form)


def _search_form(reading: Session, **rest: None) -> FamilySearchForm:
    form = FamilySearchForm(**rest)
    form.offer(list_grandchildren(reading, signed_in().area_code))
    return form


def _find(reading: Session, form: FamilySearchForm) -> list[FamilyLine]:
    """Return one family more than a page holds, when there are more."""
    ask = partial(
        find_families,
        reading,
        area=signed_in().area_code,
        vault=state().keys.vault,
        village=form.region.data or None,
        skip=(form.number - 1) * PAGE,
        limit=PAGE + 1,
    )
    if form.digits:
        return ask(number=FamilyNumber(form.digits)) or ask(nik=Nik(form.digits))
    return ask(name=form.name)


def _show_family(family: Family, numbers: FamilyNumbers, form: ShowNumbersForm) -> str:
    head = head_of(family)
    return render_template(
        "families/show.html",
        family=family,
        head=head,
        photo=current_photo(session(), head.id) if head else None,
        place=find_path(session(), family.village_code),
        numbers=numbers,
        form=form,
        family_facts=current_family_facts(session(), [family.id])[family.id],
        person_facts=current_person_facts(session(), [person.id for person in family.people]),
        changes=[(change, words_changes.say(change)) for change in changes_of(session(), family)],
        cards=cards_of(session(), family),
        events=events_of(session(), family),
        today=local_day(now()),
    )
