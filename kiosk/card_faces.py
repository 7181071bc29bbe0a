"""From a card of the registry to what is printed on it: the one place where kiosk hands families to the printer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from kiosk.words.cards import LOSS_CONTACT, PROGRAMME
from printing.face import CardFace
from registry.cards.photos import current_photos, read_photo
from registry.code.token import to_text
from registry.days import local_day
from registry.db import Session
from registry.errors import NotFound
from registry.models import Card, Photo
from registry.regions import find_paths

_AT_ONCE = 100  # cards whose photos and places are asked for in one go


def faces_of(session: Session, cards: Iterable[Card], *, photos: Path) -> Iterator[CardFace]:
    """Give what stands on each card, in order.

    A photo whose file is gone is left out, so that one lost file does not hold up a whole village; the card shows
    its place empty, and the officer sees it there.

    Args:
        photos: the photo folder of the installation.
    """
    rest = iter(cards)
    while some := list(islice(rest, _AT_ONCE)):
        places = find_paths(session, sorted({card.region_code for card in some}))
        taken = current_photos(session, {card.head_id for card in some})
        for card in some:
            place = places[card.region_code]
            yield CardFace(
                programme=PROGRAMME,
                head_name=card.head_name,
                card_number=card.number,
                district=place.district,
                regency=place.regency,
                issue_number=card.issue_number,
                issued_on=local_day(card.issued_at),
                valid_until=local_day(card.expires_at),
                qr_text=to_text(card.token),
                loss_contact=LOSS_CONTACT.format(regency=place.regency),
                photo=_picture(taken.get(card.head_id), folder=photos),
            )


def _picture(photo: Photo | None, *, folder: Path) -> bytes | None:
    if photo is None:
        return None
    try:
        return read_photo(folder, photo)
    except NotFound:
        return None
