"""Write into the registry what comparing has found to be done, keeping what was there before as revisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

from registry.db import new_id
from registry.families.drafts import FamilyDraft, PersonDraft
from registry.families.enrolling import enrol_families, family_facts_row, number_row, person_facts_row, person_row
from registry.identifiers import FamilyNumber
from registry.importing.comparing import Change, Comparison, Step
from registry.importing.knowing import KnownFamily
from registry.importing.naming import note_named
from registry.keys.sealing import Vault
from registry.kinds import PersonState, Relation
from registry.models import Family, FamilyFacts, FamilyList, HeldFamily, Person, PersonFacts, Revision
from registry.models import FamilyNumber as NumberRow
from registry.regions import is_within, within

__all__ = ["SUPERSEDED", "carry_out"]

SUPERSEDED = "superseded"
"""The decision on a held family that a newer list has made needless: nobody took it."""

_REVISION_LENGTH = 200
_person = Person.__table__
_MOVE = (
    update(_person)  # type: ignore[arg-type]
    .where(_person.c.id == bindparam("of_id"))
    .values(
        family_id=bindparam("to_family"),
        position=bindparam("to_position"),
        name=bindparam("to_name"),
        relation=bindparam("to_relation"),
        sex=bindparam("to_sex"),
        birth_date=bindparam("to_birth_date"),
        state=PersonState.LIVING,
    )
)


def carry_out(
    connection: Connection,
    comparisons: Sequence[Comparison],
    *,
    family_list: FamilyList,
    vault: Vault,
    area: str,
    at: datetime,
) -> None:
    """Write all comparisons that are not held, and that the list named them, in a few statements for all together.

    A family that waited for a decision under the same Nomor KK waits no longer: this list has settled it, unless a
    newer list or another area's stated it.

    Args:
        area: of those who state this, or decide on it; a family outside it is not among the list's.
    """
    source, as_of = family_list.source, family_list.as_of
    writing = _Writing(vault, source, as_of, at)
    fresh = [one for one in comparisons if one.step is Step.NEW]
    drafts = [_without_moving(one) for one in fresh]
    ids = enrol_families(connection, drafts, vault=vault, source=source, as_of=as_of, at=at)
    for one, family_id in zip(fresh, ids, strict=True):
        writing.move(connection, one, family_id)
    settled = list(fresh)
    for one in comparisons:
        if one.known is None or one.step not in (Step.CHANGED, Step.SAME):
            continue
        if one.step is Step.CHANGED:
            writing.change(connection, one, one.known)
        if one.step is Step.CHANGED or as_of > one.known.as_of:
            writing.believed.append(one.known.id)
            settled.append(one)
    writing.finish(connection)
    known = [one.known for one in comparisons if one.known is not None and one.step is not Step.HELD]
    note_named(connection, family_list.id, [*ids, *(one.id for one in known if is_within(one.village_code, area))])
    _settle_waiting(connection, settled, vault=vault, as_of=as_of, area=area, at=at)


class _Writing:
    """Gathers the statements of one piece of a list and runs them in an order that the unique indexes allow."""

    def __init__(self, vault: Vault, source: str, as_of: date, at: datetime) -> None:
        self._vault, self._source, self._as_of, self._at = vault, source, as_of, at
        self._changes: dict[tuple[bool, str, bool], list[dict[str, Any]]] = defaultdict(list)
        self._inserts: dict[Any, list[dict[str, Any]]] = {
            model: [] for model in (NumberRow, Person, FamilyFacts, PersonFacts, Revision)
        }
        self._moves: list[dict[str, Any]] = []
        self.believed: list[UUID] = []
        """Families whose state of knowledge is now that of this list."""

    def change(self, connection: Connection, one: Comparison, known: KnownFamily) -> None:
        """Gather the changes of a family that the registry knows."""
        for change in one.changes:
            self._note(known.id, change)
        if one.gets_number:
            self._renumber(connection, one, known)
        next_position = max((person.position for person in known.people), default=-1) + 1
        for position, person in enumerate(one.joining, start=next_position):
            row = person_row(person, known.id, position, vault=self._vault, at=self._at)
            self._inserts[Person].append(row)
            self._revise(known.id, row["id"], "joined", "", known.reference)
            self._state_of_person(row["id"], person)
        self.move(connection, one, known.id)
        if one.states_facts:
            row = family_facts_row(one.draft, known.id, source=self._source, as_of=self._as_of, at=self._at)
            self._inserts[FamilyFacts].append(row)
        for person_id, person in one.people_with_facts:
            self._state_of_person(person_id, person)

    def move(self, connection: Connection, one: Comparison, family_id: UUID) -> None:
        """Bring people over from the families that the registry has them in; both families keep a revision."""
        if not one.moving:
            return
        concerned = [family_id, *(before.family_id for before, _ in one.moving)]
        found = connection.execute(select(Family.id, Family.reference).where(Family.id.in_(concerned)))
        references = {row.id: row.reference for row in found}
        places = {person.nik: place for place, person in enumerate(one.draft.people)}
        for before, person in one.moving:
            here, there = references[family_id], references[before.family_id]
            self._revise(before.family_id, before.id, "family", there, here)
            self._revise(family_id, before.id, "family", there, here)
            self._moves.append(
                {
                    "of_id": before.id,
                    "to_family": family_id,
                    "to_position": places[person.nik],
                    "to_name": person.name,
                    "to_relation": person.relation,
                    "to_sex": person.sex,
                    "to_birth_date": person.birth_date,
                }
            )
            self._state_of_person(before.id, person)

    def finish(self, connection: Connection) -> None:
        """Run what was gathered: a head steps back before another one follows, an old number ends before the new."""
        for (of_person, attribute, _), rows in sorted(self._changes.items()):
            model: Any = Person if of_person else Family
            connection.execute(
                update(model.__table__)
                .where(model.__table__.c.id == bindparam("of_id"))
                .values({attribute: bindparam("value"), "updated_at": self._at}),
                rows,
            )
        if self._moves:
            connection.execute(_MOVE.values(updated_at=self._at), self._moves)
        for model, rows in self._inserts.items():
            if rows:
                connection.execute(insert(model.__table__), rows)
        if self.believed:
            connection.execute(
                update(Family.__table__)  # type: ignore[arg-type]
                .where(Family.__table__.c.id == bindparam("of_id"))
                .values(as_of=self._as_of, updated_at=self._at),
                [{"of_id": family_id} for family_id in self.believed],
            )

    def _note(self, family_id: UUID, change: Change) -> None:
        becomes_head = change.after is Relation.HEAD
        self._changes[change.person_id is not None, change.attribute, becomes_head].append(
            {"of_id": change.person_id or family_id, "value": change.after}
        )
        self._revise(family_id, change.person_id, change.attribute, _as_text(change.before), _as_text(change.after))

    def _renumber(self, connection: Connection, one: Comparison, known: KnownFamily) -> None:
        former = connection.execute(
            select(NumberRow.id, NumberRow.number_sealed).where(
                NumberRow.family_id == known.id, NumberRow.until.is_(None)
            )
        ).one()
        number = FamilyNumber(self._vault.open("family_number", "number_sealed", former.id, former.number_sealed))
        connection.execute(update(NumberRow).where(NumberRow.id == former.id).values(until=self._at))
        self._inserts[NumberRow].append(number_row(one.draft, known.id, vault=self._vault, at=self._at))
        self._revise(known.id, None, "number", number.masked, one.draft.number.masked)

    def _state_of_person(self, person_id: UUID, person: PersonDraft) -> None:
        facts = person_facts_row(person, person_id, source=self._source, as_of=self._as_of, at=self._at)
        if facts:
            self._inserts[PersonFacts].append(facts)

    def _revise(self, family_id: UUID, person_id: UUID | None, attribute: str, before: str, after: str) -> None:
        self._inserts[Revision].append(
            {
                "id": new_id(),
                "family_id": family_id,
                "person_id": person_id,
                "attribute": attribute,
                "before": before[:_REVISION_LENGTH],
                "after": after[:_REVISION_LENGTH],
                "source": self._source,
                "at": self._at,
            }
        )


def _without_moving(one: Comparison) -> FamilyDraft:
    """Return the family without those who come over: they have their rows already."""
    if not one.moving:
        return one.draft
    moving = {before.id: person.nik for before, person in one.moving}.values()
    return replace(one.draft, people=tuple(person for person in one.draft.people if person.nik not in moving))


def _settle_waiting(
    connection: Connection, settled: Sequence[Comparison], *, vault: Vault, as_of: date, area: str, at: datetime
) -> None:
    if not settled:
        return
    indexes = [vault.index("family_number", one.draft.number) for one in settled]
    not_newer = select(FamilyList.id).where(FamilyList.id == HeldFamily.list_id, FamilyList.as_of <= as_of)
    connection.execute(
        update(HeldFamily)
        .where(
            HeldFamily.number_index.in_(indexes),
            HeldFamily.decision.is_(None),
            within(HeldFamily.village_code, area),
            not_newer.exists(),
        )
        .values(decision=SUPERSEDED, decided_at=at)
    )


def _as_text(value: object) -> str:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else str(value)
