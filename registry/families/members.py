"""Small questions about families: who of one is living, and by which references families are spoken of."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from registry.db import Session
from registry.kinds import PersonState
from registry.models import Family, Person

__all__ = ["living_members", "references_of"]


def living_members(session: Session, family_id: UUID) -> Sequence[Person]:
    """Return the living people of a family in the order of its Kartu Keluarga."""
    query = select(Person).where(Person.family_id == family_id, Person.state == PersonState.LIVING)
    return session.scalars(query.order_by(Person.position, Person.id)).all()


def references_of(session: Session, family_ids: Sequence[UUID]) -> list[str]:
    """Return the references of families, in the order of the ids."""
    query = select(Family.id, Family.reference).where(Family.id.in_(family_ids))
    found = dict(session.execute(query).all())
    return [found[one] for one in family_ids]
