"""The catalogue as a file: TOML, checked key by key, so that a slip is named by its place.

The same reading checks a definition that an office proposes on a screen: :func:`read_definition`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from registry.errors import RegistryError
from registry.kinds import Carrying, PeriodKind, PointKind, Proof, Subject, Unit
from registry.models import BudgetLine, CardRule, Office, Pillar, Programme, ProgrammeAmount

__all__ = ["ProgrammeList", "read_definition", "read_programme_list", "whole_definition"]

_LARGEST_VALUE = 1_000_000_000  # rupiah; a slip of a few noughts is caught, and the column holds twice as much
_LARGEST_CEILING = 10_000_000_000_000  # rupiah; the whole budget of the province is about half of it
_LONGEST_VALIDITY = 20  # years
_MOST_QUOTA = 1_000
_DEFAULTS: dict[str, Any] = {
    "quota": 1,
    "one_per_family": False,
    "proofs": [],
    "proxy_limit": 3,
    "excludes": [],
    "budget": "",
    "is_withdrawn": False,
}


@dataclass(frozen=True, slots=True)
class ProgrammeList:
    """What a list says, as rows that are not in any session yet."""

    offices: list[Office] = field(default_factory=list)
    pillars: list[Pillar] = field(default_factory=list)
    budgets: list[BudgetLine] = field(default_factory=list)
    card_rules: list[CardRule] = field(default_factory=list)
    programmes: list[Programme] = field(default_factory=list)
    amounts: list[ProgrammeAmount] = field(default_factory=list)
    contents: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Each programme's definition as JSON, by code: what its version keeps."""


