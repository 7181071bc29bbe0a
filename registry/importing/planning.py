"""Plan the import of a family list: read it, check it, compare it with the registry, and write down what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from hashlib import file_digest
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from registry.audit import Actor, record
from registry.days import local_day
from registry.db import Connection, Database, new_id
from registry.errors import Conflict
from registry.importing.checking import RowCheck
from registry.importing.comparing import Comparison, Step, compare, find_newer
from registry.importing.findings import FAMILY_HELD, Finding, ListRefused, strongest
from registry.importing.knowing import Knowledge, learn
from registry.importing.reading import read_rows
from registry.importing.staging import StagedFamily, Staging
from registry.keys.keys import KeyRing
from registry.kinds import Fate, ListState
from registry.models import FamilyList, ListFinding
from registry.regions import PROVINCE, village_codes

__all__ = [
    "DEFAULT_SOURCE",
    "RECEIVED",
    "compare_staged",
    "comparison_findings",
    "discard_list",
    "insert_findings",
    "plan_list",
    "sweep_working_files",
]

DEFAULT_SOURCE = "DTSEN"
_FAMILIES_AT_ONCE = 500
_FINDINGS_AT_ONCE = 5_000  # about a tenth of a second in one writing transaction
RECEIVED = ".received"
"""How the name of a file ends that was sent to be read, while it lies in the folder of working files."""
_KEPT_FOR = {".sqlite": timedelta(days=7), ".making": timedelta(hours=1), RECEIVED: timedelta(hours=1)}
"""How long a file may lie there, by its ending: a plan that waits to be applied (a list can always be read again), one
that was being made, and a list as it came in; a power cut may have left the last two. All hold NIK in clear."""


def plan_list(
    database: Database,
    path: Path,
    file_name: str,
    *,
    source: str = DEFAULT_SOURCE,
    as_of: date,
    folder: Path,
    area: str = PROVINCE,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> FamilyList:
    """Read a list and return its plan; nothing of it is in the registry yet.

    A list of the same point whose apply was interrupted is given back as it stands, so that applying it resumes.

    Args:
        path: where the file lies.
        file_name: the name that the sender gave it.
        source: who states this, in words for the officer.
        as_of: the date for which the list holds.
        folder: where the working file may lie, inside the installation's own folder.
        area: the area of those who bring the list; families that live elsewhere are not taken.

    Raises:
        ListRefused: when the file is not a family list at all, or ``list_from_future``: it would outdate every list
            that follows. Nothing is written then.
        Conflict: ``list_reads_differently``, when the list was begun and its rows are no longer taken as they were.
    """
    if as_of > local_day(at):
        raise ListRefused("list_from_future")
    sweep_working_files(folder, at=at)
    with path.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest()
    with database.reading() as session:
        unfinished = _find_unfinished(session, sha256, source, as_of, actor.point_id)
        villages = village_codes(session)
    list_id = unfinished.id if unfinished else new_id()
    if unfinished and Staging.place_of(folder, list_id).exists():
        return unfinished
    if unfinished:
        # read just as it was read then: families are counted off by their place in the list
        area, read_on = unfinished.area_code, local_day(unfinished.received_at)
    else:
        read_on = local_day(at)
    check = RowCheck(villages, today=read_on, area=area)
    with Staging.making(folder, list_id) as staging:
        staging.add(check.check(row) for row in read_rows(path, file_name))
        if unfinished:
            if staging.families_total != unfinished.families_total:
                raise Conflict("list_reads_differently")
            return unfinished
        with database.connecting(writes=False) as connection:
            steps = _compare_all(connection, staging, as_of=as_of, area=area, keys=keys)
        planned = FamilyList(
            id=list_id,
            file_name=file_name[-200:],
            sha256=sha256,
            source=source,
            as_of=as_of,
            officer_id=actor.officer_id,
            point_id=actor.point_id,
            area_code=area,
            received_at=at,
            families_total=staging.families_total,
            families_done=0,
            counts=_count_lines(staging) | {f"families_{step}": count for step, count in steps.items()},
        )
        _write_plan(database, planned, staging, actor=actor, keys=keys, at=at)
    with database.reading() as session:
        return session.get_one(FamilyList, list_id)


def discard_list(
    session: Session, planned: FamilyList, *, folder: Path, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Forget a plan that was never begun, with its working file; that it was there stays in the trail.

    Raises:
        Conflict: ``list_begun``.
    """
    if planned.state is not ListState.PLANNED:
        raise Conflict("list_begun")
    Staging.place_of(folder, planned.id).unlink(missing_ok=True)
    session.execute(delete(ListFinding).where(ListFinding.list_id == planned.id))
    session.delete(planned)
    record(
        session,
        "list.discarded",
        f"family_list:{planned.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        families=planned.families_total,
    )


