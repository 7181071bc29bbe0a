"""Calibration at the counter: the sheet, eight distances a side, and what they come to in words."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from card_scene import CardScene
from kiosk_fixtures import Browser
from sqlalchemy import select

from kiosk.calibrated import adjustments_of
from kiosk.clock import now
from registry.db import new_id
from registry.kinds import Role, SheetCode, Transport
from registry.models import Printer, ServicePoint

STRAIGHT = dict.fromkeys(("a_across", "a_down", "b_across", "b_down", "c_across", "c_down", "d_across", "d_down"), "10")
RIGHT = STRAIGHT | {"a_across": "11,5", "d_across": "11.5", "b_across": "8,5", "c_across": "8,5"}
"""Everything came out 1.5 mm too far to the right."""


@pytest.fixture
def supervisor(scene: CardScene) -> Browser:
    return scene.sign_in(Role.SUPERVISOR)


@pytest.fixture
def add(scene: CardScene, supervisor: Browser):
    """Add a printer to the supervisor's point."""

    def add(sheet: SheetCode = SheetCode.CARD, *, elsewhere: bool = False) -> Printer:
        with scene.state.database.writing() as session:
            points = session.scalars(select(ServicePoint).order_by(ServicePoint.id)).all()
            point = points[0] if elsewhere else points[-1]
            made = Printer(
                id=new_id(),
                code="CETAK-1",
                name="Printer kartu",
                point_id=point.id,
                transport=Transport.IPP,
                uri="ipp://localhost:8631/ipp/print",
                media="om_cr80_53.98x85.6mm",
                sides="two-sided-short-edge",
                sheet=sheet,
                added_at=now(),
            )
            session.add(made)
        return made

    return add


def fields(side: str, **values: str) -> dict[str, str]:
    return {f"{side}-{name}": value for name, value in values.items()}


def kept(scene: CardScene, printer: Printer):
    with scene.state.database.reading() as session:
        return adjustments_of(session, session.get_one(Printer, printer.id))


def test_what_was_measured_is_kept_for_its_side_and_told_in_words(scene, supervisor, add):
    printer = add()
    assert "Belum diukur" in supervisor.get(f"/printer/{printer.id}/kalibrasi").text
    answer = supervisor.post(f"/printer/{printer.id}/kalibrasi/belakang", fields("belakang", **RIGHT))
    assert answer.status_code == 303
    front, back = kept(scene, printer)
    assert (front.shift_x, back.shift_x, back.turn) == (0, -1500, 0)
    page = supervisor.get(f"/printer/{printer.id}/kalibrasi").text
    assert "Digeser 1,5 mm ke kiri." in page
    assert "Buka lembar periksa" in page


def test_a_side_that_prints_straight_needs_no_correction(scene, supervisor, add):
    printer = add()
    supervisor.post(f"/printer/{printer.id}/kalibrasi/depan", fields("depan", **STRAIGHT))
    assert "Tidak perlu dikoreksi." in supervisor.get(f"/printer/{printer.id}/kalibrasi").text


def test_the_sheets_are_as_large_as_what_the_printer_prints_on(supervisor, add):
    printer = add()
    for name in ("lembar", "lembar-periksa"):
        answer = supervisor.get(f"/printer/{printer.id}/kalibrasi/{name}.pdf")
        assert answer.mimetype == "application/pdf"
        with pypdfium2.PdfDocument(BytesIO(answer.data)) as pdf:
            assert len(pdf) == 2
            assert [round(side) for side in pdf[0].get_size()] == [243, 153]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"a_across": ""}, "Isi jaraknya."),
        ({"a_across": "sepuluh"}, "Tulis angka dalam milimeter, misalnya 14,5."),
        ({"a_across": "NaN"}, "Isi antara 0 dan 20 mm."),
        ({"a_across": "21"}, "Isi antara 0 dan 20 mm."),
        ({"a_across": "-1"}, "Isi antara 0 dan 20 mm."),
        ({"a_across": "15"}, "Pembacaan tidak cocok satu sama lain"),
        ({"a_across": "13", "a_down": "6", "b_across": "14", "c_across": "7", "d_down": "12"}, "Pembacaan tidak cocok"),
        (dict.fromkeys(("a_across", "b_across", "c_across", "d_across"), "13"), "Melesetnya terlalu jauh"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_kept(scene, supervisor, add, change, said):
    printer = add()
    answer = supervisor.post(f"/printer/{printer.id}/kalibrasi/depan", fields("depan", **(STRAIGHT | change)))
    assert answer.status_code == 422
    assert said in answer.text
    assert kept(scene, printer)[0].shift_x == 0


def test_a_sheet_of_one_side_has_no_back(supervisor, add):
    printer = add(SheetCode.A4_FOLD)
    page = supervisor.get(f"/printer/{printer.id}/kalibrasi").text
    assert "Sisi depan" in page
    assert "Sisi belakang" not in page
    straight = dict.fromkeys(STRAIGHT, "15")
    for side, status in (("belakang", 404), ("samping", 404), ("depan", 303)):
        assert (
            supervisor.post(f"/printer/{printer.id}/kalibrasi/{side}", fields(side, **straight)).status_code == status
        )


def test_a_printer_of_another_point_is_not_found(supervisor, add):
    printer = add(elsewhere=True)
    for path in ("", "/lembar.pdf", "/lembar-periksa.pdf"):
        assert supervisor.get(f"/printer/{printer.id}/kalibrasi{path}").status_code == 404


def test_only_who_manages_printers_measures_them(scene, add):
    printer = add()
    clerk = scene.sign_in(Role.CARD_CLERK, area="62.06", username="ani")
    assert clerk.get(f"/printer/{printer.id}/kalibrasi").status_code == 403
