"""The views, one file per counter task: each reads a form, calls one function of a lower room, shows or redirects."""

from __future__ import annotations

from flask import Flask

from kiosk.views import (
    audit,
    cards,
    families,
    hand_over,
    held,
    home,
    lists,
    officers,
    photos,
    receipts,
    rounds,
    scan,
    sign_in,
)


def open_all(app: Flask) -> None:
    """Open every counter task at its address."""
    for views in (
        audit.views,
        cards.views,
        families.views,
        hand_over.views,
        held.views,
        home.views,
        lists.views,
        officers.views,
        photos.views,
        receipts.views,
        rounds.views,
        scan.views,
        sign_in.views,
    ):
        app.register_blueprint(views)