def compare_staged(staged: StagedFamily, knowledge: Knowledge, *, as_of: date, area: str) -> Comparison:
    """Return what is to be done with a family of the list, from what the list and the registry say."""
    draft = staged.draft
    if staged.held is None:
        return compare(draft, knowledge, as_of=as_of, area=area)
    newer = find_newer(draft, knowledge, as_of=as_of)
    if newer is not None:
        return Comparison(draft, Step.OLDER, newer)
    return Comparison(draft, Step.HELD, held=staged.held)


def comparison_findings(staged: StagedFamily, comparison: Comparison, knowledge: Knowledge) -> Iterator[Finding]:
    """Give what comparing with the registry found on the lines of a family."""
    lines = {row.nik: row.line for row in staged.rows}
    for nik in comparison.elsewhere:
        yield Finding(lines[nik], Fate.WARN, "person_elsewhere", {})
    for nik in comparison.not_living:
        yield Finding(lines[nik], Fate.WARN, "person_not_living", {})
    if comparison.step is not Step.HELD or staged.held is not None or comparison.held is None:
        return
    held_line = lines[comparison.held_nik] if comparison.held_nik else staged.rows[0].line
    code, detail = comparison.held, {}
    if code == "nik_in_two_families" and comparison.held_nik:
        owner = knowledge.by_nik[comparison.held_nik]
        code, detail = "nik_known_elsewhere", {"family": knowledge.families[owner.family_id].reference}
    yield Finding(held_line, Fate.HOLD, code, detail)
    for row in staged.rows:
        if row.line != held_line:
            yield Finding(row.line, Fate.HOLD, FAMILY_HELD, {"reason": comparison.held, "line": str(held_line)})


def _compare_all(connection: Connection, staging: Staging, *, as_of: date, area: str, keys: KeyRing) -> Counter[str]:
    """Compare every family, add what is found to the working file, and count the steps."""
    steps: Counter[str] = Counter(dict.fromkeys(Step, 0))
    missing = 0
    for start in range(0, staging.families_total, _FAMILIES_AT_ONCE):
        families = staging.families(start, _FAMILIES_AT_ONCE)
        knowledge = learn(connection, [one.draft for one in families], vault=keys.vault)
        findings: list[Finding] = []
        for staged in families:
            comparison = compare_staged(staged, knowledge, as_of=as_of, area=area)
            steps[comparison.step] += 1
            missing += comparison.missing
            findings += comparison_findings(staged, comparison, knowledge)
        staging.add_findings(findings)
    steps["person_missing"] = missing
    return steps


def _count_lines(staging: Staging) -> dict[str, int]:
    fates: Counter[str] = Counter(dict.fromkeys((f"lines_{fate}" for fate in Fate), 0))
    for _, group in groupby(staging.findings(), key=attrgetter("line")):
        fates[f"lines_{strongest(group).fate}"] += 1
    fates["lines_accept"] = staging.rows_total - fates.total()
    fates["lines"] = staging.rows_total
    return dict(fates)


def _write_plan(
    database: Database, planned: FamilyList, staging: Staging, *, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Write the plan in short transactions, between which counters can write; it is complete when it has counts."""
    counts, planned.counts = planned.counts, {}
    with database.writing() as session:
        for former in session.scalars(
            select(FamilyList).where(
                FamilyList.sha256 == planned.sha256,
                FamilyList.source == planned.source,
                FamilyList.as_of == planned.as_of,
                FamilyList.point_id == planned.point_id,
                FamilyList.state == ListState.PLANNED,
            )
        ).all():
            discard_list(session, former, folder=staging.path.parent, actor=actor, keys=keys, at=at)
        session.add(planned)
    findings = staging.findings()
    while some := list(islice(findings, _FINDINGS_AT_ONCE)):
        with database.connecting(writes=True) as connection:
            insert_findings(connection, planned.id, some)
    with database.writing() as session:
        planned = session.merge(planned)
        planned.counts = counts
        record(
            session,
            "list.planned",
            f"family_list:{planned.id}",
            actor=actor,
            key=keys.audit_key,
            at=at,
            families=planned.families_total,
        )


def insert_findings(connection: Connection, list_id: UUID, findings: Sequence[Finding]) -> None:
    """Write findings of a list into the registry."""
    connection.execute(insert(ListFinding), [{"list_id": list_id, **finding._asdict()} for finding in findings])


def _find_unfinished(session: Session, sha256: str, source: str, as_of: date, point_id: UUID) -> FamilyList | None:
    query = select(FamilyList).where(
        FamilyList.sha256 == sha256,
        FamilyList.source == source,
        FamilyList.as_of == as_of,
        FamilyList.point_id == point_id,
        FamilyList.state == ListState.APPLYING,
    )
    return session.scalars(query).first()


def sweep_working_files(folder: Path, *, at: datetime) -> None:
    """Remove working files that nobody has come back to, and what a power cut has left; a list can be read again."""
    if not folder.exists():
        return
    for path in folder.iterdir():
        kept_for = _KEPT_FOR.get(path.suffix)
        with suppress(FileNotFoundError):  # another process may be sweeping too
            if kept_for and path.stat().st_mtime < (at - kept_for).timestamp():
                path.unlink()
