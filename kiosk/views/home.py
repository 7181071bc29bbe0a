"""The first page: what this officer can do here."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from kiosk import navigation
from kiosk.clock import now
from kiosk.permissions import Permission, needs
from kiosk.waiting import waiting_here

views = Blueprint("home", __name__)


@views.get("/")
@needs(Permission.HOME)
def show() -> ResponseReturnValue:
    """Show the tasks that the officer's roles open, and how much of each waits."""
    return render_template("home/show.html", tasks=navigation.tasks(), waiting=waiting_here(), today=now())


@views.get("/sesi")
@needs(Permission.HOME)
def keep_alive() -> ResponseReturnValue:
    """Count as activity, for an officer who fills in a long form and asks to stay signed in."""
    return "", 204
