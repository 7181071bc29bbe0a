"""Photos of a village by the command: planned, kept once, told file by file, and never more than was asked for."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from card_house import VILLAGE
from click.testing import CliRunner, Result
from printing_samples import sample_picture
from sqlalchemy import func, select
from village_photos import face, zipped

from kiosk.clock import now
from kiosk.commands import main
from kiosk.photo_import import apply_photos, load_plan, plan_photos, sweep_plans
from kiosk.photo_import.plan import holding_plan, picture_path, save_plan
from printing.errors import PhotoError
from printing.picture_sources import FolderSource, ZipSource
from registry.audit import Actor
from registry.cards.photos import current_photo, photo_path, read_photo
from registry.errors import NotFound
from registry.families.families import get_family, head_of
from registry.identifiers import CardNumber
from registry.kinds import FamilyState, PersonState, Relation, Role
from registry.models import AuditLine, Photo
from registry.officers.points import CENTRE, get_point

ELSEWHERE = "62.06.05.2004"


@pytest.fixture
def kiosk(scene, monkeypatch: pytest.MonkeyPatch):
    """Run ``kiosk photos import …`` in the scene's installation."""
    for name, value in environment(scene).items():
        monkeypatch.setenv(name, value)

    def run(*words: object) -> Result:
        return CliRunner().invoke(main, ["photos", "import", *map(str, words)])

    return run


def environment(scene) -> dict[str, str]:
    settings = scene.state.settings
    return {
        "KIOSK_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
        "KIOSK_PASSPHRASE": settings.passphrase.decode(),
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "foto"
    place.mkdir()
    return place


def photo_of(scene, reference: str) -> Photo | None:
    with scene.state.database.reading() as session:
        return current_photo(session, head_of(get_family(session, reference, area="62")).id)


def photos_in(scene) -> int:
    with scene.state.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Photo))


def rows_of(report: Path) -> dict[str, dict[str, str]]:
    with report.open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def codes_of(report: Path) -> dict[str, str]:
    return {path: row["code"] for path, row in rows_of(report).items()}


def fill(scene, place: Path, count: int) -> list[str]:
    families = [scene.add_family() for _ in range(count)]
    for number, reference in enumerate(families):
        (place / f"{reference}.jpg").write_bytes(face(number))
    return families


def test_a_folder_is_planned_first_and_changes_nothing(scene, kiosk, folder):
    fill(scene, folder, 2)
    answer = kiosk(folder)
    assert answer.exit_code == 0, answer.output
    assert "foto: 2 berkas" in answer.output
    assert "Disimpan: 2" in answer.output
    assert "Belum ada yang berubah." in answer.output
    assert photos_in(scene) == 0
    assert list(scene.state.settings.photo_plans_folder.iterdir()) == []


def test_photos_named_by_card_or_family_become_those_of_the_heads(scene, kiosk, tmp_path):
    by_card, by_family = scene.add_family(), scene.add_family()
    number = scene.issue(by_card).number
    archive = tmp_path / "desa.zip"
    archive.write_bytes(zipped({f"RT 1/{number}.JPG": face(1), f"rt 2/{by_family.upper()}.png": face(2, kind="PNG")}))
    answer = kiosk(archive, "--village", VILLAGE, "--apply")
    assert "Disimpan: 2 foto." in answer.output
    for reference in (by_card, by_family):
        kept = photo_of(scene, reference)
        assert read_photo(scene.photos, kept).startswith(b"\xff\xd8")
        assert kept.officer_id is None
    with scene.state.database.reading() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.action == "photo.taken")).all()
    assert len(lines) == 2


def test_doing_it_again_changes_nothing(scene, kiosk, folder):
    fill(scene, folder, 3)
    kiosk(folder, "--apply")
    answer = kiosk(folder, "--apply")
    assert "3  Sudah tersimpan" in answer.output
    assert "Disimpan: 0 foto." in answer.output
    assert photos_in(scene) == 3


