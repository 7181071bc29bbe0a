"""The minutes of what was destroyed at the officer's point on a day, as a paper to sign."""

from __future__ import annotations

from datetime import date

from flask import Blueprint
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.filters import kapital
from kiosk.permissions import Permission, needs
from kiosk.sent_files import show_pdf
from kiosk.sign_in import signed_in
from kiosk.words import label
from kiosk.words.supplies import NOBODY_NAMED
from printing.destroyed import DestroyedPaper, DestroyedRow, destroyed_pdf
from registry.audit import head_hash
from registry.errors import NotFound
from registry.kinds import SupplyKind
from registry.models import ServicePoint
from registry.regions import find_path
from registry.supplies.history import list_destroyed

views = Blueprint("destroyed", __name__)

_CHAIN_DIGITS = 12


@views.get("/blanko/pemusnahan/<day>.pdf")
@needs(Permission.SUPPLIES_KEEP)
def paper(day: str) -> ResponseReturnValue:
    """Give the minutes of what was destroyed on a day, to be signed by those who saw it."""
    try:
        on_date = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound("nothing_destroyed") from error
    return show_pdf(destroyed_pdf(_fill(on_date)), f"pemusnahan-{on_date.isoformat()}.pdf")


def _fill(on_date: date) -> DestroyedPaper:
    here = signed_in()
    point = session().get_one(ServicePoint, here.point_id)
    region = find_path(session(), point.area_code)
    lines = list_destroyed(session(), point.id, on_date=on_date)
    if not lines:
        raise NotFound("nothing_destroyed")
    return DestroyedPaper(
        number=f"{point.code}/MUSNAH/{on_date:%Y%m%d}",
        point=point.name,
        point_address=point.address,
        region=", ".join(
            part
            for part in (region.village, region.district and f"Kecamatan {region.district}", region.regency)
            if part
        ),
        on_date=on_date,
        printed_at=now(),
        rows=[
            DestroyedRow(
                what=kapital(label(one.supply)),
                is_blank=one.supply is SupplyKind.BLANK,
                quantity=one.quantity,
                card=one.card_number,
                copy_number=one.copy_number,
                box=one.box_number,
                reason=one.reason,
                destroyed_by=one.destroyed_by or NOBODY_NAMED,
                at=one.at,
            )
            for one in lines
        ],
        made_by=f"{here.name} ({here.number})",
        chain_digits=head_hash(session(), point.id).hex()[-_CHAIN_DIGITS:],
    )
