"""Whether the fresh card that was scanned may be handed over: it must be printed, unchanged, and still its family's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from registry.cards.cards import find_card
from registry.code.token import TrustList
from registry.db import Session
from registry.families.families import head_of
from registry.kinds import PersonState
from registry.models import Card
from registry.regions import is_within
from verify.decide_card import HandOverFacts, decide_hand_over
from verify.facts import read_scan
from verify.reasons import Decision, Reason, ReasonCode, refuse


@dataclass(frozen=True, slots=True)
class FreshCard:
    """The card that was scanned, and whether it may be handed over."""

    decision: Decision
    card: Card | None = None
    """None when the scan names no card of ours."""


def look_at_fresh_card(
    session: Session, text: str, trust: TrustList, *, area: str, as_typed: str = "", at: datetime
) -> FreshCard:
    """Read what a scanner or a hand typed, and decide whether that card may be handed over now. It only reads.

    A family may fetch its card at a counter of another area, but then the code must be scanned: it proves that the card
    is here, whereas a number can be made up to see the people of some family far away.

    Args:
        text: the scanned text of a QR code, or a card number typed by hand.
        area: where a number typed by hand is enough.
        as_typed: the other reading of the same keys, see :func:`verify.facts.read_scan`.
    """
    scan = read_scan(text, trust, at=at, as_typed=as_typed)
    if scan.refusal is not None:
        return FreshCard(refuse(scan.refusal))
    card = find_card(session, number=scan.number, token_hash=scan.token_hash)
    if card is None:
        return FreshCard(refuse(Reason(ReasonCode.CARD_UNKNOWN)))
    if scan.token_hash is None and not is_within(card.family.village_code, area):
        return FreshCard(refuse(Reason(ReasonCode.CARD_ELSEWHERE)), card)
    return FreshCard(_decide(card, at=at), card)


def _decide(card: Card, *, at: datetime) -> Decision:
    head = head_of(card.family)
    return decide_hand_over(
        HandOverFacts(
            at=at,
            state=card.state,
            block_reason=card.block_reason,
            expires_at=card.expires_at,
            family_state=card.family.state,
            head_died=card.head.state is PersonState.DEAD,
            has_head=head is not None,
            head_is_named=head is not None and head.id == card.head_id,
        )
    )
