"""Trying a rule before it is used: who is entitled under it now, who enters and who leaves, by kabupaten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from registry.days import local_day
from registry.db import Session
from registry.families.members import references_of
from registry.models import Programme
from registry.programmes.fact_groups import Admitted, FactLine, count_groups, lines_of
from registry.regions import find_paths, village_codes
from verify.clauses import FACTS, Rule, read_rule
from verify.evaluating import Judge, tabulate

__all__ = ["Trial", "TriedRegency", "try_rule"]

_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class TriedRegency:
    """What a tried rule does in one kabupaten: families, or people where the programme's right is a person's."""

    name: str
    before: int
    now: int
    enters: int
    leaves: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What a tried rule does, against the rule in force."""

    regencies: tuple[TriedRegency, ...]
    entering: tuple[str, ...]
    """References of some of the families that enter, or whose people do."""
    leaving: tuple[str, ...]

    @property
    def total(self) -> TriedRegency:
        """The sum over every kabupaten; its name is empty."""
        return TriedRegency(
            "",
            sum(one.before for one in self.regencies),
            sum(one.now for one in self.regencies),
            sum(one.enters for one in self.regencies),
            sum(one.leaves for one in self.regencies),
        )


def try_rule(
    session: Session, programme: Programme, clauses: Sequence[Mapping[str, Any]], *, area: str, at: datetime
) -> Trial:
    """Compare a rule with the one in force over the subjects of an area; it only reads, and changes nothing.

    Raises:
        RegistryError: as :func:`verify.clauses.read_rule`.
    """
    today = local_day(at)
    tried = _Comparison(session, read_rule(clauses, programme.subject), read_rule(programme.clauses, programme.subject))
    counts: dict[str, Counter[tuple[bool, bool]]] = {}
    groups = count_groups(
        session, tried.facts, programme.subject, admitted=[tried.by_new, tried.by_old], area=area, today=today
    )
    for group in groups:
        counts.setdefault(group.regency_code, Counter())[tried.judge(group.values)] += group.count
    names = find_paths(session, list(counts))

    def some(admitted: Sequence[Admitted], sought: tuple[bool, bool]) -> tuple[str, ...]:
        most = max(counts, key=lambda code: counts[code][sought], default=None)
        if most is None or not counts[most][sought]:
            return ()
        return _samples(session, tried, admitted, sought, regency=most, today=today)

    return Trial(
        regencies=tuple(
            TriedRegency(
                name=names[code].regency if code in names else code,
                before=count[True, True] + count[False, True],
                now=count[True, True] + count[True, False],
                enters=count[True, False],
                leaves=count[False, True],
            )
            for code, count in sorted(counts.items())
        ),
        entering=some(tried.by_new, (True, False)),
        leaving=some(tried.by_old, (False, True)),
    )


class _Comparison:
    """Two rules over the facts that either asks for."""

    def __init__(self, session: Session, new: Rule, old: Rule) -> None:
        self.facts = tuple(name for name in FACTS if name in new.facts or name in old.facts)
        self.subject = new.subject
        self.by_new: list[Admitted] = tabulate(session, new)[0]
        self.by_old: list[Admitted] = tabulate(session, old)[0]
        self._passes: tuple[Callable[[tuple[Any, ...]], bool], ...] = (
            Judge(new, self.facts).passes,
            Judge(old, self.facts).passes,
        )

    def judge(self, values: tuple[Any, ...]) -> tuple[bool, bool]:
        """Tell whether the new rule, and whether the old one, entitles whom these values belong to."""
        by_new, by_old = self._passes
        return by_new(values), by_old(values)


def _samples(
    session: Session,
    tried: _Comparison,
    admitted: Sequence[Admitted],
    sought: tuple[bool, bool],
    *,
    regency: str,
    today: date,
) -> tuple[str, ...]:
    found: list[FactLine] = []
    villages = sorted(village_codes(session, regency))
    for line in lines_of(session, tried.facts, tried.subject, admitted=admitted, villages=villages, today=today):
        if tried.judge(line.values) == sought:
            found.append(line)
        if len(found) == _SAMPLES:
            break
    return tuple(dict.fromkeys(references_of(session, [line.family_id for line in found])))
