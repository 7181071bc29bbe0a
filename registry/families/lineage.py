"""Which families a family has been a part of, or has taken in: whose rights of a round cover its people already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from registry.db import Session
from registry.kinds import EventState, FamilyEventKind
from registry.models import Family, FamilyEvent

__all__ = ["families_before"]


def families_before(session: Session, family: Family, *, since: datetime) -> list[Family]:
    """Return the families whose people this one's are, as they stood at a moment, without the family itself.

    From a split the way leads to the family that was split, from a merge to the one that was merged, and on from there
    as far as it goes; what happened before the moment, or on the other side after the ways had parted, does not count.

    Args:
        since: when the list was frozen on which those families may stand.
    """
    found: dict[UUID, Family] = {}
    waiting: list[tuple[Family, datetime | None]] = [(family, None)]
    while waiting:
        one, until = waiting.pop()
        for before, parted_at in _before(session, one):
            if parted_at <= since or (until is not None and parted_at > until) or before.id in found:
                continue
            found[before.id] = before
            waiting.append((before, parted_at))
    found.pop(family.id, None)
    return list(found.values())


def _before(session: Session, family: Family) -> Iterator[tuple[Family, datetime]]:
    """Give the families directly before one, and when they became its."""
    if family.split_from_id is not None:
        yield session.get_one(Family, family.split_from_id), family.created_at
    merges = session.scalars(
        select(FamilyEvent)
        .join(Family, Family.id == FamilyEvent.family_id)
        .where(
            Family.merged_into_id == family.id,
            FamilyEvent.kind == FamilyEventKind.MERGE,
            FamilyEvent.state == EventState.APPROVED,
        )
        .order_by(FamilyEvent.id)
    )
    for event in merges:
        if event.decided_at is not None:
            yield event.family, event.decided_at
