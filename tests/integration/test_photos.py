"""Photos: kept under their hash, the newest is the current one."""

from __future__ import annotations

import stat
from datetime import timedelta

import pytest
from card_house import CardHouse
from moment import NOW
from sqlalchemy import select

from registry.cards.photos import current_photo, keep_photo, photo_path, read_photo
from registry.errors import NotFound
from registry.models import AuditLine


@pytest.fixture
def house(database) -> CardHouse:
    return CardHouse(database, NOW)


@pytest.fixture
def session(house):
    with house.database.open_session(writes=True) as session:
        yield session


@pytest.fixture
def head(house, session):
    return house.add_family(session).people[0]


def test_the_newest_photo_is_the_current_one_and_older_ones_stay(house, session, head, tmp_path):
    folder = tmp_path / "photos"
    assert current_photo(session, head.id) is None
    old = keep_photo(session, head, b"one", folder=folder, actor=house.actor, keys=house.keys, at=NOW)
    later = NOW + timedelta(minutes=1)
    new = keep_photo(session, head, b"two", folder=folder, actor=house.actor, keys=house.keys, at=later)
    assert current_photo(session, head.id) is new
    assert (read_photo(folder, old), read_photo(folder, new)) == (b"one", b"two")
    assert [line.subject for line in session.scalars(select(AuditLine).where(AuditLine.action == "photo.taken"))] == [
        f"photo:{old.id}",
        f"photo:{new.id}",
    ]


def test_the_same_picture_twice_is_one_file_that_only_the_owner_reads(house, session, head, tmp_path):
    for _ in range(2):
        keep_photo(session, head, b"one", folder=tmp_path / "photos", **house.rest)
    [file] = (tmp_path / "photos").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("spoil", ["remove", "exchange"])
def test_a_picture_that_is_gone_or_exchanged_is_not_shown(house, session, head, tmp_path, spoil):
    photo = keep_photo(session, head, b"one", folder=tmp_path, **house.rest)
    path = photo_path(tmp_path, photo.sha256)
    path.unlink() if spoil == "remove" else path.write_bytes(b"two")
    with pytest.raises(NotFound) as missing:
        read_photo(tmp_path, photo)
    assert missing.value.code == "photo_missing"
