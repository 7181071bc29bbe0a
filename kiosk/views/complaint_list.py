"""Complaints answered: the list of those that wait, and what becomes of each."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.complaint_reader import complaint_reader
from kiosk.db import session
from kiosk.forms.complaints import AnswerForm, CloseForm, ComplaintFilterForm, ReferForm
from kiosk.paging import page_number
from kiosk.permissions import Permission, needs
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words.complaints import NEXT
from registry import regions
from registry.complaints.reading import UNANSWERED, Whole, get_complaint, list_complaints
from registry.complaints.steps import answer_complaint, close_complaint, refer_complaint
from registry.days import local_day
from registry.errors import NotFound
from registry.kinds import ComplaintKind, ComplaintState, Referral
from registry.offices.offices import list_offices

views = Blueprint("complaint_list", __name__, url_prefix="/pengaduan/daftar")

_PER_PAGE = 50


@views.get("")
@needs(Permission.COMPLAINTS_ANSWER)
def index() -> ResponseReturnValue:
    """List the complaints that this officer may see, who has waited longest first."""
    form, page = ComplaintFilterForm(request.args), page_number(request.args.get("page"))
    here, _, below = regions.find_around(session(), signed_in().area_code, top=signed_in().area_code)
    form.offer(list_offices(session()), here, below)
    if not form.validate():
        raise NotFound("region_unknown", code="–")
    lines = list_complaints(
        session(),
        complaint_reader(),
        states=_states(form.keadaan.data),
        kind=ComplaintKind(form.tentang.data) if form.tentang.data else None,
        office_code=form.perangkat.data or None,
        area=form.wilayah.data or None,
        skip=(page - 1) * _PER_PAGE,
        limit=_PER_PAGE + 1,
    )
    today = local_day(now())
    return render_template(
        "complaint_list/index.html",
        form=form,
        lines=[(line, (today - local_day(line.made_at)).days) for line in lines[:_PER_PAGE]],
        places=regions.find_paths(session(), [line.area_code for line in lines]),
        page=page,
        has_more=len(lines) > _PER_PAGE,
        asked={name: value for name, value in form.data.items() if value},
    )


@views.get("/<number>")
@needs(Permission.COMPLAINTS_ANSWER)
def show(number: str) -> ResponseReturnValue:
    """Show a complaint with its steps, and the next ones."""
    return _page(_get(number))


@views.post("/<number>/teruskan")
@needs(Permission.COMPLAINTS_ANSWER)
def refer(number: str) -> ResponseReturnValue:
    """Refer a complaint."""
    whole, form = _get(number), ReferForm()
    form.offer(list_offices(session()))
    if not form.validate():
        return _page(whole, refer=form), 422
    refer_complaint(
        session(),
        whole.complaint.id,
        Referral(form.referral.data),
        office_code=form.office.data or None,
        words=form.asked.data,
        seen=form.seen.data,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    return _back(number, "Pengaduan diteruskan.")


@views.post("/<number>/jawab")
@needs(Permission.COMPLAINTS_ANSWER)
def answer(number: str) -> ResponseReturnValue:
    """Answer a complaint."""
    whole, form = _get(number), AnswerForm()
    if not form.validate():
        return _page(whole, answer=form), 422
    answer_complaint(
        session(),
        whole.complaint.id,
        words=form.answer.data,
        seen=form.seen.data,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    return _back(number, "Jawaban disimpan. Keluarga membacanya dengan menyebut nomornya di loket mana pun.")


@views.post("/<number>/selesai")
@needs(Permission.COMPLAINTS_ANSWER)
def close(number: str) -> ResponseReturnValue:
    """Close a complaint that was answered."""
    whole, form = _get(number), CloseForm()
    if not form.validate():
        return _page(whole, close=form), 422
    close_complaint(
        session(),
        whole.complaint.id,
        words=form.told.data,
        seen=form.seen.data,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    return _back(number, "Pengaduan selesai.")


def _get(number: str) -> Whole:
    return get_complaint(session(), number, complaint_reader())


def _states(asked: str) -> tuple[ComplaintState, ...]:
    if asked == "semua":
        return ()
    return (ComplaintState(asked),) if asked else UNANSWERED


def _back(number: str, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("complaint_list.show", number=number), 303)


def _page(
    whole: Whole,
    *,
    refer: ReferForm | None = None,
    answer: AnswerForm | None = None,
    close: CloseForm | None = None,
) -> str:
    seen = len(whole.steps)
    refer = refer or ReferForm(formdata=None, seen=seen)
    refer.offer(list_offices(session()))
    return render_template(
        "complaint_list/show.html",
        whole=whole,
        place=regions.find_path(session(), whole.complaint.area_code),
        days=(local_day(now()) - local_day(whole.complaint.made_at)).days,
        next_step=NEXT[whole.complaint.kind],
        waits=whole.complaint.state in UNANSWERED,
        refer=refer,
        answer=answer or AnswerForm(formdata=None, seen=seen),
        close=close or CloseForm(formdata=None, seen=seen),
    )
