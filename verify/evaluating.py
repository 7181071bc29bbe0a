"""Who is entitled under a rule: everybody at once, or one family or person with every clause that fails.

A rule is never run once for each family. A clause that asks for one fact is run for every value that the fact can have,
and the database selects by the values that pass; one that asks for several is run for each distinct combination that
comes along: a few hundred evaluations for 300,000 families. See docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from registry import kinds
from registry.days import local_day
from registry.db import Connection, Session
from registry.errors import NotFound
from registry.families.known_facts import current_family_facts, current_person_facts
from registry.families.members import living_members
from registry.kinds import FamilyState
from registry.models import Family, Programme
from registry.programmes.fact_groups import Admitted, lines_of, occupations_of
from verify.clauses import FACTS, Clause, FailedClause, Rule, Stated, read_rule
from verify.decide_card import RuleFacts
from verify.stating import as_value, state_family, state_person

__all__ = [
    "Judge",
    "StatedFamily",
    "Subject",
    "explain",
    "explain_subject",
    "stated_family",
    "subjects_under",
    "tabulate",
]


@dataclass(frozen=True, slots=True)
class Subject:
    """One that is entitled: a family, or a person of it."""

    family_id: UUID
    person_id: UUID | None
    village_code: str


@dataclass(frozen=True, slots=True)
class StatedFamily:
    """All that sources said of a family and its living people, by the names that clauses ask for."""

    state: FamilyState
    facts: Mapping[str, Stated]
    people: Mapping[UUID, Mapping[str, Stated]]


def subjects_under(
    session: Session | Connection, rule: Rule, *, villages: Sequence[str], today: date
) -> Iterator[Subject]:
    """Give every family of villages, or person, whom a rule entitles on a day: active families, living people."""
    admitted, rest = tabulate(session, rule)
    judge = Judge(rest, rest.facts)
    lines = lines_of(session, rest.facts, rule.subject, admitted=admitted, villages=villages, today=today)
    for line in lines:
        if judge.passes(line.values):
            yield Subject(line.family_id, line.person_id, line.village_code)


def tabulate(store: Session | Connection, rule: Rule) -> tuple[list[Admitted], Rule]:
    """Answer the clauses that ask for one fact for every value that it can have, and return the clauses that are left.

    So the database selects by a list of values, and what a value means stays with the rule.
    """
    alone: dict[str, list[Clause]] = {}
    rest = []
    for clause, names in rule.asked():
        if len(names) == 1 and (FACTS[names[0]].values or names[0] == "pekerjaan"):
            alone.setdefault(names[0], []).append(clause)
        else:
            rest.append(clause)
    admitted = []
    for name, clauses in alone.items():
        judge = Judge(Rule(clauses, rule.subject), (name,))
        values = FACTS[name].values or occupations_of(store)
        passing = tuple(value for value in values if judge.passes((value,)))
        others = tuple(value for value in values if not judge.passes((value,)))
        admitted.append(Admitted(name, passing, others, admits_unknown=judge.passes((None,))))
    return admitted, Rule(rest, rule.subject)


class Judge:
    """A rule that remembers its answers: it is run once for each distinct combination of values.

    Args:
        facts: the names of the values that come, in their order; they may be more than the rule asks for.
    """

    def __init__(self, rule: Rule, facts: Iterable[str]) -> None:
        self._rule = rule
        self._facts = tuple(facts)
        self._answers: dict[tuple[Any, ...], tuple[FailedClause, ...]] = {}

    def failures(self, values: tuple[Any, ...]) -> tuple[FailedClause, ...]:
        """Return the clauses that these values do not fulfil."""
        answer = self._answers.get(values)
        if answer is None:
            said = zip(self._facts, values, strict=True)
            answer = self._rule.failures({name: Stated(as_value(name, value)) for name, value in said})
            self._answers[values] = answer
        return answer

    def passes(self, values: tuple[Any, ...]) -> bool:
        """Tell whether these values fulfil every clause."""
        return not self.failures(values)


def stated_family(session: Session, family_id: UUID, *, at: datetime) -> StatedFamily:
    """Read all that is known of a family and its living people, in four statements whatever is asked of it then.

    Raises:
        NotFound: code ``family_unknown``.
    """
    family = session.get(Family, family_id)
    if family is None:
        raise NotFound("family_unknown")
    members = living_members(session, family_id)
    known = current_family_facts(session, [family_id])[family_id]
    of_people = current_person_facts(session, [person.id for person in members])
    today = local_day(at)
    return StatedFamily(
        state=family.state,
        facts=state_family(known, len(members)),
        people={person.id: state_person(person, of_people[person.id], today=today) for person in members},
    )


def explain(family: StatedFamily, rule: Rule, person_id: UUID | None) -> RuleFacts:
    """Return every clause of a rule that a family, or a person of it, does not fulfil, with what it saw.

    Raises:
        NotFound: code ``person_unknown``, when a person's rule is asked for somebody who is no living person of the
            family.
    """
    stated = family.facts
    if rule.subject is kinds.Subject.PERSON:
        if person_id is None or person_id not in family.people:
            raise NotFound("person_unknown")
        stated = {**stated, **family.people[person_id]}
    return RuleFacts(family_state=family.state, failed=rule.failures(stated))


def explain_subject(
    session: Session, programme: Programme, family_id: UUID, person_id: UUID | None, *, at: datetime
) -> RuleFacts:
    """Return what a programme's rule in force says of a family, or of a person of it.

    Raises:
        NotFound: as :func:`stated_family` and :func:`explain`.
    """
    rule = read_rule(programme.clauses, programme.subject)
    return explain(stated_family(session, family_id, at=at), rule, person_id)
