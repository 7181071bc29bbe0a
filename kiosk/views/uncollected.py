"""Rights that nobody has collected: for the round's manager, and for the point, on screen and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.clock import now
from kiosk.db import session
from kiosk.file_names import file_name
from kiosk.own_rounds import own_round
from kiosk.paging import page_number
from kiosk.permissions import Permission, needs
from kiosk.sent_files import offer_file
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words.given import given_as
from printing.workbook import Sheet, write_workbook
from registry.db import Session
from registry.downloads import note_download
from registry.giving.uncollected import Uncollected, count_uncollected, list_uncollected
from registry.kinds import Carrying, ListOfNames
from registry.models import Round
from registry.programmes.rosters import get_own_roster
from registry.regions import find_paths

views = Blueprint("uncollected", __name__)

_ON_A_PAGE = 50
_HEADER = (
    "Titik bagi",
    "Desa/kelurahan",
    "RW",
    "RT",
    "Alamat",
    "Kepala keluarga",
    "Penerima",
    "Hak ke-",
    "Undangan",
    "Nomor antrean",
    "Langkah berikutnya",
)


@views.get("/tahap/<uuid:round_id>/belum-diambil")
@needs(Permission.ROUNDS_MANAGE)
def of_round(round_id: UUID) -> ResponseReturnValue:
    """Show what a round has not given, point by point."""
    round_ = own_round(round_id)
    rows = list_uncollected(session(), round_.id, at=now())
    return _page(round_, rows, endpoint="uncollected.of_round", round_id=round_.id)


@views.post("/tahap/<uuid:round_id>/belum-diambil.xlsx")
@needs(Permission.ROUNDS_MANAGE)
def workbook_of_round(round_id: UUID) -> ResponseReturnValue:
    """Give the same as a workbook, which leaves a line in the trail."""
    with state().database.reading() as reading:
        round_ = own_round(round_id, using=reading)
        book = _workbook(reading, list_uncollected(reading, round_.id, at=now()))
        name = file_name("belum-diambil", round_.programme_code, round_.name, ending="xlsx")
    return _give(book, round_id, name)


@views.get("/stok/<uuid:roster_id>/belum-diambil")
@needs(Permission.STOCK_KEEP)
def of_point(roster_id: UUID) -> ResponseReturnValue:
    """Show what the officer's own point has not given in a round."""
    roster = get_own_roster(session(), roster_id, point_id=signed_in().actor.point_id)
    rows = list_uncollected(session(), roster.round_id, roster_id=roster.id, at=now())
    return _page(roster.round, rows, endpoint="uncollected.of_point", roster_id=roster.id)


@views.post("/stok/<uuid:roster_id>/belum-diambil.xlsx")
@needs(Permission.STOCK_KEEP)
def workbook_of_point(roster_id: UUID) -> ResponseReturnValue:
    """Give the same as a workbook, which leaves a line in the trail."""
    with state().database.reading() as reading:
        roster = get_own_roster(reading, roster_id, point_id=signed_in().actor.point_id)
        book = _workbook(reading, list_uncollected(reading, roster.round_id, roster_id=roster.id, at=now()))
        round_ = roster.round
        name = file_name("belum-diambil", round_.programme_code, round_.name, roster.point.code, ending="xlsx")
    return _give(book, round_.id, name)


def _page(round_: Round, rows: Sequence[Uncollected], *, endpoint: str, **where: UUID) -> str:
    page = page_number(request.args.get("page"))
    shown = rows[(page - 1) * _ON_A_PAGE : page * _ON_A_PAGE]
    is_spent = round_.programme.carrying is Carrying.SPENT
    return render_template(
        "uncollected/show.html",
        round=round_,
        is_spent=is_spent,
        said_as=given_as(round_.programme.unit, is_spent=is_spent),
        rows=shown,
        total=len(rows),
        counts=count_uncollected(rows),
        paths=find_paths(session(), list({one.village_code for one in shown})),
        page=page,
        pages=-(-len(rows) // _ON_A_PAGE),
        endpoint=endpoint,
        where=where,
    )


def _workbook(reading: Session, rows: Sequence[Uncollected]) -> bytes:
    paths = find_paths(reading, list({one.village_code for one in rows}))
    lines = (
        (
            one.point,
            paths[one.village_code].village,
            one.rw,
            one.rt,
            one.address,
            one.head_name,
            one.person_name,
            one.ordinal,
            one.invited_on,
            one.number,
            words.label(one.next_step),
        )
        for one in rows
    )
    return write_workbook([Sheet("Belum diambil", _HEADER, lines)])


def _give(book: bytes, round_id: UUID, name: str) -> Response:
    acting: dict[str, Any] = {"actor": current_actor(), "keys": state().keys, "at": now()}
    note_download(session(), round_id, ListOfNames.UNCOLLECTED, **acting)
    return offer_file(book, name)
