"""The command that takes over family lists."""

from __future__ import annotations

import csv

import pytest
from click.testing import CliRunner, Result
from family_scene import FAR_VILLAGE, NEXT_VILLAGE, VILLAGE, FamilyScene, rows_of, two_heads
from invented import invent_families, many_rows
from sqlalchemy import func, select

from kiosk.commands import main
from registry.importing.applying import FAMILIES_AT_ONCE
from registry.kinds import PointKind
from registry.models import Family, FamilyList
from registry.officers.points import add_point


@pytest.fixture
def scene(app, tmp_path) -> FamilyScene:
    return FamilyScene(app.extensions["kiosk"], tmp_path)


@pytest.fixture
def kiosk(scene, monkeypatch: pytest.MonkeyPatch):
    """Run ``kiosk families import …`` in the scene's installation."""
    settings = scene.state.settings
    monkeypatch.setenv("KIOSK_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("KIOSK_PASSPHRASE", settings.passphrase.decode())

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["families", "import", *map(str, words)])

    return run


def count_families(scene) -> int:
    with scene.state.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Family)) or 0


def test_a_plan_is_told_and_changes_nothing(scene, kiosk):
    rows = [*rows_of(*invent_families(NEXT_VILLAGE, 2)), *two_heads()]
    rows[4][1] = ""
    answer = kiosk(scene.list_file(rows), "--as-of", "2026-02-28")
    assert answer.exit_code == 0, answer.output
    assert "DTSEN, keadaan 28 Februari 2026" in answer.output
    assert "2  keluarga baru" in answer.output
    assert "1  ditahan untuk diputuskan" in answer.output
    assert "NIK kosong. (baris 6)" in answer.output
    assert "Belum ada yang berubah" in answer.output
    assert count_families(scene) == 0


def test_apply_carries_the_plan_out_and_again_changes_nothing(scene, kiosk):
    path = scene.list_file(rows_of(*invent_families(VILLAGE, 3)))
    answer = kiosk(path, "--apply", "--as-of", "2026-02-28")
    assert answer.exit_code == 0, answer.output
    assert "Diterapkan: 3 keluarga baru" in answer.output
    assert "0 keluarga baru, 0 diperbarui, 3 tidak berubah" in kiosk(path, "--apply", "--as-of", "2026-02-28").output
    assert count_families(scene) == 3


def test_rejected_lines_are_reported_and_no_failure(scene, kiosk, tmp_path):
    rows = rows_of(*invent_families(VILLAGE, 1))
    rows[2][1] = "6,2E+15"
    report = tmp_path / "laporan.csv"
    answer = kiosk(scene.list_file(rows), "--apply", "--report", report)
    assert answer.exit_code == 0, answer.output
    with report.open(encoding="utf-8", newline="") as file:
        assert [(row["line"], row["fate"], row["code"]) for row in csv.DictReader(file)] == [
            ("4", "reject", "nik_scientific")
        ]


def test_a_refused_list_is_exit_1_and_said_in_words(scene, kiosk):
    path = scene.folder / "bukan.csv"
    path.write_text("satu,dua\n1,2\n")
    answer = kiosk(path)
    assert answer.exit_code == 1
    assert "Kolom wajib tidak ada." in answer.output


@pytest.mark.parametrize("words", [["tidak_ada.csv"], ["--apply"], ["LIST", "--as-of", "kemarin"]])
def test_wrong_use_is_exit_2(kiosk, scene, words):
    path = str(scene.list_file(rows_of(*invent_families(VILLAGE, 1))))
    assert kiosk(*(path if word == "LIST" else word for word in words)).exit_code == 2


def test_an_interrupted_apply_resumes_and_says_from_where(scene, kiosk):
    path = scene.list_file(many_rows(VILLAGE, 450))
    scene.apply(scene.plan(path), goes_on=lambda: False)
    assert count_families(scene) == FAMILIES_AT_ONCE
    assert f"terputus setelah keluarga ke-{FAMILIES_AT_ONCE}" in kiosk(path, "--as-of", "2026-02-28").output
    answer = kiosk(path, "--apply", "--as-of", "2026-02-28")
    assert answer.exit_code == 0, answer.output
    assert f"dilanjutkan dari keluarga ke-{FAMILIES_AT_ONCE + 1}" in answer.output
    assert count_families(scene) == 450


def test_a_list_belongs_to_the_point_that_brings_it(scene, kiosk):
    with scene.state.database.writing() as session:
        point = add_point(
            session,
            code="LOKET-KATINGAN",
            name="Loket Katingan",
            kind=PointKind.COUNTER,
            area_code="62.06",
            actor=scene.actor,
            keys=scene.state.keys,
            at=scene.at,
        )
    path = scene.list_file(rows_of(*invent_families(VILLAGE, 1), *invent_families(FAR_VILLAGE, 1)))
    answer = kiosk(path, "--apply", "--point", "LOKET-KATINGAN", "--source", "Verifikasi lapangan")
    assert answer.exit_code == 0, answer.output
    assert count_families(scene) == 1
    with scene.state.database.reading() as session:
        brought = session.scalars(select(FamilyList)).one()
        assert (brought.point_id, brought.source) == (point.id, "Verifikasi lapangan")
    assert kiosk(path, "--point", "TIDAK-ADA").exit_code == 2
