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
from sqlalchemy.orm import selectinload

from registry.audit import Actor
from registry.cards.history import may_take
from registry.cards.issuing import issue_card, live_card_of, replace_card
from registry.cards.new import LIVE
from registry.cards.steps import step_card, tell_step
from registry.db import Session
from registry.errors import Conflict, NotFound
from registry.free_text import check_free_text
from registry.giving.redemptions import lock_own_hub
from registry.identifiers import CardNumber
from registry.keys.keys import KeyRing
from registry.kinds import BlockReason, CardEventKind, CardState, PersonState
from registry.models import Card, Family, Person, PrintCopy
from registry.prints.copies import add_copy, may_have_come_out, note_printed, note_spoilt, open_copy_of
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
    "note_read_back",
    "replace_card",
]


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
    """Note that the card came out of the printer well: its open copy, or one that the browser printed.

    Raises:
        Conflict: ``card_is_…``, when it isn't issued any more.
    """
    with session.begin_nested():
        copy = _copy_of(session, card, (CardState.ISSUED,), at=at)
        note_printed(session, copy, actor=actor, keys=keys, at=at)


def mark_spoilt(
    session: Session, card: Card, *, reason: str, destroyed_by: str, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Note that a blank was spoilt in printing; the card keeps its number and token and is to be printed again.

    Args:
        reason: what went wrong, in the officer's words.
        destroyed_by: who destroyed what came out; of a paper card it is not kept.

    Raises:
        Conflict: ``reason_missing``, ``destroyer_missing``; ``card_is_…``, when it was handed over, blocked or replaced
            already.
        RegistryError: ``text_holds_number``.
    """
    with session.begin_nested():
        copy = _copy_of(session, card, (CardState.ISSUED, CardState.PRINTED), at=at)
        note_spoilt(session, copy, reason=reason, destroyed_by=destroyed_by, actor=actor, keys=keys, at=at)


def note_read_back(session: Session, card: Card, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Note that the code of the fresh card was scanned: it can be read, and the card is ready to be handed over.

    The scan is proof as well that a copy came out whose fate nobody had told yet. A number typed by hand proves
    neither: only whoever has read the token may call this. A second scan changes nothing.

    Raises:
        Conflict: ``card_is_…``, when no copy of it can have come out (see
            :func:`registry.prints.copies.may_have_come_out`), or it was handed over, blocked or replaced already.
            Nothing is changed then.
    """
    with session.begin_nested():
        copy = open_copy_of(session, card)
        if copy is not None and card.state is CardState.ISSUED and may_have_come_out(copy):
            note_printed(session, copy, actor=actor, keys=keys, at=at)
        scanned = session.scalar(
            update(Card)
            .where(Card.id == card.id, Card.state == CardState.PRINTED, Card.read_back_at.is_(None))
            .values(read_back_at=at)
            .returning(Card.id)
            .execution_options(synchronize_session=False)
        )
        session.refresh(card)
        if card.state is not CardState.PRINTED:
            raise Conflict(f"card_is_{card.state}", number=card.number)
        if scanned is not None:
            tell_step(session, card, CardEventKind.READ_BACK, actor=actor, keys=keys, at=at)


def hand_over(
    session: Session, card: Card, receiver: Person, *, id_seen: bool, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Note that the printed card was given to the head, or to another grown-up of the family; it is active now.

    Args:
        receiver: who took it.
        id_seen: whether the officer has seen the receiver's identity card.

    Raises:
        Conflict: ``id_not_seen``, ``receiver_not_of_family`` (also for the dead), ``receiver_too_young``;
            ``card_is_…``, when it isn't just printed; ``card_not_read_back``, while its code was not scanned.
    """
    if not id_seen:
        raise Conflict("id_not_seen")
    if receiver.family_id != card.family_id or receiver.state is not PersonState.LIVING:
        raise Conflict("receiver_not_of_family")
    if not may_take(receiver, at=at):
        raise Conflict("receiver_too_young")
    session.refresh(card, with_for_update=True)  # another counter may have noted it as spoilt
    if card.state is CardState.PRINTED and card.read_back_at is None:
        raise Conflict("card_not_read_back", number=card.number)
    step_card(session, card, (CardState.PRINTED,), state=CardState.ACTIVE)
    tell_step(session, card, CardEventKind.HANDED_OVER, receiver=receiver, actor=actor, keys=keys, at=at)


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
    step_card(session, card, LIVE, state=CardState.BLOCKED, block_reason=reason)
    tell_step(session, card, CardEventKind.BLOCKED, why=reason, reason=note, actor=actor, keys=keys, at=at)


def _copy_of(session: Session, card: Card, expected: Collection[CardState], *, at: datetime) -> PrintCopy:
    """Return the copy of a card that is in a batch or was printed, or a new one that the browser printed."""
    session.refresh(card)  # another counter may have been quicker
    if card.state not in expected:
        raise Conflict(f"card_is_{card.state}", number=card.number)
    return open_copy_of(session, card) or add_copy(session, card, at=at)
