"""Rules of who is entitled: named clauses in CEL over documented facts of a family and a person.

A clause is an expression of the Common Expression Language (https://cel.dev), checked and run by Google's own library:
it can't loop for ever, reach files or call code. Each name that it may ask for stands in :data:`FACTS`; docs/rules.md
tells offices what they mean. A fact of which no source has spoken is null: a clause that compares it without asking for
null first is answered by nobody, and counts as not fulfilled (``desil <= 2``); one that asks passes
(``menerima_pkh != true``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from registry.errors import RegistryError
from registry.kinds import JknStatus, Relation, Sex, Subject

__all__ = ["FACTS", "OLDEST", "Clause", "Fact", "FailedClause", "Rule", "Stated", "Value", "facts_for", "read_rule"]

Value = int | bool | str | None
OLDEST = 150
"""Years; a list that states a greater age is refused (registry/importing/checking.py asks for even less)."""


class _Kind(StrEnum):
    """What a fact's value is; the words are CEL's own for a value that may be null."""

    NUMBER = "google.protobuf.Int64Value"
    TRUTH = "google.protobuf.BoolValue"
    TEXT = "google.protobuf.StringValue"


@dataclass(frozen=True, slots=True)
class Fact:
    """One name that a clause may ask for."""

    subject: Subject
    kind: _Kind
    values: tuple[int | bool | str, ...] = ()
    """Every value that it can have besides null; none where they are no closed list."""


_FAMILY, _PERSON = Subject.FAMILY, Subject.PERSON
_TRUTHS = (False, True)
FACTS: Mapping[str, Fact] = {
    "desil": Fact(_FAMILY, _Kind.NUMBER, tuple(range(1, 11))),
    "menerima_pkh": Fact(_FAMILY, _Kind.TRUTH, _TRUTHS),
    "menerima_sembako": Fact(_FAMILY, _Kind.TRUTH, _TRUTHS),
    "menerima_blt_dd": Fact(_FAMILY, _Kind.TRUTH, _TRUTHS),
    "jumlah_anggota": Fact(_FAMILY, _Kind.NUMBER),
    "usia": Fact(_PERSON, _Kind.NUMBER, tuple(range(OLDEST + 1))),
    "jenis_kelamin": Fact(_PERSON, _Kind.TEXT, tuple(one.value for one in Sex)),
    "hubungan": Fact(_PERSON, _Kind.TEXT, tuple(one.value for one in Relation)),
    "pekerjaan": Fact(_PERSON, _Kind.TEXT),
    "status_jkn": Fact(_PERSON, _Kind.TEXT, tuple(one.value for one in JknStatus)),
    "punya_nisn": Fact(_PERSON, _Kind.TRUTH, _TRUTHS),
    "hamil": Fact(_PERSON, _Kind.TRUTH, _TRUTHS),
}
"""Every fact: of the family, or of the person (then only in a rule whose subject is a person).

