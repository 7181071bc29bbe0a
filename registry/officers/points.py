"""Service points: the places where officers serve families."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry import audit
from registry.audit import Actor
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.keys.keys import KeyRing
from registry.kinds import Carrying, PointKind
from registry.models import Office, Programme, Region, ServicePoint

__all__ = ["CENTRE", "add_point", "change_point", "get_point", "list_points", "programmes_by_kind"]

CENTRE = "PUSAT"
"""The code of the office that every installation begins with, and that commands act for."""

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")
_FACILITY_CODES = {
    PointKind.SCHOOL: re.compile(r"[0-9A-Z]{8}"),  # NPSN
    PointKind.PUSKESMAS: re.compile(r"[0-9A-Z.\-]{1,20}"),  # no one form: P6206050101, 1062222, 62.06.05.01
}


def add_point(
    session: Session,
    *,
    code: str,
    name: str,
    kind: PointKind,
    area_code: str,
    address: str = "",
    facility_code: str = "",
    office_code: str | None = None,
    actor: Actor | None,
    keys: KeyRing,
    at: datetime,
) -> ServicePoint:
    """Add a service point whose officers see the families of an area.

    Args:
        code: short and spoken at the counter, ``LOKET-BUNTOK``: capitals, digits, dashes.
        area_code: a region code, from ``62`` down to one desa.
        facility_code: the NPSN of a school, the state's code of a puskesmas; may be filled in later.
        office_code: the office (OPD) whose programmes are kept here, of a point that is an office.
        actor: who adds it; ``None`` for the first point of an installation, whose trail begins with itself.

    Raises:
        RegistryError: code ``point_code_malformed``, ``point_name_empty``, ``npsn_malformed``,
            ``facility_code_malformed``, ``facility_code_unwanted``, ``point_is_no_office``.
        NotFound: code ``region_unknown``, ``office_unknown``.
        Conflict: code ``point_code_taken``, ``facility_code_taken``.
    """
    if not _CODE.fullmatch(code):
        raise RegistryError("point_code_malformed")
    if session.get(Region, area_code) is None:
        raise NotFound("region_unknown", code=area_code[:13])
    if session.scalar(select(ServicePoint.id).where(ServicePoint.code == code)):
        raise Conflict("point_code_taken", point=code)
    point = ServicePoint(id=new_id(), code=code, kind=kind, area_code=area_code)
    _fill_in(session, point, name=name, address=address, facility_code=facility_code, office_code=office_code)
    try:
        with session.begin_nested():
            session.add(point)
    except IntegrityError as error:  # another administrator took the code or the number after the look
        if "facility_code" in str(error.orig):
            raise Conflict("facility_code_taken", facility=facility_code) from error
        raise Conflict("point_code_taken", point=code) from error
    audit.record(
        session,
        "point.added",
        f"point:{point.id}",
        actor=actor or Actor(officer_id=None, point_id=point.id),
        key=keys.audit_key,
        at=at,
        code=code,
        kind=kind.value,
        area=area_code,
    )
    return point


def change_point(
    session: Session,
    point: ServicePoint,
    *,
    name: str,
    address: str,
    facility_code: str,
    office_code: str | None,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> None:
    """Change what a service point is called and which place or office it is.

    Its code, kind and area stay: they say on receipts where something was given, and whose families its officers see.
    A place that serves another area is another point.

    Raises:
        RegistryError, NotFound, Conflict: as :func:`add_point`.
    """
    try:
        with session.begin_nested():
            _fill_in(session, point, name=name, address=address, facility_code=facility_code, office_code=office_code)
            session.flush()
    except IntegrityError as error:  # another administrator gave the number to another point after the look
        raise Conflict("facility_code_taken", facility=facility_code) from error
    audit.record(
        session,
        "point.changed",
        f"point:{point.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        code=point.code,
        facility=point.facility_code or None,
        office=point.office_code,
    )


def get_point(session: Session, code: str) -> ServicePoint:
    """Return the service point of a code.

    Raises:
        NotFound: code ``point_unknown``.
    """
    point = session.scalar(select(ServicePoint).where(ServicePoint.code == code))
    if point is None:
        raise NotFound("point_unknown", point=code[:20])
    return point


def list_points(session: Session) -> Sequence[ServicePoint]:
    """Return all service points by code."""
    return session.scalars(select(ServicePoint).order_by(ServicePoint.code)).all()


def programmes_by_kind(session: Session) -> dict[PointKind, list[str]]:
    """Return the names of the programmes that are served at each kind of service point."""
    served = session.execute(
        select(Programme.name, Programme.places)
        .where(Programme.carrying != Carrying.INFORMATION, ~Programme.is_withdrawn)
        .order_by(Programme.name)
    ).all()
    return {kind: [name for name, places in served if kind in places] for kind in PointKind}


def _fill_in(
    session: Session, point: ServicePoint, *, name: str, address: str, facility_code: str, office_code: str | None
) -> None:
    if not name.strip():
        raise RegistryError("point_name_empty")
    if facility_code:
        _check_facility(session, point, facility_code)
    if office_code and point.kind is not PointKind.OFFICE:
        raise RegistryError("point_is_no_office")
    if office_code and session.get(Office, office_code) is None:
        raise NotFound("office_unknown")
    point.name, point.address = name.strip(), address.strip()
    point.facility_code, point.office_code = facility_code, office_code or None


def _check_facility(session: Session, point: ServicePoint, code: str) -> None:
    form = _FACILITY_CODES.get(point.kind)
    if form is None:
        raise RegistryError("facility_code_unwanted")
    if not form.fullmatch(code):
        raise RegistryError("npsn_malformed" if point.kind is PointKind.SCHOOL else "facility_code_malformed")
    other = select(ServicePoint.id).where(
        ServicePoint.kind == point.kind, ServicePoint.facility_code == code, ServicePoint.id != point.id
    )
    with session.no_autoflush:
        if session.scalar(other):
            raise Conflict("facility_code_taken", facility=code)
