"""Calibration: what was measured on a printer's sheet brings its crosses where they should be."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from math import cos, hypot, radians, sin

import pytest
from card_house import CardHouse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from printing_samples import picture, words
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from printing.calibration_sheet import Corner, Reading, adjustment_for, calibration_pdf, inset
from printing.errors import PrintingError
from printing.layout import DOTS_PER_MM
from printing.sheets import PLAIN, SHEETS, Adjustment, Sheet
from registry.db import new_id
from registry.errors import RegistryError
from registry.kinds import SheetCode, Transport
from registry.models import AuditLine, Calibration, Printer
from registry.prints.calibrations import adjustment_of, keep_calibration

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
CARD, A4 = SHEETS[SheetCode.CARD], SHEETS[SheetCode.A4_LONG_EDGE]


def centre(sheet: Sheet, corner: Corner) -> tuple[float, float]:
    """Where a cross should stand, in dots from the page's top left."""
    reach = inset(sheet) * DOTS_PER_MM
    return (
        reach if corner.is_left else sheet.width - reach,
        reach if corner.is_top else sheet.height - reach,
    )


ARMS = [(0, 0), *((d, 0) for d in (-50, -30, 30, 50)), *((0, d) for d in (-50, -30, 30, 50))]
"""Spots of a cross, in dots from its centre."""


def is_drawn(shown: Image.Image, sheet: Sheet, adjustment: Adjustment) -> bool:
    """Whether every arm of all four crosses is black where the adjustment puts it."""
    grey = shown.convert("L")

    def darkest(at: tuple[float, float]) -> int:
        x, y = round(at[0]), round(at[1])
        return min(grey.getpixel((x + i, y + j)) for i, j in product((-1, 0, 1), repeat=2))

    crosses = [centre(sheet, corner) for corner in Corner]
    return all(darkest(moved(sheet, adjustment, (x + i, y + j))) < 128 for x, y in crosses for i, j in ARMS)


def moved(sheet: Sheet, adjustment: Adjustment, spot: tuple[float, float]) -> tuple[float, float]:
    """Where a spot comes out, reckoned without PDF's matrix: stretched and turned about the middle, then moved."""
    x, y = spot[0] - sheet.width / 2, spot[1] - sheet.height / 2
    x, y = x * (1 + adjustment.scale_x / 1e6), y * (1 + adjustment.scale_y / 1e6)
    turn = radians(adjustment.turn / 1000)
    return (
        x * cos(turn) - y * sin(turn) + sheet.width / 2 + adjustment.shift_x / 1000 * DOTS_PER_MM,
        x * sin(turn) + y * cos(turn) + sheet.height / 2 + adjustment.shift_y / 1000 * DOTS_PER_MM,
    )


@pytest.mark.parametrize("sheet", [CARD, A4], ids=lambda sheet: sheet.code)
@pytest.mark.parametrize(
    "adjustment",
    [
        PLAIN,
        Adjustment(shift_x=2000, shift_y=-1500),
        Adjustment(scale_x=-20_000, scale_y=10_000),
        Adjustment(turn=1500),
        Adjustment(shift_x=-700, shift_y=900, scale_x=8000, scale_y=-12_000, turn=-600),
    ],
    ids=["plain", "moved", "stretched", "turned", "all"],
)
def test_the_crosses_come_out_where_an_adjustment_puts_them(sheet: Sheet, adjustment: Adjustment):
    pdf = calibration_pdf(sheet, printer="Printer Katingan", tray="1", back=adjustment)
    for page, expected in enumerate((PLAIN, adjustment)):
        shown = picture(pdf, page)
        assert is_drawn(shown, sheet, expected)
    assert is_drawn(shown, sheet, PLAIN) == (adjustment == PLAIN)


def test_a_sheet_says_its_printer_its_side_and_the_distance():
    pdf = calibration_pdf(CARD, printer="Printer Katingan", tray="2", front=Adjustment(shift_x=500))
    assert "Depan, sudah dikoreksi" in words(pdf, 0)
    assert "Belakang" in words(pdf, 1)
    assert "Printer Katingan" in words(pdf, 0)
    assert "10" in words(calibration_pdf(CARD, printer="P", tray=""), 0)
    assert "15" in words(calibration_pdf(A4, printer="P", tray=""), 0)


