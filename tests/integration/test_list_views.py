"""The pages of family lists: upload, plan, steps, report, and who sees which."""

from __future__ import annotations

import csv
import io
import os
from datetime import date
from uuid import uuid4

import pytest
from family_scene import FAR_VILLAGE, NEXT_VILLAGE, VILLAGE, FamilyScene, rows_of, two_heads
from invented import invent_families, many_rows
from sqlalchemy import func, select

from kiosk import installation
from kiosk.views import lists
from registry.importing.applying import FAMILIES_AT_ONCE
from registry.kinds import ListState, Role
from registry.models import AuditLine, Family, FamilyList


@pytest.fixture
def scene(app, tmp_path) -> FamilyScene:
    return FamilyScene(app.extensions["kiosk"], tmp_path)


@pytest.fixture
def registrar(signed_in):
    return signed_in(Role.REGISTRAR)


def upload(browser, path, **rest: str):
    data = {"file": (io.BytesIO(path.read_bytes()), path.name), "source": "DTSEN", "as_of": "2026-02-28", **rest}
    return browser.post("/daftar", data, content_type="multipart/form-data")


def only_list(scene) -> FamilyList:
    with scene.state.database.reading() as session:
        return session.scalars(select(FamilyList)).one()


def count_families(scene) -> int:
    with scene.state.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Family)) or 0


def test_a_list_becomes_a_plan_and_then_families(scene, registrar):
    path = scene.list_file([*rows_of(*invent_families(NEXT_VILLAGE, 3)), *two_heads()])
    answer = upload(registrar, path)
    assert answer.status_code == 303
    page = registrar.get(answer.location).text
    assert "3 keluarga baru dicatat" in page
    assert "1 keluarga ditahan" in page
    assert count_families(scene) == 0
    assert registrar.post(f"{answer.location}/terapkan").status_code == 303
    page = registrar.get(answer.location).text
    assert "Sudah diterapkan" in page
    assert "Putuskan 1 keluarga" in page
    assert count_families(scene) == 3
    with scene.state.database.reading() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.action == "list.applied")).one()
        assert line.officer_id is not None


def test_nothing_of_an_upload_stays_behind_but_what_applying_needs(scene, registrar):
    answer = upload(registrar, scene.list_file(rows_of(*invent_families(VILLAGE, 1))))
    folder = scene.state.settings.lists_folder
    assert [file.suffix for file in folder.iterdir()] == [".sqlite"]
    assert all(file.stat().st_mode & 0o077 == 0 for file in (folder, *folder.iterdir()))
    registrar.post(f"{answer.location}/terapkan")
    assert list(folder.iterdir()) == []


def test_a_refused_list_says_why_and_leaves_nothing(scene, registrar):
    path = scene.folder / "bukan.csv"
    path.write_text("satu,dua\n1,2\n")
    answer = upload(registrar, path)
    assert answer.status_code == 422
    assert "Kolom yang wajib ada tidak ditemukan: Nomor KK, NIK, nama" in answer.text
    assert list(scene.state.settings.lists_folder.iterdir()) == []


def test_a_form_without_file_or_with_a_day_to_come_is_asked_for_again(scene, registrar):
    path = scene.list_file(rows_of(*invent_families(VILLAGE, 1)))
    assert "Tanggal ini belum tiba" in upload(registrar, path, as_of="2999-01-01").text
    answer = registrar.post("/daftar", {"source": "DTSEN", "as_of": "2026-02-28"})
    assert answer.status_code == 422
    assert "Pilih berkas" in answer.text


def test_a_source_with_control_signs_is_asked_for_again(scene, registrar):
    answer = upload(registrar, scene.list_file(rows_of(*invent_families(VILLAGE, 1))), source="DT\x07SEN")
    assert answer.status_code == 422
    assert "huruf, angka, dan tanda baca" in answer.text


def test_setting_up_sweeps_away_what_a_power_cut_left_of_an_upload(scene):
    folder = scene.state.settings.lists_folder
    folder.mkdir(mode=0o700, exist_ok=True)
    left = folder / "0123.received"
    left.write_text("6206051703103001")
    os.utime(left, (0, 0))
    list(installation.complete(scene.state.settings, at=scene.at))
    assert list(folder.iterdir()) == []


def test_the_page_number_has_an_end(registrar):
    assert registrar.get("/daftar?page=999999999").status_code == 200
    assert registrar.get("/putusan?page=999999999&alasan=x").status_code == 200


