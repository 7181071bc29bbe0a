"""Programmes, their dated amounts, rounds, and what each family may have."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base, choice, id_column
from registry.kinds import PeriodKind, RoundState
from registry.models.officers import ServicePoint


class Programme(Base):
    """A row is one programme that the card opens."""

    __tablename__ = "programme"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    owner: Mapped[str] = mapped_column(String(80))
    """The office (OPD) that owns it."""
    package: Mapped[str] = mapped_column(String(200))
    """What is in the package, in words."""
    period: Mapped[PeriodKind] = mapped_column(choice(PeriodKind, "period"))

    amounts: Mapped[list[ProgrammeAmount]] = relationship(order_by="ProgrammeAmount.valid_from")


class ProgrammeAmount(Base):
    """A row is what a programme's package is worth and costs from a date on, and under which rule of law."""

    __tablename__ = "programme_amount"

    programme_code: Mapped[str] = mapped_column(ForeignKey("programme.code"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[int]
    """Worth of one package in whole rupiah."""
    price: Mapped[int]
    """What the family pays for it in whole rupiah; 0 is free."""
    legal_reference: Mapped[str] = mapped_column(String(200))

    __table_args__ = (
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("price >= 0", name="price"),
    )


class Round(Base):
    """A row is one round or market event of a programme, with the amounts that hold in it."""

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
    created_at: Mapped[datetime]

    programme: Mapped[Programme] = relationship()
    rosters: Mapped[list[Roster]] = relationship(back_populates="round")

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


class Entitlement(Base):
    """A row is one family's right to one package in one round (*hak*), on the roster that gives it."""

    __tablename__ = "entitlement"

    id: Mapped[UUID] = id_column()
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    roster_id: Mapped[UUID] = mapped_column(ForeignKey("roster.id"), index=True)
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), index=True)

    __table_args__ = (
        UniqueConstraint("round_id", "family_id", name="uq_entitlement_round_family"),
        ForeignKeyConstraint(
            ["roster_id", "round_id"], ["roster.id", "roster.round_id"], name="fk_entitlement_roster_of_round"
        ),
    )
