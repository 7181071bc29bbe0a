"""The day's minutes (berita acara): closing a day at the point, and the paper of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.filters import tanggal
from kiosk.forms.stock import CloseForm, MissedDayForm
from kiosk.own_rounds import own_round
from kiosk.permissions import Permission, needs
from kiosk.sent_files import show_pdf
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words.given import GivenAs, given_as
from kiosk.words.minutes import say_decree, say_receiver
from printing.minutes import MinutesPaper, ProxyLine, ReceiverLine, StockFigures, minutes_pdf
from registry.days import local_day
from registry.giving.closing import close_day, find_unclosed_days
from registry.giving.day_figures import sum_up_day
from registry.giving.day_of_giving import DayLine, given_since, read_day
from registry.giving.minutes import get_minutes, get_own_minutes, list_minutes, list_minutes_of_round
from registry.giving.stock import is_countable, read_stock
from registry.kinds import Carrying
from registry.models import Minutes, Programme, Roster
from registry.programmes.owners import check_owner
from registry.programmes.rosters import get_own_roster
from registry.programmes.terms import terms_of
from registry.regions import find_path

views = Blueprint("minutes", __name__)


@views.get("/stok/<uuid:roster_id>/berita-acara")
@needs(Permission.STOCK_KEEP)
def show(roster_id: UUID) -> ResponseReturnValue:
    """Show today's totals, the form that closes the day, and the minutes until now."""
    roster = _roster(roster_id)
    return _page(roster, _form(roster))


