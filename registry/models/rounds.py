"""Rounds of programmes, the lists determined for them, and when and where each family is served."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base, choice, id_column
from registry.kinds import Basis, RoundState
from registry.models.officers import ServicePoint
from registry.models.programmes import Programme


class Round(Base):
    """A row is one period in which a programme gives: a tranche, a market event, a school year, a year, a season."""

    __tablename__ = "round"

    id: Mapped[UUID] = id_column()
    programme_code: Mapped[str] = mapped_column(ForeignKey("programme.code"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    state: Mapped[RoundState] = mapped_column(choice(RoundState, "state"), default=RoundState.OPEN)
    value: Mapped[int]
    price: Mapped[int]
    legal_reference: Mapped[str] = mapped_column(String(200))
    evaluated_version: Mapped[int | None] = mapped_column(SmallInteger)
    """The programme's version whose rule wrote the list; null while no rule has."""
    created_at: Mapped[datetime]

    programme: Mapped[Programme] = relationship()
    rosters: Mapped[list[Roster]] = relationship(back_populates="round")
    determination: Mapped[Determination | None] = relationship(back_populates="round")

    __table_args__ = (
        UniqueConstraint("programme_code", "name", name="uq_round_programme_name"),
        CheckConstraint("closes_on >= opens_on", name="ends_after_it_begins"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("price >= 0", name="price"),
    )


class Roster(Base):
    """A row is the list of one round's entitlements that one service point gives out (*daftar salur*)."""

    __tablename__ = "roster"

    id: Mapped[UUID] = id_column()
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"), index=True)

    round: Mapped[Round] = relationship(back_populates="rosters")
    point: Mapped[ServicePoint] = relationship()

    __table_args__ = (
        UniqueConstraint("round_id", "point_id", name="uq_roster_round_point"),
        UniqueConstraint("id", "round_id", name="uq_roster_id_round"),
    )


class RosterVillage(Base):
    """A row is one village whose families a roster serves."""

    __tablename__ = "roster_village"

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    roster_id: Mapped[UUID] = mapped_column(index=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["roster_id", "round_id"], ["roster.id", "roster.round_id"], name="fk_roster_village_roster_of_round"
        ),
    )


class Determination(Base):
    """A row is the decree that froze a round's list (*penetapan*), with the hash of what it froze. Never changed."""

    __tablename__ = "determination"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    decree_number: Mapped[str] = mapped_column(String(80))
    decree_date: Mapped[date]
    programme_version: Mapped[int] = mapped_column(SmallInteger)
    clauses: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The rule as it stood."""
    entitled: Mapped[int]
    list_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 of the canonical list; see docs/rules.md."""
    frozen_at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    round: Mapped[Round] = relationship(back_populates="determination")


class Addendum(Base):
    """A row is one change of a frozen list, by number and reason. Never changed."""

    __tablename__ = "addendum"

    id: Mapped[UUID] = id_column()
    round_id: Mapped[UUID] = mapped_column(ForeignKey("determination.round_id"), index=True)
    number: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    __table_args__ = (CheckConstraint("reason <> ''", name="reason_given"),)


