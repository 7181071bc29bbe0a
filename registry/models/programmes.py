"""Programmes as their offices define them, version by version."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base, choice, id_column
from registry.kinds import Carrying, PeriodKind, Subject, Unit, VersionState
from registry.models.offices import Office


class Pillar(Base):
    """A row is one pillar of Huma Betang; offices name the pillars differently, so the name is data."""

    __tablename__ = "pillar"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(SmallInteger)


class Programme(Base):
    """A row is one programme as it is defined now: its newest approved version."""

    __tablename__ = "programme"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    version: Mapped[int] = mapped_column(SmallInteger, default=1)
    name: Mapped[str] = mapped_column(String(80))
    pillar_code: Mapped[str] = mapped_column(ForeignKey("pillar.code"))
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"), index=True)
    package: Mapped[str] = mapped_column(String(200))
    """What is given or recorded, in words."""
    carrying: Mapped[Carrying] = mapped_column(choice(Carrying, "carrying"))
    subject: Mapped[Subject] = mapped_column(choice(Subject, "subject"))
    unit: Mapped[Unit] = mapped_column(choice(Unit, "unit"))
    period: Mapped[PeriodKind] = mapped_column(choice(PeriodKind, "period"))
    quota: Mapped[int] = mapped_column(SmallInteger, default=1)
    """How many units a subject has in a period; 0 is without limit. For a balance see its dated amount."""
    one_per_family: Mapped[bool] = mapped_column(default=False)
    """Whether only one person of a family may have the right in a period."""
    places: Mapped[list[str]] = mapped_column(JSON)
    """The kinds of service point where it is served (:class:`~registry.kinds.PointKind`)."""
    proofs: Mapped[list[str]] = mapped_column(JSON)
    """What the officer must see (:class:`~registry.kinds.Proof`)."""
    proxy_limit: Mapped[int] = mapped_column(SmallInteger, default=3)
    """For how many families one proxy from outside may collect in a round."""
    excludes: Mapped[list[str]] = mapped_column(JSON)
    """The codes of programmes that a subject may not have at the same time."""
    clauses: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Who is entitled: ``{"code", "expression", "words"}`` each; all must hold. See docs/rules.md."""
    budget_code: Mapped[str] = mapped_column(String(40), default="")
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    """Whether the office has stopped it: nothing is given any more, in no round."""

    office: Mapped[Office] = relationship()
    pillar: Mapped[Pillar] = relationship()
    amounts: Mapped[list[ProgrammeAmount]] = relationship(order_by="ProgrammeAmount.valid_from")

    __table_args__ = (
        CheckConstraint("quota >= 0", name="quota"),
        CheckConstraint("proxy_limit >= 0", name="proxy_limit"),
    )


class ProgrammeVersion(Base):
    """A row is one definition of a programme that was loaded or proposed, and who approved it. Never changed after."""

    __tablename__ = "programme_version"

    id: Mapped[UUID] = id_column()
    programme_code: Mapped[str] = mapped_column(ForeignKey("programme.code"))
    number: Mapped[int] = mapped_column(SmallInteger)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The definition in the shape of registry/data/programmes.toml."""
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[VersionState] = mapped_column(choice(VersionState, "state"))
    proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    """Null when a command loaded it."""
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    decided_at: Mapped[datetime | None]

    programme: Mapped[Programme] = relationship()

    __table_args__ = (
        UniqueConstraint("programme_code", "number", name="uq_programme_version_number"),
        Index(
            "uq_programme_version_one_proposed",
            "programme_code",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
    )


class ProgrammeAmount(Base):
    """A row is what a programme's unit is worth and costs from a date on, and under which rule of law."""

    __tablename__ = "programme_amount"

    programme_code: Mapped[str] = mapped_column(ForeignKey("programme.code"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[int]
    """Worth of one unit in whole rupiah; of a balance, all of it for the period."""
    price: Mapped[int]
    """What the family pays for it in whole rupiah; 0 is free."""
    legal_reference: Mapped[str] = mapped_column(String(200))

    __table_args__ = (
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("price >= 0", name="price"),
    )