def test_a_file_beyond_the_limit_is_refused(scene, registrar):
    answer = registrar.client.post(
        "/daftar",
        data=b"x" * (scene.state.settings.max_body + 1),
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413


def test_each_step_goes_on_where_the_last_one_stopped(scene, registrar, monkeypatch):
    monkeypatch.setattr(lists, "_STEP_SECONDS", 0)
    address = upload(registrar, scene.list_file(many_rows(VILLAGE, 450))).location
    seen = []
    while only_list(scene).state is not ListState.APPLIED:
        assert registrar.post(f"{address}/terapkan").location == address
        seen.append(only_list(scene).families_done)
        assert count_families(scene) == seen[-1]
    assert seen == [*range(FAMILIES_AT_ONCE, 450, FAMILIES_AT_ONCE), 450]


def test_a_list_that_stopped_says_after_which_family(scene, registrar, monkeypatch):
    monkeypatch.setattr(lists, "_STEP_SECONDS", 0)
    address = upload(registrar, scene.list_file(many_rows(VILLAGE, 450))).location
    registrar.post(f"{address}/terapkan")
    page = registrar.get(address).text
    assert f"berhenti setelah keluarga ke-{FAMILIES_AT_ONCE}" in page
    assert "Lanjutkan" in page
    assert "Buang rencana" not in page


def test_applying_what_is_applied_changes_nothing(scene, registrar):
    address = upload(registrar, scene.list_file(rows_of(*invent_families(VILLAGE, 2)))).location
    registrar.post(f"{address}/terapkan")
    answer = registrar.post(f"{address}/terapkan")
    assert answer.status_code == 409
    assert "sudah diterapkan" in answer.text
    assert count_families(scene) == 2


def test_after_the_working_file_is_gone_the_same_file_resumes(scene, registrar, monkeypatch):
    monkeypatch.setattr(lists, "_STEP_SECONDS", 0)
    path = scene.list_file(many_rows(VILLAGE, FAMILIES_AT_ONCE + 50))
    address = upload(registrar, path).location
    registrar.post(f"{address}/terapkan")
    for file in scene.state.settings.lists_folder.iterdir():
        file.unlink()
    answer = registrar.post(f"{address}/terapkan")
    assert answer.status_code == 409
    assert "Unggah berkas yang sama" in answer.text
    assert upload(registrar, path).location == address
    registrar.post(f"{address}/terapkan")
    assert count_families(scene) == FAMILIES_AT_ONCE + 50


def test_the_report_has_a_row_for_each_touched_line(scene, registrar):
    rows = [*rows_of(*invent_families(NEXT_VILLAGE, 2)), *two_heads()]
    rows[0][5] = "09/03/1961"
    rows[1][2] = "=HYPERLINK(1)"
    rows[5][1] = ""
    planned = scene.plan(scene.list_file(rows, "=daftar desa.csv"))
    with registrar.get(f"/daftar/{planned.id}/laporan.csv") as answer:
        text = answer.text
    assert answer.mimetype == "text/csv"
    assert "laporan-daftar_desa.csv" in answer.headers["Content-Disposition"]
    report = {int(row["line"]): row for row in csv.DictReader(io.StringIO(text))}
    assert {line: row["fate"] for line, row in report.items()} == {
        2: "fix",
        3: "warn",
        7: "reject",
        8: "hold",
        9: "hold",
        10: "hold",
    }
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in report.values() for cell in row.values())


def test_what_was_found_is_shown_without_a_whole_number(scene, registrar):
    rows = [*rows_of(*invent_families(NEXT_VILLAGE, 1)), *two_heads()]
    page = registrar.get(f"/daftar/{scene.plan(scene.list_file(rows)).id}").text
    assert "Pilih siapa kepala keluarganya" in page
    assert not any(row[0] in page or row[1] in page for row in rows)


def test_a_plan_is_thrown_away_only_before_it_begins(scene, registrar, monkeypatch):
    address = upload(registrar, scene.list_file(rows_of(*invent_families(VILLAGE, 1)))).location
    assert registrar.post(f"{address}/buang").status_code == 303
    assert registrar.get(address).status_code == 404
    monkeypatch.setattr(lists, "_STEP_SECONDS", 0)
    address = upload(registrar, scene.list_file(many_rows(VILLAGE, 250))).location
    registrar.post(f"{address}/terapkan")
    assert registrar.post(f"{address}/buang").status_code == 409


def test_lists_of_another_area_are_not_seen(scene, registrar, signed_in):
    address = upload(registrar, scene.list_file(rows_of(*invent_families(VILLAGE, 1)))).location
    stranger = signed_in(Role.REGISTRAR, username="siti", area="62.06")
    assert "Belum ada daftar" in stranger.get("/daftar").text
    for path in (address, f"{address}/laporan.csv"):
        assert stranger.get(path).status_code == 404
    for path in (f"{address}/terapkan", f"{address}/buang"):
        assert stranger.post(path).status_code == 404
    assert only_list(scene).state is ListState.PLANNED


def test_a_wider_area_sees_the_lists_of_the_narrower(scene, registrar, signed_in):
    clerk = signed_in(Role.REGISTRAR, username="siti", area="62.06")
    address = upload(clerk, scene.list_file(rows_of(*invent_families(VILLAGE, 1)))).location
    assert registrar.get(address).status_code == 200


def test_families_outside_the_own_area_are_not_taken(scene, signed_in):
    clerk = signed_in(Role.REGISTRAR, username="siti", area="62.06")
    path = scene.list_file(rows_of(*invent_families(VILLAGE, 1), *invent_families(FAR_VILLAGE, 1)))
    address = upload(clerk, path).location
    page = clerk.get(address).text
    assert "1 keluarga baru dicatat" in page
    assert "di luar wilayah titik layanan" in page
    clerk.post(f"{address}/terapkan")
    assert count_families(scene) == 1


def test_lists_are_for_those_who_may_import(scene, signed_in):
    clerk = signed_in(Role.CARD_CLERK)
    for path in ("/daftar", "/daftar/unggah", f"/daftar/{uuid4()}"):
        assert clerk.get(path).status_code == 403
    assert clerk.post("/daftar").status_code == 403


def test_the_lists_stand_newest_first_in_pages(scene, registrar):
    for day in range(1, 23):
        rows = rows_of(*invent_families(VILLAGE, 1))
        scene.plan(scene.list_file(rows, f"daftar_{day}.csv"), as_of=date(2026, 1, day))
    first = registrar.get("/daftar").text
    assert first.index("daftar_22.csv") < first.index("daftar_21.csv")
    assert "daftar_2.csv" not in first
    assert "daftar_2.csv" in registrar.get("/daftar?page=2").text