class Entitlement(Base):
    """A row is one right to one unit in one round (*hak*), on the roster that gives it.

    The right is the family's, or one person's of it. Of a balance a row is the slice that one spending took.
    """

    __tablename__ = "entitlement"

    id: Mapped[UUID] = id_column()
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    roster_id: Mapped[UUID] = mapped_column(ForeignKey("roster.id"), index=True)
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), index=True)
    """The person's family when the list was made, where the right is a person's."""
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger, default=1)
    """The how-manieth unit of the subject's quota this is; 1 is the first."""
    basis: Mapped[Basis] = mapped_column(choice(Basis, "basis"), default=Basis.DTSEN)
    document: Mapped[str] = mapped_column(String(80), default="")
    """The number of the document that the basis names."""
    only_of_family: Mapped[bool] = mapped_column(default=False)
    """Whether no other person of the family may have this right in the round."""
    addendum_id: Mapped[UUID | None] = mapped_column(ForeignKey("addendum.id"))
    """Null for those on the list as it was frozen."""
    balance_id: Mapped[UUID | None] = mapped_column(ForeignKey("balance.id"))

    __table_args__ = (
        Index(
            "uq_entitlement_round_family",
            "round_id",
            "family_id",
            "ordinal",
            unique=True,
            sqlite_where=text("person_id IS NULL"),
            postgresql_where=text("person_id IS NULL"),
        ),
        Index(
            "uq_entitlement_round_person",
            "round_id",
            "person_id",
            "ordinal",
            unique=True,
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
        Index(
            "uq_entitlement_only_of_family",
            "round_id",
            "family_id",
            "ordinal",
            unique=True,
            sqlite_where=text("only_of_family"),
            postgresql_where=text("only_of_family"),
        ),
        ForeignKeyConstraint(
            ["roster_id", "round_id"], ["roster.id", "roster.round_id"], name="fk_entitlement_roster_of_round"
        ),
        CheckConstraint("ordinal >= 1", name="ordinal"),
    )


class EntitlementRemoval(Base):
    """A row is the removal of one right from a frozen list, by an addendum. Never changed."""

    __tablename__ = "entitlement_removal"

    entitlement_id: Mapped[UUID] = mapped_column(ForeignKey("entitlement.id"), primary_key=True)
    addendum_id: Mapped[UUID] = mapped_column(ForeignKey("addendum.id"), index=True)


class Balance(Base):
    """A row is what one family may spend in rupiah in one round, and what it has spent."""

    __tablename__ = "balance"

    id: Mapped[UUID] = id_column()
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), index=True)
    granted: Mapped[int]
    spent: Mapped[int] = mapped_column(default=0)
    basis: Mapped[Basis] = mapped_column(choice(Basis, "basis"), default=Basis.DTSEN)
    document: Mapped[str] = mapped_column(String(80), default="")
    addendum_id: Mapped[UUID | None] = mapped_column(ForeignKey("addendum.id"))
    """Null for those on the list as it was frozen."""
    removal_id: Mapped[UUID | None] = mapped_column(ForeignKey("addendum.id"))
    """The addendum that took it off the list; nothing may be spent then."""

    __table_args__ = (
        UniqueConstraint("round_id", "family_id", name="uq_balance_round_family"),
        CheckConstraint("spent BETWEEN 0 AND granted", name="spent_within_granted"),
        CheckConstraint("removal_id IS NULL OR spent = 0", name="nothing_spent_of_removed"),
    )


class ServingSession(Base):
    """A row is a part of a day in which a point serves a limited number from one roster."""

    __tablename__ = "serving_session"

    id: Mapped[UUID] = id_column()
    roster_id: Mapped[UUID] = mapped_column(ForeignKey("roster.id"), index=True)
    on_date: Mapped[date]
    starts_at: Mapped[time]
    """At the counter (WIB)."""
    ends_at: Mapped[time]
    capacity: Mapped[int] = mapped_column(SmallInteger)

    roster: Mapped[Roster] = relationship()

    __table_args__ = (
        UniqueConstraint("roster_id", "on_date", "starts_at", name="uq_serving_session_roster_start"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),
        CheckConstraint("capacity > 0", name="capacity"),
    )


class QueueTicket(Base):
    """A row is a family's invitation: its session and its number in the queue."""

    __tablename__ = "queue_ticket"

    entitlement_id: Mapped[UUID] = mapped_column(ForeignKey("entitlement.id"), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("serving_session.id"))
    number: Mapped[int] = mapped_column(SmallInteger)

    session: Mapped[ServingSession] = relationship()

    __table_args__ = (UniqueConstraint("session_id", "number", name="uq_queue_ticket_session_number"),)
