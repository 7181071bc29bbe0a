"""Keep families aside that a person has to decide on, and carry out what that person decides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from registry.audit import Actor, record
from registry.db import Connection, new_id
from registry.errors import Conflict, NotFound
from registry.identifiers import FamilyNumber, Nik
from registry.importing.carrying_out import SUPERSEDED, carry_out
from registry.importing.checking import CheckedRow
from registry.importing.comparing import Step, compare
from registry.importing.knowing import learn
from registry.importing.naming import note_named
from registry.importing.staging import draft_family
from registry.keys.keys import KeyRing
from registry.keys.sealing import Vault
from registry.kinds import JknStatus, PersonState, Relation, Sex
from registry.models import Family, FamilyList, HeldFamily, Person
from registry.models import FamilyNumber as NumberRow
from registry.regions import PROVINCE, is_within, within

__all__ = [
    "HeldChoice",
    "Holding",
    "decide_held",
    "get_held",
    "hold_families",
    "open_rows",
    "owners_of",
    "rehearse_held",
]

_TABLE, _COLUMN = "held_family", "rows_sealed"
_DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Holding:
    """A family to be kept aside: its rows, and why."""

    rows: tuple[CheckedRow, ...]
    code: str
    detail: dict[str, str]


@dataclass(frozen=True, slots=True)
class HeldChoice:
    """What a person decided; the lines are those of the list."""

    drop: bool = False
    """Nothing of the family is taken."""
    head_line: int | None = None
    """Who is the head; whoever else is stated as head becomes another member."""
    leave_out: frozenset[int] = frozenset()
    """Who stays in the family that the registry has them in (``keep_there``)."""
    move_here: frozenset[int] = frozenset()
    """Who comes over from the family that the registry has them in."""
    is_same_family: bool = False
    """The registry's family under this Nomor KK is this one, though none of its people is known to it."""

    @property
    def words(self) -> str:
        """Return the decision as it is recorded."""
        if self.drop:
            return _DROPPED
        parts = {
            "head": self.head_line is not None,
            "kept_there": bool(self.leave_out),
            "moved_here": bool(self.move_here),
            "same": self.is_same_family,
        }
        return "+".join(part for part, chosen in parts.items() if chosen) or "registered"


def hold_families(
    connection: Connection, family_list: FamilyList, holdings: Sequence[Holding], *, vault: Vault, at: datetime
) -> tuple[int, int]:
    """Keep families of a list aside; return how many, and how many were settled or wait with newer rows already.

    A family that waits with other rows from a list that is not newer waits no longer: the newer rows are to be decided
    on; what another area has stated stays. What was decided on the same rows before still holds and is not asked again:
    this list names the family too, unless it was dropped.
    """
    if not holdings:
        return 0, 0
    index_of = {holding.rows[0].number: vault.index("family_number", holding.rows[0].number) for holding in holdings}
    before: dict[bytes, list[Any]] = {index: [] for index in index_of.values()}
    for row in connection.execute(
        select(HeldFamily.__table__, FamilyList.as_of)
        .join(FamilyList, FamilyList.id == HeldFamily.list_id)
        .where(
            HeldFamily.number_index.in_(list(before)),
            # what a newer list has replaced was decided by nobody, and may be stated again
            HeldFamily.decision.is_distinct_from(SUPERSEDED),
            within(HeldFamily.village_code, family_list.area_code),
        )
    ):
        before[row.number_index].append(row)
    fresh: list[dict[str, Any]] = []
    outdated: list[UUID] = []
    taken: list[bytes] = []
    for holding in holdings:
        number_index = index_of[holding.rows[0].number]
        content = _content(holding.rows)
        earlier = before[number_index]
        same = [row for row in earlier if _content(_unseal(row.id, row.rows_sealed, vault)) == content]
        if same:
            if any(row.decision not in (None, _DROPPED) for row in same):
                taken.append(number_index)
            continue
        waiting = [row for row in earlier if row.decision is None]
        if any(row.as_of > family_list.as_of for row in waiting):
            continue
        outdated += [row.id for row in waiting]
        row_id = new_id()
        fresh.append(
            {
                "id": row_id,
                "list_id": family_list.id,
                "number_index": number_index,
                "village_code": holding.rows[0].village_code,
                "rows_sealed": vault.seal(_TABLE, _COLUMN, row_id, _write_rows(holding.rows)),
                "code": holding.code,
                "detail": holding.detail,
                "held_at": at,
                "decision": None,
                "decided_at": None,
                "decided_by": None,
            }
        )
    if outdated:
        connection.execute(
            update(HeldFamily).where(HeldFamily.id.in_(outdated)).values(decision=SUPERSEDED, decided_at=at)
        )
    if fresh:
        connection.execute(insert(HeldFamily), fresh)
    if taken:
        of_number = select(NumberRow.family_id).where(NumberRow.number_index.in_(taken), NumberRow.until.is_(None))
        note_named(connection, family_list.id, connection.scalars(of_number))
    return len(fresh), len(holdings) - len(fresh)


def get_held(session: Session, held_id: UUID, *, area: str) -> HeldFamily:
    """Return a family that waits or waited for a decision.

    Raises:
        NotFound: ``held_unknown``, also for a family elsewhere.
    """
    held = session.scalar(select(HeldFamily).where(HeldFamily.id == held_id, within(HeldFamily.village_code, area)))
    if held is None:
        raise NotFound("held_unknown")
    return held


