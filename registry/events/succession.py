"""What an event means for the family's card: the same entitlement, and another card where this one is out of date.

A card goes with its head's name and its family: it is replaced when the family has another head, and blocked when the
family is not served here any more. Where a family is left without a head nothing is issued; its card opens nothing
until a head is named, and then it is replaced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from registry.audit import Actor
from registry.cards.cards import block_card, live_card_of, replace_card
from registry.db import Session
from registry.events.plans import Plan
from registry.families.families import head_of
from registry.keys.keys import KeyRing
from registry.kinds import BlockReason, FamilyState
from registry.models import Card, Family

__all__ = ["CardFate", "foresee_cards", "succeed_cards"]


@dataclass(frozen=True, slots=True)
class CardFate:
    """What becomes of a family's card."""

    card: Card
    family: Family
    reason: BlockReason | None
    """Why it is blocked or replaced; none where the family is left without a head and the card just opens nothing."""

    @property
    def is_replaced(self) -> bool:
        """Tell whether the family gets another card."""
        return self.reason is BlockReason.HEAD_CHANGED


def foresee_cards(session: Session, plan: Plan) -> list[CardFate]:
    """Return what a plan will mean for cards that live; those that stay as they are are left out."""
    fates = []
    for family in plan.families:
        card, head = live_card_of(session, family), plan.head_after(family)
        fate = card and _fate(card, family, plan.state_after(family), head.id if head else None)
        if fate:
            fates.append(fate)
    return fates


def succeed_cards(
    session: Session, families: Iterable[Family], *, actor: Actor, keys: KeyRing, at: datetime
) -> list[CardFate]:
    """Block or replace the cards of families that have just been changed; return what was done.

    Raises:
        Conflict, KeyFault, NotFound: as :func:`registry.cards.cards.replace_card`; the caller rolls back.
    """
    fates = []
    for family in families:
        card, head = live_card_of(session, family), head_of(family)
        fate = card and _fate(card, family, family.state, head.id if head else None)
        if not fate:
            continue
        if fate.is_replaced:
            replace_card(session, fate.card, BlockReason.HEAD_CHANGED, actor=actor, keys=keys, at=at)
        elif fate.reason:
            block_card(session, fate.card, fate.reason, actor=actor, keys=keys, at=at)
        fates.append(fate)
    return fates


def _fate(card: Card, family: Family, state: FamilyState, head_id: UUID | None) -> CardFate | None:
    if state is not FamilyState.ACTIVE:
        return CardFate(card, family, BlockReason.FAMILY_ENDED)
    if head_id is None:
        return CardFate(card, family, None)
    return None if head_id == card.head_id else CardFate(card, family, BlockReason.HEAD_CHANGED)
