"""Held families as officers look at them: which wait for a decision, what each states, and who decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from registry.db import Session
from registry.importing.checking import CheckedRow
from registry.importing.holding import open_rows
from registry.keys.sealing import Vault
from registry.kinds import Relation
from registry.models import Family, FamilyList, HeldFamily, Officer, Person
from registry.models import FamilyNumber as NumberRow
from registry.regions import PROVINCE, find_paths, within

__all__ = [
    "HeldDecision",
    "HeldLine",
    "count_held",
    "decision_on",
    "families_concerned",
    "find_held",
    "list_of",
    "people_known",
    "spokesman_of",
]


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A held family as it stands in a list of those that wait."""

    id: UUID
    code: str
    name: str
    """Of the one whom the list states as head, else of the first of the family."""
    people: int
    village: str
    district: str
    list_name: str
    held_at: datetime


@dataclass(frozen=True, slots=True)
class HeldDecision:
    """What was decided on a held family."""

    decision: str
    """As :attr:`HeldChoice.words` has it, or ``superseded``."""
    at: datetime
    decider: str
    """Name and number of the officer; empty when a newer list or a command settled it."""


def count_held(session: Session, *, area: str, list_id: UUID | None = None) -> dict[str, int]:
    """Return how many families of an area wait for a decision, by reason, the commonest reason first."""
    query = (
        select(HeldFamily.code, func.count())
        .where(*_waiting(area, list_id))
        .group_by(HeldFamily.code)
        .order_by(func.count().desc(), HeldFamily.code)
    )
    return dict(session.execute(query).all())


def find_held(
    session: Session,
    *,
    area: str,
    vault: Vault,
    code: str | None = None,
    list_id: UUID | None = None,
    skip: int = 0,
    limit: int,
) -> list[HeldLine]:
    """Return the families of an area that wait for a decision, the oldest first.

    Args:
        code: only those held for this reason.
        list_id: only those of this list.
    """
    query = (
        select(HeldFamily, FamilyList.file_name)
        .join(FamilyList, FamilyList.id == HeldFamily.list_id)
        .where(*_waiting(area, list_id))
        .order_by(HeldFamily.id)
        .offset(skip)
        .limit(limit)
    )
    if code:
        query = query.where(HeldFamily.code == code)
    found = session.execute(query).all()
    places = find_paths(session, sorted({held.village_code for held, _ in found}))
    lines = []
    for held, list_name in found:
        rows = open_rows(held, vault)
        place = places[held.village_code]
        lines.append(
            HeldLine(
                id=held.id,
                code=held.code,
                name=spokesman_of(rows).name,
                people=len(rows),
                village=place.village,
                district=place.district,
                list_name=list_name,
                held_at=held.held_at,
            )
        )
    return lines


def spokesman_of(rows: Sequence[CheckedRow]) -> CheckedRow:
    """Return the row by whose name a held family is called: the first that is stated as head, else the first."""
    return next((row for row in rows if row.relation is Relation.HEAD), rows[0])


def decision_on(session: Session, held: HeldFamily) -> HeldDecision | None:
    """Return what was decided on a held family; nothing while it waits."""
    if held.decision is None or held.decided_at is None:
        return None
    officer = session.get(Officer, held.decided_by) if held.decided_by else None
    return HeldDecision(held.decision, held.decided_at, f"{officer.name} ({officer.number})" if officer else "")


def list_of(session: Session, held: HeldFamily) -> FamilyList:
    """Return the list that states a held family."""
    return session.get_one(FamilyList, held.list_id)


def _waiting(area: str, list_id: UUID | None) -> list[ColumnElement[bool]]:
    conditions = [HeldFamily.decision.is_(None), within(HeldFamily.village_code, area)]
    return [*conditions, HeldFamily.list_id == list_id] if list_id else conditions


def people_known(session: Session, rows: Sequence[CheckedRow], vault: Vault, *, area: str) -> dict[int, Person]:
    """Return, by line, the people of a held family whom the registry has already, in whichever family of an area.

    Of people elsewhere nothing is given: a guessed NIK in a list must not bring out a name or a birth date.
    """
    lines = {vault.index("nik", row.nik): row.line for row in rows}
    query = select(Person).join(Family, Family.id == Person.family_id).where(Person.nik_index.in_(list(lines)))
    found = session.scalars(query.where(within(Family.village_code, area)))
    return {lines[person.nik_index]: person for person in found}


def families_concerned(session: Session, rows: Sequence[CheckedRow], vault: Vault) -> list[Family]:
    """Return the registry's families that a held family touches: the one with its Nomor KK, then its people's."""
    number = vault.index("family_number", rows[0].number)
    same_number = session.scalars(
        select(Family).join(NumberRow).where(NumberRow.number_index == number, NumberRow.until.is_(None))
    )
    people = people_known(session, rows, vault, area=PROVINCE)
    concerned = (*same_number, *(people[line].family for line in sorted(people)))
    return list({family.id: family for family in concerned}.values())
