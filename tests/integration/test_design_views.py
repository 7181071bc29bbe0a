"""The screens and the command for designs: seen, brought in, put in force, and nothing drawn that was not checked."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from design_samples import changed_design
from flask import Flask
from kiosk_fixtures import Browser
from sqlalchemy import select

from kiosk import designs
from kiosk.commands import main
from kiosk.designs import design_in_force, find_names, get_design
from kiosk.state import State
from printing.design import Design, packaged_design
from printing.design_archive import pack_design, unpack_design
from printing.errors import PrintingError
from registry.kinds import Role
from registry.models import AuditLine, DesignChoice


@pytest.fixture
def admin(signed_in) -> Browser:
    return signed_in(Role.ADMINISTRATOR, username="admin")


@pytest.fixture
def here(app: Flask) -> State:
    return app.extensions["kiosk"]


def bring(admin: Browser, design: Design, name: str = "percobaan"):
    files = {"name": name, "file": (BytesIO(pack_design(design)), "rancangan.zip")}
    return admin.post("/rancangan-kartu", files, content_type="multipart/form-data")


def in_force(here: State) -> Design:
    with here.database.reading() as session:
        return design_in_force(session, here.settings.designs_folder)


def trail(here: State, action: str) -> list[str]:
    """The designs that lines of this action are about."""
    with here.database.reading() as session:
        details = session.scalars(select(AuditLine.detail).where(AuditLine.action == action))
        return [json.loads(detail)["design"] for detail in details]


def test_a_design_is_begun_from_the_packaged_brought_in_looked_at_and_put_in_force(admin, here):
    answer = admin.get("/rancangan-kartu/huma_betang.zip")
    begun = unpack_design("huma_betang", answer.data)
    assert begun == packaged_design()
    assert in_force(here) == packaged_design()

    ours = changed_design(css=".label { font-size: 4.8pt }")
    assert bring(admin, ours).location == "/rancangan-kartu/percobaan"
    assert in_force(here) == packaged_design()
    page = admin.get("/rancangan-kartu/percobaan").text
    assert page.count("<img ") == 14
    assert admin.get("/rancangan-kartu/percobaan/cetak-6.png").data.startswith(b"\x89PNG")
    assert admin.get("/rancangan-kartu/percobaan/warna-2.png").data.startswith(b"\x89PNG")
    assert admin.get("/rancangan-kartu/percobaan/asli-1.png").data.startswith(b"\x89PNG")
    assert admin.get("/rancangan-kartu/percobaan/contoh.pdf").data.startswith(b"%PDF-")
    assert admin.get("/rancangan-kartu/percobaan/cetak-7.png").status_code == 404

    assert admin.post("/rancangan-kartu/percobaan/pakai").status_code == 303
    assert in_force(here) == ours
    assert "dipakai sekarang" in admin.get("/rancangan-kartu/percobaan").text
    assert trail(here, "design.brought") == trail(here, "design.chosen") == ["percobaan"]

    assert admin.post("/rancangan-kartu/huma_betang/pakai").status_code == 303
    assert in_force(here) == packaged_design()


def test_a_design_with_faults_is_not_kept_and_all_of_them_are_told(admin, here):
    wrong = changed_design({'data-field="district"': "", 'src="front.svg"': 'src="http://a/b.png"'})
    answer = bring(admin, wrong)
    assert answer.status_code == 422
    assert "Isian district tidak ada" in answer.text
    assert "Alamat luar: http://a/b.png" in answer.text
    assert find_names(here.settings.designs_folder) == []


def test_the_name_of_another_design_is_taken(admin, here):
    first = changed_design(css=".label { font-size: 4.8pt }")
    bring(admin, first)
    again = bring(admin, first)
    other = bring(admin, changed_design(css=".label { font-size: 4.6pt }"))
    packaged = bring(admin, changed_design(), name="huma_betang")
    assert [again.status_code, other.status_code, packaged.status_code] == [303, 422, 422]
    assert "Nama sudah dipakai" in other.text
    assert get_design(here.settings.designs_folder, "percobaan") == first


def test_of_two_that_are_brought_by_one_name_at_once_the_second_is_refused(tmp_path, monkeypatch):
    first = changed_design(css=".label { font-size: 4.8pt }")
    write, late = designs.write_whole, changed_design(css=".label { font-size: 4.6pt }")

    def write_meanwhile(path: Path, body: bytes) -> None:
        write(path, body)
        if not (tmp_path / "percobaan").exists():
            laid_out(tmp_path, first)

    monkeypatch.setattr(designs, "write_whole", write_meanwhile)
    with pytest.raises(PrintingError) as refusal:
        designs.keep_design(tmp_path, late)
    assert refusal.value.code == "design_name_taken"
    assert find_names(tmp_path) == ["percobaan"]
    assert get_design(tmp_path, "percobaan") == first


def test_files_that_were_changed_since_are_not_drawn(admin, here):
    ours = changed_design(css=".label { font-size: 4.8pt }")
    bring(admin, ours)
    admin.post("/rancangan-kartu/percobaan/pakai")
    style = here.settings.designs_folder / "percobaan" / "card.css"
    style.write_text(style.read_text() + ".label { font-size: 30pt }")
    with pytest.raises(PrintingError) as refusal:
        in_force(here)
    assert refusal.value.code == "design_changed"
    for file in style.parent.iterdir():
        file.unlink()
    style.parent.rmdir()
    with pytest.raises(PrintingError) as refusal:
        in_force(here)
    assert refusal.value.code == "design_missing"


def test_a_folder_that_was_copied_there_is_checked_before_it_is_used(admin, here):
    folder = here.settings.designs_folder / "salinan"
    folder.mkdir(parents=True)
    for name, body in changed_design({'data-field="district"': ""}).files().items():
        (folder / name).write_bytes(body)
    answer = admin.post("/rancangan-kartu/salinan/pakai")
    assert answer.status_code == 422
    assert "Isian district tidak ada" in answer.text
    with here.database.reading() as session:
        assert session.scalars(select(DesignChoice)).all() == []


@pytest.mark.parametrize("name", ["tidak_ada", "..%2fkeys", "%2e%2e", ".previews"])
def test_a_name_is_no_way_into_other_folders(admin, here, name: str):
    (here.settings.designs_folder / ".previews").mkdir(parents=True)
    assert admin.get(f"/rancangan-kartu/{name}").status_code == 404
    assert admin.get(f"/rancangan-kartu/{name}.zip").status_code == 404


def test_only_who_has_the_right_sees_designs(signed_in):
    clerk = signed_in(Role.CARD_CLERK)
    assert clerk.get("/rancangan-kartu").status_code == 403
    assert clerk.post("/rancangan-kartu/huma_betang/pakai").status_code == 403


@pytest.fixture
def kiosk(here: State, monkeypatch: pytest.MonkeyPatch):
    """Run ``kiosk designs …`` in this installation."""
    monkeypatch.setenv("KIOSK_HOME", str(here.settings.home))
    monkeypatch.setenv("DATABASE_URL", here.settings.database_url)
    monkeypatch.setenv("KIOSK_PASSPHRASE", here.settings.passphrase.decode())

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["designs", *words])

    return run


def laid_out(folder: Path, design: Design) -> Path:
    ZipFile(BytesIO(pack_design(design))).extractall(folder)
    return folder / design.name


def test_whoever_draws_checks_a_folder_and_gets_the_preview(kiosk, tmp_path: Path):
    good = laid_out(tmp_path, changed_design(name="baru"))
    answer = kiosk("check", str(good), "--preview", str(tmp_path / "contoh.pdf"))
    assert (answer.exit_code, answer.output) == (0, "Rancangan lulus pemeriksaan.\n")
    assert (tmp_path / "contoh.pdf").read_bytes().startswith(b"%PDF-")

    bad = laid_out(tmp_path, changed_design({'data-field="valid_until"': ""}, name="salah"))
    answer = kiosk("check", str(bad))
    assert answer.exit_code == 1
    assert "Isian valid_until tidak ada." in answer.output


def test_the_keeper_puts_a_copied_folder_in_force(kiosk, here: State):
    design = changed_design(css=".label { font-size: 4.8pt }", name="salinan")
    laid_out(here.settings.designs_folder, design)
    assert kiosk("use", "salinan").exit_code == 0
    assert in_force(here) == design
    assert kiosk("list").output == "  huma_betang\n* salinan\n"
    assert kiosk("use", "tidak_ada").exit_code == 1
    assert kiosk("use", "huma_betang").exit_code == 0
    assert in_force(here) == packaged_design()
