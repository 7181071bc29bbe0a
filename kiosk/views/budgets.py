"""The offices' money: ceiling, entitled, given and rest, as a page and as a workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.filters import rupiah
from kiosk.forms.budgets import CeilingForm
from kiosk.permissions import Permission, may, needs
from kiosk.sent_files import offer_file
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from printing.workbook import Cell, Sheet, write_workbook
from registry import regions
from registry.days import local_day
from registry.offices import ceilings
from registry.offices.budgets import OfficeCost, RoundCost, budget_years, read_budgets
from registry.offices.ceilings import get_line
from registry.offices.offices import decides_for, list_offices, offices_of

views = Blueprint("budgets", __name__, url_prefix="/anggaran")

_SUMS = ("Berhak", "Disalurkan", "Belum disalurkan")


@views.get("")
@needs(Permission.BUDGET_SEE)
def show() -> ResponseReturnValue:
    """Show what the programmes of the officer's office cost; to the centre and to auditors, of all offices."""
    years, year = _years()
    offices = _offices(year)
    place = regions.find_path(session(), signed_in().area_code)
    return render_template(
        "budgets/show.html",
        years=years,
        year=year,
        offices=offices,
        changeable={one.code for one in offices if decides_for(session(), one.code, current_actor())},
        by_round=lambda costs: _sums(costs, lambda cost: f"{cost.programme} · {cost.round_name}"),
        by_regency=lambda costs: sorted(_sums(costs, lambda cost: cost.regency)),
        area="" if signed_in().area_code == regions.PROVINCE else place.village or place.district or place.regency,
    )


@views.get("/anggaran.xlsx")
@needs(Permission.BUDGET_SEE)
def workbook() -> ResponseReturnValue:
    """Give the same as a workbook: one table of the lines, one of every round in every kabupaten."""
    _, year = _years()
    offices = _offices(year)
    book = write_workbook(
        [
            Sheet(
                f"Pagu {year}",
                ("Perangkat daerah", "Kode", "Baris anggaran", "Pagu", "Berhak", "Disalurkan", "Sisa pagu"),
                _line_rows(offices),
                money=frozenset(("Pagu", "Berhak", "Disalurkan", "Sisa pagu")),
            ),
            Sheet(
                "Per kabupaten dan tahap",
                ("Perangkat daerah", "Kode", "Program", "Tahap", "Mulai", "Kabupaten/kota", *_SUMS),
                _round_rows(offices),
                money=frozenset(_SUMS),
            ),
        ]
    )
    return offer_file(book, f"anggaran-{year}.xlsx")


@views.get("/pagu/<code>")
@needs(Permission.PROGRAMMES_CHANGE)
def ceiling(code: str) -> ResponseReturnValue:
    """Show the form for a line's ceiling."""
    line = get_line(session(), code, actor=current_actor())
    return render_template("budgets/ceiling.html", line=line, form=CeilingForm(formdata=None, line=line.code))


@views.post("/pagu")
@needs(Permission.PROGRAMMES_CHANGE)
def change_ceiling() -> ResponseReturnValue:
    """Change a line's ceiling."""
    form = CeilingForm()
    line = get_line(session(), form.line.data or "", actor=current_actor())
    if not form.validate():
        return render_template("budgets/ceiling.html", line=line, form=form), 422
    ceilings.change_ceiling(
        session(),
        line,
        ceiling=form.ceiling.data,
        legal_reference=form.document.data,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash(f"Pagu {line.code} sekarang {rupiah(line.ceiling)}.", "success")
    return redirect(url_for("budgets.show", tahun=line.year), 303)


def _years() -> tuple[list[int], int]:
    """Return the years that can be chosen, and the one that is: this year's where nothing else is asked for."""
    years, this_year = budget_years(session()), local_day(now()).year
    asked = request.args.get("tahun", "")
    return years, next((year for year in years if str(year) == asked), this_year)


def _offices(year: int) -> list[OfficeCost]:
    if may(Permission.BUDGET_SEE_ALL):
        seen = {office.code for office in list_offices(session())}
    else:
        seen = set(offices_of(session(), current_actor()))
    costs = read_budgets(session(), year=year, of_offices=seen, area=signed_in().area_code)
    return [office for office in costs if office.lines]


def _sums(costs: Iterable[RoundCost], name: Callable[[RoundCost], str]) -> list[tuple[str, int, int]]:
    """Add costs up by a name, in the order in which the names come: what is entitled, what is given."""
    entitled: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for cost in costs:
        entitled[name(cost)] += cost.entitled
        given[name(cost)] += cost.given
    return [(one, entitled[one], given[one]) for one in entitled]


def _line_rows(offices: Iterable[OfficeCost]) -> Iterator[tuple[Cell, ...]]:
    for office in offices:
        for line in office.lines:
            if line.code:
                yield office.name, line.code, line.name, line.ceiling, line.entitled, line.given, line.left
            else:
                name = f"Tanpa baris anggaran: {', '.join(line.programmes)}"
                yield office.name, "", name, None, line.entitled, line.given, None


def _round_rows(offices: Iterable[OfficeCost]) -> Iterator[tuple[Cell, ...]]:
    for office in offices:
        for line in office.lines:
            for cost in line.costs:
                about = (cost.programme, cost.round_name, cost.opens_on, cost.regency)
                yield office.name, line.code, *about, cost.entitled, cost.given, cost.left
