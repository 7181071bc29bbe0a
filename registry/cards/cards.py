"""The life of a card: issued, printed or spoilt, handed over, blocked, replaced. Each step says who, when and where.

::

    issued ──printed──▶ printed ──handed over──▶ active
      ▲  ◀──spoilt──────┘ │                        │
      └───────────────────┴──▶ blocked / replaced ◀┘

Only an active card opens anything, so a stolen stack of printed ones is worth nothing. A family has at most one card
that lives. A step is one UPDATE that names the state it starts from: of two counters at once one wins, and the other
gets :class:`~registry.errors.Conflict` with the state that the card has now (``card_is_active``, …).

Blocking and replacing lock the hub first, as giving does: no package is given on a card that was read as active before
and is stored as given after it was closed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from registry.audit import Actor, record
from registry.cards.history import may_take
from registry.cards.new import LIVE, draw_card, is_overtaken
from registry.code.token import TrustList
from registry.db import Session
from registry.errors import Conflict, NotFound
from registry.families.families import head_of
from registry.free_text import check_free_text
from registry.giving.redemptions import lock_own_hub
from registry.identifiers import CardNumber
from registry.keys.keys import KeyRing, load_trust
from registry.kinds import BlockReason, CardEventKind, CardState, FamilyState, PersonState
from registry.models import Card, CardEvent, Family, Person
from registry.regions import within

__all__ = [
    "block_card",
    "cards_in_village",
    "find_card",
    "get_card",
    "hand_over",
    "issue_card",
    "live_card_of",
    "mark_printed",
    "mark_spoilt",
    "replace_card",
]

_TRIES = 8  # drawing again after another counter took the same number at the same moment
_LONGEST_REASON = 200  # the column's width


def issue_card(
    session: Session, family: Family, *, trust: TrustList | None = None, actor: Actor, keys: KeyRing, at: datetime
) -> Card:
    """Issue a card to a family: a free number and status index, both at random, and a signed token.

    Whether the family is entitled to one is for ``verify`` to decide. The card is valid to the end of a day, as many
    years on as the rule in force says.

    Args:
        trust: whose cards a scan believes now; read from the database when left out, which whoever issues to a whole
            village does once and not for every card.

    Raises:
        Conflict: ``card_exists`` (detail ``number``), ``no_head``, ``family_moved``, ``family_dissolved``,
            ``card_numbers_exhausted``, ``status_list_full``.
        KeyFault: ``issuing_key_untrusted``, when a scan would not believe the card now.
        NotFound: ``card_rule_missing``.
    """
    head = _head_for_card(family)
    return _issue(session, family, head, replaces=None, trust=trust, actor=actor, keys=keys, at=at)


def find_card(session: Session, *, number: CardNumber | None = None, token_hash: bytes | None = None) -> Card | None:
    """Return the card with this number, or with this SHA-256 of its token."""
    if token_hash is not None:
        return session.scalar(select(Card).where(Card.token_hash == token_hash))
    return session.scalar(select(Card).where(Card.number == number))


def cards_in_village(session: Session, village_code: str) -> list[tuple[Family, str | None]]:
    """Return the families of a village (a few hundred) with their people, and the number of the live card of each."""
    rows = session.execute(
        select(Family, Card.number)
        .outerjoin(Card, (Card.family_id == Family.id) & Card.state.in_(LIVE))
        .where(Family.village_code == village_code)
        .order_by(Family.id)
        .options(selectinload(Family.people))
    )
    return [(family, number) for family, number in rows]


def live_card_of(session: Session, family: Family) -> Card | None:
    """Return the family's card that is issued, printed or active."""
    return session.scalar(select(Card).where(Card.family_id == family.id, Card.state.in_(LIVE)))


def get_card(session: Session, number: CardNumber, *, area: str) -> Card:
    """Return the card with this number, when its family lives in the area.

    Raises:
        NotFound: ``card_unknown``, also for a card elsewhere.
    """
    card = session.scalar(
        select(Card).join(Card.family).where(Card.number == number, within(Family.village_code, area))
    )
    if card is None:
        raise NotFound("card_unknown")
    return card


