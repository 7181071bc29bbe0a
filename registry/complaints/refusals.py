"""A refusal, read again for the slip of paper and for the complaint about it, at the point where it was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, cast, extract, select

from registry.db import Session
from registry.errors import NotFound
from registry.models import Attempt, Card, Complaint, Family, Person, Programme, Round
from registry.programmes.terms import as_frozen

__all__ = ["Refusal", "get_refusal"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused, when, to whose card, for which programme and person; and the complaint that was made of it."""

    attempt_id: UUID
    at: datetime
    reasons: Sequence[str]
    details: Sequence[Mapping[str, str]]
    """What the words of each reason need, in the same order."""
    card_number: str | None
    family_id: UUID | None
    village_code: str | None
    round_id: UUID | None
    programme: str | None
    round_name: str | None
    complaint_number: str | None
    """The number of the first complaint about it."""
    person_id: UUID | None
    """Whose right was asked for, where it is a person's."""
    person_name: str | None
    birth_year: int | None


def get_refusal(session: Session, attempt_id: UUID, *, point_id: UUID) -> Refusal:
    """Return a refusal that was told at this service point.

    Raises:
        NotFound: code ``refusal_unknown``, also for one of another point.
    """
    row = session.execute(
        select(
            Attempt.id,
            Attempt.at,
            Attempt.reasons,
            Attempt.details,
            Card.number,
            Card.family_id,
            Family.village_code,
            Attempt.round_id,
            as_frozen(Programme.name),
            Round.name,
            select(Complaint.number)
            .where(Complaint.attempt_id == Attempt.id)
            .order_by(Complaint.made_at)
            .limit(1)
            .scalar_subquery(),
            Attempt.person_id,
            Person.name,
            cast(extract("year", Person.birth_date), Integer),
        )
        .outerjoin(Card, Card.id == Attempt.card_id)
        .outerjoin(Family, Family.id == Card.family_id)
        .outerjoin(Round, Round.id == Attempt.round_id)
        .outerjoin(Programme, Programme.code == Round.programme_code)
        .outerjoin(Person, Person.id == Attempt.person_id)
        .where(Attempt.id == attempt_id, Attempt.point_id == point_id)
    ).one_or_none()
    if row is None:
        raise NotFound("refusal_unknown")
    return Refusal(*tuple(row))
