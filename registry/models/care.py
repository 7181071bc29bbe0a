"""Visits of persons that are recorded without a list: treatment, pregnancy support, ambulance, attendance.

No diagnosis, complaint or treatment is stored: only that a person was served, where, when and by whom.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base, choice, id_column
from registry.kinds import VisitKind


class Pregnancy(Base):
    """A row is one pregnancy that is supported."""

    __tablename__ = "pregnancy"

    id: Mapped[UUID] = id_column()
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[date]
    quota: Mapped[int] = mapped_column(SmallInteger)
    """How many visits are supported, as the programme said when it began."""
    registered_at: Mapped[datetime]
    ended_on: Mapped[date | None]
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    __table_args__ = (
        UniqueConstraint("id", "quota", name="uq_pregnancy_id_quota"),
        Index(
            "uq_pregnancy_one_going_on",
            "person_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        CheckConstraint("quota >= 1", name="quota"),
    )


class Visit(Base):
    """A row is one visit of a person at a service point. Never changed.

    The unique indexes and the CHECK on the step are the last guard of "at most so many visits per pregnancy": a step
    lies within the pregnancy's quota, has one first visit, and one more per undo.
    """

    __tablename__ = "visit"

    id: Mapped[UUID] = id_column()
    kind: Mapped[VisitKind] = mapped_column(choice(VisitKind, "kind"))
    programme_code: Mapped[str] = mapped_column(ForeignKey("programme.code"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey("card.id"))
    pregnancy_id: Mapped[UUID | None] = mapped_column(index=True)
    quota: Mapped[int | None] = mapped_column(SmallInteger)
    """The quota of the pregnancy, that the step is held against."""
    step: Mapped[int | None] = mapped_column(SmallInteger)
    """Which visit of the pregnancy it is; 1 is the first."""
    follows_undo_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit_undo.visit_id", use_alter=True))
    """The undone visit of the same step that this one takes the place of."""
    next_on: Mapped[date | None]
    """When the person is to come again."""
    idempotency_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"))

    __table_args__ = (
        UniqueConstraint("idempotency_key", name="uq_visit_idempotency_key"),
        UniqueConstraint("follows_undo_id", name="uq_visit_follows_undo"),
        Index(
            "uq_visit_first_of_step",
            "pregnancy_id",
            "step",
            unique=True,
            sqlite_where=text("follows_undo_id IS NULL"),
            postgresql_where=text("follows_undo_id IS NULL"),
        ),
        ForeignKeyConstraint(
            ["pregnancy_id", "quota"], ["pregnancy.id", "pregnancy.quota"], name="fk_visit_quota_of_pregnancy"
        ),
        Index("ix_visit_point_id_at", "point_id", "at"),
        CheckConstraint("(kind = 'pregnancy') = (pregnancy_id IS NOT NULL)", name="pregnancy_named"),
        CheckConstraint("(pregnancy_id IS NULL) = (step IS NULL)", name="step_of_pregnancy"),
        CheckConstraint("(pregnancy_id IS NULL) = (quota IS NULL)", name="quota_of_pregnancy"),
        CheckConstraint("step BETWEEN 1 AND quota", name="step_within_quota"),
        CheckConstraint("follows_undo_id IS NULL OR pregnancy_id IS NOT NULL", name="only_a_step_is_taken_again"),
    )


class VisitUndo(Base):
    """A row says that a visit did not take place after all, and why. Never changed."""

    __tablename__ = "visit_undo"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(200))
    undone_at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    __table_args__ = (CheckConstraint("reason <> ''", name="reason_given"),)
