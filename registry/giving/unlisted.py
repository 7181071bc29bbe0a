"""What stands behind a family's not being on the list of a round: another person of it, or the family it came from."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select

from registry.db import Session
from registry.giving.standing import stands
from registry.kinds import PointKind
from registry.models import Balance, Determination, Entitlement, Family, Round, ServicePoint

__all__ = ["kinds_of_points", "listed_alone", "listed_before_split"]


def listed_alone(
    session: Session, rounds: Collection[UUID], families: Collection[UUID]
) -> set[tuple[UUID, UUID, UUID | None]]:
    """Return who of these families has, in these rounds, a right that only one of a family may have.

    As round, family and person.
    """
    rows = session.execute(
        select(Entitlement.round_id, Entitlement.family_id, Entitlement.person_id).where(
            Entitlement.round_id.in_(rounds), Entitlement.family_id.in_(families), Entitlement.only_of_family, stands()
        )
    )
    return {(row.round_id, row.family_id, row.person_id) for row in rows}


def listed_before_split(
    session: Session, rounds: Collection[UUID], families: Collection[UUID]
) -> set[tuple[UUID, UUID]]:
    """Return which of these families came, after a list was frozen, by a split out of one that is on it.

    As pairs of round and family.
    """
    was_frozen = func.coalesce(Determination.frozen_at, Round.created_at) < Family.created_at
    came_out = and_(Round.id.in_(rounds), Family.id.in_(families), was_frozen)
    asked = (
        select(Round.id.label("round_id"), Family.id.label("family_id"), Family.split_from_id)
        .select_from(Round)
        .outerjoin(Determination, Determination.round_id == Round.id)
        .join(Family, came_out)
        .subquery()
    )
    rights = exists().where(
        Entitlement.round_id == asked.c.round_id, Entitlement.family_id == asked.c.split_from_id, stands()
    )
    balances = exists().where(
        Balance.round_id == asked.c.round_id, Balance.family_id == asked.c.split_from_id, Balance.removal_id.is_(None)
    )
    query = select(asked.c.round_id, asked.c.family_id).where(or_(rights, balances))
    return {(round_id, family_id) for round_id, family_id in session.execute(query)}


def kinds_of_points(session: Session, points: Collection[UUID]) -> dict[UUID, PointKind]:
    """Return what these service points are."""
    rows = session.execute(select(ServicePoint.id, ServicePoint.kind).where(ServicePoint.id.in_(points)))
    return {row.id: row.kind for row in rows}