def mark_printed(session: Session, card: Card, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Note that the card came out of the printer well.

    Raises:
        Conflict: ``card_is_…``, when it isn't issued any more.
    """
    _step(session, card, (CardState.ISSUED,), state=CardState.PRINTED)
    _tell(session, card, CardEventKind.PRINTED, actor=actor, keys=keys, at=at)


def mark_spoilt(session: Session, card: Card, *, reason: str, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Note that a blank was spoilt in printing; the card keeps its number and token and is to be printed again.

    Args:
        reason: what went wrong, in the officer's words.

    Raises:
        Conflict: ``reason_missing``; ``card_is_…``, when it was handed over, blocked or replaced already.
        RegistryError: ``text_holds_number``.
    """
    reason = check_free_text(reason)
    if not reason:
        raise Conflict("reason_missing")
    _step(session, card, (CardState.ISSUED, CardState.PRINTED), state=CardState.ISSUED)
    _tell(session, card, CardEventKind.SPOILT, reason=reason, actor=actor, keys=keys, at=at)


def hand_over(
    session: Session, card: Card, receiver: Person, *, id_seen: bool, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Note that the printed card was given to the head, or to another grown-up of the family; it is active now.

    Args:
        receiver: who took it.
        id_seen: whether the officer has seen the receiver's identity card.

    Raises:
        Conflict: ``id_not_seen``, ``receiver_not_of_family`` (also for the dead), ``receiver_too_young``;
            ``card_is_…``, when it isn't just printed.
    """
    if not id_seen:
        raise Conflict("id_not_seen")
    if receiver.family_id != card.family_id or receiver.state is not PersonState.LIVING:
        raise Conflict("receiver_not_of_family")
    if not may_take(receiver, at=at):
        raise Conflict("receiver_too_young")
    _step(session, card, (CardState.PRINTED,), state=CardState.ACTIVE)
    _tell(session, card, CardEventKind.HANDED_OVER, receiver=receiver, actor=actor, keys=keys, at=at)


def block_card(
    session: Session, card: Card, reason: BlockReason, note: str = "", *, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Block a card for good; it is refused everywhere from now on.

    Args:
        note: what the officer adds in own words; it stays with the card and goes into no log.

    Raises:
        Conflict: ``card_is_…``, when it is blocked or replaced already.
        RegistryError: ``text_holds_number``.
    """
    note = check_free_text(note)
    lock_own_hub(session.connection())
    _step(session, card, LIVE, state=CardState.BLOCKED, block_reason=reason)
    _tell(session, card, CardEventKind.BLOCKED, why=reason, reason=note, actor=actor, keys=keys, at=at)


def replace_card(
    session: Session, card: Card, reason: BlockReason, note: str = "", *, actor: Actor, keys: KeyRing, at: datetime
) -> Card:
    """Mark a card as replaced, and issue the family's next one with the head that it has now.

    The new card opens the same entitlements, so nothing is given a second time.

    Raises:
        Conflict: ``card_is_replaced``, and as :func:`issue_card`; the caller rolls back, so that nothing is changed.
        KeyFault, NotFound: as :func:`issue_card`.
        RegistryError: ``text_holds_number``.
    """
    note = check_free_text(note)
    lock_own_hub(session.connection())
    family = session.get_one(Family, card.family_id)
    head = _head_for_card(family)
    _step(session, card, (*LIVE, CardState.BLOCKED), state=CardState.REPLACED, block_reason=reason)
    _tell(session, card, CardEventKind.REPLACED, why=reason, reason=note, actor=actor, keys=keys, at=at)
    return _issue(session, family, head, replaces=card, actor=actor, keys=keys, at=at)


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
        card = draw_card(session, family, head, keys=keys, trust=trust, at=at)
        card.replaces_id = replaces.id if replaces else None
        try:
            with session.begin_nested():
                session.add(card)
        except IntegrityError:
            if not is_overtaken(session, card):
                raise
            continue
        _tell(session, card, CardEventKind.ISSUED, actor=actor, keys=keys, at=at)
        return card
    raise Conflict("card_numbers_exhausted")


def _step(
    session: Session,
    card: Card,
    expected: Collection[CardState],
    *,
    state: CardState,
    block_reason: BlockReason | None = None,
) -> None:
    moved = session.scalar(
        update(Card)
        .where(Card.id == card.id, Card.state.in_(expected))
        .values(state=state, block_reason=block_reason)
        .returning(Card.id)
        # the row decides, not what this session believes of it
        .execution_options(synchronize_session=False)
    )
    session.refresh(card)
    if moved is None:
        raise Conflict(f"card_is_{card.state}", number=card.number)


def _tell(
    session: Session,
    card: Card,
    kind: CardEventKind,
    *,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
    why: BlockReason | None = None,
    reason: str = "",
    receiver: Person | None = None,
) -> None:
    told = ": ".join(part for part in (why or "", reason) if part)
    session.add(
        CardEvent(
            card_id=card.id,
            kind=kind,
            at=at,
            officer_id=actor.officer_id,
            point_id=actor.point_id,
            reason=told[:_LONGEST_REASON],
            receiver_id=receiver.id if receiver else None,
        )
    )
    detail: dict[str, str] = {"reason": why} if why else {}
    if receiver:
        detail["receiver"] = "head" if receiver.id == card.head_id else "proxy"
    record(session, f"card.{kind}", f"card:{card.id}", actor=actor, key=keys.audit_key, at=at, **detail)
