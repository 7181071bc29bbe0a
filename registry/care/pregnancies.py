"""Pregnancies that are supported: registered with the day the child is due, visited step by step, ended.

Of a pregnancy nothing is kept but its due date, its steps and the day it was ended: no finding, and not how it ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import aliased

from registry.audit import Actor, record
from registry.days import local_day
from registry.db import Session, new_id
from registry.errors import Conflict, RegistryError
from registry.keys.keys import KeyRing
from registry.models import Person, Pregnancy, Visit, VisitUndo

__all__ = ["FreeStep", "Supported", "end_pregnancy", "find_pregnancy", "free_step", "register_pregnancy"]

_LONGEST = timedelta(days=280)  # from the first day of the last period to the due date (Naegele's rule)
_LATEST = timedelta(days=21)  # a child that is three weeks overdue has been born, or is in a hospital
_SAME = timedelta(days=21)
"""What is due this close to an ended pregnancy is that pregnancy, with its due date corrected."""
_ANOTHER = timedelta(days=252)
"""Who was seen pregnant is due with another child 38 weeks later at the earliest; less two weeks, as dates are guessed.
"""


@dataclass(frozen=True, slots=True)
class Supported:
    """A pregnancy that goes on, and which of its visits stand: only that they took place, not where."""

    id: UUID
    due_on: date
    quota: int
    taken: tuple[int, ...]
    """The steps that stand, 1 the first, in order."""
    last_at: datetime | None
    """When the latest of them was recorded."""

    @property
    def next_number(self) -> int | None:
        """The lowest step that is free, because it was never taken or because its last visit was undone."""
        return next((number for number in range(1, self.quota + 1) if number not in self.taken), None)


@dataclass(frozen=True, slots=True)
class FreeStep:
    """The step that a visit can take now."""

    pregnancy_id: UUID
    quota: int
    number: int
    follows_undo_id: UUID | None
    """The undone visit whose place it takes; none for a step that was never taken."""


def find_pregnancy(session: Session, person_id: UUID, *, locked: bool = False) -> Supported | None:
    """Return the pregnancy of a person that goes on.

    Args:
        locked: whether to keep other counters from recording a step of it until the transaction ends.
    """
    query = select(Pregnancy).where(Pregnancy.person_id == person_id, Pregnancy.ended_on.is_(None))
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    pregnancy = session.scalar(query)
    if pregnancy is None:
        return None
    standing = session.execute(
        select(Visit.step, Visit.at)
        .where(Visit.pregnancy_id == pregnancy.id, ~exists().where(VisitUndo.visit_id == Visit.id))
        .order_by(Visit.step)
    ).all()
    return Supported(
        id=pregnancy.id,
        due_on=pregnancy.due_on,
        quota=pregnancy.quota,
        taken=tuple(step for step, _ in standing if step is not None),
        last_at=max((at for _, at in standing), default=None),
    )


def free_step(session: Session, pregnancy: Supported) -> FreeStep | None:
    """Return the step that a visit takes now, and the undone visit whose place it takes; none when all are taken."""
    free = pregnancy.next_number
    if free is None:
        return None
    follower = aliased(Visit)
    undone = session.scalar(
        select(Visit.id).where(
            Visit.pregnancy_id == pregnancy.id,
            Visit.step == free,
            ~exists().where(follower.follows_undo_id == Visit.id),
        )
    )
    return FreeStep(pregnancy.id, pregnancy.quota, free, undone)


def register_pregnancy(
    session: Session, person_id: UUID, due_on: date, *, quota: int, actor: Actor, keys: KeyRing, at: datetime
) -> UUID:
    """Register a pregnancy and return its id; a second press finds the one that the first made.

    What cannot be another pregnancy is an ended one that goes on, with the steps it has and the due date said now: what
    is due within three weeks of it, and what is due so soon after it was last seen that nothing could have begun since.
    So what was ended or dated by mistake goes on, and ending one opens no second set of visits.

    Args:
        quota: how many visits the programme supports now; 1 or more.

    Raises:
        RegistryError: code ``due_date_unlikely``.
        Conflict: code ``pregnancy_goes_on``, when another due date is registered already.
    """
    today = local_day(at)
    if not today - _LATEST <= due_on <= today + _LONGEST:
        raise RegistryError("due_date_unlikely")
    # two counters for one person stand in line; the partial unique index is the last guard
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    goes_on = session.scalar(select(Pregnancy).where(Pregnancy.person_id == person_id, Pregnancy.ended_on.is_(None)))
    if goes_on is not None:
        if goes_on.due_on != due_on:
            raise Conflict("pregnancy_goes_on")
        return goes_on.id
    pregnancy = _find_same(session, person_id, due_on)
    if pregnancy is not None:
        pregnancy.ended_on, pregnancy.due_on = None, due_on
        record(session, "pregnancy.reopened", f"pregnancy:{pregnancy.id}", actor=actor, key=keys.audit_key, at=at)
    else:
        pregnancy = Pregnancy(
            id=new_id(),
            person_id=person_id,
            due_on=due_on,
            quota=quota,
            registered_at=at,
            point_id=actor.point_id,
            officer_id=actor.officer_id,
        )
        session.add(pregnancy)
        record(session, "pregnancy.registered", f"pregnancy:{pregnancy.id}", actor=actor, key=keys.audit_key, at=at)
    return pregnancy.id


def end_pregnancy(session: Session, person_id: UUID, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """End the pregnancy of a person that goes on, on the day it is said; neither why nor how is kept.

    Raises:
        Conflict: code ``pregnancy_ended``, when none goes on (any more).
    """
    ended = session.execute(
        update(Pregnancy)
        .where(Pregnancy.person_id == person_id, Pregnancy.ended_on.is_(None))
        .values(ended_on=local_day(at))
        .returning(Pregnancy.id)
    ).scalar()
    if ended is None:
        raise Conflict("pregnancy_ended")
    record(session, "pregnancy.ended", f"pregnancy:{ended}", actor=actor, key=keys.audit_key, at=at)


def _find_same(session: Session, person_id: UUID, due_on: date) -> Pregnancy | None:
    """Return the ended pregnancy that one due on this day must be, the newest first."""
    stands = ~exists().where(VisitUndo.visit_id == Visit.id)
    last_visit = select(func.max(Visit.at)).where(Visit.pregnancy_id == Pregnancy.id, stands).scalar_subquery()
    rows = session.execute(
        select(Pregnancy, last_visit)
        .where(Pregnancy.person_id == person_id)
        .order_by(Pregnancy.registered_at.desc(), Pregnancy.id.desc())
    )
    for pregnancy, visited_at in rows.all():
        last_seen = local_day(max(pregnancy.registered_at, visited_at or pregnancy.registered_at))
        if abs(due_on - pregnancy.due_on) <= _SAME or due_on < last_seen + _ANOTHER:
            return pregnancy
    return None