def test_who_has_a_photo_keeps_it_unless_it_is_to_be_replaced(scene, kiosk, folder, tmp_path):
    [family] = fill(scene, folder, 1)
    before = scene.give_photo(family)
    assert "1  Sudah punya foto" in kiosk(folder, "--apply").output
    assert photo_of(scene, family).id == before.id
    assert "1  Mengganti foto lama" in kiosk(folder, "--apply", "--replace").output
    assert photo_of(scene, family).id != before.id
    assert "1  Sudah tersimpan" in kiosk(folder, "--apply", "--replace").output


def test_every_file_has_its_line_in_the_report(scene, kiosk, folder, tmp_path):
    good, ended, headless, twice = (scene.add_family() for _ in range(4))
    elsewhere, succeeded = scene.add_family(village=ELSEWHERE), scene.add_family()
    far = scene.add_family(village="62.71.01.1001")
    old_card = scene.issue(succeeded).number

    def let_die(family):
        family.people[0].state = PersonState.DEAD

    def succeed(family):
        let_die(family)
        family.people[1].relation = Relation.HEAD

    scene.change_family(ended, lambda family: setattr(family, "state", FamilyState.MOVED))
    scene.change_family(headless, let_die)
    scene.change_family(succeeded, succeed)
    wrong_digit = old_card[:-1] + str((int(old_card[-1]) + 1) % 10)
    files = {
        f"{good}.jpg": (face(1), "photo_ready"),
        f"{ended}.jpg": (face(1), "photo_family_ended"),
        f"{headless}.jpg": (face(1), "no_head"),
        f"{twice}.jpg": (face(1), "photo_twice"),
        f"lagi/{twice}.png": (face(1), "photo_twice"),
        f"{elsewhere}.jpg": (face(1), "photo_owner_elsewhere"),
        f"{far}.jpg": (face(1), "photo_owner_elsewhere"),
        f"{old_card}.jpg": (face(1), "photo_head_changed"),
        f"{wrong_digit}.jpg": (face(1), "card_number_check"),
        f"{CardNumber.make('62.06', 999_999)}.jpg": (face(1), "photo_owner_unknown"),
        "=HYPERLINK(1).jpg": (face(1), "photo_name_unknown"),
        "catatan.pdf": (b"x", "photo_wrong_format"),
        "lama.zip": (zipped({"a.jpg": face(1)}), "photo_is_archive"),
    }
    for path, (content, _) in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    report = tmp_path / "laporan.csv"
    answer = kiosk(folder, "--village", VILLAGE, "--report", report)
    assert answer.exit_code == 0, answer.output
    assert "Laporan 13 baris" in answer.output
    expected = {path: code for path, (_, code) in files.items()}
    # a formula is told apart by an apostrophe before it
    expected["'=HYPERLINK(1).jpg"] = expected.pop("=HYPERLINK(1).jpg")
    assert codes_of(report) == expected
    rows = rows_of(report)
    assert rows[f"{good}.jpg"]["fate"] == "disimpan"
    assert rows["lama.zip"]["message"].startswith("Berkas ini arsip, bukan foto.")
    assert "Rina" not in report.read_text()


def test_pictures_that_are_none_are_told_one_by_one_and_the_good_ones_are_kept(scene, kiosk, folder, tmp_path):
    families = fill(scene, folder, 5)
    spoilt = {
        families[0]: (face(0)[:3_000], "photo_unreadable"),
        families[1]: (b"GIF89a" + bytes(100), "photo_wrong_format"),
        families[2]: (face(2, size=(60, 80)), "photo_too_small"),
        families[3]: (bytes(9_000_000), "photo_too_large"),
    }
    for reference, (content, _) in spoilt.items():
        (folder / f"{reference}.jpg").write_bytes(content)
    report = tmp_path / "laporan.csv"
    assert "Disimpan: 1 foto." in kiosk(folder, "--apply", "--report", report).output
    assert codes_of(report) == {
        **{f"{reference}.jpg": code for reference, (_, code) in spoilt.items()},
        f"{families[4]}.jpg": "photo_ready",
    }


