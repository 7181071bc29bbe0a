"""The pages for the photos of a village: a ZIP is brought in, looked through, applied; too much is refused in words."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from card_house import VILLAGE
from card_scene import CardScene
from kiosk_fixtures import Browser
from sqlalchemy import func, select
from village_photos import face, zipped
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from kiosk.views import village_photos
from registry.kinds import Role
from registry.models import Photo


@pytest.fixture
def clerk(scene: CardScene) -> Browser:
    return scene.sign_in(Role.CARD_CLERK)


def send(browser: Browser, path: str, files: dict[str, tuple[bytes, str]], **fields: str):
    """Send files as a browser does; the test client would leave a temporary file of its own lying open."""
    filed = {field: FileStorage(BytesIO(content), name) for field, (content, name) in files.items()}
    boundary, body = encode_multipart({"csrf_token": browser.token(), **fields, **filed})
    return browser.client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def upload(browser: Browser, archive: bytes, *, village: str | None = VILLAGE, name: str = "desa.zip", **fields: str):
    return send(browser, f"/foto-desa?desa={village}" if village else "/foto-desa", {"file": (archive, name)}, **fields)


def photos_in(scene: CardScene) -> int:
    with scene.state.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Photo))


def test_the_photos_of_a_village_go_from_a_zip_to_the_families(scene, clerk):
    families = [scene.add_family() for _ in range(22)]
    archive = zipped({f"{one}.jpg": face(number) for number, one in enumerate(families)} | {"siapa.jpg": face(1)})
    answer = upload(clerk, archive)
    assert answer.status_code == 303
    page = clerk.get(answer.location)
    assert "22 kepala keluarga mendapat foto ini" in page.text
    assert "Nama berkas tidak dikenal" in page.text
    assert "Petak Puti" in page.text
    assert photos_in(scene) == 0
    while "data-steps" in (page := clerk.get(answer.location)).text:
        assert clerk.post(f"{answer.location}/terapkan").status_code == 303
    assert "22 foto disimpan." in page.text
    assert photos_in(scene) == 22
    report = clerk.get(f"{answer.location}/laporan.csv")
    assert report.mimetype == "text/csv"
    assert report.text.count("\n") == 24
    assert "laporan-desa.csv" in report.headers["Content-Disposition"]


def test_what_is_sent_passes_through_the_installation_and_stays_nowhere(scene, clerk):
    # larger than what is kept in memory while it arrives
    archive = zipped({f"{scene.add_family()}.jpg": face(1, size=(2400, 3200), kind="PNG"), "x.jpg": bytes(700_000)})
    upload(clerk, archive)
    assert scene.state.settings.uploads_folder.stat().st_mode & 0o077 == 0
    assert list(scene.state.settings.uploads_folder.iterdir()) == []


def test_a_photo_that_is_there_gives_way_only_when_that_was_ticked(scene, clerk):
    family = scene.add_family()
    scene.give_photo(family)
    archive = zipped({f"{family}.jpg": face(1)})
    kept = clerk.get(upload(clerk, archive).location).text
    assert "Tidak ada foto yang perlu disimpan" in kept
    assert "Sudah punya foto" in kept
    location = upload(clerk, archive, replaces="y").location
    assert "Mengganti foto lama" in clerk.get(location).text
    clerk.post(f"{location}/terapkan")
    assert photos_in(scene) == 2


def test_a_plan_can_be_thrown_away(scene, clerk):
    location = upload(clerk, zipped({f"{scene.add_family()}.jpg": face(1)})).location
    assert clerk.post(f"{location}/buang").location == f"/foto-desa?desa={VILLAGE}"
    assert clerk.get(location).status_code == 404
    assert list(scene.state.settings.photo_plans_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("archive", "words"),
    [
        (b"%PDF-1.7", "ZIP tidak terbaca"),
        (zipped({}), "Tidak ada foto"),
        (
            zipped({f"{n}.jpg": bytes(8_000_000) for n in range(6)}, packing=zipfile.ZIP_DEFLATED),
            "Isi ZIP tidak wajar",
        ),
    ],
    ids=["pdf", "empty", "bomb"],
)
def test_what_is_no_good_archive_is_refused_in_words(clerk, archive, words):
    answer = upload(clerk, archive)
    assert answer.status_code == 422
    assert words in answer.text


def test_nothing_chosen_is_told_at_the_field(clerk):
    answer = upload(clerk, b"", name="")
    assert answer.status_code == 422
    assert "Pilih berkas ZIP." in answer.text


def test_100_megabytes_are_refused_in_words_and_listened_to_until_the_end(clerk, tmp_path):
    with (tmp_path / "body").open("w+b") as body:
        body.truncate(100_000_000)
        answer = clerk.client.post("/foto-desa", input_stream=body, content_type="multipart/form-data; boundary=x")
        assert answer.status_code == 413
        assert "Kiriman terlalu besar" in answer.text
        # else a browser hears of a broken connection, and nothing of what was wrong
        assert body.tell() == 100_000_000


def test_this_page_takes_more_than_others_and_from_officers_only(scene, clerk, visitor):
    archive = zipped({"a.jpg": bytes(20_000_000)})
    assert upload(clerk, archive).status_code == 303
    assert upload(visitor, archive).status_code == 413
    other = send(clerk, f"/keluarga/{scene.add_family()}/foto", {"photo": (archive, "a.jpg")})
    assert other.status_code == 413


def test_the_limit_of_the_page_is_what_it_says(clerk):
    assert f'data-largest="{village_photos.LARGEST}"' in clerk.get("/foto-desa").text
    assert "Paling besar 64 MB." in clerk.get("/foto-desa").text


def test_a_village_elsewhere_or_nowhere_is_not_found(clerk):
    for village in ("62.71.01.1001", "62.06.05.9999", "x"):
        assert clerk.get("/foto-desa", query_string={"desa": village}).status_code == 404
        assert upload(clerk, zipped({"a.jpg": b"x"}), village=village).status_code == 404


def test_a_plan_is_seen_in_its_own_area_only(scene, clerk):
    location = upload(clerk, zipped({f"{scene.add_family()}.jpg": face(1)})).location
    stranger = scene.sign_in(Role.CARD_CLERK, username="orang.lain", area="62.71")
    for path in (location, f"{location}/laporan.csv"):
        assert stranger.get(path).status_code == 404
    for path in (f"{location}/terapkan", f"{location}/buang"):
        assert stranger.post(path).status_code == 404
    assert clerk.get(location).status_code == 200


def test_who_issues_no_cards_brings_no_photos(scene):
    registrar = scene.sign_in(Role.REGISTRAR)
    assert registrar.get("/foto-desa").status_code == 403
    assert upload(registrar, zipped({"a.jpg": b"x"})).status_code == 403
