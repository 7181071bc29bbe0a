"""What a service point has of a round's packages, and the minutes of its days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base, choice, id_column
from registry.kinds import StockKind
from registry.models.officers import Officer
from registry.models.rounds import Roster


class Stock(Base):
    """A row is the stock of one roster in packages; a roster without a row gives without counting."""

    __tablename__ = "stock"

    roster_id: Mapped[UUID] = mapped_column(ForeignKey("roster.id"), primary_key=True)
    delivered: Mapped[int] = mapped_column(default=0)
    damaged: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    given: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint("delivered >= 0 AND damaged >= 0 AND returned >= 0 AND given >= 0", name="not_negative"),
        CheckConstraint("damaged + returned + given <= delivered", name="not_more_than_delivered"),
    )


class StockEntry(Base):
    """A row is one delivery, damage, return or count of packages at a point. Never changed."""

    __tablename__ = "stock_entry"

    id: Mapped[UUID] = id_column()
    roster_id: Mapped[UUID] = mapped_column(ForeignKey("roster.id"), index=True)
    kind: Mapped[StockKind] = mapped_column(choice(StockKind, "kind"))
    quantity: Mapped[int]
    document: Mapped[str] = mapped_column(String(80), default="")
    """The delivery note or minutes that go with it."""
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    officer: Mapped[Officer | None] = relationship()

    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("kind NOT IN ('damaged', 'returned') OR note <> ''", name="reason_given"),
    )


class Minutes(Base):
    """A row is the day's minutes (*berita acara*) of one roster as they were closed. Never changed."""

    __tablename__ = "minutes"

    id: Mapped[UUID] = id_column()
    roster_id: Mapped[UUID] = mapped_column(ForeignKey("roster.id"))
    on_date: Mapped[date]
    revision: Mapped[int] = mapped_column(SmallInteger, default=1)
    """1, or one more for each time that the day was closed again."""
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The totals as they stood: entitled, given, undone, delivered, damaged, returned, left, counted, difference."""
    chain_digits: Mapped[str] = mapped_column(String(12))
    """The last digits of the point's audit chain when the day was closed."""
    note: Mapped[str] = mapped_column(String(200), default="")
    closed_at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    roster: Mapped[Roster] = relationship()
    officer: Mapped[Officer | None] = relationship()

    __table_args__ = (UniqueConstraint("roster_id", "on_date", "revision", name="uq_minutes_roster_day_revision"),)
