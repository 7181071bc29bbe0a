"""Rights that nobody has collected yet, each with what is to be done next; balances are not collected at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import aliased

from registry.days import local_day
from registry.db import Session
from registry.giving.standing import is_given, stands
from registry.giving.stock import KEPT_IN_STORE
from registry.kinds import CardState, FamilyState, NextStep, PersonState, Relation, RoundState
from registry.models import (
    Card,
    Entitlement,
    Family,
    Person,
    Programme,
    QueueTicket,
    Roster,
    Round,
    ServicePoint,
    ServingSession,
)

__all__ = ["Uncollected", "count_uncollected", "list_uncollected"]

_Head = aliased(Person, name="head")
_Whose = aliased(Person, name="whose")


@dataclass(frozen=True, slots=True)
class Uncollected:
    """One right that stands and has not been given."""

    entitlement_id: UUID
    point: str
    village_code: str
    rw: str
    rt: str
    address: str
    head_name: str
    """Empty when the family has no living head."""
    person_name: str
    """Whose right it is, where it is a person's."""
    ordinal: int
    invited_on: date | None
    number: int | None
    next_step: NextStep


def list_uncollected(
    session: Session, round_id: UUID, *, roster_id: UUID | None = None, at: datetime
) -> list[Uncollected]:
    """Return what a round, or one roster of it, has not given: by point, village, RW, RT and name."""
    has_card = exists().where(Card.family_id == Family.id, Card.state == CardState.ACTIVE)
    query = (
        select(
            Entitlement.id,
            ServicePoint.name.label("point"),
            Family.village_code,
            Family.rw,
            Family.rt,
            Family.address,
            func.coalesce(_Head.name, "").label("head_name"),
            func.coalesce(_Whose.name, "").label("person_name"),
            Entitlement.ordinal,
            ServingSession.on_date,
            QueueTicket.number,
            Family.state.label("family_state"),
            _Head.id.label("head_id"),
            Round.state.label("round_state"),
            Round.closes_on,
            Programme.unit,
            has_card.label("has_card"),
        )
        .select_from(Entitlement)
        .join(Roster, Roster.id == Entitlement.roster_id)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .join(Round, Round.id == Entitlement.round_id)
        .join(Programme, Programme.code == Round.programme_code)
        .join(Family, Family.id == Entitlement.family_id)
        .outerjoin(
            _Head,
            (_Head.family_id == Family.id) & (_Head.relation == Relation.HEAD) & (_Head.state == PersonState.LIVING),
        )
        .outerjoin(_Whose, _Whose.id == Entitlement.person_id)
        .outerjoin(QueueTicket, QueueTicket.entitlement_id == Entitlement.id)
        .outerjoin(ServingSession, ServingSession.id == QueueTicket.session_id)
        .where(Entitlement.round_id == round_id, stands(), ~is_given())
    )
    if roster_id is not None:
        query = query.where(Entitlement.roster_id == roster_id)
    today = local_day(at)
    rows: Iterable[Row[Any]] = session.execute(query)
    found = [_read(row, today=today) for row in rows]
    return sorted(
        found,
        key=lambda one: (
            one.point,
            one.village_code,
            one.rw.zfill(3),
            one.rt.zfill(3),
            one.head_name,
            one.ordinal,
            one.entitlement_id,
        ),
    )


def count_uncollected(rows: Sequence[Uncollected]) -> dict[NextStep, int]:
    """Return how many wait for which step, the most frequent first."""
    counts = {step: sum(row.next_step is step for row in rows) for step in NextStep}
    return {step: count for step, count in sorted(counts.items(), key=lambda item: -item[1]) if count}


def _read(row: Row[Any], *, today: date) -> Uncollected:
    return Uncollected(
        entitlement_id=row.id,
        point=row.point,
        village_code=row.village_code,
        rw=row.rw,
        rt=row.rt,
        address=row.address,
        head_name=row.head_name,
        person_name=row.person_name,
        ordinal=row.ordinal,
        invited_on=row.on_date,
        number=row.number,
        next_step=_next_step(row, today=today),
    )


def _next_step(row: Row[Any], *, today: date) -> NextStep:
    if row.family_state is not FamilyState.ACTIVE:
        return NextStep.REMOVE_FROM_LIST
    if row.round_state is RoundState.CLOSED or row.closes_on < today:
        return NextStep.RETURN_PACKAGE if row.unit in KEPT_IN_STORE else NextStep.REPORT
    if row.head_id is None:
        return NextStep.NAME_HEAD
    if not row.has_card:
        return NextStep.GIVE_CARD
    if row.on_date is None and row.ordinal == 1:  # further units come with the first
        return NextStep.INVITE
    return NextStep.AWAIT if row.on_date is not None and row.on_date >= today else NextStep.REMIND
