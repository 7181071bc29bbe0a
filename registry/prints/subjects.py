"""Of what batches are: their villages, lists and rounds, read together for all that a page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from registry.db import Session
from registry.kinds import BatchChoice
from registry.models import FamilyList, PrintBatch, Round
from registry.regions import RegionPath, find_paths

__all__ = ["Subjects", "subjects_of"]


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the ``about`` of batches speaks of, by just that text."""

    villages: dict[str, RegionPath]
    lists: dict[str, FamilyList]
    rounds: dict[str, Round]
    """With their programmes."""


def subjects_of(session: Session, batches: Iterable[PrintBatch]) -> Subjects:
    """Return what batches are of, in one query for each kind; a reason or picked cards speak for themselves."""
    about: dict[BatchChoice, set[str]] = {choice: set() for choice in BatchChoice}
    for batch in batches:
        about[batch.chosen_by].add(batch.about)
    lists, rounds = ([UUID(one) for one in about[choice]] for choice in (BatchChoice.LIST, BatchChoice.ROUND))
    found_lists = session.scalars(select(FamilyList).where(FamilyList.id.in_(lists))) if lists else ()
    found_rounds = (
        session.scalars(select(Round).where(Round.id.in_(rounds)).options(joinedload(Round.programme)))
        if rounds
        else ()
    )
    return Subjects(
        villages=find_paths(session, sorted(about[BatchChoice.VILLAGE])),
        lists={str(one.id): one for one in found_lists},
        rounds={str(one.id): one for one in found_rounds},
    )
