"""What the offices' programmes cost: the ceiling, the entitled, the given, the rest, by kabupaten and round.

Entitled is what a determined list promises: one that is still being written promises nothing. Of a package that is
sold below its worth the budget bears the worth less the price; what families pay is not counted.

A round is tagged with the budget line that its programme had when the round was made: an office that names the next
year's line in its programme leaves the rounds of this year where they are. All amounts are whole rupiah. However many
offices, rounds and families there are, it takes the same eight statements.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from registry.db import Session
from registry.kinds import VersionState
from registry.models import (
    Balance,
    BudgetLine,
    Determination,
    Entitlement,
    EntitlementRemoval,
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
    for tag, of_office, cost in _costs(session, year, within(Family.village_code, area)):
        if tag in of_line:
            of_line[tag].append(cost)
        elif not tag:
            untagged[of_office].append(cost)
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


def _costs(session: Session, year: int, where: ColumnElement[bool]) -> Iterable[tuple[str, str, RoundCost]]:
    """Return what every round costs in every kabupaten, with its budget line and the programme's office."""
    rounds = session.execute(
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
    ).all()
    versions: dict[str, list[ProgrammeVersion]] = {}
    for version in session.scalars(
        select(ProgrammeVersion)
        .where(ProgrammeVersion.state == VersionState.APPROVED)
        .order_by(ProgrammeVersion.number)
    ):
        versions.setdefault(version.programme_code, []).append(version)
    entitled, given = _entitled(session, where), _given(session, where)
    names = dict(session.execute(select(Region.code, Region.name).where(func.length(Region.code) == _REGENCY)).all())
    for one in rounds:
        held = [
            version
            for version in versions.get(one.code, ())
            if version.decided_at is not None and version.decided_at <= one.created_at
        ]
        tag = str(held[-1].content.get("budget", "")) if held else one.budget_code
        if not tag and one.opens_on.year != year:
            continue
        for regency in sorted({code for of_round, code in entitled.keys() | given.keys() if of_round == one.id}):
            yield (
                tag,
                one.office_code,
                RoundCost(
                    one.programme,
                    one.name,
                    one.opens_on,
                    regency,
                    names.get(regency, regency),
                    entitled.get((one.id, regency), 0),
                    given.get((one.id, regency), 0),
                ),
            )


def _entitled(session: Session, where: ColumnElement[bool]) -> dict[tuple[UUID, str], int]:
    """Return what the rights and balances that stand on determined lists cost, by round and kabupaten."""
    regency = func.substr(Family.village_code, 1, _REGENCY)
    rights = session.execute(
        select(Entitlement.round_id, regency, func.count(Entitlement.id) * (Round.value - Round.price))
        .join(Round, Round.id == Entitlement.round_id)
        .join(Determination, Determination.round_id == Round.id)
        .join(Family, Family.id == Entitlement.family_id)
        .outerjoin(EntitlementRemoval, EntitlementRemoval.entitlement_id == Entitlement.id)
        # a slice of a balance is a part of what the balance grants
        .where(where, EntitlementRemoval.entitlement_id.is_(None), Entitlement.balance_id.is_(None))
        .group_by(Entitlement.round_id, regency, Round.value, Round.price)
    )
    balances = session.execute(
        select(Balance.round_id, regency, func.sum(Balance.granted))
        .join(Determination, Determination.round_id == Balance.round_id)
        .join(Family, Family.id == Balance.family_id)
        .where(where, Balance.removal_id.is_(None))
        .group_by(Balance.round_id, regency)
    )
    sums: dict[tuple[UUID, str], int] = {}
    for round_id, code, amount in (*rights, *balances):
        sums[round_id, code] = sums.get((round_id, code), 0) + int(amount)
    return sums


def _given(session: Session, where: ColumnElement[bool]) -> dict[tuple[UUID, str], int]:
    """Return what was given or spent and stands cost, by round and kabupaten."""
    regency = func.substr(Family.village_code, 1, _REGENCY)
    rows = session.execute(
        select(Entitlement.round_id, regency, func.sum(Redemption.value - Redemption.price))
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .join(Family, Family.id == Entitlement.family_id)
        .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
        .where(where, RedemptionUndo.id.is_(None))
        .group_by(Entitlement.round_id, regency)
    )
    return {(round_id, code): int(amount) for round_id, code, amount in rows}
