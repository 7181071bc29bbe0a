"""The pages of a round from preparing to addenda, and a family's status, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from card_house import VILLAGE
from giving_house import GivingScene
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from kiosk.clock import now
from registry.days import local_day
from registry.kinds import PointKind, Role
from registry.models import AuditLine
from registry.officers.points import add_point


@pytest.fixture
def house(app, signed_in) -> GivingScene:
    return GivingScene(app.extensions["kiosk"], signed_in)


@pytest.fixture
def manager(house):
    return house.sign_in(Role.PROGRAMME_MANAGER, username="program", area="62.06", office="DINSOS")


def prepare(house, manager, programme="PANGAN", kind=PointKind.HANDOUT) -> str:
    with house.state.database.writing() as session:
        point = add_point(session, code="BAGI", name="Balai", kind=kind, area_code="62.06.05", **house._rest(session))
    today = local_day(now()).isoformat()
    form = {"programme": programme, "name": "Tahap I", "opens_on": today, "closes_on": today, "price": ""}
    answer = manager.post("/tahap/buka", form | {"places": f"{point.id}/{VILLAGE}"})
    assert answer.status_code == 303, answer.text
    return answer.location


DECREE = {"decree_number": "460/1/2026", "decree_date": "2026-01-05"}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def test_a_round_goes_from_preparing_over_its_decree_to_open(house, manager):
    house.add_family()
    house.add_family(desil=5)
    path = prepare(house, manager)
    page = manager.get(path)
    assert "1 keluarga berhak, 1 tidak memenuhi syarat" in page.text
    assert "belum ditetapkan" in page.text
    again = manager.post(f"{path}/daftar")
    assert again.status_code == 200
    assert "tidak memenuhi syarat: batas desil 2" in again.text
    assert manager.post(f"{path}/mulai").status_code == 409
    assert manager.post(f"{path}/tetapkan", {"decree_number": "", "decree_date": ""}).status_code == 422
    assert manager.post(f"{path}/tetapkan", DECREE).status_code == 303
    assert "460/1/2026, 5 Januari 2026" in manager.get(path).text
    assert manager.post(f"{path}/tetapkan", DECREE).status_code == 409
    assert manager.post(f"{path}/daftar").status_code == 409
    assert manager.post(f"{path}/mulai").status_code == 303
    assert "dibuka" in manager.get(path).text


def test_an_empty_list_is_not_determined(house, manager):
    path = prepare(house, manager)
    answer = manager.post(f"{path}/tetapkan", DECREE)
    assert answer.status_code == 409
    assert "Daftar masih kosong" in answer.text


def test_the_decree_is_not_of_tomorrow(house, manager):
    house.add_family()
    path = prepare(house, manager)
    tomorrow = (local_day(now()) + timedelta(days=1)).isoformat()
    assert manager.post(f"{path}/tetapkan", DECREE | {"decree_date": tomorrow}).status_code == 422


def test_a_list_by_name_and_address_comes_as_pdf_and_workbook_without_any_nik(house, manager):
    reference = house.add_family()
    path = prepare(house, manager)
    manager.post(f"{path}/tetapkan", DECREE)
    assert manager.get(f"{path}/bnba/{VILLAGE}.pdf").status_code == 405
    pdf = manager.post(f"{path}/bnba/{VILLAGE}.pdf")
    assert pdf.mimetype == "application/pdf"
    said = text_of(pdf.data)
    assert "SITI AMINAH" in said
    assert "460/1/2026" in said
    assert "Halaman 1 dari 1" in said
    workbook = manager.post(f"{path}/bnba/{VILLAGE}.xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(workbook.data)).get_sheet_by_index(0).to_python()
    assert rows[1][1] == "SITI AMINAH"
    for number in house.numbers_of(reference):
        assert number not in said
        assert not any(number in str(cell) for row in rows for cell in row)
    with house.state.database.reading() as session:
        told = session.scalars(select(AuditLine.detail).where(AuditLine.action == "list.downloaded")).all()
    assert len(told) == 2, "each file that leaves the kiosk leaves a line"
    assert all(VILLAGE in one and "by_address" in one for one in told)


def test_an_office_brings_its_list_and_sees_the_lines_that_were_not_taken(house, manager):
    reference = house.add_family(desil=9)
    [_, nik, *_] = house.numbers_of(reference)
    path = prepare(house, manager)
    file = f"Daftar SK\n\nNIK;Nama\n{nik};A\n6206051212909999;B\n123;C\n{nik};A\n".encode()
    answer = manager.post(f"{path}/daftar-sk", {"document": "SK 7/2026", "file": (BytesIO(file), "sk.csv")})
    assert answer.status_code == 200, answer.text
    assert "1 keluarga ditambahkan, 3 baris tidak dimuat" in answer.text
    for why in ("NIK belum terdaftar", "NIK salah tulis", "sudah ada di daftar"):
        assert why in answer.text
    nothing = manager.post(f"{path}/daftar-sk", {"document": "SK", "file": (BytesIO(b"a;b\n1;2\n"), "sk.csv")})
    assert nothing.status_code == 422


def test_one_is_put_on_the_list_at_discretion_and_stays_when_it_is_written_anew(house, manager):
    reference = house.add_family(desil=9)
    [_, nik, *_] = house.numbers_of(reference)
    path = prepare(house, manager)
    answer = manager.post(f"{path}/diskresi", {"diskresi-nik": nik, "diskresi-document": "Nota 3"})
    assert "1 keluarga ditambahkan" in answer.text
    manager.post(f"{path}/daftar")
    assert "Nota 3" in text_of(manager.post(f"{path}/bnba/{VILLAGE}.pdf").data)
    assert manager.post(f"{path}/diskresi", {"diskresi-nik": "12", "diskresi-document": "x"}).status_code == 422


def test_a_frozen_list_changes_by_an_addendum_with_number_and_reason(house, manager):
    listed, other = house.add_family(), house.add_family(desil=9)
    [_, listed_nik, *_], [_, other_nik, *_] = house.numbers_of(listed), house.numbers_of(other)
    path = prepare(house, manager)
    manager.post(f"{path}/tetapkan", DECREE)
    form = {"tambah-nik": other_nik, "tambah-number": "ADD-1", "tambah-reason": "musdes", "tambah-basis": "diskresi"}
    assert manager.post(f"{path}/adendum/tambah", form).status_code == 422
    form |= {"tambah-document": "BA 3"}
    assert manager.post(f"{path}/adendum/tambah", form).status_code == 303
    again = manager.post(f"{path}/adendum/tambah", form)
    assert again.status_code == 409
    assert "Sudah ada di daftar" in again.text
    removal = {"keluar-nik": listed_nik, "keluar-number": "ADD-2", "keluar-reason": "pindah"}
    assert manager.post(f"{path}/adendum/keluarkan", removal).status_code == 303
    assert manager.post(f"{path}/adendum/keluarkan", removal).status_code == 409
    unknown = manager.post(f"{path}/adendum/keluarkan", removal | {"keluar-nik": "6206051212909999"})
    assert unknown.status_code == 404
    page = manager.get(path).text
    assert "menambah 1 hak" in page
    assert "mengeluarkan 1 hak" in page


def test_a_family_is_told_its_status_in_every_programme_on_screen_and_slip(house):
    clerk = house.sign_in(Role.CARD_CLERK)
    card = house.active_card()
    reference = house.add_family(desil=5)
    with house.state.database.reading() as session:
        from registry.models import Card, Family

        entitled = session.get_one(Family, session.get_one(Card, card.id).family_id).reference
    house.open_round()
    page = clerk.get(f"/keluarga/{entitled}/program")
    assert page.status_code == 200
    assert "Bantuan Pangan KHBS" in page.text
    assert "Tahap I: 5 kg beras premium" in page.text
    refused = clerk.get(f"/keluarga/{reference}/program").text
    assert "batas desil 2" in refused
    slip = clerk.get(f"/keluarga/{reference}/program/slip.pdf")
    said = text_of(slip.data)
    assert "Tidak berhak" in said
    assert "DTSEN" in said
    assert "Kalteng" not in said or "GRATIS" in said


def test_the_status_of_a_family_elsewhere_and_of_nobody_is_not_told(house):
    clerk = house.sign_in(Role.CARD_CLERK)
    elsewhere = house.add_family(village="62.01.01.2001")
    assert clerk.get(f"/keluarga/{elsewhere}/program").status_code == 404
    assert clerk.get("/keluarga/tidakada/program").status_code == 404


def test_a_health_worker_learns_nothing_of_programmes(house):
    worker = house.sign_in(Role.HEALTH_WORKER, username="nakes")
    assert worker.get(f"/keluarga/{house.add_family()}/program").status_code == 403


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PROGRAMME_MANAGER])
def test_who_sees_programmes_but_no_families_sees_no_familys_status(house, role):
    watcher = house.sign_in(role, username="pengamat")
    reference = house.add_family()
    assert watcher.get(f"/keluarga/{reference}/program").status_code == 403
    assert watcher.get(f"/keluarga/{reference}/program/slip.pdf").status_code == 403
