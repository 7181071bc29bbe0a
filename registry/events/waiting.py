"""Family events as they are shown: those that wait for a second person, those that were decided, and one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import aliased

from registry.cards.cards import live_card_of
from registry.db import Session
from registry.errors import NotFound
from registry.families.history import FamilyChange, changes_of
from registry.kinds import (
    CardEventKind,
    CardState,
    EventState,
    FamilyEventKind,
    FamilyState,
    PersonState,
    Relation,
)
from registry.models import Card, CardEvent, Family, FamilyEvent, Officer, Person, Region, ServicePoint
from registry.regions import within

__all__ = [
    "EventLine",
    "NextStep",
    "changes_by",
    "count_waiting",
    "events_of",
    "find_events",
    "get_event",
    "next_steps",
]


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as it stands in a list."""

    event: FamilyEvent
    reference: str
    head_name: str
    """The family's head now; empty when it has none."""
    village: str
    district: str
    proposer: str
    """Name and number; empty when a command proposed it."""
    proposer_point: str
    decider: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done with cards after an event: the old one taken in, the new one issued, printed, handed over."""

    reference: str
    """The family's."""
    old_number: str
    """Empty when none was blocked or replaced."""
    new_number: str
    """Empty when the family gets none by the event."""
    new_state: CardState | None
    """How far the new one has come by now."""
    is_founded: bool = False
    """Whether the family came out of a split: it is asked for a card of its own, which no event issues."""


def find_events(session: Session, *, area: str, is_waiting: bool, skip: int = 0, limit: int = 50) -> list[EventLine]:
    """Return the events of an area: those that wait, the oldest first; or those decided, the newest first."""
    query = _lines().where(within(Family.village_code, area)).offset(skip).limit(limit)
    if is_waiting:
        query = query.where(FamilyEvent.state == EventState.PROPOSED).order_by(FamilyEvent.id)
    else:
        query = query.where(FamilyEvent.state != EventState.PROPOSED).order_by(FamilyEvent.decided_at.desc())
    return [_line(row) for row in session.execute(query)]


def count_waiting(session: Session, *, area: str, decider_id: UUID | None = None) -> int:
    """Return how many events of an area wait.

    Args:
        decider_id: only those that this officer may decide: nobody decides on what they proposed.
    """
    query = (
        select(func.count())
        .select_from(FamilyEvent)
        .join(Family, Family.id == FamilyEvent.family_id)
        .where(FamilyEvent.state == EventState.PROPOSED, within(Family.village_code, area))
    )
    if decider_id is not None:
        query = query.where(FamilyEvent.proposed_by_id.is_distinct_from(decider_id))
    return session.scalar(query) or 0


def events_of(session: Session, family: Family) -> list[EventLine]:
    """Return the events that concern a family, the newest first."""
    concerns = or_(FamilyEvent.family_id == family.id, FamilyEvent.other_family_id == family.id)
    return [_line(row) for row in session.execute(_lines().where(concerns).order_by(FamilyEvent.id.desc()))]


def get_event(session: Session, event_id: UUID, *, area: str) -> EventLine:
    """Return one event.

    Raises:
        NotFound: ``event_unknown``, also for an event of a family elsewhere.
    """
    row = session.execute(_lines().where(FamilyEvent.id == event_id, within(Family.village_code, area))).one_or_none()
    if row is None:
        raise NotFound("event_unknown")
    return _line(row)


def changes_by(session: Session, event: FamilyEvent) -> list[FamilyChange]:
    """Return what an approved event has changed in its families, in the order in which it was written."""
    found: list[FamilyChange] = []
    for family in _families_of(session, event):
        fresh = [one for one in changes_of(session, family) if one.at == event.decided_at]
        # a person who moved has the same line in both families
        found += [one for one in reversed(fresh) if one not in found]
    return found


def next_steps(session: Session, event: FamilyEvent) -> list[NextStep]:
    """Return what is to be done with the cards of an approved event's families."""
    steps = []
    for family in _families_of(session, event):
        if event.kind is FamilyEventKind.SPLIT and family.id == event.other_family_id:
            if family.state is FamilyState.ACTIVE:
                card = live_card_of(session, family)
                number, state = (card.number, card.state) if card else ("", None)
                steps.append(NextStep(family.reference, "", number, state, is_founded=True))
            continue
        rows = session.execute(
            select(CardEvent.kind, Card)
            .join(Card, Card.id == CardEvent.card_id)
            .where(Card.family_id == family.id, CardEvent.at == event.decided_at)
        ).all()
        old = next((card for kind, card in rows if kind in (CardEventKind.BLOCKED, CardEventKind.REPLACED)), None)
        new = next((card for kind, card in rows if kind is CardEventKind.ISSUED), None)
        if old is not None or new is not None:
            steps.append(
                NextStep(
                    reference=family.reference,
                    old_number=old.number if old else "",
                    new_number=new.number if new else "",
                    new_state=new.state if new else None,
                )
            )
    return steps


def _families_of(session: Session, event: FamilyEvent) -> list[Family]:
    ids = (event.family_id, event.other_family_id)
    return [session.get_one(Family, family_id) for family_id in ids if family_id is not None]


def _lines() -> Select[*tuple[Any, ...]]:
    head, proposer, decider, district = aliased(Person), aliased(Officer), aliased(Officer), aliased(Region)
    return (
        select(
            FamilyEvent,
            Family.reference,
            head.name,
            Region.name,
            district.name,
            proposer.name,
            proposer.number,
            ServicePoint.name,
            decider.name,
        )
        .join(Family, Family.id == FamilyEvent.family_id)
        .join(Region, Region.code == Family.village_code)
        .join(district, district.code == Region.parent_code)
        .join(ServicePoint, ServicePoint.id == FamilyEvent.point_id)
        .outerjoin(
            head,
            (head.family_id == Family.id) & (head.relation == Relation.HEAD) & (head.state == PersonState.LIVING),
        )
        .outerjoin(proposer, proposer.id == FamilyEvent.proposed_by_id)
        .outerjoin(decider, decider.id == FamilyEvent.decided_by_id)
    )


def _line(row: Row[*tuple[Any, ...]]) -> EventLine:
    event, reference, head, village, district, proposer, number, point, decider = row
    return EventLine(
        event=event,
        reference=reference,
        head_name=head or "",
        village=village,
        district=district,
        proposer=f"{proposer} ({number})" if proposer else "",
        proposer_point=point,
        decider=decider or "",
    )
