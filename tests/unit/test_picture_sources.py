"""Many pictures at once: what of a folder or a ZIP is read, and how little of one that means harm."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from village_photos import zipped

from printing.errors import PhotoError
from printing.picture_sources import MAX_ENTRIES, FolderSource, PictureSource, ZipSource
from printing.pictures import MAX_BYTES


def opened(archive: bytes) -> ZipSource:
    return ZipSource(io.BytesIO(archive))


def folder_of(place: Path, files: dict[str, bytes]) -> FolderSource:
    for path, content in files.items():
        file = place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return FolderSource(place)


@contextmanager
def using_less_than(most: int) -> Iterator[None]:
    """Hold what happens inside to so many bytes of memory at once."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


def refusal_of(act, *args) -> str:
    with pytest.raises(PhotoError) as refused:
        act(*args)
    return refused.value.code


FILES = {
    "RT 1/a.jpg": b"one",
    "b.PNG": b"two",
    "RT 1/.hidden.jpg": b"x",
    "__MACOSX/RT 1/._a.jpg": b"x",
    "RT 2/Thumbs.db": b"x",
    "RT 2/desktop.ini": b"x",
    ".DS_Store": b"x",
    "RT 2/c.txt": b"three",
}


@pytest.fixture(params=["folder", "zip"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> PictureSource:
    return folder_of(tmp_path, FILES) if request.param == "folder" else opened(zipped(FILES))


def test_what_somebody_put_there_is_found_and_what_systems_leave_about_is_not(source):
    assert [file.path for file in source.files] == ["RT 1/a.jpg", "RT 2/c.txt", "b.PNG"]
    assert [source.read(file) for file in source.files] == [b"one", b"three", b"two"]
    assert [file.stem for file in source.files] == ["a", "c", "b"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.pdf", "photo_wrong_format"),
        ("a", "photo_wrong_format"),
        ("a.gif", "photo_wrong_format"),
        ("a.zip", "photo_is_archive"),
        ("a.RAR", "photo_is_archive"),
        ("a.tar.gz", "photo_is_archive"),
    ],
)
def test_what_is_no_picture_by_its_name_is_refused_unread(name, code):
    [file] = opened(zipped({name: b"x"})).files
    assert refusal_of(file.check) == code


def test_a_file_of_100_megabytes_is_refused_unread(tmp_path):
    with (tmp_path / "a.jpg").open("wb") as file:
        file.truncate(100_000_000)
    [found] = FolderSource(tmp_path).files
    assert refusal_of(found.check) == "photo_too_large"


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(b"x")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "a.jpg").symlink_to(secret)
    (inside / "b").symlink_to(tmp_path, target_is_directory=True)
    assert refusal_of(FolderSource, inside) == "archive_empty"


def test_a_path_that_climbs_out_is_a_name_like_any_other(tmp_path):
    source = opened(zipped({"../../etc/a.jpg": b"one", "C:\\foto\\b.jpg": b"two", "./root/c.jpg": b"three"}))
    assert {file.stem for file in source.files} == {"a", "b", "c"}
    assert {source.read(file) for file in source.files} == {b"one", b"two", b"three"}


def test_what_cannot_be_shown_in_a_name_is_not_shown():
    [file] = opened(zipped({"a\x1b[31m\u202egpj.jpg": b"x"})).files
    assert file.path.isprintable()
    assert file.path.startswith("a�[31m")


def test_two_entries_of_the_same_name_are_two_files():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.jpg", b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.jpg", b"two")
    source = ZipSource(target)
    assert [source.read(file) for file in source.files] == [b"one", b"two"]


@pytest.mark.parametrize(
    "content",
    [b"", b"Rar!\x1a\x07", b"%PDF-1.7", zipped({"a.jpg": b"x" * 500})[:300]],
    ids=["nothing", "rar", "pdf", "half"],
)
def test_what_is_no_whole_zip_is_refused(content):
    assert refusal_of(opened, content) == "archive_unreadable"


def test_an_empty_archive_is_said_to_be_empty():
    assert refusal_of(opened, zipped({})) == "archive_empty"
    assert refusal_of(opened, zipped({"__MACOSX/a.jpg": b"x", "RT 1/": b""})) == "archive_empty"


def test_a_locked_archive_is_refused():
    archive = bytearray(zipped({"a.jpg": b"x"}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(signature) + place] |= 1
    assert refusal_of(opened, bytes(archive)) == "archive_locked"


def test_too_many_entries_are_refused():
    assert refusal_of(opened, zipped({f"{number}.jpg": b"" for number in range(MAX_ENTRIES + 1)})) == "archive_too_many"


def test_a_list_of_entries_that_would_fill_the_memory_is_never_read():
    # the end of an archive that says: my list of entries is 300 MB long
    directory = 300 << 20
    file = io.BytesIO()
    file.seek(directory)
    file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, directory, 0, 0))
    with using_less_than(8 << 20):
        assert refusal_of(ZipSource, file) == "archive_too_many"


def test_a_bomb_is_refused_by_what_it_states():
    bomb = zipped({f"{number}.jpg": bytes(8_000_000) for number in range(6)}, packing=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 60_000
    assert refusal_of(opened, bomb) == "archive_packed_too_well"


def test_no_more_comes_out_of_an_entry_than_a_photo_may_have_whatever_it_states():
    archive = bytearray(zipped({"a.jpg": bytes(30_000_000)}, packing=zipfile.ZIP_DEFLATED))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = archive.index(signature) + place
        archive[at : at + 4] = struct.pack("<L", 9_000_000)
    source = opened(bytes(archive))
    [file] = source.files
    with using_less_than(2 * MAX_BYTES + (4 << 20)):
        assert refusal_of(source.read, file) == "photo_too_large"


def test_an_entry_that_states_too_little_is_broken():
    archive = bytearray(zipped({"a.jpg": bytes(30_000_000)}, packing=zipfile.ZIP_DEFLATED))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = archive.index(signature) + place
        archive[at : at + 4] = struct.pack("<L", 100)
    source = opened(bytes(archive))
    assert refusal_of(source.read, source.files[0]) == "photo_unreadable"


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_unpack_at_one_stroke_are_not_unpacked(packing):
    source = opened(zipped({"a.jpg": bytes(5_000_000)}, packing=packing))
    with using_less_than(1 << 20):
        assert refusal_of(source.read, source.files[0]) == "photo_unreadable"


def test_what_came_out_in_all_is_counted(monkeypatch):
    source = opened(zipped({name: bytes(1_000) for name in ("a.jpg", "b.jpg", "c.jpg")}))
    monkeypatch.setattr("printing.picture_sources.MAX_UNPACKED", 2_500)
    for file in source.files[:2]:
        source.read(file)
    assert refusal_of(source.read, source.files[2]) == "archive_packed_too_well"
