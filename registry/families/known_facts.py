"""What is known of families and people now: of every fact the newest statement, with who said so and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.db import Connection
from registry.kinds import JknStatus
from registry.models import FamilyFacts, PersonFacts

__all__ = ["Known", "KnownFamilyFacts", "KnownPersonFacts", "current_family_facts", "current_person_facts"]

_Value = TypeVar("_Value")
_BATCH = 5_000  # ids in one query: both databases take 32,766 bound values


@dataclass(frozen=True, slots=True)
class Known(Generic[_Value]):
    """One fact: what it is, who said so ("DTSEN"), and for which date."""

    value: _Value
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class KnownFamilyFacts:
    """What is known of a family; ``None`` where nobody has said anything."""

    desil: Known[int] | None = None
    receives_pkh: Known[bool] | None = None
    receives_sembako: Known[bool] | None = None
    receives_blt_dd: Known[bool] | None = None


@dataclass(frozen=True, slots=True)
class KnownPersonFacts:
    """What is known of a person; ``None`` where nobody has said anything."""

    occupation: Known[str] | None = None
    jkn: Known[JknStatus] | None = None
    nisn: Known[str] | None = None
    is_pregnant: Known[bool] | None = None


def current_family_facts(store: Session | Connection, family_ids: Iterable[UUID]) -> dict[UUID, KnownFamilyFacts]:
    """Return what is known of each family now; every id asked for has an entry."""
    found = _newest(store, FamilyFacts, FamilyFacts.family_id, family_ids, KnownFamilyFacts)
    return {family_id: KnownFamilyFacts(**facts) for family_id, facts in found.items()}


def current_person_facts(store: Session | Connection, person_ids: Iterable[UUID]) -> dict[UUID, KnownPersonFacts]:
    """Return what is known of each person now; every id asked for has an entry."""
    found = _newest(store, PersonFacts, PersonFacts.person_id, person_ids, KnownPersonFacts)
    return {person_id: KnownPersonFacts(**facts) for person_id, facts in found.items()}


def _newest(
    store: Session | Connection, model: Any, owner: Any, ids: Iterable[UUID], known: type[Any]
) -> dict[UUID, dict[str, Any]]:
    names = [field.name for field in fields(known)]
    columns = [getattr(model, name) for name in names]
    found: dict[UUID, dict[str, Any]] = {one: {} for one in ids}
    wanted = list(found)
    for start in range(0, len(wanted), _BATCH):
        rows = store.execute(
            select(owner, model.source, model.as_of, *columns)
            .where(owner.in_(wanted[start : start + _BATCH]))
            # of two statements for one date the one recorded later holds; the ids are in the order of time
            .order_by(model.as_of, model.id)
        )
        for one, source, as_of, *values in rows:
            for name, value in zip(names, values, strict=True):
                if value is not None:
                    found[one][name] = Known(value, source, as_of)
    return found