def test_a_dark_wall_is_noted_and_the_photo_kept(scene, kiosk, folder, tmp_path):
    family = scene.add_family()
    (folder / f"{family}.jpg").write_bytes(sample_picture((600, 800), colour="#202020"))
    report = tmp_path / "laporan.csv"
    answer = kiosk(folder, "--apply", "--report", report)
    assert "1  catatan: Latar belakang gelap." in answer.output
    assert rows_of(report)[f"{family}.jpg"]["hints"] == "Latar belakang gelap."
    assert photo_of(scene, family)


def test_a_point_brings_photos_of_its_own_area_only(scene, kiosk, folder):
    scene.sign_in(Role.CARD_CLERK, area="62.71")
    fill(scene, folder, 1)
    answer = kiosk(folder, "--apply", "--point", "LOKET-6271")
    assert "1  Kartu atau keluarga tidak ada" in answer.output
    assert photos_in(scene) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7", "Berkas ini bukan arsip ZIP yang utuh."),
        (
            zipped({f"{n}.jpg": bytes(8_000_000) for n in range(6)}, packing=zipfile.ZIP_DEFLATED),
            "Isinya mengembang jauh melebihi ukuran foto yang wajar",
        ),
        (zipped({f"{n}.jpg": b"" for n in range(5_001)}), "Isinya lebih dari 5.000 berkas."),
    ],
    ids=["pdf", "bomb", "crowd"],
)
def test_an_archive_that_means_harm_is_refused_in_words(kiosk, tmp_path, content, words):
    archive = tmp_path / "desa.zip"
    archive.write_bytes(content)
    answer = kiosk(archive, "--apply")
    assert answer.exit_code == 1
    assert words in answer.output


def test_an_unknown_village_is_wrong_use(kiosk, folder):
    assert kiosk(folder, "--village", "62.06.05.9999").exit_code == 2


def plan(scene, folder: Path, **rest):
    return plan_photos(
        scene.state.database,
        FolderSource(folder),
        "foto",
        folder=scene.state.settings.photo_plans_folder,
        area="62",
        at=now(),
        **rest,
    )


def apply(scene, planned, **rest):
    with scene.state.database.reading() as session:
        actor = Actor(officer_id=None, point_id=get_point(session, CENTRE).id)
    return apply_photos(
        scene.state.database,
        planned,
        folder=scene.state.settings.photo_plans_folder,
        photos=scene.photos,
        actor=actor,
        keys=scene.state.keys,
        at=now(),
        **rest,
    )


def test_a_plan_is_applied_in_pieces_and_goes_on_where_it_stopped(scene, folder):
    fill(scene, folder, 25)
    planned = plan(scene, folder)
    half = apply(scene, planned, goes_on=lambda: False)
    assert (half.state, half.done, photos_in(scene)) == ("applying", 20, 20)
    loaded = load_plan(scene.state.settings.photo_plans_folder, planned.id, area="62")
    assert loaded == half
    whole = apply(scene, loaded)
    assert (whole.state, whole.kept, photos_in(scene)) == ("applied", 25, 25)
    # the small pictures are gone; what was done can still be read
    [left] = (scene.state.settings.photo_plans_folder / str(planned.id)).iterdir()
    assert left.name == "plan.json"
    assert apply(scene, whole) == whole


def test_applying_a_piece_twice_keeps_each_photo_once(scene, folder):
    fill(scene, folder, 3)
    planned = plan(scene, folder)
    first = apply(scene, planned)
    place = scene.state.settings.photo_plans_folder
    for finding in planned.to_take:  # as if the plan had not been written back before the power went
        picture_path(place, planned.id, finding.digest).write_bytes(
            photo_path(scene.photos, finding.digest).read_bytes()
        )
    save_plan(place, planned)
    again = apply(scene, planned)
    assert (first.kept, again.kept, photos_in(scene)) == (3, 0, 3)


