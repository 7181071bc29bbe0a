"""Apply a planned family list, piece by piece, so that it can be watched, interrupted and taken up again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, update

from registry.audit import Actor, record
from registry.db import Connection, Database
from registry.errors import Conflict, NotFound
from registry.importing.carrying_out import carry_out
from registry.importing.comparing import Step
from registry.importing.findings import Finding
from registry.importing.holding import Holding, hold_families
from registry.importing.knowing import learn
from registry.importing.planning import compare_staged, comparison_findings, insert_findings
from registry.importing.staging import StagedFamily, Staging
from registry.keys.keys import KeyRing
from registry.kinds import Fate, ListState
from registry.models import FamilyList, ListFinding

__all__ = ["Applied", "apply_list"]

FAMILIES_AT_ONCE = 100
"""Families in one writing transaction, about 400 people: 50 to 60 ms, in which no counter can write on SQLite."""


@dataclass(frozen=True)
class Applied:
    """How applying a list went."""

    list_id: UUID
    resumed_from: int
    """How many families an interrupted run before this one had done; 0 when there was none."""
    counts: dict[str, int]
    """Families of this run by step (``new``, ``changed``, ``same``, ``older``, ``held``), ``held_before``,
    ``person_missing``."""


def apply_list(
    database: Database,
    list_id: UUID,
    *,
    folder: Path,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
    progress: Callable[[int, int], None] | None = None,
    goes_on: Callable[[], bool] | None = None,
) -> Applied:
    """Carry out the plan of a list; each piece is written with its audit line and the place reached, or not at all.

    Called again after an interruption, it goes on behind the last piece written.

    Args:
        folder: where the working file lies; it is deleted when the whole list is done.
        progress: is told after each piece how many families are done, and of how many.
        goes_on: is asked after each piece but the last; when it says no, the rest waits for another call.

    Raises:
        NotFound: ``list_unknown``.
        Conflict: ``list_applied``, ``list_not_planned`` (its planning was cut short), ``working_file_missing`` (plan
            the same file again, then resume), ``list_reads_differently`` (the working file is not of this plan),
            ``list_being_applied`` (someone else is at it).
    """
    with database.reading() as session:
        family_list = session.get(FamilyList, list_id)
    if family_list is None:
        raise NotFound("list_unknown")
    if family_list.state is ListState.APPLIED:
        raise Conflict("list_applied")
    if not family_list.counts:
        raise Conflict("list_not_planned")
    path = Staging.place_of(folder, list_id)
    if not path.exists():
        raise Conflict("working_file_missing")
    done = resumed_from = family_list.families_done
    total: Counter[str] = Counter()
    with Staging.opening(path) as staging:
        if staging.families_total != family_list.families_total:
            raise Conflict("list_reads_differently")
        while True:
            families = staging.families(done, FAMILIES_AT_ONCE)
            with database.connecting(writes=True) as connection:
                is_last = done + len(families) >= family_list.families_total
                _take_place(connection, list_id, done, len(families), is_last=is_last, at=at)
                counts = _apply_families(connection, family_list, families, keys=keys, at=at)
                _add_counts(connection, list_id, counts)
                record(
                    connection,
                    "list.applied",
                    f"family_list:{list_id}",
                    actor=actor,
                    key=keys.audit_key,
                    at=at,
                    first=done + 1,
                    last=done + len(families),
                    **{step: counts[step] for step in Step},
                )
            done += len(families)
            total.update(counts)
            if progress:
                progress(done, family_list.families_total)
            if is_last or (goes_on and not goes_on()):
                break
    if is_last:
        path.unlink(missing_ok=True)
    return Applied(list_id, resumed_from, {str(name): count for name, count in total.items()})


def _take_place(connection: Connection, list_id: UUID, done: int, count: int, *, is_last: bool, at: datetime) -> None:
    """Move the list's progress, or find that someone else has; the row stays locked until the piece is written."""
    taken = connection.execute(
        update(FamilyList)
        .where(FamilyList.id == list_id, FamilyList.families_done == done, FamilyList.state != ListState.APPLIED)
        .values(
            families_done=done + count,
            state=ListState.APPLIED if is_last else ListState.APPLYING,
            applied_at=at if is_last else None,
        )
    )
    if taken.rowcount != 1:
        raise Conflict("list_being_applied")


def _apply_families(
    connection: Connection,
    family_list: FamilyList,
    families: list[StagedFamily],
    *,
    keys: KeyRing,
    at: datetime,
) -> Counter[str]:
    knowledge = learn(connection, [one.draft for one in families], vault=keys.vault)
    as_of, area = family_list.as_of, family_list.area_code
    comparisons = [compare_staged(one, knowledge, as_of=as_of, area=area) for one in families]
    carry_out(connection, comparisons, family_list=family_list, vault=keys.vault, area=area, at=at)
    counts: Counter[str] = Counter(dict.fromkeys(Step, 0))
    counts.update(comparison.step for comparison in comparisons)
    counts["person_missing"] = sum(comparison.missing for comparison in comparisons)
    holdings: list[Holding] = []
    found: list[Finding] = []
    for staged, comparison in zip(families, comparisons, strict=True):
        if comparison.held is None:
            continue
        own = list(comparison_findings(staged, comparison, knowledge))
        found += own
        reasons = [finding for finding in own if finding.fate is Fate.HOLD and finding.detail.get("family")]
        detail = {"line": str(staged.held_line)} if staged.held_line else {}
        holdings.append(Holding(staged.rows, comparison.held, reasons[0].detail if reasons else detail))
    counts["held"], counts["held_before"] = hold_families(connection, family_list, holdings, vault=keys.vault, at=at)
    _add_new_findings(connection, family_list.id, found)
    return counts


def _add_new_findings(connection: Connection, list_id: UUID, found: list[Finding]) -> None:
    """Write what was not yet so when the list was planned: a NIK may have come into another family since."""
    if not found:
        return
    query = select(ListFinding.line, ListFinding.code).where(
        ListFinding.list_id == list_id, ListFinding.line.in_({finding.line for finding in found})
    )
    known = {(line, code) for line, code in connection.execute(query)}
    fresh = [finding for finding in found if (finding.line, finding.code) not in known]
    if fresh:
        insert_findings(connection, list_id, fresh)


def _add_counts(connection: Connection, list_id: UUID, counts: Counter[str]) -> None:
    before = connection.execute(select(FamilyList.counts).where(FamilyList.id == list_id)).scalar_one()
    added = {f"applied_{name}": before.get(f"applied_{name}", 0) + count for name, count in counts.items()}
    connection.execute(update(FamilyList).where(FamilyList.id == list_id).values(counts=before | added))
