"""Changing the catalogue: no rule comes into it that does not parse or asks for an unknown fact.

On the screen none comes into it that selects nobody either; of a file that is told, since the file may be right before
the families are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from registry.audit import Actor, record
from registry.days import local_day
from registry.db import Session
from registry.errors import Conflict
from registry.keys.keys import KeyRing
from registry.kinds import Subject
from registry.models import Programme, ProgrammeVersion
from registry.programmes.catalogue import load_programmes
from registry.programmes.programme_list import ProgrammeList, read_definition
from registry.programmes.versions import approve_version, propose_version
from registry.regions import village_codes
from verify.clauses import Rule, read_rule
from verify.evaluating import subjects_under

__all__ = [
    "approve_change",
    "check_rule",
    "load_catalogue",
    "load_file",
    "programmes_for_nobody",
    "propose_change",
]


def load_catalogue(session: Session, listed: str | None = None, *, at: datetime) -> ProgrammeList:
    """Bring the catalogue into the database, as :func:`registry.programmes.catalogue.load_programmes`.

    Raises:
        RegistryError: also as :func:`verify.clauses.read_rule`; the caller rolls back, so nothing of it is loaded.
    """
    read = load_programmes(session, listed, at=at)
    for rule in read.card_rules:
        read_rule(rule.clauses, Subject.FAMILY)
    for programme in read.programmes:
        read_rule(programme.clauses, programme.subject)
    return read


def load_file(session: Session, listed: str, *, actor: Actor, keys: KeyRing, at: datetime) -> ProgrammeList:
    """Load a catalogue that an installation is given after it was set up, and leave a line of it in the trail.

    Raises:
        RegistryError, Conflict: as :func:`load_catalogue`.
    """
    read = load_catalogue(session, listed, at=at)
    record(
        session,
        "catalogue.loaded",
        f"point:{actor.point_id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        programmes=len(read.programmes),
        amounts=len(read.amounts),
    )
    return read


def programmes_for_nobody(session: Session, programmes: Iterable[Programme], *, today: date) -> list[Programme]:
    """Return those of these programmes whose rule selects nobody in the whole province, where there is anybody."""
    return [
        programme
        for programme in programmes
        if programme.clauses and _selects_nobody(session, read_rule(programme.clauses, programme.subject), today=today)
    ]


def propose_change(
    session: Session,
    programme: Programme,
    content: Mapping[str, Any],
    *,
    reason: str,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> ProgrammeVersion:
    """Put a changed definition before a second person, if its rule is sound.

    Raises:
        RegistryError, Conflict: as :func:`registry.programmes.versions.propose_version` and :func:`check_rule`.
    """
    read, _ = read_definition(content)
    check_rule(session, programme, read.clauses, today=local_day(at))
    return propose_version(session, programme, content, reason=reason, actor=actor, keys=keys, at=at)


def approve_change(
    session: Session, version: ProgrammeVersion, *, actor: Actor, keys: KeyRing, at: datetime
) -> Programme:
    """Let a proposed definition hold from now on, if its rule is still sound.

    Raises:
        RegistryError, Conflict: as :func:`registry.programmes.versions.approve_version` and :func:`check_rule`.
    """
    read, _ = read_definition(version.content)
    check_rule(session, version.programme, read.clauses, today=local_day(at))
    return approve_version(session, version, actor=actor, keys=keys, at=at)


def check_rule(session: Session, programme: Programme, clauses: Sequence[Mapping[str, Any]], *, today: date) -> Rule:
    """Return the rule that these clauses make for a programme.

    A rule that is in force already is not asked whom it selects, nor is any while there is nobody to select.

    Raises:
        RegistryError: as :func:`verify.clauses.read_rule`.
        Conflict: code ``rule_selects_nobody``.
    """
    rule = read_rule(clauses, programme.subject)
    is_changed = rule.clauses != read_rule(programme.clauses, programme.subject).clauses
    if is_changed and _selects_nobody(session, rule, today=today):
        raise Conflict("rule_selects_nobody")
    return rule


def _selects_nobody(session: Session, rule: Rule, *, today: date) -> bool:
    villages = sorted(village_codes(session))
    everybody = read_rule([], rule.subject)
    return not any(subjects_under(session, rule, villages=villages, today=today)) and any(
        subjects_under(session, everybody, villages=villages, today=today)
    )
