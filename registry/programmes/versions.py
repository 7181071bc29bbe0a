"""Changes of a programme's definition: proposed by one officer of the office that owns it, decided by another.

A version's content has the shape of registry/data/programmes.toml. Whether its clauses are sound is asked one room up
(verify/catalogue.py), since rules are run only there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from registry import audit
from registry.audit import Actor
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.free_text import check_free_text
from registry.keys.keys import KeyRing
from registry.kinds import Carrying, VersionState
from registry.models import (
    BudgetLine,
    Office,
    Officer,
    Pillar,
    Programme,
    ProgrammeAmount,
    ProgrammeVersion,
)
from registry.offices.offices import decides_for, offices_decided
from registry.programmes.programme_list import read_definition, whole_definition

__all__ = [
    "VersionLine",
    "approve_version",
    "count_to_decide",
    "definition_of",
    "get_version",
    "may_change",
    "propose_version",
    "reject_version",
    "versions_of",
    "waiting_programmes",
]

_FIXED = ("carrying", "subject", "unit")
"""What makes a programme what it is: with another one it would be another programme, under a code of its own."""
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a programme, and who proposed and decided it; no names where a command loaded it."""

    version: ProgrammeVersion
    proposed_by: str
    decided_by: str


def definition_of(session: Session, programme: Programme) -> dict[str, Any]:
    """Return the definition in force, with everything said that may be left out; the caller's own copy."""
    content = session.scalars(
        select(ProgrammeVersion.content).where(
            ProgrammeVersion.programme_code == programme.code, ProgrammeVersion.number == programme.version
        )
    ).one()
    return whole_definition(content)


def versions_of(session: Session, programme: Programme) -> list[VersionLine]:
    """Return all versions of a programme, the newest first."""
    proposer, decider = aliased(Officer), aliased(Officer)
    rows = session.execute(
        select(ProgrammeVersion, proposer.name, decider.name)
        .outerjoin(proposer, proposer.id == ProgrammeVersion.proposed_by_id)
        .outerjoin(decider, decider.id == ProgrammeVersion.decided_by_id)
        .where(ProgrammeVersion.programme_code == programme.code)
        .order_by(ProgrammeVersion.number.desc())
    )
    return [VersionLine(version, proposed or "", decided or "") for version, proposed, decided in rows]


def waiting_programmes(session: Session) -> frozenset[str]:
    """Return the codes of the programmes that have a change before a second person."""
    query = select(ProgrammeVersion.programme_code).where(ProgrammeVersion.state == VersionState.PROPOSED)
    return frozenset(session.scalars(query))


def count_to_decide(session: Session, actor: Actor) -> int:
    """Return how many changes wait that somebody may decide: of their offices, and not their own."""
    waiting = (
        select(func.count())
        .select_from(ProgrammeVersion)
        .join(Programme, Programme.code == ProgrammeVersion.programme_code)
        .where(
            ProgrammeVersion.state == VersionState.PROPOSED,
            ProgrammeVersion.proposed_by_id.is_distinct_from(actor.officer_id),
            Programme.office_code.in_(offices_decided(session, actor)),
        )
    )
    return session.scalar(waiting) or 0


def get_version(session: Session, programme: Programme, number: int) -> ProgrammeVersion:
    """Return one version of a programme.

    Raises:
        NotFound: code ``version_unknown``.
    """
    version = session.scalar(
        select(ProgrammeVersion).where(
            ProgrammeVersion.programme_code == programme.code, ProgrammeVersion.number == number
        )
    )
    if version is None:
        raise NotFound("version_unknown")
    return version


def may_change(session: Session, programme: Programme, actor: Actor) -> bool:
    """Tell whether somebody works at the seat of the office that owns a programme, or at the centre."""
    return decides_for(session, programme.office_code, actor)


