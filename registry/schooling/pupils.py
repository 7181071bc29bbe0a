"""Pupils: whom a school sees of a family, in which rounds a pupil is asked for, and where one is confirmed.

A school sees the child and nothing of the family: no address, no other people, no aid, no desil.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select

from registry.days import full_years
from registry.db import Session
from registry.kinds import Carrying, PeriodKind, PersonState, PointKind, Relation, RoundState, Subject
from registry.models import (
    Entitlement,
    Officer,
    Person,
    Programme,
    Redemption,
    RedemptionUndo,
    Roster,
    Round,
    ServicePoint,
)

__all__ = [
    "AGES",
    "Pupil",
    "Standing",
    "find_standing",
    "is_schooling",
    "pupils_of",
    "rounds_listed_at",
    "school_rounds",
]

AGES: Mapping[PeriodKind, range] = {PeriodKind.SCHOOL_YEAR: range(6, 22), PeriodKind.SEMESTER: range(17, 26)}
"""Who is of school age, in full years: a school also sees children for whom its programme has no room, so that it can
tell them so. From 6 to 21 for a school, the years of SD to SMA and SKH with some delay; from 17 to 25 for a campus."""

_YOUNG = frozenset({Relation.CHILD, Relation.GRANDCHILD, Relation.RELATIVE, Relation.OTHER})
"""Who is shown for their age alone. In the villages many pupils stand on the KK of an aunt or an older cousin
(*famili lain*); heads and those who are married are shown only where the point's own list has them."""


@dataclass(frozen=True, slots=True)
class Pupil:
    """All that a school sees of a child before it confirms it."""

    person_id: UUID
    name: str
    birth_year: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The confirmation of a pupil's right in a round that stands: where, when, on which receipt."""

    point_id: UUID
    point: str
    npsn: str
    """Empty where the point has no number of the state, as the office of Disdik."""
    given_at: datetime
    receipt_number: str
    officer: str
    """Empty when a command confirmed it."""


def is_schooling(programme: Programme) -> bool:
    """Tell whether a programme is one of schooling: a person's right, given per school year or semester."""
    return programme.period in AGES and programme.carrying is Carrying.GIVEN and programme.subject is Subject.PERSON


def pupils_of(session: Session, family_id: UUID, *, point: ServicePoint, today: date) -> list[Pupil]:
    """Return the living children of school age of a family, the eldest first, and whoever this point's lists have."""
    listed = set(
        session.scalars(
            select(Entitlement.person_id)
            .join(Roster, Roster.id == Entitlement.roster_id)
            .join(Round, Round.id == Entitlement.round_id)
            .join(Programme, Programme.code == Round.programme_code)
            .where(Roster.point_id == point.id, Entitlement.family_id == family_id, _of_schooling())
        )
    )
    ages = {age for period in _periods_at(session, point) for age in AGES[period]}
    people = session.scalars(
        select(Person)
        .where(Person.family_id == family_id, Person.state == PersonState.LIVING)
        .order_by(Person.birth_date, Person.id)
    )
    return [
        Pupil(one.id, one.name, one.birth_date.year)
        for one in people
        if one.id in listed or (one.relation in _YOUNG and full_years(one.birth_date, today) in ages)
    ]


def school_rounds(session: Session, *, point: ServicePoint, person_id: UUID, today: date) -> Sequence[Round]:
    """Return the round of each programme of schooling in which a pupil is asked for at a point, at most one of each.

    One that is the point's own; else one of the kind that the point asks for and that its kind of place serves, before
    all the one that lists the pupil, so that it can be told why. Of several the one of today comes first, then the one
    to come. A school hears nothing of studies, nor a campus of the school year: neither is a second one of the other.
    """
    periods = _periods_at(session, point)
    here = set(session.scalars(select(Roster.round_id).where(Roster.point_id == point.id)))
    listing = set(session.scalars(select(Entitlement.round_id).where(Entitlement.person_id == person_id)))
    chosen: dict[str, tuple[tuple[bool, int, bool, int], Round]] = {}
    for one in session.scalars(_rounds().where(Round.state != RoundState.PREPARING)):
        is_asked_here = one.programme.period in periods and point.kind in one.programme.places
        if one.id not in here and not is_asked_here:
            continue
        concerns = one.id in here or one.id in listing
        is_today = one.state is RoundState.OPEN and one.opens_on <= today <= one.closes_on
        is_to_come = one.opens_on > today
        distance = abs((one.opens_on - today).days)
        rank = (not concerns, 0 if is_today else 1 if is_to_come else 2, one.id not in listing, distance)
        if one.programme_code not in chosen or rank < chosen[one.programme_code][0]:
            chosen[one.programme_code] = rank, one
    return [one for _, one in sorted(chosen.values(), key=lambda ranked: (ranked[0], ranked[1].programme_code))]


def find_standing(session: Session, round_: Round, person_id: UUID) -> Standing | None:
    """Return the confirmation of a person's right, not taken back, in a round or in another of the same time.

    A programme may have a round per kabupaten: a pupil whom two of them list is still enrolled once in a school year.
    """
    row = session.execute(
        select(
            ServicePoint.id,
            ServicePoint.name,
            ServicePoint.facility_code,
            Redemption.given_at,
            Redemption.receipt_number,
            func.coalesce(Officer.name, ""),
        )
        .select_from(Redemption)
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .join(Round, Round.id == Entitlement.round_id)
        .join(ServicePoint, ServicePoint.id == Redemption.point_id)
        .outerjoin(Officer, Officer.id == Redemption.officer_id)
        .where(
            Entitlement.person_id == person_id,
            Round.programme_code == round_.programme_code,
            Round.opens_on <= round_.closes_on,
            Round.closes_on >= round_.opens_on,
            ~_undone(Redemption),
        )
        .order_by(Redemption.given_at.desc())
    ).first()
    return Standing(*row) if row else None


def rounds_listed_at(session: Session, point_id: UUID) -> Sequence[Round]:
    """Return the rounds of schooling that have a list at a point, the newest first."""
    here = select(Roster.round_id).where(Roster.point_id == point_id)
    return session.scalars(
        _rounds().where(Round.id.in_(here), Round.state != RoundState.PREPARING).order_by(Round.opens_on.desc())
    ).all()


def _periods_at(session: Session, point: ServicePoint) -> Collection[PeriodKind]:
    """Return what a point asks pupils for: a school always for its school year, an office always for semesters."""
    listed = {one.programme.period for one in rounds_listed_at(session, point.id)}
    return listed | {PeriodKind.SCHOOL_YEAR if point.kind is PointKind.SCHOOL else PeriodKind.SEMESTER}


def _rounds() -> Select[Round]:
    return select(Round).join(Programme, Programme.code == Round.programme_code).where(_of_schooling())


def _of_schooling() -> ColumnElement[bool]:
    return Programme.period.in_(AGES) & (Programme.carrying == Carrying.GIVEN) & (Programme.subject == Subject.PERSON)


def _undone(redemption: type[Redemption]) -> ColumnElement[bool]:
    return exists().where(RedemptionUndo.redemption_id == redemption.id)
