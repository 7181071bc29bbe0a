"""The list of programmes and card rules as a file: TOML, checked key by key, so that a slip is named by its place."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from registry.errors import RegistryError
from registry.kinds import PeriodKind
from registry.models import CardRule, Programme, ProgrammeAmount

AIDS = ("pkh", "sembako", "blt_dd")
"""Other aid that a card rule may exclude: PKH, bantuan sembako (BPNT), BLT Dana Desa."""

_LARGEST_VALUE = 1_000_000_000  # rupiah; a slip of a few noughts is caught, and the column holds twice as much
_LONGEST_VALIDITY = 20  # years


@dataclass(frozen=True, slots=True)
class ProgrammeList:
    """What a list says, as rows that are not in any session yet."""

    card_rules: list[CardRule]
    programmes: list[Programme]
    amounts: list[ProgrammeAmount]


def read_programme_list(text: str) -> ProgrammeList:
    """Read a list.

    Raises:
        RegistryError: code ``programme_list_malformed``, with ``where``: ``programme[2].amount[1].price``.
    """
    try:
        whole = _Entry("", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RegistryError("programme_list_malformed", where=str(error)) from error
    read = ProgrammeList([_read_rule(entry) for entry in whole.tables("card_rule")], [], [])
    for entry in whole.tables("programme"):
        programme = _read_programme(entry)
        read.programmes.append(programme)
        read.amounts.extend(_read_amount(programme.code, amount) for amount in entry.tables("amount"))
        entry.end()
    whole.end()
    return read


def _read_programme(entry: _Entry) -> Programme:
    return Programme(
        code=entry.text("code", longest=12),
        name=entry.text("name", longest=80),
        owner=entry.text("owner", longest=80),
        package=entry.text("package", longest=200),
        period=PeriodKind(entry.text("period", among=tuple(PeriodKind))),
    )


def _read_rule(entry: _Entry) -> CardRule:
    excluded = entry.texts("excludes", among=AIDS)
    rule = CardRule(
        valid_from=entry.day("valid_from"),
        max_desil=entry.number("max_desil", 1, 10),
        excludes_pkh="pkh" in excluded,
        excludes_sembako="sembako" in excluded,
        excludes_blt_dd="blt_dd" in excluded,
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

    def tables(self, key: str) -> list[_Entry]:
        values = self._take(key, list)
        if not values or not all(isinstance(value, dict) for value in values):
            raise self._malformed(key)
        return [_Entry(f"{self._at(key)}[{number}]", value) for number, value in enumerate(values, 1)]

    def text(self, key: str, *, longest: int = 24, among: Sequence[str] | None = None) -> str:
        value: str = self._take(key, str)
        if not value.strip() or len(value) > longest or (among is not None and value not in among):
            raise self._malformed(key)
        return value

    def texts(self, key: str, *, among: Sequence[str]) -> list[str]:
        values: list[str] = self._take(key, list)
        if any(value not in among for value in values):
            raise self._malformed(key)
        return values

    def number(self, key: str, least: int, most: int) -> int:
        value: int = self._take(key, int)
        if isinstance(value, bool) or not least <= value <= most:
            raise self._malformed(key)
        return value

    def day(self, key: str) -> date:
        value: date = self._take(key, date)
        if isinstance(value, datetime):
            raise self._malformed(key)
        return value

    def end(self) -> None:
        for key in self._values:
            raise self._malformed(key)

    def _take(self, key: str, kind: type) -> Any:
        value = self._values.pop(key, None)
        if not isinstance(value, kind):
            raise self._malformed(key)
        return value

    def _at(self, key: str) -> str:
        return f"{self._where}.{key}".lstrip(".")

    def _malformed(self, key: str) -> RegistryError:
        return RegistryError("programme_list_malformed", where=self._at(key))
