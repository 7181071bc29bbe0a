"""Face photos: the file under its hash in the installation's photo folder, the row that says whose it is.

The folder lies outside the database, so that its backups stay small; a file without a row (a transaction that failed)
is harmless, and the same picture twice is one file.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from registry.audit import Actor, record
from registry.db import Session
from registry.errors import NotFound
from registry.keys.keys import KeyRing
from registry.kinds import PersonState, Relation
from registry.models import Family, Person, Photo
from registry.regions import within
from registry.whole_files import write_whole

__all__ = [
    "current_photo",
    "current_photos",
    "get_photo",
    "keep_photo",
    "keep_photo_once",
    "newest_photo",
    "note_photo",
    "photo_path",
    "read_photo",
    "read_picture",
    "write_picture",
]


def keep_photo(
    session: Session, person: Person, jpeg: bytes, *, folder: Path, actor: Actor, keys: KeyRing, at: datetime
) -> Photo:
    """Keep a photo of a person; it is the current one from now on, older ones stay.

    Args:
        jpeg: the picture, already cleaned (3:4, no EXIF) by ``printing.photo``.
        folder: the photo folder; made with mode 0700 when missing.
    """
    return note_photo(session, person, write_picture(folder, jpeg), actor=actor, keys=keys, at=at)


def keep_photo_once(
    session: Session, person_id: UUID, digest: str, *, replaces: bool, actor: Actor, keys: KeyRing, at: datetime
) -> Photo | None:
    """Note a picture that lies in the folder already as a person's photo; nothing when it need not or must not be.

    It need not when it is the current one, so that doing it again changes nothing; it must not when the person is no
    living head any more, or has another photo that it does not replace.
    """
    # two that do the same at the same time come one after the other
    person = session.scalar(select(Person).where(Person.id == person_id).with_for_update())
    if person is None or person.relation is not Relation.HEAD or person.state is not PersonState.LIVING:
        return None
    before = current_photo(session, person_id)
    if before is not None and (before.sha256 == digest or not replaces):
        return None
    return note_photo(session, person, digest, actor=actor, keys=keys, at=at)


def write_picture(folder: Path, jpeg: bytes) -> str:
    """Write a picture into the photo folder under its SHA-256 (hex), and return that."""
    digest = sha256(jpeg).hexdigest()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = photo_path(folder, digest)
    if not path.exists():
        write_whole(path, jpeg)
    return digest


def note_photo(session: Session, person: Person, digest: str, *, actor: Actor, keys: KeyRing, at: datetime) -> Photo:
    """Note that a picture of the photo folder shows a person; it is the current one from now on."""
    photo = Photo(person_id=person.id, sha256=digest, taken_at=at, officer_id=actor.officer_id)
    session.add(photo)
    session.flush()
    record(session, "photo.taken", f"photo:{photo.id}", actor=actor, key=keys.audit_key, at=at)
    return photo


def current_photo(session: Session, person_id: UUID) -> Photo | None:
    """Return the newest photo of a person."""
    return session.scalar(
        select(Photo).where(Photo.person_id == person_id).order_by(Photo.taken_at.desc(), Photo.id.desc()).limit(1)
    )


def newest_photo(session: Session) -> Photo | None:
    """Return the photo that was kept last, of whomever; nothing when none was."""
    return session.scalar(select(Photo).order_by(Photo.id.desc()).limit(1))


def current_photos(session: Session, person_ids: Collection[UUID]) -> dict[UUID, Photo]:
    """Return the newest photo of each of some thousand people who have one."""
    oldest_first = select(Photo).where(Photo.person_id.in_(person_ids)).order_by(Photo.taken_at, Photo.id)
    return {photo.person_id: photo for photo in session.scalars(oldest_first)}


def get_photo(session: Session, photo_id: UUID, *, area: str) -> Photo:
    """Return a photo, when the family of its person lives in the area.

    Raises:
        NotFound: ``photo_missing``, also for a photo of somebody elsewhere.
    """
    photo = session.scalar(
        select(Photo)
        .join(Person, Person.id == Photo.person_id)
        .join(Family, Family.id == Person.family_id)
        .where(Photo.id == photo_id, within(Family.village_code, area))
    )
    if photo is None:
        raise NotFound("photo_missing")
    return photo


def read_photo(folder: Path, photo: Photo) -> bytes:
    """Return the picture of a photo.

    Raises:
        NotFound: as :func:`read_picture`.
    """
    return read_picture(folder, photo.sha256)


def read_picture(folder: Path, digest: str) -> bytes:
    """Return the picture with this SHA-256 (hex).

    Raises:
        NotFound: ``photo_missing``, when the file is gone or is not what was kept.
    """
    try:
        jpeg = photo_path(folder, digest).read_bytes()
    except FileNotFoundError:
        raise NotFound("photo_missing") from None
    if sha256(jpeg).hexdigest() != digest:
        raise NotFound("photo_missing")
    return jpeg


def photo_path(folder: Path, digest: str) -> Path:
    """Return where the picture with this SHA-256 (hex) lies."""
    return folder / f"{digest}.jpg"
