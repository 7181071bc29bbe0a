"""The views, one file per counter task: each reads a form, calls one function of a lower room, shows or redirects."""

from __future__ import annotations

from flask import Flask

from kiosk.views import (
    addenda,
    attendance,
    audit,
    budgets,
    cards,
    care,
    complaint_list,
    complaints,
    determinations,
    events,
    families,
    hand_over,
    hand_over_photos,
    held,
    home,
    lists,
    minutes,
    officers,
    photos,
    programmes,
    proxies,
    queue,
    receipts,
    rounds,
    scan,
    schedules,
    schooling,
    sign_in,
    statuses,
    stock,
    uncollected,
    visits,
)


def open_all(app: Flask) -> None:
    """Open every counter task at its address."""
    for views in (
        addenda.views,
        attendance.views,
        audit.views,
        budgets.views,
        cards.views,
        care.views,
        complaint_list.views,
        complaints.views,
        determinations.views,
        events.views,
        families.views,
        hand_over.views,
        hand_over_photos.views,
        held.views,
        home.views,
        lists.views,
        minutes.views,
        officers.views,
        photos.views,
        programmes.views,
        proxies.views,
        queue.views,
        receipts.views,
        rounds.views,
        scan.views,
        schedules.views,
        schooling.views,
        sign_in.views,
        statuses.views,
        stock.views,
        uncollected.views,
        visits.views,
    ):
        app.register_blueprint(views)
