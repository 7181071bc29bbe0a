"""The newest photo of a person, inside the page for a card that is here in the hand."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection
from uuid import UUID

from kiosk.state import state
from registry.cards.photos import current_photos, read_photo
from registry.db import Session
from registry.errors import NotFound
from registry.models import Photo


def photo_data(reading: Session, person_id: UUID) -> str:
    """Return the newest photo of a person as a data address, wherever the family lives; empty when there is none."""
    return photos_data(reading, [person_id])[person_id]


def photos_data(reading: Session, people: Collection[UUID]) -> dict[UUID, str]:
    """Return the same of each of the people of a family, asked for at once."""
    taken = current_photos(reading, people)
    return {person_id: _data(taken.get(person_id)) for person_id in people}


def _data(photo: Photo | None) -> str:
    """Return a photo as a data address; empty without one, also when its file is gone."""
    if photo is None:
        return ""
    try:
        picture = read_photo(state().settings.photos_folder, photo)
    except NotFound:
        return ""
    return f"data:image/jpeg;base64,{b64encode(picture).decode()}"