``jenis_kelamin`` is L or P, ``hubungan`` a code of :class:`~registry.kinds.Relation`, ``pekerjaan`` in lower case,
``usia`` in full years."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a source said of a fact; a value of None means that none has."""

    value: Value
    source: str = ""
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition, with the words that tell a family of it: ``batas desil 2``."""

    code: str
    expression: str
    words: str


@dataclass(frozen=True, slots=True)
class FailedClause:
    """A clause that is not fulfilled, and the facts that it asked for."""

    clause: Clause
    is_unknown: bool
    """Whether it could not be answered, since a fact is missing."""
    facts: tuple[tuple[str, Stated], ...]


class Rule:
    """Clauses that must all be fulfilled, compiled once."""

    def __init__(self, clauses: Sequence[Clause], subject: Subject) -> None:
        self.clauses = tuple(clauses)
        self.subject = subject
        self._compiled = [(clause, *_compile(clause.code, clause.expression, subject)) for clause in clauses]
        self.facts = tuple(name for name in FACTS if any(name in names for _, _, names in self._compiled))
        """The facts that the rule asks for, in the order of :data:`FACTS`."""

    def asked(self) -> Iterator[tuple[Clause, tuple[str, ...]]]:
        """Give each clause with the facts that it asks for."""
        for clause, _, names in self._compiled:
            yield clause, names

    def failures(self, stated: Mapping[str, Stated]) -> tuple[FailedClause, ...]:
        """Return the clauses that these facts do not fulfil, with what each saw."""
        values = {name: stated[name].value for name in self.facts}
        failed = []
        for clause, run, names in self._compiled:
            answer = _answer(run, names, values)
            if answer is not True:
                failed.append(FailedClause(clause, answer is None, tuple((name, stated[name]) for name in names)))
        return tuple(failed)


def facts_for(subject: Subject) -> tuple[str, ...]:
    """Return the names that a clause of a programme may ask for, in the order of :data:`FACTS`."""
    names = _names_for(subject)
    return tuple(name for name in FACTS if name in names)


def read_rule(clauses: Iterable[Mapping[str, Any]], subject: Subject) -> Rule:
    """Compile the clauses of a programme or of the card rule.

    Raises:
        RegistryError: with detail ``clause``: ``clause_malformed`` (``place``, the how-manieth sign),
            ``clause_names_unknown`` (``name``; a fact of a person too, where the subject is a family),
            ``clause_not_a_condition``, ``clause_asks_nothing``.
    """
    return _rule(tuple((one["code"], one["expression"], one["words"]) for one in clauses), subject)


@lru_cache(maxsize=256)
def _rule(clauses: tuple[tuple[str, str, str], ...], subject: Subject) -> Rule:
    return Rule([Clause(*one) for one in clauses], subject)


@lru_cache(maxsize=1024)
def _compile(code: str, expression: str, subject: Subject) -> tuple[cel.Expression, tuple[str, ...]]:
    names = _names_for(subject)
    try:
        checked = _checking(names).compile(expression)
    except RuntimeError as error:
        raise _fault(code, str(error)) from None
    if checked.return_type() != cel.Type.BOOL:
        raise RegistryError("clause_not_a_condition", clause=code)
    asked = tuple(name for name in names if not _compiles(expression, names - {name}))
    if not asked:
        raise RegistryError("clause_asks_nothing", clause=code)
    return _running().compile(expression), tuple(name for name in FACTS if name in asked)


def _fault(code: str, said: str) -> RegistryError:
    """Return what is wrong with a clause, out of what the library says: ``ERROR: <input>:1:8: Syntax error: …``."""
    if unknown := re.search(r"undeclared reference to '(\w+)'", said):
        return RegistryError("clause_names_unknown", clause=code, name=unknown[1][:40])
    place = re.search(r"<input>:\d+:(\d+)", said)
    return RegistryError("clause_malformed", clause=code, place=place[1] if place else "?")


def _answer(run: cel.Expression, names: Sequence[str], values: Mapping[str, Value]) -> bool | None:
    answer = run.eval(data={name: values[name] for name in names})
    return answer.plain_value() if answer.type() == cel.Type.BOOL else None


def _names_for(subject: Subject) -> frozenset[str]:
    return frozenset(name for name, fact in FACTS.items() if subject is _PERSON or fact.subject is _FAMILY)


def _compiles(expression: str, names: frozenset[str]) -> bool:
    try:
        _checking(names).compile(expression)
    except RuntimeError:
        return False
    return True


@lru_cache
def _checking(names: frozenset[str]) -> cel.Env:
    """Return an environment that knows these facts and their types."""
    return cel.NewEnv(variables={name: cel.Type(FACTS[name].kind.value) for name in sorted(names)})


@lru_cache
def _running() -> cel.Env:
    """Return the environment in which a clause runs: the library takes a null only where the type is left open."""
    return cel.NewEnv(variables=dict.fromkeys(FACTS, cel.Type.DYN))
