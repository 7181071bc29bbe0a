"""The card that is shown: which of ours a scan names, and whether its number alone is enough to tell of it."""

from __future__ import annotations

from dataclasses import dataclass

from registry.cards.cards import find_card
from registry.db import Session
from registry.models import Card
from registry.regions import is_within
from verify.facts import Scan
from verify.reasons import Reason, ReasonCode

__all__ = ["NotShown", "find_shown_card"]


@dataclass(frozen=True, slots=True)
class NotShown:
    """Why nothing is told of what was scanned or typed."""

    reason: Reason
    card: Card | None = None
    """The card that a number names, where the number is not enough."""


def find_shown_card(session: Session, scan: Scan, *, area: str) -> Card | NotShown:
    """Return the card that a scan names, in whatever state, or why nothing is told of it.

    A family from elsewhere is served where it comes, but then the code must be scanned: it proves that the card is
    here, whereas a number can be made up to see the people of some family far away.

    Args:
        area: where a number typed by hand is enough.
    """
    if scan.refusal is not None:
        return NotShown(scan.refusal)
    card = find_card(session, number=scan.number, token_hash=scan.token_hash)
    if card is None:
        return NotShown(Reason(ReasonCode.CARD_UNKNOWN))
    if scan.token_hash is None and not is_within(card.family.village_code, area):
        return NotShown(Reason(ReasonCode.CARD_ELSEWHERE), card)
    return card
