"""What a family has in every programme, with the reason where it has nothing: on the screen, and as a slip."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.permissions import Permission, needs
from kiosk.sent_files import show_pdf
from kiosk.sign_in import signed_in
from kiosk.words.slip import COMPLAINTS
from kiosk.words.statuses import SaidStatus, say_status
from printing.status_slip import StatusLine, StatusSlip, status_slip_pdf
from registry.families.families import get_family, head_of
from registry.models import Family
from registry.regions import find_path
from verify.statuses import StatusKind, statuses_of

views = Blueprint("statuses", __name__, url_prefix="/keluarga/<reference>/program")

_HEADLESS = "Keluarga tanpa kepala"


@views.get("")
@needs(Permission.FAMILIES_SEE)
def show(reference: str) -> ResponseReturnValue:
    """Show the family's status in every programme."""
    family = get_family(session(), reference, area=signed_in().area_code)
    return render_template(
        "statuses/show.html",
        family=family,
        name=_name(family),
        place=find_path(session(), family.village_code),
        statuses=_statuses(family),
    )


@views.get("/slip.pdf")
@needs(Permission.FAMILIES_SEE)
def slip(reference: str) -> Response:
    """Give the slip that the family takes home."""
    family = get_family(session(), reference, area=signed_in().area_code)
    said = _statuses(family)
    paper = status_slip_pdf(
        StatusSlip(
            head_name=_name(family),
            reference=family.reference,
            village=find_path(session(), family.village_code).village,
            statuses=[_line(one) for one in said if one.kind is not StatusKind.INFORMATION],
            elsewhere=[(one.programme.name, one.ask) for one in said if one.kind is StatusKind.INFORMATION],
            printed_at=now(),
            point=signed_in().point_name,
            complaint_contact=COMPLAINTS,
        )
    )
    return show_pdf(paper, "status.pdf")


def _statuses(family: Family) -> list[SaidStatus]:
    return [say_status(one) for one in statuses_of(session(), family, at=now())]


def _name(family: Family) -> str:
    head = head_of(family)
    return head.name if head else _HEADLESS


def _line(said: SaidStatus) -> StatusLine:
    """Return what the slip says of a programme: everybody who has something; else the one who is nearest to it."""
    having = [one for one in said.subjects if one.kind in (StatusKind.ENTITLED, StatusKind.RECEIVED)]
    lines = []
    for one in having or said.subjects[:1]:
        if one.person and one.kind is not StatusKind.SERVED:
            lines.append(f"{one.person}:")
        lines += [*one.lines, *(reason.explanation for reason in one.reasons)]
    return StatusLine(said.programme.name, said.word, bool(having) or said.kind is StatusKind.SERVED, lines)
