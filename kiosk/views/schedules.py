"""Schedules: when each point of a round serves how many, who comes when, and the invitations on paper."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.file_names import file_name
from kiosk.filters import angka
from kiosk.forms.schedules import MoveSessionForm, MoveTicketForm, PlanForm
from kiosk.own_rounds import own_roster, own_round
from kiosk.paging import page_number
from kiosk.permissions import Permission, needs
from kiosk.sent_files import show_pdf
from kiosk.sign_in import current_actor
from kiosk.state import state
from kiosk.words.given import given_as
from kiosk.words.invitations import BRING, PROXY
from printing.invitations import Occasion, Ticket, invitations_pdf
from registry.days import local_day
from registry.errors import NotFound
from registry.models import Roster, ServingSession
from registry.programmes.queue import (
    Invitation,
    allot_tickets,
    count_invitations,
    find_waiting,
    list_invitations,
    move_ticket,
)
from registry.programmes.schedules import (
    all_sessions,
    get_session,
    is_over,
    move_session,
    plan_sessions,
    tally_schedules,
    tally_sessions,
    upcoming_sessions,
)
from registry.programmes.terms import terms_of
from registry.regions import find_paths

views = Blueprint("schedules", __name__)

_ON_ONE_PRINTING = 400  # tickets: about 30 ms each, and one paper at a time is set
_NAMED = 20  # of those without a number


@views.get("/tahap/<uuid:round_id>/jadwal")
@needs(Permission.ROUNDS_MANAGE)
def index(round_id: UUID) -> ResponseReturnValue:
    """Show how far the schedule of each point of a round has come."""
    round_ = own_round(round_id)
    return render_template("schedules/index.html", round=round_, tallies=tally_schedules(session(), round_.id))


@views.get("/jadwal/<uuid:roster_id>")
@needs(Permission.ROUNDS_MANAGE)
def show(roster_id: UUID) -> ResponseReturnValue:
    """Show a point's sessions, who has no number yet, and what can be printed."""
    roster = own_roster(roster_id)
    form = PlanForm(formdata=None)
    form.first_day.data = max(local_day(now()), roster.round.opens_on)
    return _page(roster, form)


