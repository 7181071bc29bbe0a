"""Who comes onto a round's list: decided here by the programme's rule, the rows are made by the registry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from registry.audit import Actor, record
from registry.days import local_day
from registry.db import Session
from registry.errors import Conflict
from registry.keys.keys import KeyRing
from registry.kinds import Basis, RoundState, Subject
from registry.models import Determination, Round
from registry.programmes.determinations import lock_round
from registry.programmes.exclusions import exclusions_of
from registry.programmes.fact_groups import count_by_values, count_by_village
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
from verify.clauses import FACTS, Clause, FailedClause, Rule, read_rule
from verify.evaluating import Judge, subjects_under
from verify.reasons import ReasonCode

__all__ = ["Evaluation", "OpenedRound", "Why", "evaluate_round", "open_round_for_villages"]

_TOGETHER = 200  # villages whose entitled are compared with other lists at once: some 5,000 of a programme for the poor


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
    Villages are decided some at a time, so memory stays flat for a whole province.

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
    rule = read_rule(programme.clauses, programme.subject)
    villages = sorted(rosters)
    living = count_by_village(session, programme.subject, villages=villages)
    evaluation.reasons.update(_why_not(session, rule, villages=villages, today=today))
    listed: Counter[str] = Counter()
    together = {village: place // _TOGETHER for place, village in enumerate(villages)}
    entitled = subjects_under(session, rule, villages=villages, today=today)
    for _, some in groupby(entitled, key=lambda one: together[one.village_code]):
        passed = [(one.village_code, (one.family_id, one.person_id)) for one in some]
        new = [(family, person) for _, (family, person) in passed if (person or family) not in standing]
        left_out = _left_out(session, round_, new, families, today=today)
        evaluation.reasons.update(left_out.values())
        listed.update(village for village, subject in passed if subject not in left_out)
        joining = set(new) - left_out.keys()
        for village, subject in passed:
            if subject in joining:
                yield Right(*subject, rosters[village])
    evaluation.villages = {village: (listed[village], count - listed[village]) for village, count in living.items()}


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


def _why_not(session: Session, rule: Rule, *, villages: Sequence[str], today: date) -> Counter[Why]:
    """Return how many subjects of these villages each clause keeps off the list.

    Clauses that ask for nothing of the person are counted apart: what is said of a family is looked up once for all.
    """
    parts: dict[bool, list[Clause]] = {}
    for clause, names in rule.asked():
        parts.setdefault(all(FACTS[name].subject is Subject.FAMILY for name in names), []).append(clause)
    counts: Counter[Why] = Counter()
    for clauses in parts.values():
        part = Rule(clauses, rule.subject)
        judge = Judge(part, part.facts)
        for values, count in count_by_values(session, part.facts, rule.subject, villages=villages, today=today):
            for failed in judge.failures(values):
                counts[_why(failed)] += count
    return counts


def _why(failed: FailedClause) -> Why:
    code = ReasonCode.CLAUSE_UNKNOWN if failed.is_unknown else ReasonCode.CLAUSE_FAILED
    return Why(code, failed.clause.words)
