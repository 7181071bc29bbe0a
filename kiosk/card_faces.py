"""From a card of the registry to what is printed on it: the one place where kiosk hands families to the printer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kiosk.photo_data import photo_file
from kiosk.words.cards import LOSS_CONTACT, PROGRAMME
from printing.face import CardFace
from registry.code.token import to_text
from registry.days import local_day
from registry.db import Session
from registry.models import Card
from registry.regions import find_paths


def faces_of(session: Session, cards: Iterable[Card], *, photos: Path) -> Iterator[CardFace]:
    """Give what stands on each card, in order.

    A photo whose file is gone is left out, so that one lost file does not hold up a whole village; the card shows
    its place empty, and the officer sees it there.

    Args:
        photos: the photo folder of the installation.
    """
    for card in cards:
        place = find_paths(session, [card.region_code])[card.region_code]
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
            photo=photo_file(session, card.head_id, folder=photos),
        )
