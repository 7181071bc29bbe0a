"""The ceiling of a budget line, as the office's document states it."""

from __future__ import annotations

from datetime import datetime

from registry.audit import Actor, record
from registry.db import Session
from registry.errors import Conflict, NotFound, RegistryError
from registry.free_text import check_free_text
from registry.keys.keys import KeyRing
from registry.models import BudgetLine
from registry.offices.offices import decides_for

__all__ = ["HIGHEST_CEILING", "change_ceiling", "get_line"]

HIGHEST_CEILING = 10_000_000_000_000  # rupiah; the whole budget of the province is about half of it
_LONGEST_REFERENCE = 200  # the column's width


def get_line(session: Session, code: str, *, actor: Actor) -> BudgetLine:
    """Return a budget line whose ceiling somebody may change.

    Raises:
        NotFound: code ``budget_line_unknown``.
        Conflict: code ``ceiling_of_other_office``.
    """
    line = session.get(BudgetLine, code)
    if line is None:
        raise NotFound("budget_line_unknown")
    _check_office(session, line, actor)
    return line


def change_ceiling(
    session: Session,
    line: BudgetLine,
    *,
    ceiling: int,
    legal_reference: str,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> None:
    """Change a line's ceiling, in whole rupiah; what is given goes on under it, with a warning where it is less.

    Args:
        legal_reference: the document that says so, ``DPPA 2026``.

    Raises:
        RegistryError: code ``ceiling_out_of_range``, ``reason_missing``, ``text_holds_number``.
        Conflict: code ``ceiling_of_other_office``.
    """
    _check_office(session, line, actor)
    if not 0 <= ceiling <= HIGHEST_CEILING:
        raise RegistryError("ceiling_out_of_range")
    legal_reference = check_free_text(legal_reference)[:_LONGEST_REFERENCE]
    if not legal_reference:
        raise RegistryError("reason_missing")
    before, line.ceiling, line.legal_reference = line.ceiling, ceiling, legal_reference
    record(
        session,
        "budget.changed",
        f"office:{line.office_code}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        budget=line.code,
        ceiling=ceiling,
        ceiling_before=before,
    )


def _check_office(session: Session, line: BudgetLine, actor: Actor) -> None:
    if not decides_for(session, line.office_code, actor):
        raise Conflict("ceiling_of_other_office", office=line.office.name)
