"""The pillars of Huma Betang: offices name them differently, so the names may be changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from registry import audit
from registry.audit import Actor
from registry.db import Session
from registry.errors import Conflict, NotFound, RegistryError
from registry.keys.keys import KeyRing
from registry.models import Pillar, Programme, ServicePoint
from registry.officers.points import CENTRE

__all__ = ["get_pillar", "list_pillars", "may_rename_pillars", "programmes_by_pillar", "rename_pillar"]

_LONGEST = 80


def list_pillars(session: Session) -> Sequence[Pillar]:
    """Return all pillars in their order."""
    return session.scalars(select(Pillar).order_by(Pillar.position)).all()


def get_pillar(session: Session, code: str) -> Pillar:
    """Return a pillar.

    Raises:
        NotFound: code ``pillar_unknown``.
    """
    pillar = session.get(Pillar, code)
    if pillar is None:
        raise NotFound("pillar_unknown", pillar=code[:16])
    return pillar


def programmes_by_pillar(session: Session) -> list[tuple[Pillar, list[Programme]]]:
    """Return every pillar with its programmes by name, those that no card carries included."""
    query = select(Programme).order_by(Programme.name).options(selectinload(Programme.office))
    programmes = session.scalars(query).all()
    return [
        (pillar, [programme for programme in programmes if programme.pillar_code == pillar.code])
        for pillar in list_pillars(session)
    ]


def may_rename_pillars(session: Session, actor: Actor) -> bool:
    """Tell whether somebody works at the centre, which acts for every office."""
    point = session.get_one(ServicePoint, actor.point_id)
    return point.office_code is None and point.code == CENTRE


def rename_pillar(session: Session, pillar: Pillar, *, name: str, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Give a pillar another name; programmes stay where they are.

    Raises:
        RegistryError: code ``pillar_name_malformed``.
        Conflict: code ``centre_only``, from the point of an office: the name is shown to all of them.
    """
    if not may_rename_pillars(session, actor):
        raise Conflict("centre_only")
    name = name.strip()
    if not 0 < len(name) <= _LONGEST:
        raise RegistryError("pillar_name_malformed")
    if name == pillar.name:
        return
    pillar.name = name
    session.flush()
    audit.record(
        session, "pillar.renamed", f"pillar:{pillar.code}", actor=actor, key=keys.audit_key, at=at, pillar=pillar.code
    )
