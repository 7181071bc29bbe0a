"""Photos of hand-overs: the file under its hash in the installation's photo folder, the row that says whose it is."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from registry.audit import Actor, record
from registry.cards.photos import photo_path
from registry.db import Session
from registry.errors import Conflict, NotFound
from registry.keys.keys import KeyRing
from registry.models import RedemptionPhoto
from registry.whole_files import write_whole

__all__ = ["keep_hand_over_photo", "read_hand_over_photo"]


def keep_hand_over_photo(
    session: Session, redemption_id: UUID, jpeg: bytes, *, folder: Path, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Keep the photo of a hand-over; there is one of each, and it stays.

    Args:
        jpeg: the picture, already cleaned (no EXIF) by ``printing.photo``.
        folder: the photo folder; made with mode 0700 when missing.

    Raises:
        Conflict: code ``hand_over_photo_kept``, when there is one already.
    """
    digest = sha256(jpeg).hexdigest()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = photo_path(folder, digest)
    if not path.exists():
        write_whole(path, jpeg)
    try:
        with session.begin_nested():
            session.add(
                RedemptionPhoto(redemption_id=redemption_id, sha256=digest, taken_at=at, officer_id=actor.officer_id)
            )
    except IntegrityError:
        raise Conflict("hand_over_photo_kept") from None
    record(
        session,
        "redemption.photographed",
        f"redemption:{redemption_id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        sha256=digest,
    )


def read_hand_over_photo(folder: Path, digest: str) -> bytes:
    """Return the picture of a hand-over.

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
