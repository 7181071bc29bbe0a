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
from registry.kinds import PointKind
from registry.models import Region, ServicePoint

CENTRE = "PUSAT"
"""The code of the office that every installation begins with, and that commands act for."""

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")


def add_point(
    session: Session,
    *,
    code: str,
    name: str,
    kind: PointKind,
    area_code: str,
    address: str = "",
    actor: Actor | None,
    keys: KeyRing,
    at: datetime,
) -> ServicePoint:
    """Add a service point whose officers see the families of an area.

    Args:
        code: short and spoken at the counter, ``LOKET-BUNTOK``: capitals, digits, dashes.
        area_code: a region code, from ``62`` down to one desa.
        actor: who adds it; ``None`` for the first point of an installation, whose trail begins with itself.

    Raises:
        RegistryError: code ``point_code_malformed``, ``point_name_empty``.
        NotFound: code ``region_unknown``.
        Conflict: code ``point_code_taken``.
    """
    if not _CODE.fullmatch(code):
        raise RegistryError("point_code_malformed")
    if not name.strip():
        raise RegistryError("point_name_empty")
    if session.get(Region, area_code) is None:
        raise NotFound("region_unknown", code=area_code[:13])
    if session.scalar(select(ServicePoint.id).where(ServicePoint.code == code)):
        raise Conflict("point_code_taken", point=code)
    point = ServicePoint(id=new_id(), code=code, name=name.strip(), kind=kind, area_code=area_code, address=address)
    try:
        with session.begin_nested():
            session.add(point)
    except IntegrityError as error:  # another administrator took the code after the look
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
