"""Temporary cards that wait for their plastic ones: whose paper ends next."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.paging import page_of
from kiosk.permissions import Permission, needs
from kiosk.sign_in import signed_in
from registry.cards.temporary import count_temporary, list_temporary

views = Blueprint("temporary_cards", __name__)

_PER_PAGE = 40


@views.get("/kartu/sementara")
@needs(Permission.CARDS_PRINT)
def index() -> ResponseReturnValue:
    """Show the temporary cards of the area that are in families' hands, those that end first before the others."""
    area = signed_in().area_code
    total = count_temporary(session(), area=area)
    page, pages = page_of(request.args.get("page"), total, per_page=_PER_PAGE)
    return render_template(
        "cards/temporary.html",
        cards=list_temporary(session(), area=area, limit=_PER_PAGE, offset=(page - 1) * _PER_PAGE),
        total=total,
        page=page,
        pages=pages,
        at=now(),
    )
