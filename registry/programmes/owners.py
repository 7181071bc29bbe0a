"""Whose a programme is: its rounds are prepared, determined, opened and changed by the office that owns it."""

from __future__ import annotations

from registry.audit import Actor
from registry.db import Session
from registry.errors import Conflict
from registry.models import Programme
from registry.offices.offices import offices_of

__all__ = ["acts_for", "check_owner"]


def acts_for(session: Session, programme: Programme, actor: Actor) -> bool:
    """Tell whether somebody works at a point of the office that owns a programme, or at the centre."""
    return programme.office_code in offices_of(session, actor)


def check_owner(session: Session, programme: Programme, actor: Actor) -> None:
    """Refuse to work on a programme's rounds from a point of another office, or of none.

    Raises:
        Conflict: code ``programme_of_other_office``.
    """
    if not acts_for(session, programme, actor):
        raise Conflict("programme_of_other_office", office=programme.office.name)