def read_off(sheet: Sheet, printed: Adjustment, *, to: float = 0.0) -> dict[Corner, Reading]:
    """What an officer measures on a sheet that came out so, rounded to so many millimetres."""
    readings = {}
    for corner in Corner:
        x, y = moved(sheet, printed, centre(sheet, corner))
        across = (x if corner.is_left else sheet.width - x) / DOTS_PER_MM
        down = (y if corner.is_top else sheet.height - y) / DOTS_PER_MM
        readings[corner] = Reading(*(round(value / to) * to if to else value for value in (across, down)))
    return readings


@settings(max_examples=60)
@given(
    st.sampled_from(list(SHEETS.values())),
    st.builds(
        Adjustment,
        shift_x=st.integers(-4000, 4000),
        shift_y=st.integers(-4000, 4000),
        scale_x=st.integers(-10_000, 10_000),
        scale_y=st.integers(-10_000, 10_000),
        turn=st.integers(-1000, 1000),
    ),
)
def test_what_is_measured_brings_every_cross_back_however_the_printer_prints(sheet: Sheet, printed: Adjustment):
    exact = adjustment_for(sheet, read_off(sheet, printed))
    rounded = adjustment_for(sheet, read_off(sheet, printed, to=0.5))
    for corner in Corner:
        spot = centre(sheet, corner)
        for adjustment, tolerance in ((exact, 0.05), (rounded, 0.75)):
            x, y = moved(sheet, printed, moved(sheet, adjustment, spot))
            assert hypot(x - spot[0], y - spot[1]) / DOTS_PER_MM < tolerance


@pytest.mark.parametrize("corner", Corner)
def test_a_distance_that_is_misread_by_four_millimetres_is_noticed(corner: Corner):
    readings = read_off(A4, Adjustment(shift_x=800, turn=200), to=0.5)
    readings[corner] = Reading(readings[corner].across + 4, readings[corner].down)
    with pytest.raises(PrintingError) as caught:
        adjustment_for(A4, readings)
    assert caught.value.code == "readings_contradict"


@pytest.fixture
def house(database) -> CardHouse:
    return CardHouse(database, NOW)


@pytest.fixture
def printer(house: CardHouse) -> Printer:
    with house.database.writing() as session:
        made = Printer(
            id=new_id(),
            code="CETAK-1",
            name="Printer kartu",
            point_id=house.actor.point_id,
            transport=Transport.IPP,
            uri="ipp://localhost:8631/ipp/print",
            media="om_cr80_53.98x85.6mm",
            sides="two-sided-short-edge",
            tray="main",
            added_at=NOW,
        )
        session.add(made)
    return made


def test_the_newest_measure_of_a_side_and_tray_holds(house: CardHouse, printer: Printer):
    later = {**house.rest, "at": datetime(2026, 11, 23, 2, 0, tzinfo=UTC)}
    with house.database.writing() as session:
        keep_calibration(session, printer, Adjustment(shift_x=500), is_back=False, **house.rest)
        keep_calibration(session, printer, Adjustment(shift_x=-300, turn=200), is_back=True, **house.rest)
        keep_calibration(session, printer, Adjustment(shift_y=900), is_back=False, **later)
    with house.database.reading() as session:
        front, back = (adjustment_of(session, printer, is_back=side) for side in (False, True))
        assert (front.shift_x, front.shift_y) == (0, 900)
        assert (back.shift_x, back.turn) == (-300, 200)
        lines = session.scalars(select(AuditLine).where(AuditLine.action == "printer.calibrated")).all()
        assert len(lines) == 3
    with house.database.writing() as session:
        here = session.get_one(Printer, printer.id)
        here.tray = "other"
        assert adjustment_of(session, here, is_back=False) is None


@pytest.mark.parametrize(
    "measured",
    [Adjustment(shift_x=10_001), Adjustment(shift_y=-10_001), Adjustment(scale_x=50_001), Adjustment(turn=-3001)],
    ids=["right", "up", "wide", "turned"],
)
def test_what_lies_outside_the_bounds_is_paper_laid_in_wrong(house: CardHouse, printer: Printer, measured):
    with house.database.writing() as session, pytest.raises(RegistryError) as caught:
        keep_calibration(session, printer, measured, is_back=False, **house.rest)
    assert caught.value.code == "calibration_out_of_bounds"


def test_a_measure_is_never_changed(house: CardHouse, printer: Printer):
    with house.database.writing() as session:
        kept = keep_calibration(session, printer, Adjustment(shift_x=500), is_back=False, **house.rest)
    for deed in ("UPDATE calibration SET shift_x = 0", "DELETE FROM calibration"):
        with pytest.raises(DBAPIError), house.database.writing() as session:
            session.execute(text(deed))
    with house.database.reading() as session:
        assert session.get_one(Calibration, kept.id).shift_x == 500
