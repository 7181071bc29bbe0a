"""What a round promises in words: its programme as it was defined when the round's list was frozen.

A definition changes by versions, also while a round goes on. A frozen list keeps the name, the package, the rule and
the quota of the version that its determination names; a round whose list is still written follows the definition in
force. How a round is served (places, proofs, proxies) and whether its programme was stopped is asked of the definition
in force always; see docs/decisions/0120.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from registry.db import Session
from registry.models import Determination, Programme, ProgrammeVersion, Round
from registry.programmes.programme_list import whole_definition

__all__ = ["Terms", "as_frozen", "terms_of"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds in one round, whatever its programme has become since."""

    programme: str
    package: str
    clauses: Sequence[Mapping[str, Any]]
    quota: int
    one_per_family: bool


def terms_of(session: Session, rounds: Collection[UUID]) -> dict[UUID, Terms]:
    """Return the terms of rounds, by id, in one statement."""
    rows = session.execute(
        select(Round.id, Programme, Determination, ProgrammeVersion)
        .join(Programme, Programme.code == Round.programme_code)
        .outerjoin(Determination, Determination.round_id == Round.id)
        .outerjoin(ProgrammeVersion, _is_frozen_version())
        .where(Round.id.in_(rounds))
    )
    return {round_id: _terms(programme, frozen, version) for round_id, programme, frozen, version in rows}


def as_frozen(text: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Return a programme's ``name`` or ``package`` as the round promises it, for a statement that reads both rows."""
    kept = (
        select(ProgrammeVersion.content[text.key].as_string())
        .join(Determination, _is_frozen_version())
        .where(Determination.round_id == Round.id)
        .correlate(Round)
        .scalar_subquery()
    )
    return func.coalesce(kept, text)


def _is_frozen_version() -> ColumnElement[bool]:
    return and_(
        ProgrammeVersion.programme_code == Round.programme_code,
        ProgrammeVersion.number == Determination.programme_version,
    )


def _terms(programme: Programme, frozen: Determination | None, version: ProgrammeVersion | None) -> Terms:
    in_force = {name: getattr(programme, name) for name in ("name", "package", "quota", "one_per_family")}
    said = whole_definition(version.content) if version else in_force
    return Terms(
        programme=said["name"],
        package=said["package"],
        clauses=frozen.clauses if frozen else programme.clauses,
        quota=said["quota"],
        one_per_family=said["one_per_family"],
    )
