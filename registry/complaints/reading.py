"""Complaints read again: the list of those who answer, one complaint with its steps, and what the family is told.

Who works at the very point that is accused of extortion sees nothing of it, neither in the list nor by its number; see
:func:`_seen_by`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from registry.db import Session
from registry.errors import NotFound
from registry.kinds import ComplaintKind, ComplaintState, PersonState, Referral, Relation
from registry.models import (
    Attempt,
    Complaint,
    ComplaintStep,
    Family,
    Office,
    Officer,
    Person,
    Programme,
    Round,
    ServicePoint,
)
from registry.regions import within

__all__ = [
    "UNANSWERED",
    "ComplaintLine",
    "Reader",
    "Step",
    "Whole",
    "count_complaints",
    "get_complaint",
    "get_taken",
    "list_complaints",
    "tell_family",
]

UNANSWERED = (ComplaintState.OPEN, ComplaintState.REFERRED)
"""The states in which a family still waits."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads complaints, and so which."""

    point_id: UUID
    area_code: str
    sees_families: bool
    """Whether they look after families: registrars and supervisors."""
    office_code: str | None
    """The office whose programmes they keep; those who see families are not bound to it."""


@dataclass(frozen=True, slots=True)
class ComplaintLine:
    """One complaint of a list."""

    number: str
    kind: ComplaintKind
    is_case: bool
    state: ComplaintState
    referral: Referral | None
    office: str | None
    area_code: str
    point: str
    words: str
    made_at: datetime
    programme: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a complaint: what became of it, when, by whom, in which words."""

    state: ComplaintState
    referral: Referral | None
    office: str | None
    words: str
    at: datetime
    officer: str
    """Empty when a command did it."""


@dataclass(frozen=True, slots=True)
class Whole:
    """One complaint with what its row names, and its steps, the oldest first."""

    complaint: Complaint
    point: str
    about_point: str | None
    office: str | None
    officer: str
    """Who took it; empty for what a command opened."""
    programme: str | None
    round_name: str | None
    family_reference: str | None
    head_name: str | None
    person_name: str | None
    steps: Sequence[Step]


# a complaint about a refusal is about the round that was refused
_ROUND = func.coalesce(
    Complaint.round_id,
    select(Attempt.round_id).where(Attempt.id == Complaint.attempt_id).correlate(Complaint).scalar_subquery(),
)
_LINES: Select[*tuple[Any, ...]] = (
    select(
        Complaint.number,
        Complaint.kind,
        Complaint.is_case,
        Complaint.state,
        Complaint.referral,
        Office.name,
        Complaint.area_code,
        ServicePoint.name,
        Complaint.words,
        Complaint.made_at,
        Programme.name,
    )
    .join(ServicePoint, ServicePoint.id == Complaint.point_id)
    .outerjoin(Office, Office.code == Complaint.office_code)
    .outerjoin(Round, Round.id == _ROUND)
    .outerjoin(Programme, Programme.code == Round.programme_code)
)
_accused, _head, _person, _taker = aliased(ServicePoint), aliased(Person), aliased(Person), aliased(Officer)
_WHOLE: Select[*tuple[Any, ...]] = (
    select(
        Complaint,
        ServicePoint.name.label("point"),
        _accused.name.label("about_point"),
        Office.name.label("office"),
        func.coalesce(_taker.name, "").label("officer"),
        Programme.name.label("programme"),
        Round.name.label("round_name"),
        Family.reference.label("family_reference"),
        _head.name.label("head_name"),
        _person.name.label("person_name"),
    )
    .select_from(Complaint)
    .join(ServicePoint, ServicePoint.id == Complaint.point_id)
    .outerjoin(_accused, _accused.id == Complaint.about_point_id)
    .outerjoin(Office, Office.code == Complaint.office_code)
    .outerjoin(_taker, _taker.id == Complaint.officer_id)
    .outerjoin(Round, Round.id == _ROUND)
    .outerjoin(Programme, Programme.code == Round.programme_code)
    .outerjoin(Family, Family.id == Complaint.family_id)
    .outerjoin(
        _head,
        (_head.family_id == Family.id) & (_head.relation == Relation.HEAD) & (_head.state == PersonState.LIVING),
    )
    .outerjoin(_person, _person.id == Complaint.person_id)
)
_STEPS: Select[*tuple[Any, ...]] = (
    select(
        ComplaintStep.state,
        ComplaintStep.referral,
        Office.name,
        ComplaintStep.words,
        ComplaintStep.at,
        func.coalesce(Officer.name, ""),
    )
    .outerjoin(Office, Office.code == ComplaintStep.office_code)
    .outerjoin(Officer, Officer.id == ComplaintStep.officer_id)
    .order_by(ComplaintStep.at, ComplaintStep.id)
)


def list_complaints(
    session: Session,
    reader: Reader,
    *,
    states: Collection[ComplaintState] = (),
    kind: ComplaintKind | None = None,
    office_code: str | None = None,
    area: str | None = None,
    skip: int = 0,
    limit: int = 50,
) -> list[ComplaintLine]:
    """Return complaints that a reader may see, the oldest first: who has waited longest stands on top.

    Args:
        states: only these; all when left out.
        office_code: only those that an office was asked to answer, or that are about its programmes.
        area: only those of a region.
    """
    asked = _LINES.where(_seen_by(reader))
    if states:
        asked = asked.where(Complaint.state.in_(states))
    if kind is not None:
        asked = asked.where(Complaint.kind == kind)
    if office_code:
        asked = asked.where(_of_office(office_code))
    if area:
        asked = asked.where(within(Complaint.area_code, area))
    rows = session.execute(asked.order_by(Complaint.made_at, Complaint.id).offset(skip).limit(limit))
    return [ComplaintLine(*row) for row in rows]


def count_complaints(session: Session, reader: Reader) -> int:
    """Return how many complaints that a reader may see still wait for an answer."""
    waiting = select(func.count()).where(_seen_by(reader), Complaint.state.in_(UNANSWERED))
    return session.scalar(waiting) or 0


def get_complaint(session: Session, number: str, reader: Reader) -> Whole:
    """Return a complaint with its steps, when the reader may see it.

    Raises:
        NotFound: code ``complaint_unknown``, also for one that is not for this reader.
    """
    return _whole(session, Complaint.number == number, _seen_by(reader))


def tell_family(session: Session, number: str, *, point_id: UUID) -> Whole:
    """Return what is told at a counter to who comes with the number: of any area, for the number is theirs alone.

    Raises:
        NotFound: code ``complaint_unknown``, also for one of extortion at this very point.
    """
    return _whole(session, Complaint.number == number, _not_accused(point_id))


def get_taken(session: Session, number: str, *, officer_id: UUID | None) -> Whole:
    """Return the complaint to the officer who has just taken it, for its slip.

    Raises:
        NotFound: code ``complaint_unknown``.
    """
    return _whole(session, Complaint.number == number, Complaint.officer_id == officer_id)


def _seen_by(reader: Reader) -> ColumnElement[bool]:
    here = and_(within(Complaint.area_code, reader.area_code), _not_accused(reader.point_id))
    if reader.sees_families:
        return here
    # an office hears of extortion when who looks after families has asked it to
    asked = Complaint.office_code == reader.office_code if reader.office_code else Complaint.office_code.is_not(None)
    harmless = Complaint.kind != ComplaintKind.EXTORTION
    own = and_(harmless, _of_office(reader.office_code)) if reader.office_code else harmless
    return and_(here, or_(asked, own))


def _not_accused(point_id: UUID) -> ColumnElement[bool]:
    accused = func.coalesce(Complaint.about_point_id, Complaint.point_id)
    return or_(Complaint.kind != ComplaintKind.EXTORTION, accused != point_id)


def _of_office(code: str) -> ColumnElement[bool]:
    of_programme = _ROUND.in_(
        select(Round.id).join(Programme, Programme.code == Round.programme_code).where(Programme.office_code == code)
    )
    return or_(Complaint.office_code == code, of_programme)


def _whole(session: Session, *named: ColumnElement[bool]) -> Whole:
    row = session.execute(_WHOLE.where(*named)).one_or_none()
    if row is None:
        raise NotFound("complaint_unknown")
    steps = session.execute(_STEPS.where(ComplaintStep.complaint_id == row[0].id))
    values = dict(row._mapping)
    return Whole(complaint=values.pop("Complaint"), **values, steps=[Step(*step) for step in steps])
