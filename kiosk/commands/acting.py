"""On whose behalf a command acts: nobody's by name, at a service point."""

from __future__ import annotations

from registry.audit import Actor
from registry.db import Session
from registry.officers.points import CENTRE, get_point


def command_actor(session: Session, point: str | None = None) -> Actor:
    """Return the actor of a command, for the trail: at the service point that it names, else at the central office.

    Raises:
        NotFound: code ``point_unknown``.
    """
    return Actor(officer_id=None, point_id=get_point(session, point or CENTRE).id)
