"""How far each tray of a printer prints beside its mark, measured on a calibration sheet; nothing is ever changed."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from registry.audit import Actor, record
from registry.db import Session, new_id
from registry.errors import RegistryError
from registry.keys.keys import KeyRing
from registry.models import Calibration, Printer

__all__ = ["Measured", "adjustment_of", "keep_calibration"]

_MOST_SHIFT, _MOST_SCALE, _MOST_TURN = 10_000, 50_000, 3_000  # the columns' checks


class Measured(Protocol):
    """What a measurement says has to be done to the pages; printing's ``Adjustment`` is one."""

    @property
    def shift_x(self) -> int:
        """Micrometres to the right."""

    @property
    def shift_y(self) -> int:
        """Micrometres downwards."""

    @property
    def scale_x(self) -> int:
        """Parts per million."""

    @property
    def scale_y(self) -> int:
        """Parts per million."""

    @property
    def turn(self) -> int:
        """Thousandths of a degree, clockwise."""


def keep_calibration(
    session: Session, printer: Printer, measured: Measured, *, is_back: bool, actor: Actor, keys: KeyRing, at: datetime
) -> Calibration:
    """Keep what was measured on one side of what the printer's present tray gives; it holds from now on.

    Raises:
        RegistryError: ``calibration_out_of_bounds``: over 10 mm, 5 % or 3 degrees.
    """
    if (
        max(abs(measured.shift_x), abs(measured.shift_y)) > _MOST_SHIFT
        or max(abs(measured.scale_x), abs(measured.scale_y)) > _MOST_SCALE
        or abs(measured.turn) > _MOST_TURN
    ):
        raise RegistryError("calibration_out_of_bounds")
    calibration = Calibration(
        id=new_id(),
        printer_id=printer.id,
        tray=printer.tray,
        is_back=is_back,
        shift_x=measured.shift_x,
        shift_y=measured.shift_y,
        scale_x=measured.scale_x,
        scale_y=measured.scale_y,
        turn=measured.turn,
        measured_at=at,
        officer_id=actor.officer_id,
    )
    session.add(calibration)
    record(
        session,
        "printer.calibrated",
        f"printer:{printer.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        tray=printer.tray,
        side="back" if is_back else "front",
        shift_x=measured.shift_x,
        shift_y=measured.shift_y,
        scale_x=measured.scale_x,
        scale_y=measured.scale_y,
        turn=measured.turn,
    )
    return calibration


def adjustment_of(session: Session, printer: Printer, *, is_back: bool) -> Calibration | None:
    """Return what was measured last for a side and the tray that the printer takes its paper from now."""
    return session.scalar(
        select(Calibration)
        .where(Calibration.printer_id == printer.id, Calibration.tray == printer.tray, Calibration.is_back.is_(is_back))
        .order_by(Calibration.measured_at.desc(), Calibration.id.desc())
        .limit(1)
    )