def test_of_two_who_apply_a_plan_the_second_goes_on_where_the_first_came_to(scene, folder):
    fill(scene, folder, 25)
    planned = plan(scene, folder)
    place = scene.state.settings.photo_plans_folder
    with ThreadPoolExecutor(2) as officers:
        with holding_plan(place, planned.id):  # so that both have begun before one comes first
            applying = [officers.submit(apply, scene, planned) for _ in range(2)]
        applied = [one.result() for one in applying]
    assert applied[0] == applied[1] == load_plan(place, planned.id, area="62")
    assert (applied[0].state, applied[0].kept, photos_in(scene)) == ("applied", 25, 25)


def test_what_happens_between_plan_and_apply_is_respected(scene, folder):
    photographed, died = fill(scene, folder, 2)
    planned = plan(scene, folder)
    taken = scene.give_photo(photographed)
    scene.change_family(died, lambda family: setattr(family.people[0], "state", PersonState.DEAD))
    applied = apply(scene, planned)
    assert applied.kept == 0
    assert photo_of(scene, photographed).id == taken.id
    assert photos_in(scene) == 1


def test_a_plan_that_takes_too_long_is_given_up_and_leaves_nothing(scene, folder):
    fill(scene, folder, 1)
    with pytest.raises(PhotoError) as refused:
        plan(scene, folder, goes_on=lambda: False)
    assert refused.value.code == "archive_takes_too_long"
    assert list(scene.state.settings.photo_plans_folder.iterdir()) == []


def test_a_plan_is_nobodys_elsewhere_and_forgotten_after_a_day(scene, folder):
    fill(scene, folder, 1)
    place = scene.state.settings.photo_plans_folder
    planned = plan(scene, folder)
    with pytest.raises(NotFound):
        load_plan(place, planned.id, area="62.06")
    sweep_plans(place, at=now() + timedelta(hours=23))
    assert load_plan(place, planned.id, area="62") == planned
    sweep_plans(place, at=now() + timedelta(hours=25))
    with pytest.raises(NotFound):
        load_plan(place, planned.id, area="62")


def test_waiting_faces_are_read_by_nobody_else(scene, folder):
    fill(scene, folder, 1)
    planned = plan(scene, folder)
    place = scene.state.settings.photo_plans_folder / str(planned.id)
    assert place.stat().st_mode & 0o077 == 0
    assert [file.stat().st_mode & 0o077 for file in place.iterdir()] == [0, 0]


def test_no_picture_of_a_zip_is_read_before_its_turn(scene, tmp_path):
    families = [scene.add_family() for _ in range(3)]
    seen = []

    class Watched(ZipSource):
        def read(self, file):
            seen.append(file.stem)
            return super().read(file)

    with (tmp_path / "a.zip").open("w+b") as file:
        file.write(zipped({f"{one}.jpg": face(0) for one in families} | {"siapa.jpg": face(1)}))
        order = []
        plan_photos(
            scene.state.database,
            Watched(file),
            "a.zip",
            folder=scene.state.settings.photo_plans_folder,
            area="62",
            at=now(),
            progress=lambda done, _: order.append((done, len(seen))),
        )
    # one at a time; and what is nobody's is not read at all
    assert order == [(1, 1), (2, 2), (3, 3)]


def test_killed_in_the_middle_and_begun_again_every_photo_is_there_once(scene, folder):
    families = fill(scene, folder, 30)
    command = [
        sys.executable,
        "-c",
        "from kiosk.commands import main; main()",
        "photos",
        "import",
        str(folder),
        "--apply",
    ]
    running = subprocess.Popen(command, env={**os.environ, **environment(scene)}, stdout=subprocess.DEVNULL)
    while running.poll() is None and photos_in(scene) == 0:
        with suppress(subprocess.TimeoutExpired):
            running.wait(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    done = subprocess.run(command, env={**os.environ, **environment(scene)}, capture_output=True, text=True, check=True)
    assert "Disimpan:" in done.stdout
    assert photos_in(scene) == 30
    assert all(read_photo(scene.photos, photo_of(scene, family)) for family in families)
