"""Issuing a card, and replacing one by the family's next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.audit import Actor
from registry.cards.new import LIVE, draw_card, is_overtaken
from registry.cards.steps import step_card, tell_step
from registry.code.token import TrustList
from registry.db import Session
from registry.errors import Conflict
from registry.families.families import head_of
from registry.free_text import check_free_text
from registry.giving.redemptions import lock_own_hub
from registry.keys.keys import KeyRing, load_trust
from registry.kinds import BlockReason, CardEventKind, CardMedium, CardState, FamilyState
from registry.models import Card, Family, Person

__all__ = ["issue_card", "live_card_of", "replace_card"]

_TRIES = 8  # drawing again after another counter took the same number at the same moment


def issue_card(
    session: Session,
    family: Family,
    *,
    medium: CardMedium = CardMedium.PLASTIC,
    trust: TrustList | None = None,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Card:
    """Issue a card to a family: a free number and status index, both at random, and a signed token.

    Whether the family is entitled to one is for ``verify`` to decide. The card is valid to the end of a day, as many
    years on as the rule in force says; a card of paper to the end of the 30th day after this.

    Args:
        medium: of paper for a family that cannot wait until there is a blank, or a printer, for the plastic one.
        trust: whose cards a scan believes now; read from the database when left out, which whoever issues to a whole
            village does once and not for every card.

    Raises:
        Conflict: ``card_exists`` (detail ``number``), ``no_head``, ``family_moved``, ``family_dissolved``,
            ``card_numbers_exhausted``, ``status_list_full``.
        KeyFault: ``issuing_key_untrusted``, when a scan would not believe the card now.
        NotFound: ``card_rule_missing``.
    """
    head = _head_for_card(family)
    return _issue(session, family, head, medium, replaces=None, trust=trust, actor=actor, keys=keys, at=at)


def live_card_of(session: Session, family: Family) -> Card | None:
    """Return the family's card that is issued, printed or active."""
    return session.scalar(select(Card).where(Card.family_id == family.id, Card.state.in_(LIVE)))


def replace_card(
    session: Session,
    card: Card,
    reason: BlockReason,
    note: str = "",
    *,
    medium: CardMedium = CardMedium.PLASTIC,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Card:
    """Mark a card as replaced, and issue the family's next one with the head that it has now.

    The new card opens the same entitlements, so nothing is given a second time.

    Raises:
        Conflict: ``card_not_provisional``, when the reason is that the plastic card has come, and the card is not of
            paper or the new one is; ``card_is_replaced``, and as :func:`issue_card`; the caller rolls back, so that
            nothing is changed.
        KeyFault, NotFound: as :func:`issue_card`.
        RegistryError: ``text_holds_number``.
    """
    note = check_free_text(note)
    if reason is BlockReason.PROVISIONAL and (card.medium, medium) != (CardMedium.PAPER, CardMedium.PLASTIC):
        raise Conflict("card_not_provisional", number=card.number)
    lock_own_hub(session.connection())
    family = session.get_one(Family, card.family_id)
    head = _head_for_card(family)
    step_card(session, card, (*LIVE, CardState.BLOCKED), state=CardState.REPLACED, block_reason=reason)
    tell_step(session, card, CardEventKind.REPLACED, why=reason, reason=note, actor=actor, keys=keys, at=at)
    return _issue(session, family, head, medium, replaces=card, actor=actor, keys=keys, at=at)


def _head_for_card(family: Family) -> Person:
    if family.state is not FamilyState.ACTIVE:
        raise Conflict(f"family_{family.state}")
    head = head_of(family)
    if head is None:
        raise Conflict("no_head")
    return head


def _issue(
    session: Session,
    family: Family,
    head: Person,
    medium: CardMedium,
    *,
    replaces: Card | None,
    trust: TrustList | None = None,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Card:
    trust = load_trust(session) if trust is None else trust
    for _ in range(_TRIES):
        live = live_card_of(session, family)
        if live is not None:
            raise Conflict("card_exists", number=live.number)
        card = draw_card(session, family, head, medium=medium, keys=keys, trust=trust, at=at)
        card.replaces_id = replaces.id if replaces else None
        try:
            with session.begin_nested():
                session.add(card)
        except IntegrityError:
            if not is_overtaken(session, card):
                raise
            continue
        tell_step(session, card, CardEventKind.ISSUED, actor=actor, keys=keys, at=at)
        return card
    raise Conflict("card_numbers_exhausted")
