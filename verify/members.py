"""A card that is shown where persons are served: whether it is good, and then who lives in its family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from registry.care.members import Member, members_shown
from registry.code.token import TrustList
from registry.days import local_day
from registry.db import Session
from registry.families.families import head_of
from registry.kinds import PersonState, PointKind
from registry.models import Card
from verify.decide import GivingFacts, ScannedCard, decide_valid
from verify.facts import read_scan
from verify.reasons import Decision, Reason, ReasonCode, refuse
from verify.shown_card import NotShown, find_shown_card

__all__ = ["CardShown", "Chosen", "FamilyShown", "choose", "look_at_members"]


@dataclass(frozen=True, slots=True)
class FamilyShown:
    """What a place that serves persons may see by a good card."""

    family_id: UUID
    village_code: str
    card_id: UUID
    card_number: str
    expires_at: datetime
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class CardShown:
    """A card that was shown, and whether it is good."""

    decision: Decision
    card_id: UUID | None = None
    """``None`` when it is no card of ours."""
    family: FamilyShown | None = None
    """``None`` when the card is not good."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A living person of a family whose good card is here; only :func:`choose` makes one."""

    person: Member
    family: FamilyShown


def choose(card: CardShown, person_id: UUID | None) -> Chosen | Decision:
    """Return the person of the card's family who has this id, or why nobody is served by it."""
    if card.family is None:
        return card.decision
    if person_id is None:
        return refuse(Reason(ReasonCode.PERSON_NOT_CHOSEN))
    for member in card.family.members:
        if member.person_id == person_id:
            return Chosen(member, card.family)
    return refuse(Reason(ReasonCode.PERSON_NOT_OF_FAMILY))


def look_at_members(
    session: Session, text: str, trust: TrustList, *, area: str, here: PointKind, as_typed: str = "", at: datetime
) -> CardShown:
    """Read what a scanner or a hand typed, and show the people of the card's family when the card is good.

    It only reads.

    Args:
        text: the scanned text of a QR code, or a card number typed by hand.
        area: where a number typed by hand is enough.
        here: what kind of place the card is shown at; a school sees those of school age only.
        as_typed: the other reading of the same keys, see :func:`verify.facts.read_scan`.
    """
    scan = read_scan(text, trust, at=at, as_typed=as_typed)
    card = find_shown_card(session, scan, area=area)
    if isinstance(card, NotShown):
        return CardShown(refuse(card.reason), card.card.id if card.card else None)
    today = local_day(at)
    decision = decide_valid(GivingFacts(at, today, _as_scanned(card), None))
    if not decision.is_granted:
        return CardShown(decision, card.id)
    family = FamilyShown(
        family_id=card.family_id,
        card_id=card.id,
        card_number=card.number,
        expires_at=card.expires_at,
        village_code=card.family.village_code,
        members=members_shown(session, card.family_id, here=here, today=today),
    )
    return CardShown(decision, card.id, family)


def _as_scanned(card: Card) -> ScannedCard:
    return ScannedCard(
        state=card.state,
        block_reason=card.block_reason,
        issued_at=card.issued_at,
        expires_at=card.expires_at,
        family_state=card.family.state,
        head_died=card.head.state is PersonState.DEAD,
        has_head=head_of(card.family) is not None,
        medium=card.medium,
    )
