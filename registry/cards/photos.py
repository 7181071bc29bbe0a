"""Face photos: the file under its hash in the installation's photo folder, the row that says whose it is.

The folder lies outside the database, so that its backups stay small; a file without a row (a transaction that failed)
is harmless, and the same picture twice is one file.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from registry.audit import Actor, record
from registry.db import Session
from registry.errors import NotFound
from registry.keys.keys import KeyRing
from registry.models import Family, Person, Photo
from registry.regions import within
from registry.whole_files import write_whole

__all__ = ["current_photo", "get_photo", "keep_photo", "photo_path", "read_photo"]


def keep_photo(
    session: Session, person: Person, jpeg: bytes, *, folder: Path, actor: Actor, keys: KeyRing, at: datetime
) -> Photo:
    """Keep a photo of a person; it is the current one from now on, older ones stay.

    Args:
        jpeg: the picture, already cleaned (3:4, no EXIF) by ``printing.photo``.
        folder: the photo folder; made with mode 0700 when missing.
    """
    digest = sha256(jpeg).hexdigest()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = photo_path(folder, digest)
    if not path.exists():
        write_whole(path, jpeg)
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
        NotFound: ``photo_missing``, when the file is gone or is not what was kept.
    """
    try:
        jpeg = photo_path(folder, photo.sha256).read_bytes()
    except FileNotFoundError:
        raise NotFound("photo_missing") from None
    if sha256(jpeg).hexdigest() != photo.sha256:
        raise NotFound("photo_missing")
    return jpeg


def photo_path(folder: Path, digest: str) -> Path:
    """Return where the picture with this SHA-256 (hex) lies."""
    return folder / f"{digest}.jpg"
