"""What a service point may see of a family when its card is shown: the card, its head, and where it lives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from registry.db import Session
from registry.families.families import head_of
from registry.kinds import CardState
from registry.models import Card
from registry.regions import find_path


@dataclass(frozen=True, slots=True)
class CardView:
    """A card as it is shown where it is scanned. No NIK, no Nomor KK, no address, no other people of the family."""

    number: str
    issue_number: int
    expires_at: datetime
    family_reference: str
    head_name: str
    """The living head's; the name on the card when the family has none now."""
    birth_year: int
    is_head_changed: bool
    """Whether an active card names another person than the head of today: it is still good, and due to be replaced."""
    head_id: UUID
    """The person who is named here, for the photo."""
    village: str
    district: str
    regency: str


def view_card(session: Session, card_id: UUID) -> CardView:
    """Return what may be shown of a card that exists."""
    card = session.get_one(Card, card_id)
    head = head_of(card.family) or card.head
    path = find_path(session, card.family.village_code)
    return CardView(
        number=card.number,
        issue_number=card.issue_number,
        expires_at=card.expires_at,
        family_reference=card.family.reference,
        head_name=head.name,
        birth_year=head.birth_date.year,
        is_head_changed=card.state is CardState.ACTIVE and head.id != card.head_id,
        head_id=head.id,
        village=path.village,
        district=path.district,
        regency=path.regency,
    )