@views.post("/stok/<uuid:roster_id>/berita-acara")
@needs(Permission.STOCK_KEEP)
def close(roster_id: UUID) -> ResponseReturnValue:
    """Close today: store the count and the minutes."""
    roster = _roster(roster_id)
    form = _form(roster, is_sent=True)
    if not form.validate():
        return _page(roster, form), 422
    made = close_day(
        session(),
        roster,
        on_date=local_day(now()),
        counted=form.counted.data if form.counted is not None else None,
        note=form.note.data or "",
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash("Hari ini ditutup. Cetak berita acaranya dan tanda tangani berdua.", "success")
    return redirect(url_for("minutes.show", roster_id=made.roster_id), 303)


@views.post("/stok/<uuid:roster_id>/berita-acara/terlewat")
@needs(Permission.STOCK_KEEP)
def close_missed(roster_id: UUID) -> ResponseReturnValue:
    """Close a day that was forgotten, from what was stored; its packages can't be counted any more."""
    roster, form = _roster(roster_id), MissedDayForm()
    if not form.validate():
        return _page(roster, _form(roster)), 422
    close_day(
        session(),
        roster,
        on_date=form.day.data,
        counted=None,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash(f"Hari {tanggal(form.day.data)} ditutup tanpa hitungan.", "success")
    return redirect(url_for("minutes.show", roster_id=roster.id), 303)


@views.get("/berita-acara/<uuid:minutes_id>.pdf")
@needs(Permission.STOCK_KEEP)
def paper(minutes_id: UUID) -> ResponseReturnValue:
    """Give the minutes of the officer's own point as a paper to sign."""
    return _paper(get_own_minutes(session(), minutes_id, point_id=signed_in().point_id))


@views.get("/tahap/<uuid:round_id>/berita-acara")
@needs(Permission.ROUNDS_MANAGE)
def of_round(round_id: UUID) -> ResponseReturnValue:
    """Show the minutes of all points of a round."""
    round_ = own_round(round_id)
    return render_template(
        "minutes/of_round.html",
        round=round_,
        said_as=_said_as(round_.programme),
        minutes=list_minutes_of_round(session(), round_.id),
    )


@views.get("/tahap/berita-acara/<uuid:minutes_id>.pdf")
@needs(Permission.ROUNDS_MANAGE)
def paper_of_round(minutes_id: UUID) -> ResponseReturnValue:
    """Give the minutes as a paper, to the round's manager."""
    found = get_minutes(session(), minutes_id, area=signed_in().area_code)
    check_owner(session(), found.roster.round.programme, current_actor())
    return _paper(found)


def _roster(roster_id: UUID) -> Roster:
    return get_own_roster(session(), roster_id, point_id=signed_in().actor.point_id)


def _form(roster: Roster, *, is_sent: bool = False) -> CloseForm:
    form = CloseForm() if is_sent else CloseForm(formdata=None)
    stock = read_stock(session(), roster.id)
    form.expect(stock.left if stock else None)
    return form


def _page(roster: Roster, form: CloseForm) -> str:
    today = local_day(now())
    minutes = list_minutes(session(), roster.id)
    closed_today = next((one for one in minutes if one.on_date == today), None)
    return render_template(
        "minutes/show.html",
        roster=roster,
        said_as=_said_as(roster.round.programme),
        today=today,
        figures=sum_up_day(session(), roster, on_date=today),
        minutes=minutes,
        closed_today=closed_today,
        given_since=given_since(session(), closed_today) if closed_today else 0,
        missed=find_unclosed_days(session(), roster.id, before=today),
        form=form,
    )


def _paper(minutes: Minutes) -> Response:
    return show_pdf(minutes_pdf(_fill(minutes)), f"berita-acara-{minutes.on_date.isoformat()}-{minutes.revision}.pdf")


def _fill(minutes: Minutes) -> MinutesPaper:
    roster, figures = minutes.roster, minutes.figures
    point, round_ = roster.point, roster.round
    day = read_day(session(), minutes)
    region = find_path(session(), point.area_code)
    terms, said_as = terms_of(session(), [round_.id])[round_.id], _said_as(round_.programme)
    officer = minutes.officer
    return MinutesPaper(
        number=f"{point.code}/{round_.programme_code}/{minutes.on_date:%Y%m%d}/{minutes.revision}",
        revision=minutes.revision,
        office=round_.programme.office.name,
        programme=terms.programme,
        round_name=round_.name,
        package=terms.package,
        act=said_as.act,
        deed=said_as.deed,
        left_words=said_as.left,
        is_of_goods=is_countable(roster),
        decree=say_decree(round_.determination),
        point=point.name,
        point_address=point.address,
        region=", ".join(
            part
            for part in (region.village, region.district and f"Kecamatan {region.district}", region.regency)
            if part
        ),
        on_date=minutes.on_date,
        closed_at=minutes.closed_at,
        entitled=figures["entitled"],
        given_today=figures["given_today"],
        given_before=figures["given_before"],
        undone_today=figures["undone_today"],
        left=figures["left"],
        paid_today=figures["paid_today"],
        stock=_stock(figures),
        proxy_limit=round_.programme.proxy_limit,
        proxies=[ProxyLine(one.name, one.nik_last, one.families) for one in day.proxies],
        lines=[_line(one) for one in day.lines],
        undone_later=[_line(one) for one in day.undone_later],
        note=minutes.note,
        closed_by=f"{officer.name} ({officer.number})" if officer else "perintah sistem",
        chain_digits=minutes.chain_digits,
    )


def _said_as(programme: Programme) -> GivenAs:
    return given_as(programme.unit, is_spent=programme.carrying is Carrying.SPENT)


def _stock(figures: Mapping[str, Any]) -> StockFigures | None:
    if figures["delivered"] is None:
        return None
    return StockFigures(
        delivered=figures["delivered"],
        given=figures["given"],
        damaged=figures["damaged"],
        returned=figures["returned"],
        left=figures["stock_left"],
        counted=figures["counted"],
        difference=figures["difference"],
    )


def _line(one: DayLine) -> ReceiverLine:
    return ReceiverLine(
        receipt_number=one.receipt_number,
        queue_number=one.queue_number,
        head_name=one.head_name,
        receiver=say_receiver(one),
        given_at=one.given_at,
        is_undone=one.is_undone,
        substitution=one.substitution,
    )