def read_programme_list(text: str) -> ProgrammeList:
    """Read a list.

    Raises:
        RegistryError: code ``programme_list_malformed``, with ``where``: ``programme[2].amount[1].price``.
    """
    try:
        whole = _Entry("", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RegistryError("programme_list_malformed", where=str(error)) from error
    read = ProgrammeList()
    for entry in whole.tables("office", may_lack=True):
        read.offices.append(Office(code=entry.text("code", longest=16), name=entry.text("name", longest=80)))
        entry.end()
    for position, entry in enumerate(whole.tables("pillar", may_lack=True), 1):
        read.pillars.append(
            Pillar(code=entry.text("code", longest=16), name=entry.text("name", longest=80), position=position)
        )
        entry.end()
    read.budgets.extend(_read_budget(entry) for entry in whole.tables("budget", may_lack=True))
    read.card_rules.extend(_read_rule(entry) for entry in whole.tables("card_rule"))
    for entry in whole.tables("programme"):
        content = entry.as_json()
        programme, amounts = _read_programme(entry)
        read.programmes.append(programme)
        read.amounts.extend(amounts)
        read.contents[programme.code] = content
    whole.end()
    return read


def read_definition(content: Mapping[str, Any]) -> tuple[Programme, list[ProgrammeAmount]]:
    """Read one programme's definition, as a version keeps it (dates in ISO form).

    Raises:
        RegistryError: code ``programme_list_malformed``, with ``where``: ``programme.clause[1].words``.
    """
    return _read_programme(_Entry("programme", dict(content)))


def whole_definition(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a definition with everything said that may be left out, so that two of them can be compared."""
    return {**_DEFAULTS, "clause": [], "amount": [], **content}


def _read_programme(entry: _Entry) -> tuple[Programme, list[ProgrammeAmount]]:
    programme = Programme(
        code=entry.text("code", longest=12),
        name=entry.text("name", longest=80),
        pillar_code=entry.text("pillar", longest=16),
        office_code=entry.text("office", longest=16),
        package=entry.text("package", longest=200),
        carrying=Carrying(entry.text("carrying", among=tuple(Carrying))),
        subject=Subject(entry.text("subject", among=tuple(Subject))),
        unit=Unit(entry.text("unit", among=tuple(Unit))),
        period=PeriodKind(entry.text("period", among=tuple(PeriodKind))),
        quota=entry.number("quota", 0, _MOST_QUOTA),
        one_per_family=entry.truth("one_per_family"),
        places=entry.texts("places", among=tuple(PointKind)),
        proofs=entry.texts("proofs", among=tuple(Proof)),
        proxy_limit=entry.number("proxy_limit", 0, _MOST_QUOTA),
        excludes=entry.texts("excludes"),
        clauses=_read_clauses(entry),
        budget_code=entry.text("budget", longest=40, may_be_empty=True),
        is_withdrawn=entry.truth("is_withdrawn"),
    )
    amounts = [_read_amount(programme.code, amount) for amount in entry.tables("amount", may_lack=True)]
    entry.end()
    return programme, amounts


def _read_clauses(entry: _Entry) -> list[dict[str, Any]]:
    clauses = []
    for clause in entry.tables("clause", may_lack=True):
        clauses.append(
            {
                "code": clause.text("code", longest=24),
                "expression": clause.text("expression", longest=300),
                "words": clause.text("words", longest=120),
            }
        )
        clause.end()
    if len({clause["code"] for clause in clauses}) < len(clauses):
        raise entry.malformed("clause")
    return clauses


def _read_budget(entry: _Entry) -> BudgetLine:
    line = BudgetLine(
        code=entry.text("code", longest=40),
        office_code=entry.text("office", longest=16),
        year=entry.number("year", 2025, 2100),
        name=entry.text("name", longest=120),
        ceiling=entry.number("ceiling", 0, _LARGEST_CEILING),
        legal_reference=entry.text("legal_reference", longest=200),
    )
    entry.end()
    return line


def _read_rule(entry: _Entry) -> CardRule:
    rule = CardRule(
        valid_from=entry.day("valid_from"),
        clauses=_read_clauses(entry),
        validity_years=entry.number("validity_years", 1, _LONGEST_VALIDITY),
        legal_reference=entry.text("legal_reference", longest=200),
    )
    entry.end()
    return rule


def _read_amount(programme_code: str, entry: _Entry) -> ProgrammeAmount:
    value = entry.number("value", 0, _LARGEST_VALUE)
    amount = ProgrammeAmount(
        programme_code=programme_code,
        valid_from=entry.day("valid_from"),
        value=value,
        price=entry.number("price", 0, value),
        legal_reference=entry.text("legal_reference", longest=200),
    )
    entry.end()
    return amount


class _Entry:
    """One table of the list, read key by key; what is missing, misspelt or of a wrong kind is named by its place."""

    def __init__(self, where: str, values: dict[str, Any]) -> None:
        self._where = where
        self._values = dict(values)

    def as_json(self) -> dict[str, Any]:
        """Return the whole table with its dates in ISO form."""
        whole: dict[str, Any] = _jsonable(self._values)
        return whole

    def tables(self, key: str, *, may_lack: bool = False) -> list[_Entry]:
        if may_lack and self._values.get(key, []) == []:
            self._values.pop(key, None)
            return []
        values = self._take(key, list)
        if not values or not all(isinstance(value, dict) for value in values):
            raise self.malformed(key)
        return [_Entry(f"{self._at(key)}[{number}]", value) for number, value in enumerate(values, 1)]

    def text(
        self, key: str, *, longest: int = 24, among: Sequence[str] | None = None, may_be_empty: bool = False
    ) -> str:
        value: str = self._take(key, str)
        if (
            (not value.strip() and not may_be_empty)
            or len(value) > longest
            or (among is not None and value not in among)
        ):
            raise self.malformed(key)
        return value

    def texts(self, key: str, *, among: Sequence[str] | None = None) -> list[str]:
        values: list[str] = self._take(key, list)
        if any(not isinstance(value, str) or (among is not None and value not in among) for value in values):
            raise self.malformed(key)
        return values

    def number(self, key: str, least: int, most: int) -> int:
        value: int = self._take(key, int)
        if isinstance(value, bool) or not least <= value <= most:
            raise self.malformed(key)
        return value

    def truth(self, key: str) -> bool:
        value: bool = self._take(key, bool)
        return value

    def day(self, key: str) -> date:
        if isinstance(self._values.get(key), str):  # as a version keeps it
            try:
                return date.fromisoformat(self._values.pop(key))
            except ValueError as error:
                raise self.malformed(key) from error
        value: date = self._take(key, date)
        if isinstance(value, datetime):
            raise self.malformed(key)
        return value

    def end(self) -> None:
        for key in self._values:
            raise self.malformed(key)

    def _take(self, key: str, kind: type) -> Any:
        value = self._values.pop(key, _DEFAULTS.get(key))
        if not isinstance(value, kind):
            raise self.malformed(key)
        return value

    def _at(self, key: str) -> str:
        return f"{self._where}.{key}".lstrip(".")

    def malformed(self, key: str) -> RegistryError:
        return RegistryError("programme_list_malformed", where=self._at(key))


def _jsonable(value: Any) -> Any:
    match value:
        case dict():
            return {key: _jsonable(one) for key, one in value.items()}
        case list():
            return [_jsonable(one) for one in value]
        case date():
            return value.isoformat()
    return value
