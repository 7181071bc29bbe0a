"""What a family that has just been founded brings along: what was said of the family that its people come from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from registry.db import Session, new_id
from registry.families.known_facts import KnownFamilyFacts, current_family_facts
from registry.models import Family, FamilyFacts

__all__ = ["inherit_facts"]

_FROM_ORIGIN = " (KK asal)"
"""Stands behind the source: it said so of the former KK, not of this one."""
_LONGEST_SOURCE = 80  # the column's width


def inherit_facts(session: Session, heir: Family, origin_id: UUID, *, at: datetime) -> None:
    """Carry the newest statements of a family over to one that came out of a split and of which nobody said anything.

    Every value keeps its source and its date, one row for each of the two, so that any later statement follows it as it
    would have followed the first. Where something was said of the heir already, nothing is carried over.
    """
    known = current_family_facts(session, [heir.id, origin_id])
    if heir.split_from_id is None or known[heir.id] != KnownFamilyFacts():
        return
    said: dict[tuple[date, str], dict[str, Any]] = defaultdict(dict)
    for field in fields(KnownFamilyFacts):
        fact = getattr(known[origin_id], field.name)
        if fact is not None:
            said[fact.as_of, _inherited(fact.source)][field.name] = fact.value
    for (as_of, source), values in sorted(said.items()):
        row = {"id": new_id(), "family_id": heir.id, "source": source, "as_of": as_of, "recorded_at": at}
        session.execute(insert(FamilyFacts).values(row | values))


def _inherited(source: str) -> str:
    return source.removesuffix(_FROM_ORIGIN)[: _LONGEST_SOURCE - len(_FROM_ORIGIN)] + _FROM_ORIGIN
