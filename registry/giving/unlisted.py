"""What stands behind a family's not being on the list of a round: another person of it, or the family it came from."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, union

from registry.db import Session
from registry.kinds import PointKind
from registry.models import Balance, Entitlement, EntitlementRemoval, Family, ServicePoint

__all__ = ["kinds_of_points", "listed_alone", "listed_before_split"]


def listed_alone(
    session: Session, rounds: Collection[UUID], families: Collection[UUID]
) -> set[tuple[UUID, UUID, UUID | None]]:
    """Return who of these families has, in these rounds, a right that only one of a family may have.

    As round, family and person.
    """
    rows = session.execute(
        select(Entitlement.round_id, Entitlement.family_id, Entitlement.person_id).where(
            Entitlement.round_id.in_(rounds), Entitlement.family_id.in_(families), Entitlement.only_of_family, _stands()
        )
    )
    return {(row.round_id, row.family_id, row.person_id) for row in rows}


def listed_before_split(
    session: Session, rounds: Collection[UUID], families: Collection[UUID]
) -> set[tuple[UUID, UUID]]:
    """Return which of these families came by a split out of one that is on the list, as pairs of round and family."""
    came_out = Family.id.in_(families)
    rights = (
        select(Entitlement.round_id, Family.id)
        .join(Family, Family.split_from_id == Entitlement.family_id)
        .where(Entitlement.round_id.in_(rounds), came_out, _stands())
    )
    balances = (
        select(Balance.round_id, Family.id)
        .join(Family, Family.split_from_id == Balance.family_id)
        .where(Balance.round_id.in_(rounds), came_out, Balance.removal_id.is_(None))
    )
    return {(round_id, family_id) for round_id, family_id in session.execute(union(rights, balances))}


def kinds_of_points(session: Session, points: Collection[UUID]) -> dict[UUID, PointKind]:
    """Return what these service points are."""
    rows = session.execute(select(ServicePoint.id, ServicePoint.kind).where(ServicePoint.id.in_(points)))
    return {row.id: row.kind for row in rows}


def _stands() -> ColumnElement[bool]:
    return ~exists().where(EntitlementRemoval.entitlement_id == Entitlement.id)
