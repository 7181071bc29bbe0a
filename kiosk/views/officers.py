"""Officers and service points: listed, added, given a new password, closed; and one's own password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.clock import now
from kiosk.db import session
from kiosk.errors import status_of
from kiosk.forms.officers import OfficerForm, OwnPasswordForm, PasswordForm, PointChangeForm, PointForm
from kiosk.permissions import Permission, needs
from kiosk.sign_in import current_actor, renew_password, signed_in
from kiosk.state import state
from kiosk.words import Words
from registry import regions
from registry.db import Session
from registry.errors import NotFound, RegistryError
from registry.kinds import PointKind, Role
from registry.models import Officer, ServicePoint
from registry.officers import changes as officer_changes
from registry.officers import officers, points
from registry.officers.passwords import make_password_hash
from registry.offices.offices import list_offices

views = Blueprint("officers", __name__)


@views.get("/petugas")
@needs(Permission.OFFICERS_MANAGE)
def index() -> ResponseReturnValue:
    """Show the service points of the area, each with its officers."""
    here = _points(session())
    people: dict[str, list[Officer]] = {point.code: [] for point in here}
    for officer in officers.list_officers(session(), area=signed_in().area_code):
        people[officer.point.code].append(officer)
    places = regions.find_paths(session(), [point.area_code for point in here])
    return render_template("officers/index.html", points=here, people=people, places=places)


@views.get("/petugas/baru")
@needs(Permission.OFFICERS_MANAGE)
def new() -> ResponseReturnValue:
    """Show the form for a new officer."""
    form = OfficerForm(formdata=None, point=request.args.get("titik"))
    form.offer(_points(session()))
    return render_template("officers/new.html", form=form)


@views.post("/petugas/baru")
@needs(Permission.OFFICERS_MANAGE)
def add() -> ResponseReturnValue:
    """Add an officer."""
    form = OfficerForm()
    # a session of its own that reads: the request's would hold the lock of writers while the password is hashed
    with state().database.reading() as reading:
        form.offer(_points(reading))
    if not form.validate():
        return render_template("officers/new.html", form=form), 422
    try:
        hashed = make_password_hash(form.password.data, username=officers.normal_username(form.username.data))
        officer = officers.add_officer(
            session(),
            points.get_point(session(), form.point.data),
            username=form.username.data,
            name=form.name.data,
            password_hash=hashed,
            roles=[Role(role) for role in form.roles.data],
            actor=current_actor(),
            keys=state().keys,
            at=now(),
        )
    except RegistryError as error:
        return render_template("officers/new.html", form=form, said=_say(error)), status_of(error)
    flash(f"Petugas {officer.username} ditambahkan dengan nomor {officer.number}.", "success")
    return redirect(url_for("officers.index"), 303)


@views.get("/petugas/<number>")
@needs(Permission.OFFICERS_MANAGE)
def show(number: str) -> ResponseReturnValue:
    """Show an officer, and what can be changed."""
    return render_template("officers/show.html", person=_get(number), form=PasswordForm(formdata=None))


@views.post("/petugas/<number>/kata-sandi")
@needs(Permission.OFFICERS_MANAGE)
def set_password(number: str) -> ResponseReturnValue:
    """Give an officer a new password."""
    form = PasswordForm()
    with state().database.reading() as reading:
        username = officers.get_officer(reading, number, area=signed_in().area_code).username
    if not form.validate():
        return render_template("officers/show.html", person=_get(number), form=form), 422
    try:
        hashed = make_password_hash(form.password.data, username=username)
    except RegistryError as error:
        return render_template("officers/show.html", person=_get(number), form=form, said=_say(error)), status_of(error)
    officer_changes.set_password(session(), _get(number), hashed, actor=current_actor(), keys=state().keys, at=now())
    flash("Kata sandi baru berlaku. Sampaikan langsung kepada petugasnya; semua sesinya diakhiri.", "success")
    return redirect(url_for("officers.show", number=number), 303)


@views.post("/petugas/<number>/nonaktif")
@needs(Permission.OFFICERS_MANAGE)
def deactivate(number: str) -> ResponseReturnValue:
    """Close an officer's account at once."""
    officer_changes.deactivate_officer(session(), _get(number), actor=current_actor(), keys=state().keys, at=now())
    flash("Petugas dinonaktifkan dan semua sesinya diakhiri.", "success")
    return redirect(url_for("officers.show", number=number), 303)


@views.post("/petugas/<number>/aktif")
@needs(Permission.OFFICERS_MANAGE)
def reinstate(number: str) -> ResponseReturnValue:
    """Open an officer's account again."""
    officer_changes.reinstate_officer(session(), _get(number), actor=current_actor(), keys=state().keys, at=now())
    flash("Petugas aktif lagi dengan kata sandinya yang lama.", "success")
    return redirect(url_for("officers.show", number=number), 303)


@views.get("/petugas/titik/baru")
@needs(Permission.OFFICERS_MANAGE)
def new_point() -> ResponseReturnValue:
    """Show the form for a new service point."""
    return _show_point(PointForm(formdata=None), signed_in().area_code)


