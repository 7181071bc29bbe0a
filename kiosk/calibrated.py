"""From what was measured on a printer to what is done to its pages: where kiosk hands calibrations to the printer."""

from __future__ import annotations

from printing.sheets import PLAIN, Adjustment
from registry.db import Session
from registry.models import Calibration, Printer
from registry.prints.calibrations import adjustment_of


def adjustments_of(session: Session, printer: Printer) -> tuple[Adjustment, Adjustment]:
    """Return what holds for the front and for the back of what the printer's tray gives."""
    return (
        to_adjustment(adjustment_of(session, printer, is_back=False)),
        to_adjustment(adjustment_of(session, printer, is_back=True)),
    )


def to_adjustment(calibration: Calibration | None) -> Adjustment:
    """Return what a calibration does to a page; nothing when there is none."""
    if calibration is None:
        return PLAIN
    return Adjustment(
        shift_x=calibration.shift_x,
        shift_y=calibration.shift_y,
        scale_x=calibration.scale_x,
        scale_y=calibration.scale_y,
        turn=calibration.turn,
    )
