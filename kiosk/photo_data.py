"""The newest photo of a person: as a file for the printer, or inside the page for a card that is here in the hand."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from uuid import UUID

from kiosk.state import state
from registry.cards.photos import current_photo, read_photo
from registry.db import Session
from registry.errors import NotFound


def photo_file(reading: Session, person_id: UUID, *, folder: Path) -> bytes | None:
    """Return the newest photo of a person as a JPEG; nothing when there is none, or its file is gone.

    Args:
        folder: the photo folder of the installation.
    """
    photo = current_photo(reading, person_id)
    if photo is None:
        return None
    try:
        return read_photo(folder, photo)
    except NotFound:
        return None


def photo_data(reading: Session, person_id: UUID) -> str:
    """Return the newest photo of a person as a data address, wherever the family lives; empty when there is none."""
    picture = photo_file(reading, person_id, folder=state().settings.photos_folder)
    return f"data:image/jpeg;base64,{b64encode(picture).decode()}" if picture else ""