@views.post("/petugas/titik/baru")
@needs(Permission.OFFICERS_MANAGE)
def add_point() -> ResponseReturnValue:
    """Add a service point; or, when its area is to be told more exactly, show the form again one level further."""
    form = PointForm()
    area = _own_area(form.area.data or "")
    if "refine" in request.form:
        return _show_point(form, area)
    form.offer(*regions.find_around(session(), area, top=signed_in().area_code))
    form.offer_offices(list_offices(session()))
    if not form.validate():
        return _show_point(form, area), 422
    try:
        points.add_point(
            session(),
            code=form.code.data,
            name=form.name.data,
            kind=PointKind(form.kind.data),
            area_code=area,
            address=form.address.data,
            facility_code=form.facility_code.data,
            office_code=form.office.data or None,
            actor=current_actor(),
            keys=state().keys,
            at=now(),
        )
    except RegistryError as error:
        return _show_point(form, area, _say(error)), status_of(error)
    flash(f"Titik layanan {form.code.data} ditambahkan.", "success")
    return redirect(url_for("officers.index"), 303)


@views.get("/petugas/titik/<code>")
@needs(Permission.OFFICERS_MANAGE)
def show_point(code: str) -> ResponseReturnValue:
    """Show a service point, what is served there, and what can be changed."""
    point = _get_point(code)
    form = PointChangeForm(
        formdata=None,
        name=point.name,
        address=point.address,
        facility_code=point.facility_code,
        office=point.office_code or "",
    )
    return _change_point(point, form)


@views.post("/petugas/titik/<code>")
@needs(Permission.OFFICERS_MANAGE)
def change_point(code: str) -> ResponseReturnValue:
    """Change what a service point is called, and which place or office it is."""
    point, form = _get_point(code), PointChangeForm()
    form.offer_offices(list_offices(session()))
    if not form.validate():
        return _change_point(point, form), 422
    try:
        points.change_point(
            session(),
            point,
            name=form.name.data,
            address=form.address.data,
            facility_code=form.facility_code.data,
            office_code=form.office.data or None,
            actor=current_actor(),
            keys=state().keys,
            at=now(),
        )
    except RegistryError as error:
        return _change_point(point, form, _say(error)), status_of(error)
    flash(f"Titik layanan {point.code} diubah.", "success")
    return redirect(url_for("officers.show_point", code=point.code), 303)


@views.get("/akun/kata-sandi")
@needs(Permission.HOME)
def own_password() -> ResponseReturnValue:
    """Show the form for one's own new password."""
    return render_template("officers/own_password.html", form=OwnPasswordForm(formdata=None))


@views.post("/akun/kata-sandi")
@needs(Permission.HOME)
def change_own_password() -> ResponseReturnValue:
    """Change one's own password."""
    form, me = OwnPasswordForm(), signed_in()
    if not form.validate():
        return render_template("officers/own_password.html", form=form), 422
    try:
        current_hash, new_hash = renew_password(form.current.data, form.password.data)
        officer_changes.change_own_password(
            session(),
            me.officer_id,
            current_hash=current_hash,
            new_hash=new_hash,
            session_id=me.session_id,
            actor=current_actor(),
            keys=state().keys,
            at=now(),
        )
    except RegistryError as error:
        return render_template("officers/own_password.html", form=form, said=_say(error)), status_of(error)
    flash("Kata sandi Anda sudah diganti. Sesi Anda di peramban lain diakhiri.", "success")
    return redirect(url_for("home.show"), 303)


def _points(store: Session) -> list[ServicePoint]:
    area = signed_in().area_code
    return [point for point in points.list_points(store) if regions.is_within(point.area_code, area)]


def _get(number: str) -> Officer:
    return officers.get_officer(session(), number, area=signed_in().area_code)


def _own_area(code: str) -> str:
    if not regions.is_within(code, signed_in().area_code):
        raise NotFound("region_unknown", code=code[:13])
    return code


def _show_point(form: PointForm, area: str, said: Words | None = None) -> str:
    here, above, below = regions.find_around(session(), area, top=signed_in().area_code)
    form.offer(here, above, below)
    form.offer_offices(list_offices(session()))
    form.area.data = area
    served = points.programmes_by_kind(session())
    return render_template("officers/new_point.html", form=form, has_below=bool(below), served=served, said=said)


def _get_point(code: str) -> ServicePoint:
    point = points.get_point(session(), code)
    if not regions.is_within(point.area_code, signed_in().area_code):
        raise NotFound("point_unknown", point=code[:20])
    return point


def _change_point(point: ServicePoint, form: PointChangeForm, said: Words | None = None) -> str:
    form.offer_offices(list_offices(session()))
    return render_template(
        "officers/point.html",
        point=point,
        place=regions.find_path(session(), point.area_code),
        served=points.programmes_by_kind(session())[point.kind],
        form=form,
        said=said,
    )


def _say(error: RegistryError) -> Words:
    return words.of(error.code, **error.detail)
