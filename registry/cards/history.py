"""What happened to a card, step by step, and which cards of the family came before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from registry.days import full_years, local_day
from registry.db import Session
from registry.errors import NotFound
from registry.kinds import BlockReason, CardEventKind, PersonState, Relation
from registry.models import Card, CardEvent, Family, Officer, Person, ServicePoint

__all__ = [
    "CardStep",
    "Receiver",
    "cards_of",
    "find_receiver",
    "get_receiver",
    "history_of",
    "may_take",
    "predecessor_of",
    "receivers_for",
    "successor_of",
]

GROWN_UP = 17
"""Years from which a proxy may take a card: the age at which one has an identity card of one's own (UU 24/2013)."""


@dataclass(frozen=True, slots=True)
class CardStep:
    """One step in a card's life: what, when, by whom, where."""

    kind: CardEventKind
    at: datetime
    officer: str
    """Name and number; empty when a command did it."""
    point: str
    why: BlockReason | None
    """Why it was blocked or replaced."""
    note: str
    """What the officer wrote: what was spoilt, or more about a block."""
    receiver: str
    """Who took the card; empty for all other steps."""
    receiver_is_head: bool


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody whom the card may be handed to."""

    person: Person
    is_head: bool


def history_of(session: Session, card: Card) -> list[CardStep]:
    """Return the steps of a card, the first one first."""
    rows = session.execute(
        select(CardEvent, Officer.name, Officer.number, ServicePoint.name, Person.name)
        .join(ServicePoint, ServicePoint.id == CardEvent.point_id)
        .outerjoin(Officer, Officer.id == CardEvent.officer_id)
        .outerjoin(Person, Person.id == CardEvent.receiver_id)
        .where(CardEvent.card_id == card.id)
        .order_by(CardEvent.id)
    )
    steps = []
    for event, officer, number, point, receiver in rows:
        why, note = _why(event)
        steps.append(
            CardStep(
                kind=event.kind,
                at=event.at,
                officer=f"{officer} ({number})" if officer else "",
                point=point,
                why=why,
                note=note,
                receiver=receiver or "",
                receiver_is_head=event.receiver_id == card.head_id,
            )
        )
    return steps


def cards_of(session: Session, family: Family) -> Sequence[Card]:
    """Return all cards of a family, the newest first."""
    return session.scalars(select(Card).where(Card.family_id == family.id).order_by(Card.issue_number.desc())).all()


def predecessor_of(session: Session, card: Card) -> Card | None:
    """Return the card that this one replaced."""
    return session.get(Card, card.replaces_id) if card.replaces_id else None


def successor_of(session: Session, card: Card) -> Card | None:
    """Return the card that replaced this one."""
    return session.scalar(select(Card).where(Card.replaces_id == card.id))


def receivers_for(session: Session, card: Card, *, at: datetime) -> list[Receiver]:
    """Return who may take the card: the head first, then the other grown-ups of the family that live, by age."""
    people = session.scalars(
        select(Person)
        .where(Person.family_id == card.family_id, Person.state == PersonState.LIVING)
        .order_by(Person.birth_date, Person.id)
    )
    receivers = [
        Receiver(person, is_head=person.relation is Relation.HEAD) for person in people if may_take(person, at=at)
    ]
    return sorted(receivers, key=lambda receiver: not receiver.is_head)


def may_take(person: Person, *, at: datetime) -> bool:
    """Tell whether somebody of the family is old enough to take its card; the head is, at any age."""
    return person.relation is Relation.HEAD or full_years(person.birth_date, local_day(at)) >= GROWN_UP


def get_receiver(session: Session, card: Card, person_id: UUID, *, at: datetime) -> Person:
    """Return who may take the card and has this id.

    Raises:
        NotFound: ``receiver_unknown``, also for a child and for everybody of another family.
    """
    for one in receivers_for(session, card, at=at):
        if one.person.id == person_id:
            return one.person
    raise NotFound("receiver_unknown")


def find_receiver(session: Session, card: Card, name: str | None, *, at: datetime) -> Person:
    """Return who may take the card and has this name, in upper or lower case; the head when no name is given.

    Raises:
        NotFound: ``receiver_unknown``, also when two have that name.
    """
    receivers = receivers_for(session, card, at=at)
    if name is None:
        found = [one.person for one in receivers if one.is_head]
    else:
        found = [one.person for one in receivers if one.person.name.casefold() == name.strip().casefold()]
    if len(found) != 1:
        raise NotFound("receiver_unknown")
    return found[0]


def _why(event: CardEvent) -> tuple[BlockReason | None, str]:
    if event.kind not in (CardEventKind.BLOCKED, CardEventKind.REPLACED):
        return None, event.reason
    code, _, note = event.reason.partition(": ")
    return BlockReason(code), note
