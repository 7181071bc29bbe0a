"""The printers of a service point: how each is spoken to, and what it prints on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.audit import Actor, record
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.keys.keys import KeyRing
from registry.kinds import BatchState, SheetCode, Transport
from registry.models import PrintBatch, Printer
from registry.prints.batches import pause_batch

__all__ = [
    "DOTS_PER_INCH",
    "OWN_ATTRIBUTES",
    "SIDES",
    "PrinterPlan",
    "add_printer",
    "change_printer",
    "check_uri",
    "find_printers",
    "get_printer",
    "set_printer_active",
]

SIDES = ("one-sided", "two-sided-long-edge", "two-sided-short-edge")
"""The values of the IPP attribute ``sides`` (RFC 8011, 5.2.8)."""

DOTS_PER_INCH = range(240, 1201, 60)
"""The resolutions at which a module of a card's code, a sixtieth of an inch, is whole dots, and at least four."""

OWN_ATTRIBUTES = frozenset(
    {"media", "media-col", "sides", "copies", "print-scaling", "printer-resolution", "job-name", "document-format"}
)
"""What the kiosk tells a printer by itself, and no option may say otherwise."""

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")
_MEDIA = re.compile(r"[a-z][a-z0-9-]*(?:_[a-z0-9.-]+)*_\d+(?:\.\d+)?x\d+(?:\.\d+)?(?:mm|in)")
_TRAY = re.compile(r"[A-Za-z0-9._-]{0,40}")
_OPTION = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,59}")
_VALUE = re.compile(r"[ -~]{1,80}")
_MOST_OPTIONS = 40
_LONGEST_NAME, _LONGEST_URI = 80, 200  # the columns' widths


@dataclass(frozen=True, slots=True)
class PrinterPlan:
    """How a printer is spoken to and what lies in it; everything that can be changed later."""

    name: str
    transport: Transport
    uri: str
    media: str
    sheet: SheetCode = SheetCode.CARD
    sides: str = SIDES[0]
    dots_per_inch: int = 300
    tray: str = ""
    options: Mapping[str, str | int | bool] = field(default_factory=dict)
    """What the vendor's driver wants besides: ribbon, black panel, overlay."""


def check_uri(uri: str) -> str:
    """Return the address of a printer when it is one that the kiosk speaks to: ``ipp://`` or ``ipps://`` and a host.

    Raises:
        RegistryError: code ``printer_uri_malformed``; a password in an address would lie in the database in clear.
    """
    uri = uri.strip()
    try:
        parts = urlsplit(uri)
        has_port = parts.port is None or parts.port > 0
    except ValueError as error:
        raise RegistryError("printer_uri_malformed") from error
    is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
    is_ours = parts.scheme in ("ipp", "ipps") and bool(parts.hostname) and has_port and uri.isascii()
    if not (is_plain and is_ours) or len(uri) > _LONGEST_URI or re.search(r"[\s\\\0]", uri):
        raise RegistryError("printer_uri_malformed")
    return uri


def add_printer(
    session: Session,
    code: str,
    plan: PrinterPlan,
    *,
    point_id: UUID,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Printer:
    """Add a printer to a service point.

    Args:
        code: short and spoken at the counter, ``CETAK-1``: capitals, digits, dashes; its own in the installation.

    Raises:
        RegistryError: ``printer_code_malformed``, ``printer_name_empty``, ``printer_uri_malformed``,
            ``printer_media_malformed``, ``printer_sides_malformed``, ``printer_resolution_out_of_bounds``,
            ``printer_tray_malformed``, ``printer_option_malformed``.
        Conflict: ``printer_code_taken``.
    """
    if not _CODE.fullmatch(code):
        raise RegistryError("printer_code_malformed")
    printer = Printer(id=new_id(), code=code, point_id=point_id, added_at=at, officer_id=actor.officer_id)
    _fill_in(printer, plan)
    try:
        with session.begin_nested():
            session.add(printer)
    except IntegrityError as error:
        raise Conflict("printer_code_taken", printer=code) from error
    record(
        session,
        "printer.added",
        f"printer:{printer.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        number=code,
        media=plan.media,
    )
    return printer


def change_printer(
    session: Session, printer: Printer, plan: PrinterPlan, *, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Change how a printer is spoken to or what lies in it; its code and its point stay.

    Raises:
        RegistryError: as :func:`add_printer`.
    """
    _fill_in(printer, plan)
    record(
        session,
        "printer.changed",
        f"printer:{printer.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        number=printer.code,
        media=plan.media,
    )


def set_printer_active(
    session: Session, printer: Printer, *, is_active: bool, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Take a printer out of use, or into use again.

    Nothing is sent to one that is out of use: its batches are paused, and go on elsewhere when an officer says so.
    """
    printer.is_active = is_active
    subject, detail = f"printer:{printer.id}", {"number": printer.code}
    if is_active:
        record(session, "printer.reinstated", subject, actor=actor, key=keys.audit_key, at=at, **detail)
    else:
        record(session, "printer.retired", subject, actor=actor, key=keys.audit_key, at=at, **detail)
        printing = select(PrintBatch).where(
            PrintBatch.printer_id == printer.id, PrintBatch.state == BatchState.READY, PrintBatch.is_paused.is_(False)
        )
        for batch in session.scalars(printing).all():
            pause_batch(session, batch, actor=actor, keys=keys, at=at)


def get_printer(session: Session, printer_id: UUID, *, point_id: UUID | None = None) -> Printer:
    """Return a printer, when it stands at the service point.

    Raises:
        NotFound: code ``printer_unknown``, also for one elsewhere.
    """
    printer = session.get(Printer, printer_id)
    if printer is None or (point_id is not None and printer.point_id != point_id):
        raise NotFound("printer_unknown")
    return printer


def find_printers(session: Session, *, point_id: UUID, with_retired: bool = False) -> list[Printer]:
    """Return the printers of a service point, by their code."""
    asked = select(Printer).where(Printer.point_id == point_id).order_by(Printer.code)
    return list(session.scalars(asked if with_retired else asked.where(Printer.is_active)))


def _fill_in(printer: Printer, plan: PrinterPlan) -> None:
    name = plan.name.strip()
    if not name or len(name) > _LONGEST_NAME:
        raise RegistryError("printer_name_empty")
    if not _MEDIA.fullmatch(plan.media) or len(plan.media) > 80:
        raise RegistryError("printer_media_malformed")
    if plan.sides not in SIDES:
        raise RegistryError("printer_sides_malformed")
    if plan.dots_per_inch not in DOTS_PER_INCH:
        raise RegistryError("printer_resolution_out_of_bounds")
    if not _TRAY.fullmatch(plan.tray):
        raise RegistryError("printer_tray_malformed")
    printer.name, printer.uri = name, check_uri(plan.uri)
    printer.transport, printer.sheet = plan.transport, plan.sheet
    printer.media, printer.sides, printer.tray = plan.media, plan.sides, plan.tray
    printer.dots_per_inch = plan.dots_per_inch
    printer.options = _checked(plan.options)


def _checked(options: Mapping[str, str | int | bool]) -> dict[str, str | int | bool]:
    for option, value in options.items():
        is_own = option.lower() in OWN_ATTRIBUTES
        if is_own or not _OPTION.fullmatch(option) or not _VALUE.fullmatch(str(value)):
            raise RegistryError("printer_option_malformed", option=option[:60])
    if len(options) > _MOST_OPTIONS:
        raise RegistryError("printer_option_malformed", option="")
    return dict(options)
