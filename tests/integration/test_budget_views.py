"""The pages of the offices' money: whose is seen, and who may change a ceiling."""

from __future__ import annotations

from io import BytesIO

import pytest
from giving_house import GivingScene
from kiosk_fixtures import PASSWORD, Browser
from openpyxl import load_workbook
from sqlalchemy import select

from kiosk.clock import now
from registry.audit import Actor
from registry.kinds import PointKind, Role
from registry.models import BudgetLine
from registry.officers.officers import add_officer
from registry.officers.passwords import make_password_hash
from registry.officers.points import CENTRE, add_point, get_point

LINE = "2026.DINSOS.PANGAN"
FORM = {"line": LINE, "ceiling": "1000000", "document": "DPPA 2026"}
OWN, OTHER = "Dinas Sosial", "Dinas Pendidikan"


@pytest.fixture
def work_at(app):
    """Give a browser where an officer has signed in at the centre, or at a point of an office."""
    state = app.extensions["kiosk"]

    def work_at(
        role: Role, *, office: str | None = None, area: str = "62", kind: PointKind = PointKind.OFFICE
    ) -> Browser:
        username = f"{role.value}.{(office or kind.value).lower()}.{area.replace('.', '')}"
        with state.database.writing() as session:
            centre = get_point(session, CENTRE)
            rest = {"actor": Actor(None, centre.id), "keys": state.keys, "at": now()}
            code = f"T-{area.replace('.', '')}"
            point = add_point(session, code=code, name="Uji", kind=kind, area_code=area, office_code=office, **rest)
            hashed = make_password_hash(PASSWORD, username=username)
            add_officer(session, point, username=username, name="Uji", password_hash=hashed, roles=[role], **rest)
        browser = Browser(app)
        assert browser.sign_in(username).status_code == 303
        return browser

    return work_at


def ceiling(app) -> int:
    with app.extensions["kiosk"].database.reading() as session:
        return session.scalars(select(BudgetLine.ceiling).where(BudgetLine.code == LINE)).one()


def seen(browser: Browser) -> tuple[bool, bool, bool]:
    """Tell whether the own office's money, another's, and the way to change it are shown."""
    page = browser.get("/anggaran").text
    return f">{OWN}</h2>" in page, f">{OTHER}</h2>" in page, "Ubah pagu" in page


def test_the_seat_of_an_office_sees_and_changes_its_own_money_only(app, work_at):
    dinsos = work_at(Role.PROGRAMME_MANAGER, office="DINSOS")
    assert seen(dinsos) == (True, False, True)
    assert dinsos.get(f"/anggaran/pagu/{LINE}").status_code == 200
    assert dinsos.post("/anggaran/pagu", FORM).status_code == 303
    assert ceiling(app) == 1_000_000


def test_the_centre_sees_and_changes_all_of_it(app, signed_in):
    centre = signed_in(Role.PROGRAMME_MANAGER)
    assert seen(centre) == (True, True, True)
    assert centre.post("/anggaran/pagu", FORM).status_code == 303


def test_another_office_neither_sees_nor_changes_it(app, work_at):
    before = ceiling(app)
    disdik = work_at(Role.PROGRAMME_MANAGER, office="DISDIK")
    assert seen(disdik)[0] is False
    assert disdik.get(f"/anggaran/pagu/{LINE}").status_code == 409
    assert disdik.post("/anggaran/pagu", FORM).status_code == 409
    assert ceiling(app) == before


def test_a_kabupatens_point_of_the_office_sees_it_and_changes_nothing(app, work_at):
    before = ceiling(app)
    there = work_at(Role.PROGRAMME_MANAGER, office="DINSOS", area="62.06")
    assert seen(there) == (True, False, False)
    refused = there.post("/anggaran/pagu", FORM)
    assert refused.status_code == 409
    assert "Pagu milik perangkat daerah lain" in refused.text
    assert ceiling(app) == before


@pytest.mark.parametrize("area", ["62", "62.06"])
def test_a_manager_at_a_point_of_no_office_sees_and_changes_nothing(app, work_at, area):
    before = ceiling(app)
    nobody = work_at(Role.PROGRAMME_MANAGER, area=area, kind=PointKind.COUNTER)
    assert seen(nobody) == (False, False, False)
    assert nobody.post("/anggaran/pagu", FORM).status_code == 409
    assert ceiling(app) == before


def test_an_auditor_sees_all_of_it_wherever_the_post_is_and_changes_nothing(app, work_at):
    auditor = work_at(Role.AUDITOR, kind=PointKind.COUNTER)
    assert seen(auditor) == (True, True, False)
    assert auditor.post("/anggaran/pagu", FORM).status_code == 403


def test_what_has_no_budget_line_is_named_and_has_neither_ceiling_nor_rest(app, signed_in):
    scene = GivingScene(app.extensions["kiosk"], signed_in)
    scene.sign_in(Role.DISTRIBUTOR, area="62")
    scene.active_card()
    scene.open_round(programme="UMKM", name="Angkatan I", point="LOKET-62")
    manager = signed_in(Role.PROGRAMME_MANAGER, username="pusat")
    assert "<b>Inkubasi UMKM</b> tanpa baris anggaran" in manager.get("/anggaran").text
    sheet = load_workbook(BytesIO(manager.get("/anggaran/anggaran.xlsx").data)).worksheets[0]
    [row] = [row for row in sheet.iter_rows(values_only=True) if "Inkubasi UMKM" in str(row[2])]
    assert row[1:] == ("", "Tanpa baris anggaran: Inkubasi UMKM", None, 0, 0, None)
