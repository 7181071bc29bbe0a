"""The catalogue: programmes, their offices, pillars, budget lines and dated amounts, and who is entitled to a card.

What they are at first stands in registry/data/programmes.toml; an office changes its own by versions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select

from registry.db import Connection, Session, new_id
from registry.errors import Conflict, NotFound
from registry.kinds import VersionState
from registry.models import BudgetLine, CardRule, Programme, ProgrammeAmount, ProgrammeVersion
from registry.programmes.programme_list import ProgrammeList, read_programme_list

__all__ = ["amount_on", "card_rule_on", "get_programme", "list_budgets", "list_programmes", "load_programmes"]

_LIST = Path(__file__).parents[1] / "data" / "programmes.toml"


def load_programmes(session: Session, listed: str | None = None, *, at: datetime) -> ProgrammeList:
    """Bring the catalogue into the database; a second time changes nothing. Returns what the list says.

    Offices, pillars and budget lines are added where they are missing. A programme follows the list until its office
    has changed it by a version of its own. What is dated is history: a new date is added, a known one must agree.

    Args:
        listed: the list as TOML; the one that comes with the application when left out.

    Raises:
        RegistryError: code ``programme_list_malformed`` (detail ``where``).
        Conflict: code ``dated_entry_differs`` (detail ``where``).
    """
    read = read_programme_list(listed if listed is not None else _LIST.read_text(encoding="utf-8"))
    for kind in (read.offices, read.pillars, read.budgets):
        for row in kind:
            if session.get(type(row), row.code) is None:
                session.add(row)
        session.flush()
    own = set(
        session.scalars(
            select(ProgrammeVersion.programme_code).where(
                ProgrammeVersion.proposed_by_id.is_not(None), ProgrammeVersion.state != VersionState.REJECTED
            )
        )
    )
    for programme in read.programmes:
        if programme.code not in own:
            _follow_list(session, programme, read.contents[programme.code], at=at)
    for rule in read.card_rules:
        _add_dated(session, rule)
    for amount in read.amounts:
        if amount.programme_code not in own:
            _add_dated(session, amount)
    session.flush()
    return read


def card_rule_on(store: Session | Connection, day: date) -> CardRule:
    """Return the rule of who is entitled that holds on a day, as a value that belongs to no session.

    Raises:
        NotFound: code ``card_rule_missing``, when no rule holds yet.
    """
    columns = CardRule.__table__.columns
    row = store.execute(
        select(*columns).where(CardRule.valid_from <= day).order_by(CardRule.valid_from.desc()).limit(1)
    ).first()
    if row is None:
        raise NotFound("card_rule_missing", day=day.isoformat())
    return CardRule(**row._mapping)


def amount_on(session: Session, programme_code: str, day: date) -> ProgrammeAmount:
    """Return what a programme's package is worth and costs on a day.

    Raises:
        NotFound: code ``programme_unknown``, or ``amount_missing`` when no amount holds yet.
    """
    if session.get(Programme, programme_code) is None:
        raise NotFound("programme_unknown", programme=programme_code[:12])
    amount = session.scalars(
        select(ProgrammeAmount)
        .where(ProgrammeAmount.programme_code == programme_code, ProgrammeAmount.valid_from <= day)
        .order_by(ProgrammeAmount.valid_from.desc())
        .limit(1)
    ).first()
    if amount is None:
        raise NotFound("amount_missing", programme=programme_code, day=day.isoformat())
    return amount


def get_programme(session: Session, code: str) -> Programme:
    """Return a programme.

    Raises:
        NotFound: code ``programme_unknown``.
    """
    programme = session.get(Programme, code)
    if programme is None:
        raise NotFound("programme_unknown", programme=code[:12])
    return programme


def list_budgets(session: Session) -> Sequence[BudgetLine]:
    """Return all budget lines by code."""
    return session.scalars(select(BudgetLine).order_by(BudgetLine.code)).all()


def list_programmes(session: Session) -> Sequence[Programme]:
    """Return all programmes by name."""
    return session.scalars(select(Programme).order_by(Programme.name)).all()


def _follow_list(session: Session, programme: Programme, content: dict[str, object], *, at: datetime) -> None:
    versions = session.scalars(
        select(ProgrammeVersion)
        .where(ProgrammeVersion.programme_code == programme.code)
        .order_by(ProgrammeVersion.number.desc())
    ).all()
    in_force = next((version for version in versions if version.state is VersionState.APPROVED), None)
    if in_force is not None and in_force.content == content:
        return
    programme.version = versions[0].number + 1 if versions else 1
    session.merge(programme)
    session.flush()
    session.add(
        ProgrammeVersion(
            id=new_id(),
            programme_code=programme.code,
            number=programme.version,
            content=content,
            reason="Daftar program bawaan",
            state=VersionState.APPROVED,
            proposed_at=at,
            decided_at=at,
        )
    )
    session.flush()


def _add_dated(session: Session, row: CardRule | ProgrammeAmount) -> None:
    key = tuple(getattr(row, column.name) for column in row.__table__.primary_key)
    known = session.get(type(row), key)
    if known is None:
        session.add(row)
    elif any(getattr(known, column.name) != getattr(row, column.name) for column in row.__table__.columns):
        raise Conflict("dated_entry_differs", where=" ".join(str(part) for part in key))
