"""Who collected for other families in a round: the report against one person's collecting for many."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from kiosk.db import session
from kiosk.permissions import Permission, needs
from kiosk.sign_in import signed_in
from registry.giving.proxies import find_round_in, list_proxies

views = Blueprint("proxies", __name__)


@views.get("/tahap/<uuid:round_id>/wakil")
@needs(Permission.PROGRAMMES_SEE)
def index(round_id: UUID) -> ResponseReturnValue:
    """Show the proxies of a round at the points of the officer's area, who collected for most families first."""
    round_ = find_round_in(session(), round_id, area=signed_in().area_code)
    lines = list_proxies(session(), round_, area=signed_in().area_code)
    return render_template("rounds/proxies.html", round=round_, lines=lines, limit=round_.programme.proxy_limit)
