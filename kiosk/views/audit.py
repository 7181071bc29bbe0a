"""The audit trail: its latest lines in words, and whether its chains are whole."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.permissions import Permission, needs
from kiosk.sign_in import signed_in
from kiosk.state import state
from kiosk.words import trail as words_trail
from registry.audit import verify_chains
from registry.kinds import Role
from registry.officers.points import list_points
from registry.regions import PROVINCE
from registry.trail import latest_lines

views = Blueprint("audit", __name__, url_prefix="/jejak")

LINES = 50
_SEE_ALL = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


@views.get("")
@needs(Permission.AUDIT_SEE)
def show() -> ResponseReturnValue:
    """Show the latest lines: of the officer's own point, or of every point to those who watch over all."""
    points = list_points(session()) if _sees_all() else []
    point = next((one for one in points if one.code == request.args.get("titik")), None)
    point_id = (point.id if point else None) if _sees_all() else signed_in().point_id
    # one line more than a page holds tells whether there are older ones
    lines = latest_lines(session(), point_id=point_id, before=_before(), limit=LINES + 1)
    return render_template(
        "audit/show.html",
        lines=[words_trail.say(line) for line in lines[:LINES]],
        older=lines[LINES - 1].id if len(lines) > LINES else None,
        is_first=_before() is None,
        points=points,
        point=point,
    )


@views.get("/periksa")
@needs(Permission.AUDIT_SEE)
def verify() -> ResponseReturnValue:
    """Check the chains that the officer may see from end to end and show what is wrong; this reads only."""
    point_id = None if _sees_all() else signed_in().point_id
    faults = verify_chains(session(), key=state().keys.audit_key, point_id=point_id)
    return render_template("audit/verified.html", faults=faults, sees_all=_sees_all(), at=now())


def _sees_all() -> bool:
    return signed_in().area_code == PROVINCE and bool(_SEE_ALL & signed_in().roles)


def _before() -> UUID | None:
    try:
        return UUID(request.args["sebelum"])
    except (KeyError, ValueError):
        return None