@views.post("/jadwal/<uuid:roster_id>/susun")
@needs(Permission.ROUNDS_MANAGE)
def plan(roster_id: UUID) -> ResponseReturnValue:
    """Make as many sessions as are needed."""
    roster, form = own_roster(roster_id), PlanForm()
    if not form.validate():
        return _page(roster, form), 422
    made = plan_sessions(
        session(),
        roster,
        first_day=form.first_day.data,
        windows=form.chosen_windows,
        capacity=form.capacity.data,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    if made:
        flash(f"{angka(len(made))} sesi ditambahkan. Sekarang bagikan nomor antrean.", "success")
    else:
        flash("Tidak ada sesi yang ditambahkan: tempatnya sudah cukup, atau harinya sudah terisi.", "warning")
    return redirect(url_for("schedules.show", roster_id=roster.id), 303)


@views.post("/jadwal/<uuid:roster_id>/nomor")
@needs(Permission.ROUNDS_MANAGE)
def allot(roster_id: UUID) -> ResponseReturnValue:
    """Give numbers to all who have none."""
    roster = own_roster(roster_id)
    outcome = allot_tickets(session(), roster, actor=current_actor(), keys=state().keys, at=now())
    flash(f"{angka(outcome.allotted)} keluarga mendapat nomor antrean.", "success")
    if outcome.left:
        flash(f"{angka(len(outcome.left))} keluarga belum mendapat nomor: tambahkan sesi.", "warning")
    return redirect(url_for("schedules.show", roster_id=roster.id), 303)


@views.get("/jadwal/<uuid:roster_id>/sesi/<uuid:session_id>")
@needs(Permission.ROUNDS_MANAGE)
def serving(roster_id: UUID, session_id: UUID) -> ResponseReturnValue:
    """Show who is invited to a session; from here it is moved, or one family of it."""
    roster = own_roster(roster_id)
    one = get_session(session(), session_id, roster_id=roster.id)
    form = MoveSessionForm(formdata=None, obj=one)
    return _session_page(roster, one, form, MoveTicketForm(formdata=None))


@views.post("/jadwal/<uuid:roster_id>/sesi/<uuid:session_id>/pindah")
@needs(Permission.ROUNDS_MANAGE)
def move(roster_id: UUID, session_id: UUID) -> ResponseReturnValue:
    """Move a session with all who are invited to it."""
    roster, form = own_roster(roster_id), MoveSessionForm()
    one = get_session(session(), session_id, roster_id=roster.id)
    if not form.validate():
        return _session_page(roster, one, form, MoveTicketForm(formdata=None)), 422
    move_session(
        session(),
        one,
        on_date=form.on_date.data,
        starts_at=form.starts_at.data,
        ends_at=form.ends_at.data,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash("Sesi dipindahkan. Cetak dan bagikan lagi undangannya; nomornya tetap.", "success")
    return redirect(url_for("schedules.serving", roster_id=roster.id, session_id=one.id), 303)


@views.post("/jadwal/<uuid:roster_id>/sesi/<uuid:session_id>/undangan")
@needs(Permission.ROUNDS_MANAGE)
def move_one(roster_id: UUID, session_id: UUID) -> ResponseReturnValue:
    """Move one family's invitation to another session."""
    roster, form = own_roster(roster_id), MoveTicketForm()
    one = get_session(session(), session_id, roster_id=roster.id)
    form.offer(tally_sessions(session(), upcoming_sessions(session(), roster.id, at=now())))
    if not form.validate():
        return _session_page(roster, one, MoveSessionForm(formdata=None, obj=one), form), 422
    target = get_session(session(), UUID(form.target.data), roster_id=roster.id)
    number = move_ticket(
        session(), UUID(form.entitlement.data), target, actor=current_actor(), keys=state().keys, at=now()
    )
    flash(f"Undangan dipindahkan. Nomornya sekarang {angka(number)}; cetak dan berikan undangan baru.", "success")
    return redirect(url_for("schedules.serving", roster_id=roster.id, session_id=target.id), 303)


@views.get("/jadwal/<uuid:roster_id>/undangan.pdf")
@needs(Permission.ROUNDS_MANAGE)
def invitations(roster_id: UUID) -> ResponseReturnValue:
    """Give the invitations of one village as tickets to print and cut."""
    roster = own_roster(roster_id)
    village, part = request.args.get("desa", ""), page_number(request.args.get("bagian"))
    invited = list_invitations(session(), roster.id, village=village)
    chosen = invited[(part - 1) * _ON_ONE_PRINTING : part * _ON_ONE_PRINTING]
    if not chosen:
        raise NotFound("invitations_none")
    paths = find_paths(session(), [village])
    name = f"{paths[village].village}, {paths[village].district}" if village in paths else ""
    terms = terms_of(session(), [roster.round_id])[roster.round_id]
    paper = invitations_pdf(
        Occasion(
            programme=f"{terms.programme} · {roster.round.name}",
            package=terms.package,
            point=roster.point.name,
            address=roster.point.address,
            price=roster.round.price,
            bring=BRING,
            proxy=PROXY,
            unpriced=given_as(roster.round.programme.unit).unpriced,
        ),
        [_ticket(one, name) for one in chosen],
    )
    called = file_name(
        "undangan", roster.round.programme_code, roster.round.name, roster.point.code, village, ending="pdf"
    )
    return show_pdf(paper, called)


def _page(roster: Roster, form: PlanForm) -> str:
    tallies = tally_sessions(session(), all_sessions(session(), roster.id))
    waiting = find_waiting(session(), roster.id)
    return render_template(
        "schedules/show.html",
        roster=roster,
        tallies=tallies,
        free=sum(one.free for one in tallies if not is_over(one.session, at=now())),
        waiting=waiting[:_NAMED],
        waiting_count=len(waiting),
        villages=_villages(roster.id),
        form=form,
    )


def _villages(roster_id: UUID) -> list[tuple[str, str, int, int]]:
    """Return code, name, invitations and printings of each village."""
    counts = count_invitations(session(), roster_id)
    paths = find_paths(session(), list(counts))
    return [(code, paths[code].village, count, -(-count // _ON_ONE_PRINTING)) for code, count in counts.items()]


def _session_page(roster: Roster, one: ServingSession, form: MoveSessionForm, ticket_form: MoveTicketForm) -> str:
    upcoming = upcoming_sessions(session(), roster.id, at=now())
    ticket_form.offer(tally for tally in tally_sessions(session(), upcoming) if tally.session.id != one.id)
    return render_template(
        "schedules/session.html",
        roster=roster,
        session=one,
        is_over=is_over(one, at=now()),
        invited=list_invitations(session(), roster.id, session_id=one.id),
        form=form,
        ticket_form=ticket_form,
    )


def _ticket(one: Invitation, village: str) -> Ticket:
    neighbour = one.neighbour
    return Ticket(
        village=village,
        rt=neighbour.rt,
        rw=neighbour.rw,
        name=neighbour.name,
        number=one.number,
        on_date=one.on_date,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
    )
