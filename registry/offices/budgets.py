"""What the offices' programmes cost: the ceiling, the entitled, the given, the rest, by kabupaten and round.

Entitled is what a determined list promises: one that is still being written promises nothing. Of a package that is
sold below its worth the budget bears the worth less the price; what families pay is not counted.

A round is tagged with the budget line that its programme had when the round was made: an office that names the next
year's line in its programme leaves the rounds of this year where they are. All amounts are whole rupiah. However many
offices, rounds and families there are, it takes the same eight statements.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from registry.db import Session
from registry.giving.standing import stands
from registry.kinds import VersionState
from registry.models import (
    Balance,
    BudgetLine,
    Determination,
    Entitlement,
    Family,
    Office,
    Programme,
    ProgrammeVersion,
    Redemption,
    RedemptionUndo,
    Region,
    Round,
)
from registry.regions import within

__all__ = ["LineCost", "OfficeCost", "RoundCost", "budget_years", "read_budgets"]

_REGENCY = 5  # characters of a region code: 62.06


@dataclass(frozen=True, slots=True)
class RoundCost:
    """What one round costs in one kabupaten or kota."""

    programme: str
    round_name: str
    opens_on: date
    regency_code: str
    regency: str
    entitled: int
    given: int

    @property
    def left(self) -> int:
        """What is entitled and not given yet."""
        return self.entitled - self.given


@dataclass(frozen=True, slots=True)
class LineCost:
    """One budget line and what its rounds cost; without a line, the rounds that no line is named for."""

    code: str
    """Empty without a line."""
    name: str
    ceiling: int
    legal_reference: str
    costs: Sequence[RoundCost]

    @property
    def programmes(self) -> Sequence[str]:
        """The names of the programmes whose rounds stand here, each once."""
        return sorted({cost.programme for cost in self.costs})

    @property
    def entitled(self) -> int:
        """What all its rounds promise."""
        return sum(cost.entitled for cost in self.costs)

    @property
    def given(self) -> int:
        """What was given, without what was undone."""
        return sum(cost.given for cost in self.costs)

    @property
    def left(self) -> int:
        """What the ceiling leaves after what was given."""
        return self.ceiling - self.given

    @property
    def excess(self) -> int:
        """By how much the entitled is more than the ceiling; 0 when it is not."""
        return max(0, self.entitled - self.ceiling)


@dataclass(frozen=True, slots=True)
class OfficeCost:
    """One office with its budget lines of a year."""

    code: str
    name: str
    lines: Sequence[LineCost]

    @property
    def ceiling(self) -> int:
        """All its ceilings."""
        return sum(line.ceiling for line in self.lines)

    @property
    def entitled(self) -> int:
        """What all its rounds promise."""
        return sum(line.entitled for line in self.lines)

    @property
    def given(self) -> int:
        """What was given, without what was undone."""
        return sum(line.given for line in self.lines)

    @property
    def left(self) -> int:
        """What its ceilings leave after what was given."""
        return self.ceiling - self.given


def budget_years(session: Session) -> list[int]:
    """Return the years that have budget lines, the newest first."""
    return list(session.scalars(select(BudgetLine.year).distinct().order_by(BudgetLine.year.desc())))


def read_budgets(session: Session, *, year: int, of_offices: Collection[str], area: str) -> list[OfficeCost]:
    """Return some offices with their budget lines of a year, by name.

    Args:
        of_offices: their codes.
        area: only the families of this region are counted; the ceilings are the whole province's all the same.
    """
    lines = session.scalars(select(BudgetLine).where(BudgetLine.year == year).order_by(BudgetLine.code)).all()
    offices = session.scalars(select(Office).order_by(Office.name)).all()
    of_line: dict[str, list[RoundCost]] = {line.code: [] for line in lines}
    untagged: dict[str, list[RoundCost]] = {office.code: [] for office in offices}
    for tag, of_office, cost in _costs(session, of_line.keys(), year, within(Family.village_code, area)):
        (of_line[tag] if tag else untagged[of_office]).append(cost)
    return [
        OfficeCost(
            office.code,
            office.name,
            [
                LineCost(line.code, line.name, line.ceiling, line.legal_reference, of_line[line.code])
                for line in lines
                if line.office_code == office.code
            ]
            + ([LineCost("", "", 0, "", untagged[office.code])] if untagged[office.code] else []),
        )
        for office in offices
        if office.code in of_offices
    ]


def _costs(
    session: Session, tags: Collection[str], year: int, where: ColumnElement[bool]
) -> Iterable[tuple[str, str, RoundCost]]:
    """Return what the rounds of a year cost in every kabupaten, with their budget line and their programme's office.

    They are those of these budget lines; of the rounds without any line, those that began in the year.
    """
    of_year = {
        one.id: (tag, one)
        for tag, one in _tagged_rounds(session)
        if tag in tags or (not tag and one.opens_on.year == year)
    }
    entitled, given = _entitled(session, of_year.keys(), where), _given(session, of_year.keys(), where)
    names = dict(session.execute(select(Region.code, Region.name).where(func.length(Region.code) == _REGENCY)).all())
    regencies: dict[UUID, set[str]] = {}
    for round_id, code in entitled.keys() | given.keys():
        regencies.setdefault(round_id, set()).add(code)
    for round_id, (tag, one) in of_year.items():
        for code in sorted(regencies.get(round_id, ())):
            yield (
                tag,
                one.office_code,
                RoundCost(
                    one.programme,
                    one.name,
                    one.opens_on,
                    code,
                    names.get(code, code),
                    entitled.get((round_id, code), 0),
                    given.get((round_id, code), 0),
                ),
            )


def _tagged_rounds(session: Session) -> Iterator[tuple[str, Any]]:
    """Give every round with the budget line that its programme had when the round was made."""
    versions: dict[str, list[tuple[datetime, str]]] = {}
    decided = (
        select(ProgrammeVersion.programme_code, ProgrammeVersion.decided_at, ProgrammeVersion.content)
        .where(ProgrammeVersion.state == VersionState.APPROVED, ProgrammeVersion.decided_at.is_not(None))
        .order_by(ProgrammeVersion.number)
    )
    for code, decided_at, content in session.execute(decided):
        versions.setdefault(code, []).append((decided_at, str(content.get("budget", ""))))
    rounds = (
        select(
            Round.id,
            Round.name,
            Round.opens_on,
            Round.created_at,
            Programme.code,
            Programme.name.label("programme"),
            Programme.office_code,
            Programme.budget_code,
        )
        .join(Programme, Programme.code == Round.programme_code)
        .order_by(Round.opens_on, Programme.name, Round.name)
    )
    for one in session.execute(rounds):
        held: list[str] = [budget for decided_at, budget in versions.get(one.code, ()) if decided_at <= one.created_at]
        yield (held[-1] if held else one.budget_code), one


def _entitled(session: Session, rounds: Collection[UUID], where: ColumnElement[bool]) -> dict[tuple[UUID, str], int]:
    """Return what the rights and balances that stand on determined lists cost, by round and kabupaten."""
    regency = func.substr(Family.village_code, 1, _REGENCY)
    rights = session.execute(
        select(Entitlement.round_id, regency, func.count(Entitlement.id) * (Round.value - Round.price))
        .join(Round, Round.id == Entitlement.round_id)
        .join(Determination, Determination.round_id == Round.id)
        .join(Family, Family.id == Entitlement.family_id)
        .where(Entitlement.round_id.in_(rounds), where, stands())
        .group_by(Entitlement.round_id, regency, Round.value, Round.price)
    )
    balances = session.execute(
        select(Balance.round_id, regency, func.sum(Balance.granted))
        .join(Determination, Determination.round_id == Balance.round_id)
        .join(Family, Family.id == Balance.family_id)
        .where(Balance.round_id.in_(rounds), where, Balance.removal_id.is_(None))
        .group_by(Balance.round_id, regency)
    )
    sums: dict[tuple[UUID, str], int] = {}
    for round_id, code, amount in (*rights, *balances):
        sums[round_id, code] = sums.get((round_id, code), 0) + int(amount)
    return sums


def _given(session: Session, rounds: Collection[UUID], where: ColumnElement[bool]) -> dict[tuple[UUID, str], int]:
    """Return what was given or spent and stands cost, by round and kabupaten."""
    regency = func.substr(Family.village_code, 1, _REGENCY)
    rows = session.execute(
        select(Entitlement.round_id, regency, func.sum(Redemption.value - Redemption.price))
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .join(Family, Family.id == Entitlement.family_id)
        .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
        .where(Entitlement.round_id.in_(rounds), where, RedemptionUndo.id.is_(None))
        .group_by(Entitlement.round_id, regency)
    )
    return {(round_id, code): int(amount) for round_id, code, amount in rows}