def open_rows(held: HeldFamily, vault: Vault) -> tuple[CheckedRow, ...]:
    """Return the rows of a held family, with NIK and Nomor KK in clear.

    Raises:
        KeyFault: when they cannot be opened with these keys.
    """
    return _unseal(held.id, held.rows_sealed, vault)


def owners_of(session: Session, rows: Sequence[CheckedRow], vault: Vault) -> dict[int, Family]:
    """Return, by line, the family that the registry has a person in, where that is another than the rows' own."""
    lines = {vault.index("nik", row.nik): row.line for row in rows}
    own = select(NumberRow.family_id).where(
        NumberRow.number_index == vault.index("family_number", rows[0].number), NumberRow.until.is_(None)
    )
    found = session.execute(
        select(Person.nik_index, Family)
        .join(Family, Family.id == Person.family_id)
        .where(Person.nik_index.in_(list(lines)), Person.state != PersonState.MOVED, Person.family_id.not_in(own))
    )
    return {lines[index]: family for index, family in found}


def decide_held(
    session: Session,
    held: HeldFamily,
    choice: HeldChoice,
    *,
    area: str = PROVINCE,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Family | None:
    """Carry out a decision on a held family; return the family as it stands then, or nothing when it was dropped.

    Args:
        area: whose officers decide; they change no family that lives elsewhere, and take nobody out of one.

    Raises:
        Conflict: ``held_decided``; ``owner_outside_area``, ``family_outside_area``; ``family_without_head``,
            ``two_heads``, ``nik_in_two_families``, ``head_not_living``, ``number_of_another_family`` when the choice
            leaves that open; ``family_known_newer`` when a newer list has settled the family.
    """
    # locked first: of two officers who decide at the same moment the second finds it decided
    session.refresh(held, with_for_update=True)
    if held.decision is not None:
        raise Conflict("held_decided")
    owners = owners_of(session, open_rows(held, keys.vault), keys.vault)
    if any(not is_within(family.village_code, area) for line, family in owners.items() if line in choice.move_here):
        raise Conflict("owner_outside_area")
    number = None if choice.drop else _take(session, held, choice, area=area, keys=keys, at=at)
    held.decision = choice.words
    held.decided_at = at
    held.decided_by = actor.officer_id
    session.flush()
    record(
        session,
        "held.decided",
        f"held_family:{held.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        decision=choice.words,
        code=held.code,
    )
    if number is None:
        return None
    return session.scalars(
        select(Family)
        .join(NumberRow)
        .where(NumberRow.number_index == keys.vault.index("family_number", number), NumberRow.until.is_(None))
        # what stands in the session was written past it
        .execution_options(populate_existing=True)
    ).one()


def rehearse_held(
    session: Session,
    held: HeldFamily,
    choice: HeldChoice,
    *,
    area: str = PROVINCE,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> None:
    """Find out whether a decision could be carried out, and leave everything as it was.

    Raises:
        Conflict: as :func:`decide_held`.
    """
    with session.begin_nested() as attempt:
        decide_held(session, held, choice, area=area, actor=actor, keys=keys, at=at)
        attempt.rollback()


def _take(
    session: Session, held: HeldFamily, choice: HeldChoice, *, area: str, keys: KeyRing, at: datetime
) -> FamilyNumber:
    rows = _with_head(
        [row for row in open_rows(held, keys.vault) if row.line not in choice.leave_out], choice.head_line
    )
    if not rows:
        raise Conflict("family_without_head")
    draft = draft_family(rows)
    if draft.heads != 1:
        raise Conflict("two_heads" if draft.heads else "family_without_head")
    family_list = session.get_one(FamilyList, held.list_id)
    connection = session.connection()
    comparison = compare(
        draft,
        learn(connection, [draft], vault=keys.vault),
        as_of=family_list.as_of,
        area=area,
        moving={row.nik for row in rows if row.line in choice.move_here},
        is_same_family=choice.is_same_family,
    )
    if comparison.step is Step.OLDER:
        raise Conflict("family_known_newer")
    if comparison.held is not None:
        raise Conflict(comparison.held)
    carry_out(
        connection,
        [comparison],
        family_list=family_list,
        vault=keys.vault,
        area=area,
        at=at,
    )
    session.expire_all()
    return draft.number


def _with_head(rows: list[CheckedRow], head_line: int | None) -> list[CheckedRow]:
    if head_line is None:
        return rows
    return [
        row._replace(relation=Relation.HEAD)
        if row.line == head_line
        else row._replace(relation=Relation.OTHER)
        if row.relation is Relation.HEAD
        else row
        for row in rows
    ]


def _content(rows: Sequence[CheckedRow]) -> list[CheckedRow]:
    """Return rows without their lines: the same family may stand elsewhere in the next list."""
    return sorted(row._replace(line=0) for row in rows)


def _unseal(held_id: UUID, sealed: bytes, vault: Vault) -> tuple[CheckedRow, ...]:
    return _read_rows(vault.open(_TABLE, _COLUMN, held_id, sealed))


def _write_rows(rows: Sequence[CheckedRow]) -> str:
    named = [row._asdict() | {"birth_date": row.birth_date.isoformat()} for row in rows]
    return json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _read_rows(text: str) -> tuple[CheckedRow, ...]:
    return tuple(
        CheckedRow(**values)._replace(
            number=FamilyNumber(values["number"]),
            nik=Nik(values["nik"]),
            relation=Relation(values["relation"]),
            sex=Sex(values["sex"]),
            birth_date=date.fromisoformat(values["birth_date"]),
            jkn=None if values["jkn"] is None else JknStatus(values["jkn"]),
        )
        for values in json.loads(text)
    )
