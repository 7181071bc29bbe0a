"""The queue of today: how many are served and waiting, for the officers and for a screen at the door."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.permissions import Permission, needs
from kiosk.sign_in import signed_in
from registry.days import local_day
from registry.giving.queue_board import find_boards, read_board

views = Blueprint("queue", __name__, url_prefix="/antrean")

_ON_ONE_PAGE = 20  # boards; a manager of the province has hundreds of points, and opens one at a time


@views.get("")
@needs(Permission.QUEUE_SEE)
def index() -> ResponseReturnValue:
    """Show the boards of the officer's point and area."""
    today = local_day(now())
    here = signed_in()
    found = find_boards(session(), point_id=here.actor.point_id, area=here.area_code, on=today)
    boards = [read_board(session(), roster_id, on=today) for roster_id in found[:_ON_ONE_PAGE]]
    return render_template("queue/index.html", boards=boards, more=len(found) - len(boards), at=now())


@views.get("/layar/<uuid:roster_id>")
@needs(Permission.PUBLIC)
def door(roster_id: UUID) -> ResponseReturnValue:
    """Fill a screen at the door with today's numbers; no names, so it needs no signing in."""
    return render_template("queue/door.html", board=read_board(session(), roster_id, on=local_day(now())), at=now())


@views.get("/layar/<uuid:roster_id>/angka")
@needs(Permission.PUBLIC)
def numbers(roster_id: UUID) -> ResponseReturnValue:
    """Give the numbers alone, for a page that keeps itself fresh."""
    return render_template("queue/_board.html", board=read_board(session(), roster_id, on=local_day(now())), at=now())
