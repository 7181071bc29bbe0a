"""Who comes onto a round's list: decided here by the programme's rule, the rows are made by the registry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from registry.audit import Actor, record
from registry.days import local_day
from registry.db import Session
from registry.errors import Conflict
from registry.keys.keys import KeyRing
from registry.kinds import Basis, RoundState
from registry.models import Determination, Round
from registry.programmes.determinations import lock_round
from registry.programmes.exclusions import exclusions_of
from registry.programmes.fact_groups import FactLine, lines_of
from registry.programmes.listing import (
    Right,
    add_rights,
    drop_rights,
    drop_subjects,
    oldest_of_families,
    rosters_by_village,
    standing_families,
    standing_subjects,
)
from registry.programmes.periods import listed_in_period
from registry.programmes.rounds import UNNUMBERED, Place, open_round
from verify.clauses import FailedClause, Rule, Stated, read_rule
from verify.reasons import ReasonCode
from verify.stating import as_value

__all__ = ["Evaluation", "OpenedRound", "Why", "evaluate_round", "open_round_for_villages"]


@dataclass(frozen=True, slots=True)
class Why:
    """Why somebody is not entitled, as it is counted."""

    code: ReasonCode
    about: str = ""
    """The words of the clause, or the name of the programme that excludes or of the other round."""


@dataclass(slots=True)
class Evaluation:
    """How many of the villages' active families, or living people of them, are entitled, and why the others are not."""

    villages: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Entitled and not entitled of each village."""
    reasons: Counter[Why] = field(default_factory=Counter)
    """How many each reason keeps off the list; one subject can have several."""
    taken_off: int = 0
    """How many the office had put on the list itself, for whom another list stands in the way by now."""

    @property
    def entitled(self) -> int:
        """How many stand on the list by the rule."""
        return sum(entitled for entitled, _ in self.villages.values())

    @property
    def not_entitled(self) -> int:
        """How many the rule leaves out."""
        return sum(others for _, others in self.villages.values())


@dataclass(frozen=True, slots=True)
class OpenedRound:
    """A round that was opened in one step, and how its list came about."""

    round: Round
    evaluation: Evaluation

    @property
    def entitled(self) -> int:
        """How many stand on the list."""
        return self.evaluation.entitled

    @property
    def not_entitled(self) -> int:
        """How many the rule leaves out."""
        return self.evaluation.not_entitled

    @property
    def reasons(self) -> Mapping[Why, int]:
        """How many each reason keeps off the list."""
        return self.evaluation.reasons


def evaluate_round(session: Session, round_: Round, *, actor: Actor, keys: KeyRing, at: datetime) -> Evaluation:
    """Write the list of a prepared round by the programme's rule; again as often as one likes, until it is frozen.

    Those whom the office has put on the list by its own decree or discretion keep standing, but for whom a list that
    was determined meanwhile stands in the way.

    Raises:
        Conflict: code ``round_determined``, ``round_closed``.
        RegistryError: as :func:`verify.clauses.read_rule`.
    """
    lock_round(session, round_)
    if round_.state is RoundState.CLOSED:
        raise Conflict("round_closed")
    if session.get(Determination, round_.id) is not None:
        raise Conflict("round_determined")
    drop_rights(session, round_.id, basis=Basis.DTSEN)
    evaluation, today = Evaluation(), local_day(at)
    overtaken = _in_the_way(session, round_, list(standing_subjects(session, round_.id)), today=today)
    drop_subjects(session, round_.id, overtaken)
    evaluation.taken_off = len(overtaken)
    add_rights(session, round_, _rights(session, round_, evaluation, today=today))
    round_.evaluated_version = round_.programme.version
    session.flush()
    record(
        session,
        "round.evaluated",
        f"round:{round_.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        entitled=evaluation.entitled,
        left_out=evaluation.not_entitled,
        taken_off=evaluation.taken_off or None,
    )
    return evaluation


def open_round_for_villages(
    session: Session,
    programme_code: str,
    *,
    name: str,
    opens_on: date,
    closes_on: date,
    price: int | None = None,
    places: Sequence[Place],
    decree_number: str = UNNUMBERED,
    decree_date: date | None = None,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> OpenedRound:
    """Open a round in one step, for every family of the villages, or person, whom the programme's rule entitles today.

    Whether a family has a card already makes no difference: the right is the family's, the card is how it shows it.
    Villages are decided one by one, so memory stays flat for a whole province.

    Raises:
        NotFound, RegistryError, Conflict: as :func:`registry.programmes.rounds.open_round`.
    """
    evaluation = Evaluation()

    def entitled(made: Round) -> Iterator[Right]:
        made.evaluated_version = made.programme.version
        return _rights(session, made, evaluation, today=local_day(at))

    opened = open_round(
        session,
        programme_code,
        name=name,
        opens_on=opens_on,
        closes_on=closes_on,
        price=price,
        places=places,
        entitled=entitled,
        decree_number=decree_number,
        decree_date=decree_date,
        actor=actor,
        keys=keys,
        at=at,
    )
    return OpenedRound(opened, evaluation)


def _rights(session: Session, round_: Round, evaluation: Evaluation, *, today: date) -> Iterator[Right]:
    """Give who is entitled and does not stand on the list yet, and count all of them."""
    programme = round_.programme
    rosters = rosters_by_village(session, round_.id)
    # a person goes from family to family, and is on the list all the same
    standing = {person or family for family, person in standing_subjects(session, round_.id)}
    families = standing_families(session, round_.id)
    judge = _Judge(read_rule(programme.clauses, programme.subject))
    lines = lines_of(session, judge.rule.facts, programme.subject, villages=sorted(rosters), today=today)
    for village, some in groupby(lines, key=lambda line: line.village_code):
        passed: list[FactLine] = []
        others = 0
        for line in some:
            failed = judge.failures(line.values)
            if not failed:
                passed.append(line)
                continue
            others += 1
            evaluation.reasons.update(_why(one) for one in failed)
        subjects = [
            (line.family_id, line.person_id) for line in passed if (line.person_id or line.family_id) not in standing
        ]
        left_out = _left_out(session, round_, subjects, families, today=today)
        evaluation.reasons.update(left_out.values())
        evaluation.villages[village] = (len(passed) - len(left_out), others + len(left_out))
        for subject in subjects:
            if subject not in left_out:
                yield Right(*subject, rosters[village])


def _left_out(
    session: Session,
    round_: Round,
    subjects: Sequence[tuple[UUID, UUID | None]],
    families: set[UUID],
    *,
    today: date,
) -> dict[tuple[UUID, UUID | None], Why]:
    """Return who fulfils every clause and is not entitled all the same: by another list, or by a relative.

    Args:
        families: those of whom somebody stands on the list already.
    """
    left_out = _in_the_way(session, round_, subjects, today=today)
    if round_.programme.one_per_family:
        rest = [subject for subject in subjects if subject not in left_out]
        oldest = oldest_of_families(session, [person for family, person in rest if person and family not in families])
        left_out |= {subject: Why(ReasonCode.ONE_PER_FAMILY) for subject in rest if subject[1] not in oldest}
    return left_out


def _in_the_way(
    session: Session, round_: Round, subjects: Sequence[tuple[UUID, UUID | None]], *, today: date
) -> dict[tuple[UUID, UUID | None], Why]:
    """Return for whom the list of another round stands in the way: of this programme, or of one that excludes it."""
    return {
        subject: Why(ReasonCode.LISTED_IN_PERIOD, other)
        for subject, other in listed_in_period(session, round_, subjects).items()
    } | {
        subject: Why(ReasonCode.EXCLUDED_BY_PROGRAMME, exclusion.programme)
        for subject, exclusion in exclusions_of(session, round_.programme, subjects, today=today).items()
    }


def _why(failed: FailedClause) -> Why:
    code = ReasonCode.CLAUSE_UNKNOWN if failed.is_unknown else ReasonCode.CLAUSE_FAILED
    return Why(code, failed.clause.words)


class _Judge:
    """A rule that remembers its answers: it is run once for each distinct combination of values."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._answers: dict[tuple[Any, ...], tuple[FailedClause, ...]] = {}

    def failures(self, values: tuple[Any, ...]) -> tuple[FailedClause, ...]:
        answer = self._answers.get(values)
        if answer is None:
            said = zip(self.rule.facts, values, strict=True)
            answer = self.rule.failures({name: Stated(as_value(name, value)) for name, value in said})
            self._answers[values] = answer
        return answer
