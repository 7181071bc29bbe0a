"""Whether the fresh card that was scanned is ready, and may be handed over.

It must be printed, its code read back, and its family's head still the one named on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from registry.code.token import TrustList
from registry.db import Session
from registry.families.families import head_of
from registry.kinds import CardState, PersonState
from registry.models import Card
from registry.prints.copies import may_have_come_out, open_copy_of
from verify.decide_card import HandOverFacts, decide_hand_over
from verify.facts import read_scan
from verify.reasons import Decision, refuse
from verify.shown_card import NotShown, find_shown_card


@dataclass(frozen=True, slots=True)
class FreshCard:
    """The card that was scanned, and whether it may be handed over."""

    decision: Decision
    card: Card | None = None
    """None when the scan names no card of ours."""
    is_scanned: bool = False
    """Whether its code was read, not just a number typed by hand."""

    @property
    def is_to_note(self) -> bool:
        """Whether this scan is the first of the code after printing: whoever may write notes that it is ready."""
        return self.is_scanned and self.decision.is_granted and self.card is not None and self.card.read_back_at is None


def look_at_fresh_card(
    session: Session, text: str, trust: TrustList, *, area: str, as_typed: str = "", at: datetime
) -> FreshCard:
    """Read what a scanner or a hand typed, and decide whether that card may be handed over now. It only reads.

    A family may fetch its card at a counter of another area, by its code. And only a scanned code shows that what was
    printed can be read, so a number is enough only of a card whose code was scanned before.

    A scan is proof as well that a copy came out whose fate nobody had told yet: its card counts as printed.

    Args:
        text: the scanned text of a QR code, or a card number typed by hand.
        area: where a number typed by hand is enough.
        as_typed: the other reading of the same keys, see :func:`verify.facts.read_scan`.
    """
    scan = read_scan(text, trust, at=at, as_typed=as_typed)
    card = find_shown_card(session, scan, area=area)
    if isinstance(card, NotShown):
        return FreshCard(refuse(card.reason), card.card)
    is_scanned = scan.token_hash is not None
    return FreshCard(_decide(session, card, is_scanned=is_scanned, at=at), card, is_scanned)


def _decide(session: Session, card: Card, *, is_scanned: bool, at: datetime) -> Decision:
    head = head_of(card.family)
    has_come_out = is_scanned and card.state is CardState.ISSUED and _has_come_out(session, card)
    return decide_hand_over(
        HandOverFacts(
            at=at,
            state=CardState.PRINTED if has_come_out else card.state,
            is_read_back=is_scanned or card.read_back_at is not None,
            block_reason=card.block_reason,
            expires_at=card.expires_at,
            family_state=card.family.state,
            head_died=card.head.state is PersonState.DEAD,
            has_head=head is not None,
            head_is_named=head is not None and head.id == card.head_id,
            medium=card.medium,
        )
    )


def _has_come_out(session: Session, card: Card) -> bool:
    copy = open_copy_of(session, card)
    return copy is not None and may_have_come_out(copy)
