"""The offices of the province, and who acts and decides for them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from registry.audit import Actor
from registry.db import Session
from registry.models import Office, ServicePoint
from registry.officers.points import CENTRE
from registry.regions import PROVINCE

__all__ = ["decides_for", "list_offices", "offices_decided", "offices_of"]


def list_offices(session: Session) -> Sequence[Office]:
    """Return all offices by name."""
    return session.scalars(select(Office).order_by(Office.name)).all()


def offices_of(session: Session, actor: Actor) -> frozenset[str]:
    """Return the codes of the offices that somebody acts for: the one of the own point; at the centre all of them.

    A counter or a hand-out point acts for none.
    """
    point = session.get_one(ServicePoint, actor.point_id)
    if point.office_code is not None:
        return frozenset({point.office_code})
    return frozenset(session.scalars(select(Office.code))) if point.code == CENTRE else frozenset()


def offices_decided(session: Session, actor: Actor) -> frozenset[str]:
    """Return the offices for which somebody may decide what holds in the whole province: at their seat, or the centre.

    A point of the office in a kabupaten works with what is decided there.
    """
    point = session.get_one(ServicePoint, actor.point_id)
    return offices_of(session, actor) if point.area_code == PROVINCE else frozenset()


def decides_for(session: Session, office_code: str, actor: Actor) -> bool:
    """Tell whether an office is one of :func:`offices_decided`."""
    return office_code in offices_decided(session, actor)