def propose_version(
    session: Session,
    programme: Programme,
    content: Mapping[str, Any],
    *,
    reason: str,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> ProgrammeVersion:
    """Put a changed definition before a second person; nothing changes until it is approved.

    Args:
        content: the whole definition, dates in ISO form. What is dated stays as it is: a new amount begins later.

    Raises:
        RegistryError: ``programme_list_malformed`` (detail ``where``), ``change_reason_missing``,
            ``text_holds_number``.
        Conflict: ``programme_of_other_office``, ``version_waiting``, ``version_unchanged``, ``programme_fixed``,
            ``pillar_unknown``, ``office_of_programme_unknown``, ``budget_unknown``, ``excluded_unknown``,
            ``dated_entry_differs``, ``amount_not_later``, ``amount_needed``.
    """
    if not may_change(session, programme, actor):
        raise Conflict("programme_of_other_office", office=programme.office.name)
    reason = check_free_text(reason)
    if not 0 < len(reason) <= _LONGEST_REASON:
        raise RegistryError("change_reason_missing")
    _check(session, programme, content)
    versions = versions_of(session, programme)
    if any(line.version.state is VersionState.PROPOSED for line in versions):
        raise Conflict("version_waiting")
    if whole_definition(content) == definition_of(session, programme):
        raise Conflict("version_unchanged")
    version = ProgrammeVersion(
        id=new_id(),
        programme_code=programme.code,
        number=versions[0].version.number + 1,
        content=dict(content),
        reason=reason,
        state=VersionState.PROPOSED,
        proposed_by_id=actor.officer_id,
        proposed_at=at,
    )
    try:
        with session.begin_nested():
            session.add(version)
    except IntegrityError as error:  # a colleague proposed another one after the look
        raise Conflict("version_waiting") from error
    _tell(session, "programme.proposed", f"programme_version:{version.id}", version, actor=actor, keys=keys, at=at)
    return version


def approve_version(
    session: Session, version: ProgrammeVersion, *, actor: Actor, keys: KeyRing, at: datetime
) -> Programme:
    """Let a proposed definition hold from now on; rounds whose list is frozen keep the rule that they were made by.

    Raises:
        Conflict: ``programme_of_other_office``, ``version_decided``, ``second_person_needed``, and what
            :func:`propose_version` asks of a definition, where the catalogue has changed since.
        RegistryError: ``programme_list_malformed``.
    """
    programme = version.programme
    _decide(session, version, VersionState.APPROVED, actor=actor, at=at)
    changed, amounts = _check(session, programme, version.content)
    changed.version = version.number
    session.merge(changed)
    known = {amount.valid_from for amount in programme.amounts}
    session.add_all(amount for amount in amounts if amount.valid_from not in known)
    session.flush()
    session.refresh(programme)
    _tell(session, "programme.approved", f"programme_version:{version.id}", version, actor=actor, keys=keys, at=at)
    return programme


def reject_version(session: Session, version: ProgrammeVersion, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Turn a proposed definition down: everything stays as it is.

    Raises:
        Conflict: ``programme_of_other_office``, ``version_decided``, ``second_person_needed``.
    """
    _decide(session, version, VersionState.REJECTED, actor=actor, at=at)
    _tell(session, "programme.rejected", f"programme_version:{version.id}", version, actor=actor, keys=keys, at=at)


def _decide(session: Session, version: ProgrammeVersion, state: VersionState, *, actor: Actor, at: datetime) -> None:
    if not may_change(session, version.programme, actor):
        raise Conflict("programme_of_other_office", office=version.programme.office.name)
    if actor.officer_id is None or actor.officer_id == version.proposed_by_id:
        raise Conflict("second_person_needed")
    decided = session.scalar(
        update(ProgrammeVersion)
        .where(ProgrammeVersion.id == version.id, ProgrammeVersion.state == VersionState.PROPOSED)
        .values(state=state, decided_by_id=actor.officer_id, decided_at=at)
        .returning(ProgrammeVersion.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(version)
    if decided is None:
        raise Conflict("version_decided")


def _check(
    session: Session, programme: Programme, content: Mapping[str, Any]
) -> tuple[Programme, list[ProgrammeAmount]]:
    read, amounts = read_definition(content)
    if read.code != programme.code or any(getattr(read, name) != getattr(programme, name) for name in _FIXED):
        raise Conflict("programme_fixed")
    if session.get(Pillar, read.pillar_code) is None:
        raise Conflict("pillar_unknown", pillar=read.pillar_code)
    if session.get(Office, read.office_code) is None:
        raise Conflict("office_of_programme_unknown", office=read.office_code)
    budget = session.get(BudgetLine, read.budget_code) if read.budget_code else None
    if read.budget_code and (budget is None or budget.office_code != read.office_code):
        raise Conflict("budget_unknown", budget=read.budget_code)
    others = set(session.scalars(select(Programme.code).where(Programme.code != programme.code)))
    for code in read.excludes:
        if code not in others:
            raise Conflict("excluded_unknown", programme=code)
    _check_amounts(read, programme.amounts, amounts)
    return read, amounts


def _check_amounts(read: Programme, known: Sequence[ProgrammeAmount], amounts: Sequence[ProgrammeAmount]) -> None:
    if read.carrying in (Carrying.GIVEN, Carrying.SPENT) and not amounts:
        raise Conflict("amount_needed")
    by_day = {amount.valid_from: amount for amount in amounts}
    if len(by_day) < len(amounts):
        raise Conflict("amount_not_later")
    for amount in known:
        same = by_day.pop(amount.valid_from, None)
        if same is None or _said(same) != _said(amount):
            raise Conflict("dated_entry_differs", where=f"{read.code} {amount.valid_from.isoformat()}")
    if known and any(day <= known[-1].valid_from for day in by_day):
        raise Conflict("amount_not_later")


def _said(amount: ProgrammeAmount) -> tuple[int, int, str]:
    return amount.value, amount.price, amount.legal_reference


def _tell(
    session: Session,
    action: str,
    subject: str,
    version: ProgrammeVersion,
    *,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> None:
    audit.record(
        session,
        action,
        subject,
        actor=actor,
        key=keys.audit_key,
        at=at,
        programme=version.programme_code,
        version=version.number,
    )
