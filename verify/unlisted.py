"""Why a family, or a person of it, is on no roster of a round: never a bare "not listed"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from registry.db import Connection, Session
from registry.giving.unlisted import kinds_of_points, listed_alone, listed_before_split
from registry.kinds import PointKind, Subject
from registry.programmes.catalogue import list_programmes
from registry.programmes.rounds import serving_points
from registry.programmes.terms import terms_of
from verify.clauses import Rule, read_rule
from verify.decide import Unlisted
from verify.decide_card import RuleFacts
from verify.evaluating import StatedFamily, explain, stated_family

__all__ = ["Missing", "NotOnList", "why_unlisted"]


@dataclass(frozen=True, slots=True)
class NotOnList:
    """A family, or a person of it, that asks at a service point for a round whose rosters have it not."""

    programme_code: str
    round_id: UUID
    family_id: UUID
    person_id: UUID | None
    """Whose right it would be; ``None`` also where a person's right is asked for and nobody was named."""
    point_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Missing:
    """What can be told to it."""

    why: Unlisted
    serves_here: bool
    """Whether the service point has a roster of the round."""
    kind: PointKind
    """What the service point is."""
    places: Sequence[str]
    """The kinds of place that serve the programme."""


def why_unlisted(connection: Connection, asked: Sequence[NotOnList]) -> list[Missing]:
    """Read what an officer can tell those who are on no roster: the rule of the list, and what speaks of the family.

    The rule is the one that the list was frozen by, whatever the programme's has become since.

    Where a person's right is asked for and nobody was named, the rule is told for the person of the family who is
    nearest to fulfilling it.
    """
    rounds, families = {one.round_id for one in asked}, {one.family_id for one in asked}
    with Session(bind=connection) as session:
        programmes = {one.code: one for one in list_programmes(session)}
        terms = terms_of(session, rounds)
        serving = serving_points(session, rounds)
        kinds = kinds_of_points(session, {one.point_id for one in asked})
        alone, split = listed_alone(session, rounds, families), listed_before_split(session, rounds, families)
        moments = {one.family_id: one.at for one in asked}
        stated = {family_id: stated_family(session, family_id, at=at) for family_id, at in moments.items()}
        subjects = {one.round_id: programmes[one.programme_code].subject for one in asked}
        return [
            Missing(
                why=Unlisted(
                    rule=_explain(
                        read_rule(terms[one.round_id].clauses, subjects[one.round_id]),
                        stated[one.family_id],
                        one.person_id,
                    ),
                    is_another_chosen=any(
                        (round_id, family_id) == (one.round_id, one.family_id) and person_id != one.person_id
                        for round_id, family_id, person_id in alone
                    ),
                    # a person's right goes with the person, unless only one of a family may have it
                    is_covered_before_split=(one.round_id, one.family_id) in split
                    and (subjects[one.round_id] is Subject.FAMILY or terms[one.round_id].one_per_family),
                ),
                serves_here=(one.round_id, one.point_id) in serving,
                kind=kinds[one.point_id],
                places=programmes[one.programme_code].places,
            )
            for one in asked
        ]


def _explain(rule: Rule, family: StatedFamily, person_id: UUID | None) -> RuleFacts | None:
    if rule.subject is Subject.FAMILY:
        return explain(family, rule, None)
    if person_id is not None:
        return explain(family, rule, person_id)
    told = [explain(family, rule, person_id) for person_id in family.people]
    return min(told, key=lambda one: len(one.failed), default=None)
