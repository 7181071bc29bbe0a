"""One right in one period: who has it already by another round of the same programme.

The quota of a programme is counted in a period, and a round is not yet a period: two rounds of one year would give a
year's quota twice. Rounds are of the same period when their days overlap, or when they begin in the same year, half
year or season; see docs/decisions/0067.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, null, or_, select, union_all

from registry.db import Session
from registry.giving.standing import is_given, stands
from registry.kinds import PeriodKind, RoundState
from registry.models import Balance, Entitlement, Person, Round
from registry.programmes.settled import is_settled

__all__ = ["listed_in_period", "period_of"]

_BATCH = 5_000  # ids in one query: both databases take 32,766 bound values
_JANUARY, _APRIL, _JULY, _OCTOBER = 1, 4, 7, 10


def period_of(kind: PeriodKind, day: date) -> date | None:
    """Return the day on which the period began in which a round begins; ``None`` where a round is its own period.

    A school year begins in July, semesters in January and July, planting seasons in April and October. What is given
    once in a life has a single period.
    """
    match kind:
        case PeriodKind.YEAR:
            return date(day.year, _JANUARY, 1)
        case PeriodKind.SCHOOL_YEAR:
            return date(day.year if day.month >= _JULY else day.year - 1, _JULY, 1)
        case PeriodKind.SEMESTER:
            return date(day.year, _JULY if day.month >= _JULY else _JANUARY, 1)
        case PeriodKind.SEASON if day.month < _APRIL:
            return date(day.year - 1, _OCTOBER, 1)
        case PeriodKind.SEASON:
            return date(day.year, _OCTOBER if day.month >= _OCTOBER else _APRIL, 1)
        case PeriodKind.ONCE:
            return date.min
    return None


def listed_in_period(
    session: Session, round_: Round, subjects: Iterable[tuple[UUID, UUID | None]]
) -> dict[tuple[UUID, UUID | None], str]:
    """Return, of these families and people, those who have the right by another round, with the name of that round.

    They stand on the list of one that is determined and not closed; or were given it in one of the same period that is
    closed since. Where only one person of a family may have the right, another person's stands in the way too.

    Args:
        subjects: pairs of family and person; no person where the right is the family's.
    """
    standing, closed = _others(session, round_)
    if not standing and not closed:
        return {}
    one_per_family = round_.programme.one_per_family
    found: dict[tuple[UUID, UUID | None], str] = {}
    coming = iter(subjects)
    while some := list(islice(coming, _BATCH)):
        of: dict[UUID, str] = {}
        for family, person, lives_in, name in session.execute(_rights(standing, closed, some, one_per_family)):
            whose = [family] if person is None else [person, *((family, lives_in) if one_per_family else ())]
            for one in whose:
                of.setdefault(one, name)
        for family, person in some:
            name = of.get(person or family) or (of.get(family) if one_per_family else None)
            if name is not None:
                found[family, person] = name
    return found


def _others(session: Session, round_: Round) -> tuple[list[UUID], list[UUID]]:
    """Return the rounds whose lists stand in the way, and the closed ones in which what was given does."""
    kind = round_.programme.period
    period = period_of(kind, round_.opens_on)
    query = select(Round, is_settled()).where(
        Round.programme_code == round_.programme_code,
        Round.id != round_.id,
        or_(is_settled(), Round.state == RoundState.CLOSED),
    )
    standing, closed = [], []
    for other, is_standing in session.execute(query):
        is_same = period is not None and period_of(kind, other.opens_on) == period
        overlaps = other.opens_on <= round_.closes_on and round_.opens_on <= other.closes_on
        if is_standing and (is_same or overlaps):
            standing.append(other.id)
        elif is_same and not is_standing:
            closed.append(other.id)
    return standing, closed


def _rights(
    standing: list[UUID], closed: list[UUID], subjects: list[tuple[UUID, UUID | None]], one_per_family: bool
) -> Select[Any]:
    families = {family for family, _ in subjects}
    # a person may have left the family in which the right was listed
    people = {person for _, person in subjects if person is not None}
    theirs = [Entitlement.family_id.in_(families), Entitlement.person_id.in_(people)]
    if one_per_family:
        theirs.append(Person.family_id.in_(families))
    rights = union_all(
        select(Entitlement.round_id, Entitlement.family_id, Entitlement.person_id, Person.family_id.label("lives_in"))
        .outerjoin(Person, Person.id == Entitlement.person_id)
        .where(
            or_(Entitlement.round_id.in_(standing), and_(Entitlement.round_id.in_(closed), is_given())),
            or_(*theirs),
            stands(),
        ),
        select(Balance.round_id, Balance.family_id, null().label("person_id"), null().label("lives_in")).where(
            or_(Balance.round_id.in_(standing), and_(Balance.round_id.in_(closed), Balance.spent > 0)),
            Balance.family_id.in_(families),
            Balance.removal_id.is_(None),
        ),
    ).subquery()
    return (
        select(rights.c.family_id, rights.c.person_id, rights.c.lives_in, Round.name)
        .join(Round, Round.id == rights.c.round_id)
        .order_by(Round.closes_on)
    )
