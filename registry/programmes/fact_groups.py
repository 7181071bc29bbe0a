"""The subjects of programmes with the facts that a rule asks for: counted in groups alike, or one by one by village.

A fact stands here by its name in clauses (docs/rules.md); its value is the newest statement that says anything of it,
as in registry/families/known_facts.py. Only active families and living people are subjects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    cast,
    extract,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from registry.db import Connection, Session
from registry.kinds import FamilyState, PersonState, Subject
from registry.models import Family, FamilyFacts, Person, PersonFacts
from registry.regions import within

__all__ = [
    "Admitted",
    "FactGroup",
    "FactLine",
    "count_by_values",
    "count_by_village",
    "count_groups",
    "lines_of",
    "occupations_of",
]

_VILLAGES = 400  # in one query: some 75,000 families; with fifty PostgreSQL read all people anew for each query
_REGENCY_LENGTH = 5  # of the code of a kabupaten: 62.06


@dataclass(frozen=True, slots=True)
class FactGroup:
    """How many subjects of a kabupaten have exactly these values, in the order in which the facts were asked for."""

    regency_code: str
    values: tuple[Any, ...]
    count: int


@dataclass(frozen=True, slots=True)
class FactLine:
    """One subject with its values, in the order in which the facts were asked for."""

    family_id: UUID
    person_id: UUID | None
    village_code: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Admitted:
    """Which values of a fact a rule admits, among all that it can have (besides null)."""

    fact: str
    values: tuple[Any, ...]
    others: tuple[Any, ...]
    admits_unknown: bool


def count_groups(
    store: Session | Connection,
    facts: Sequence[str],
    subject: Subject,
    *,
    admitted: Sequence[Sequence[Admitted]],
    area: str,
    today: date,
) -> list[FactGroup]:
    """Return how many subjects of an area there are in each kabupaten with each combination of values, in one query.

    Args:
        admitted: of the rules that are compared; whom none of them admits is not counted.
    """
    among = within(Family.village_code, area) & or_(false(), *(_admits(one, today) for one in admitted))
    regency = func.substr(Family.village_code, 1, _REGENCY_LENGTH)
    named = _subjects(subject, among, regency.label("regency"), *_columns(facts, today)).subquery()
    query = select(*named.c, func.count()).group_by(*named.c)
    return [FactGroup(regency, tuple(values), count) for regency, *values, count in store.execute(query)]


def count_by_village(store: Session | Connection, subject: Subject, *, villages: Sequence[str]) -> dict[str, int]:
    """Return how many subjects each of these villages has, by code; a village without any is left out."""
    query = _subjects(subject, Family.village_code.in_(villages), Family.village_code, func.count())
    counted = query.group_by(Family.village_code).order_by(Family.village_code)
    return dict(store.execute(counted).all())


def count_by_values(
    store: Session | Connection, facts: Sequence[str], subject: Subject, *, villages: Sequence[str], today: date
) -> Iterator[tuple[tuple[Any, ...], int]]:
    """Give each combination of values in these villages with how many subjects have it, in one query.

    People are counted family by family where only facts of families are asked for: a family's are looked up once.
    """
    by_family = subject is Subject.PERSON and all(name in _OF_FAMILIES for name in facts)
    each = (_living() if by_family else literal(1)).label("each")
    among = Family.village_code.in_(villages)
    named = _subjects(Subject.FAMILY if by_family else subject, among, *_columns(facts, today), each).subquery()
    *values, each_of = named.c
    for *found, count in store.execute(select(*values, func.sum(each_of)).group_by(*values)):
        yield tuple(found), int(count)


def lines_of(
    store: Session | Connection,
    facts: Sequence[str],
    subject: Subject,
    *,
    admitted: Sequence[Admitted] = (),
    villages: Sequence[str],
    today: date,
) -> Iterator[FactLine]:
    """Give the subjects of villages that have admitted values, ordered by village, then as they were enrolled."""
    ids = [Family.id, Person.id if subject is Subject.PERSON else null(), Family.village_code]
    order = [Family.village_code, Family.id, *([Person.id] if subject is Subject.PERSON else [])]
    wanted = sorted(set(villages))
    for start in range(0, len(wanted), _VILLAGES):
        among = Family.village_code.in_(wanted[start : start + _VILLAGES]) & _admits(admitted, today)
        query = _subjects(subject, among, *ids, *_columns(facts, today)).order_by(*order)
        for family, person, village, *values in store.execute(query).all():
            yield FactLine(family, person, village, tuple(values))


def occupations_of(store: Session | Connection) -> list[str]:
    """Return every occupation that any source has stated of anybody, as it was written."""
    query = select(PersonFacts.occupation).where(PersonFacts.occupation.is_not(None)).distinct()
    return sorted(one for one in store.execute(query).scalars() if one is not None)


def _subjects(subject: Subject, among: ColumnElement[bool], *columns: Any) -> Select[Any]:
    families = select(*columns).select_from(Family).where(Family.state == FamilyState.ACTIVE, among)
    if subject is Subject.FAMILY:
        return families
    return families.join(Person, Person.family_id == Family.id).where(Person.state == PersonState.LIVING)


def _admits(admitted: Sequence[Admitted], today: date) -> ColumnElement[bool]:
    return and_(true(), *(_admits_one(one, today) for one in admitted))


def _admits_one(admitted: Admitted, today: date) -> ColumnElement[bool]:
    if admitted.fact == "usia":
        return or_(false(), *(_aged(first, last, today) for first, last in _runs(admitted.values)))
    value = _FACTS[admitted.fact]
    if not admitted.admits_unknown:
        return value.in_(admitted.values)
    # asked once: a null is neither among the others nor not among them
    return value.not_in(admitted.others).is_not(false()) if admitted.others else true()


def _runs(ages: Sequence[int]) -> Iterator[tuple[int, int]]:
    for _, run in groupby(enumerate(sorted(ages)), lambda place_and_age: place_and_age[1] - place_and_age[0]):
        together = [age for _, age in run]
        yield together[0], together[-1]


def _aged(first: int, last: int, today: date) -> ColumnElement[bool]:
    return and_(Person.birth_date <= _born_by(first, today), Person.birth_date > _born_by(last + 1, today))


def _born_by(age: int, today: date) -> date:
    """Return the last day on which one can be born to be of an age today."""
    try:
        return today.replace(year=today.year - age)
    except ValueError:  # 29 February, in a year that has none
        return date(today.year - age, 2, 28)


def _columns(facts: Sequence[str], today: date) -> list[ColumnElement[Any]]:
    return [(_full_years(Person.birth_date, today) if name == "usia" else _FACTS[name]).label(name) for name in facts]


def _newest(said: InstrumentedAttribute[Any], value: ColumnElement[Any] | None = None) -> ColumnElement[Any]:
    model = said.class_
    mine = model.family_id == Family.id if model is FamilyFacts else model.person_id == Person.id
    return (
        select(said if value is None else value)
        .where(mine, said.is_not(None))
        # of two statements for one date the one recorded later holds; the ids are in the order of time
        .order_by(model.as_of.desc(), model.id.desc())
        .limit(1)
        .correlate(Family, Person)
        .scalar_subquery()
    )


def _living() -> ColumnElement[int]:
    member = aliased(Person)
    return (
        select(func.count())
        .select_from(member)
        .where(member.family_id == Family.id, member.state == PersonState.LIVING)
        .correlate(Family)
        .scalar_subquery()
    )


def _full_years(born: InstrumentedAttribute[date], today: date) -> ColumnElement[int]:
    # dates as whole numbers, 20080229: their difference counts ten thousand for each full year
    number = extract("year", born) * 10_000 + extract("month", born) * 100 + extract("day", born)
    return (today.year * 10_000 + today.month * 100 + today.day - cast(number, Integer)) // 10_000


_FACTS: Mapping[str, ColumnElement[Any]] = {
    "desil": _newest(FamilyFacts.desil),
    "menerima_pkh": _newest(FamilyFacts.receives_pkh),
    "menerima_sembako": _newest(FamilyFacts.receives_sembako),
    "menerima_blt_dd": _newest(FamilyFacts.receives_blt_dd),
    "jumlah_anggota": _living(),
    "jenis_kelamin": type_coerce(Person.sex, String),
    "hubungan": type_coerce(Person.relation, String),
    "pekerjaan": _newest(PersonFacts.occupation),
    "status_jkn": type_coerce(_newest(PersonFacts.jkn), String),
    "punya_nisn": _newest(PersonFacts.nisn, true()),
    "hamil": _newest(PersonFacts.is_pregnant),
}
"""All but ``jumlah_anggota`` and those of a person's own row may be null; ``usia`` depends on the day."""
_OF_FAMILIES = frozenset({"desil", "menerima_pkh", "menerima_sembako", "menerima_blt_dd", "jumlah_anggota"})
