"""A round's list by name and address (*BNBA*), village by village, as it stands with its addenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from registry.db import Session
from registry.giving.standing import stands
from registry.kinds import Basis, PersonState, Relation
from registry.models import Balance, Entitlement, Family, Person, Roster, ServicePoint
from registry.regions import RegionPath, find_paths

__all__ = ["ListedName", "ListedVillage", "list_names", "list_villages"]


@dataclass(frozen=True, slots=True)
class ListedVillage:
    """A village in which somebody stands on the list."""

    path: RegionPath
    subjects: int


@dataclass(frozen=True, slots=True)
class ListedName:
    """One family, or one person of it, on the list."""

    head_name: str
    """Empty when the family has no living head now."""
    person_name: str
    """Empty where the right is the family's."""
    address: str
    rt: str
    rw: str
    units: int
    basis: Basis
    document: str
    point: str
    """Where it is served; empty for a balance, which is spent at any place of the round."""
    by_addendum: bool


def list_villages(session: Session, round_id: UUID) -> list[ListedVillage]:
    """Return the villages where those on the list live, by code, with how many families or people each."""
    standing = _standing(round_id).subquery()
    query = (
        select(Family.village_code, func.count())
        .join(standing, standing.c.family_id == Family.id)
        .group_by(Family.village_code)
        .order_by(Family.village_code)
    )
    counts = dict(session.execute(query).all())
    paths = find_paths(session, list(counts))
    return [ListedVillage(paths[code], count) for code, count in counts.items()]


def list_names(session: Session, round_id: UUID, village: str) -> Sequence[ListedName]:
    """Return who of a village stands on the list, by RW, RT and name, in one query."""
    standing = _standing(round_id).subquery()
    head, person = aliased(Person), aliased(Person)
    query = (
        select(
            func.coalesce(head.name, ""),
            func.coalesce(person.name, ""),
            Family.address,
            Family.rt,
            Family.rw,
            standing.c.units,
            standing.c.basis,
            standing.c.document,
            func.coalesce(ServicePoint.name, ""),
            standing.c.addendum_id.is_not(None),
        )
        .join(standing, standing.c.family_id == Family.id)
        .outerjoin(
            head,
            (head.family_id == Family.id) & (head.relation == Relation.HEAD) & (head.state == PersonState.LIVING),
        )
        .outerjoin(person, person.id == standing.c.person_id)
        .outerjoin(Roster, Roster.id == standing.c.roster_id)
        .outerjoin(ServicePoint, ServicePoint.id == Roster.point_id)
        .where(Family.village_code == village)
        .order_by(Family.rw, Family.rt, func.coalesce(person.name, head.name), Family.id)
    )
    return [ListedName(*row) for row in session.execute(query)]


def _standing(round_id: UUID) -> Select[Any]:
    # the units of one subject are alike but for their number
    alike = (
        Entitlement.family_id,
        Entitlement.person_id,
        Entitlement.roster_id,
        Entitlement.basis,
        Entitlement.document,
        Entitlement.addendum_id,
    )
    rights = (
        select(*alike, func.count().label("units")).where(Entitlement.round_id == round_id, stands()).group_by(*alike)
    )
    balances = select(
        Balance.family_id,
        null().label("person_id"),
        null().label("roster_id"),
        Balance.basis,
        Balance.document,
        Balance.addendum_id,
        literal(1).label("units"),
    ).where(Balance.round_id == round_id, Balance.removal_id.is_(None))
    return select(union_all(rights, balances).subquery())
