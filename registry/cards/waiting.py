"""Cards that wait: issued and not yet on plastic, or printed and not yet in a family's hands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased, joinedload

from registry.audit import Actor
from registry.cards.cards import get_card, mark_printed
from registry.db import Session
from registry.errors import Conflict
from registry.identifiers import CardNumber
from registry.keys.keys import KeyRing
from registry.kinds import CardState
from registry.models import Card, Family, Region
from registry.regions import within

__all__ = [
    "PrintedBatch",
    "WaitingVillage",
    "get_printable",
    "list_waiting",
    "mark_batch_printed",
    "next_batch",
    "waiting_villages",
]

WAITING = (CardState.ISSUED, CardState.PRINTED)


@dataclass(frozen=True, slots=True)
class WaitingVillage:
    """A village with cards that wait."""

    code: str
    name: str
    district: str
    to_print: int
    to_hand_over: int


@dataclass(frozen=True, slots=True)
class PrintedBatch:
    """What became of the cards that an officer ticked as printed."""

    marked: int
    passed_over: tuple[str, ...]
    """Numbers of cards that were not waiting for the printer any more; nothing was changed in them."""


def waiting_villages(session: Session, *, area: str) -> list[WaitingVillage]:
    """Return the villages of an area that have waiting cards, by code."""
    district = aliased(Region)
    rows = session.execute(
        select(
            Region.code,
            Region.name,
            district.name,
            func.sum(case((Card.state == CardState.ISSUED, 1), else_=0)),
            func.sum(case((Card.state == CardState.PRINTED, 1), else_=0)),
        )
        .select_from(Card)
        .join(Family, Family.id == Card.family_id)
        .join(Region, Region.code == Family.village_code)
        .join(district, district.code == Region.parent_code)
        .where(Card.state.in_(WAITING), within(Family.village_code, area))
        .group_by(Region.code, Region.name, district.name)
        .order_by(Region.code)
    )
    return [WaitingVillage(*row) for row in rows]


def list_waiting(
    session: Session, state: CardState, *, village: str, limit: int | None, offset: int = 0
) -> Sequence[Card]:
    """Return cards of a village in a state, in the order in which they were issued.

    That order lets cards that are issued while others print queue up behind them, so that what is ticked as printed is
    what was in the PDF.
    """
    return session.scalars(
        select(Card)
        .join(Card.family)
        .where(Card.state == state, Family.village_code == village)
        .options(joinedload(Card.family))
        .order_by(Card.id)
        .limit(limit)
        .offset(offset)
    ).all()


def next_batch(session: Session, village: str, *, limit: int | None = None) -> Sequence[Card]:
    """Return the cards of a village that are printed next, at least one; all that wait when no limit is given.

    Raises:
        Conflict: ``nothing_to_print``.
    """
    batch = list_waiting(session, CardState.ISSUED, village=village, limit=limit)
    if not batch:
        raise Conflict("nothing_to_print")
    return batch


def get_printable(session: Session, number: CardNumber, *, area: str) -> Card:
    """Return the card with this number, when it waits for the printer.

    A card that is printed already is printed again only after its blank was noted as spoilt: every blank is accounted
    for, and no second copy of a living card lies about.

    Raises:
        NotFound: ``card_unknown``, also for a card elsewhere.
        Conflict: ``card_is_…``, when it isn't issued any more.
    """
    card = get_card(session, number, area=area)
    if card.state is not CardState.ISSUED:
        raise Conflict(f"card_is_{card.state}", number=card.number)
    return card


def mark_batch_printed(
    session: Session, numbers: Iterable[CardNumber], *, area: str, actor: Actor, keys: KeyRing, at: datetime
) -> PrintedBatch:
    """Note that these cards came out of the printer well; one that another counter was quicker with is passed over.

    Raises:
        NotFound: ``card_unknown``, also for a card outside the area; the caller rolls back.
    """
    marked, passed_over = 0, []
    for number in numbers:
        try:
            mark_printed(session, get_card(session, number, area=area), actor=actor, keys=keys, at=at)
            marked += 1
        except Conflict:
            passed_over.append(str(number))
    return PrintedBatch(marked, tuple(passed_over))
