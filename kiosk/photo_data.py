"""A photo inside the page itself: for a card that is here in the hand, wherever its family lives."""

from __future__ import annotations

from base64 import b64encode
from uuid import UUID

from kiosk.state import state
from registry.db import Session
from registry.errors import NotFound
from registry.photos import current_photo, read_photo


def photo_data(reading: Session, person_id: UUID) -> str:
    """Return the newest photo of a person as a data address; empty when there is none, or its file is gone."""
    photo = current_photo(reading, person_id)
    if photo is None:
        return ""
    try:
        picture = read_photo(state().settings.photos_folder, photo)
    except NotFound:
        return ""
    return f"data:image/jpeg;base64,{b64encode(picture).decode()}"
