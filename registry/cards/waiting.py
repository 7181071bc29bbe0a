"""Cards that wait: issued and not yet on plastic, or printed and not yet in a family's hands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from registry.cards.cards import get_card
from registry.db import Session
from registry.errors import Conflict
from registry.identifiers import CardNumber
from registry.kinds import CardMedium, CardState
from registry.models import Card, Family, Region
from registry.prints.copies import open_copy_of
from registry.regions import within

__all__ = [
    "WaitingVillage",
    "get_printable",
    "list_waiting",
    "load_cards",
    "waiting_villages",
]

_AT_ONCE = 500  # ids in one statement
WAITING = (CardState.ISSUED, CardState.PRINTED)
# one of paper is printed on the spot, where it is issued, and never among others
_FOR_THE_CARD_PRINTER = or_(Card.state != CardState.ISSUED, Card.medium == CardMedium.PLASTIC)


@dataclass(frozen=True, slots=True)
class WaitingVillage:
    """A village with cards that wait."""

    code: str
    name: str
    district: str
    to_print: int
    to_hand_over: int


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
        .where(Card.state.in_(WAITING), _FOR_THE_CARD_PRINTER, within(Family.village_code, area))
        .group_by(Region.code, Region.name, district.name)
        .order_by(Region.code)
    )
    return [WaitingVillage(*row) for row in rows]


def list_waiting(
    session: Session, state: CardState, *, village: str, limit: int | None, offset: int = 0
) -> Sequence[Card]:
    """Return cards of a village in a state, in the order in which they were issued."""
    return session.scalars(
        select(Card)
        .join(Card.family)
        .where(Card.state == state, _FOR_THE_CARD_PRINTER, Family.village_code == village)
        .options(joinedload(Card.family))
        .order_by(Card.id)
        .limit(limit)
        .offset(offset)
    ).all()


def load_cards(session: Session, ids: Sequence[UUID]) -> Iterator[Card]:
    """Give cards by their ids, in the order of these, with a few hundred in memory at a time."""
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        found = {card.id: card for card in session.scalars(select(Card).where(Card.id.in_(some)))}
        yield from (found[card_id] for card_id in some)


def get_printable(session: Session, number: CardNumber, *, area: str) -> Card:
    """Return the card with this number, when it waits for the printer.

    A card that is printed already is printed again only after its blank was noted as spoilt: every blank is accounted
    for, and no second copy of a living card lies about.

    Raises:
        NotFound: ``card_unknown``, also for a card elsewhere.
        Conflict: ``card_is_…``, when it isn't issued any more; ``copy_is_open``, when it is in a batch.
    """
    card = get_card(session, number, area=area)
    if card.state is not CardState.ISSUED:
        raise Conflict(f"card_is_{card.state}", number=card.number)
    if open_copy_of(session, card) is not None:
        raise Conflict("copy_is_open", number=card.number)
    return card
