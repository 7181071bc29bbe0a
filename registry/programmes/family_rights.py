"""Every right that a family has or had in the rounds that are not closed, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from registry.db import Session
from registry.giving.standing import stands
from registry.kinds import RoundState
from registry.models import (
    Addendum,
    Balance,
    Determination,
    Entitlement,
    EntitlementRemoval,
    Family,
    Programme,
    QueueTicket,
    Redemption,
    RedemptionUndo,
    Roster,
    RosterVillage,
    Round,
    ServicePoint,
    ServingSession,
)
from registry.programmes.terms import as_frozen

__all__ = [
    "HeldBalance",
    "HeldRight",
    "OpenRound",
    "balances_of",
    "covering_rounds",
    "open_rounds",
    "programmes_with_offices",
    "rights_of",
]


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round that gives now or soon to families of one village."""

    id: UUID
    programme_code: str
    name: str
    opens_on: date
    closes_on: date
    listed_at: datetime
    """When its list was frozen, or the round made where a list was not determined."""
    clauses: Sequence[Mapping[str, Any]] | None
    """The rule that the list was frozen by; null where a list was not determined."""


@dataclass(frozen=True, slots=True)
class HeldRight:
    """One unit of a right, and what became of it."""

    programme_code: str
    round: str
    round_id: UUID
    opens_on: date
    closes_on: date
    package: str
    """What it is, in words, as the round promises it."""
    price: int
    """What the family pays for it, in whole rupiah."""
    person_id: UUID | None
    point: str
    given_at: datetime | None
    """When it was given; null when it was not, or was taken back."""
    given_at_point: str
    receipt: str
    on_date: date | None
    """The day of the family's invitation, if it has one."""
    starts_at: time | None
    ends_at: time | None
    queue_number: int | None
    removed_by: str
    """The number of the addendum that took it off the list; empty while it stands."""


@dataclass(frozen=True, slots=True)
class HeldBalance:
    """What a family may spend in a round."""

    programme_code: str
    round: str
    round_id: UUID
    opens_on: date
    closes_on: date
    granted: int
    spent: int
    removed_by: str


def programmes_with_offices(session: Session) -> Sequence[Programme]:
    """Return all programmes by name, each with its office, in one statement."""
    return session.scalars(select(Programme).options(joinedload(Programme.office)).order_by(Programme.name)).all()


def open_rounds(session: Session, village: str) -> Sequence[OpenRound]:
    """Return the open rounds that serve a village, whatever their days, the one that closes first at the head."""
    query = (
        select(
            Round.id,
            Round.programme_code,
            Round.name,
            Round.opens_on,
            Round.closes_on,
            func.coalesce(Determination.frozen_at, Round.created_at),
            Determination.clauses,
        )
        .join(RosterVillage, RosterVillage.round_id == Round.id)
        .outerjoin(Determination, Determination.round_id == Round.id)
        .where(Round.state == RoundState.OPEN, RosterVillage.village_code == village)
        .order_by(Round.closes_on, Round.id)
    )
    return [OpenRound(*row) for row in session.execute(query)]


def rights_of(session: Session, family_id: UUID, people: Collection[UUID]) -> Sequence[HeldRight]:
    """Return the units that a family, or one of these people, has in open rounds, in the order of their ordinals."""
    given_point = ServicePoint.__table__.alias("given_point")
    is_kept = ~exists().where(RedemptionUndo.redemption_id == Redemption.id)
    query = (
        select(
            Round.programme_code,
            Round.name,
            Round.id,
            Round.opens_on,
            Round.closes_on,
            as_frozen(Programme.package),
            Round.price,
            Entitlement.person_id,
            ServicePoint.name,
            Redemption.given_at,
            func.coalesce(given_point.c.name, ""),
            func.coalesce(Redemption.receipt_number, ""),
            ServingSession.on_date,
            ServingSession.starts_at,
            ServingSession.ends_at,
            QueueTicket.number,
            func.coalesce(Addendum.number, ""),
        )
        .join(Round, Round.id == Entitlement.round_id)
        .join(Programme, Programme.code == Round.programme_code)
        .join(Roster, Roster.id == Entitlement.roster_id)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .outerjoin(Redemption, (Redemption.entitlement_id == Entitlement.id) & is_kept)
        .outerjoin(given_point, given_point.c.id == Redemption.point_id)
        .outerjoin(QueueTicket, QueueTicket.entitlement_id == Entitlement.id)
        .outerjoin(ServingSession, ServingSession.id == QueueTicket.session_id)
        .outerjoin(EntitlementRemoval, EntitlementRemoval.entitlement_id == Entitlement.id)
        .outerjoin(Addendum, Addendum.id == EntitlementRemoval.addendum_id)
        .where(
            or_(
                (Entitlement.family_id == family_id) & Entitlement.person_id.is_(None),
                Entitlement.person_id.in_(people),
            ),
            Entitlement.balance_id.is_(None),
            Round.state == RoundState.OPEN,
        )
        .order_by(Round.closes_on, Round.id, Entitlement.ordinal)
    )
    return [HeldRight(*tuple(row)) for row in session.execute(query)]


def balances_of(session: Session, family_id: UUID) -> Sequence[HeldBalance]:
    """Return what a family may spend in open rounds."""
    query = (
        select(
            Round.programme_code,
            Round.name,
            Round.id,
            Round.opens_on,
            Round.closes_on,
            Balance.granted,
            Balance.spent,
            func.coalesce(Addendum.number, ""),
        )
        .join(Round, Round.id == Balance.round_id)
        .outerjoin(Addendum, Addendum.id == Balance.removal_id)
        .where(Balance.family_id == family_id, Round.state == RoundState.OPEN)
        .order_by(Round.closes_on, Round.id)
    )
    return [HeldBalance(*row) for row in session.execute(query)]


def covering_rounds(session: Session, family: Family) -> set[UUID]:
    """Return the open rounds in which the KK that a family was split from, or one merged into it, has the right."""
    other = aliased(Family)
    is_origin = (other.id == family.split_from_id) & (Determination.frozen_at < family.created_at)
    query = (
        select(Round.id)
        .join(Determination, Determination.round_id == Round.id)
        .join(other, is_origin | (other.merged_into_id == family.id))
        .where(
            Round.state == RoundState.OPEN,
            or_(
                exists().where(Entitlement.round_id == Round.id, Entitlement.family_id == other.id, stands()),
                exists().where(
                    Balance.round_id == Round.id, Balance.family_id == other.id, Balance.removal_id.is_(None)
                ),
            ),
        )
    )
    return set(session.scalars(query))
