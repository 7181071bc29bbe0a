"""Blank cards and ribbons: numbered boxes, who holds what of them, every movement, and the counts at closing."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base, choice, id_column
from registry.kinds import SupplyKind, SupplyMoveKind


class SupplyBox(Base):
    """A row is a numbered box of blanks, or a ribbon, at a service point, and what is left of it in the store."""

    __tablename__ = "supply_box"

    id: Mapped[UUID] = id_column()
    kind: Mapped[SupplyKind] = mapped_column(choice(SupplyKind, "kind"))
    number: Mapped[str] = mapped_column(String(40))
    """As it stands on the box; a part that goes to another point has the box's number with ``/2``, ``/3``, …"""
    content: Mapped[str] = mapped_column(String(80), default="")
    """What it is: CR80 PVC 0,76 mm; YMCKOK 200."""
    quantity: Mapped[int]
    """Cards, or sets of ribbon panels, that were in it when it came."""
    in_store: Mapped[int]
    """Of them in the point's store now; the rest is with officers or used."""
    first_serial: Mapped[str] = mapped_column(String(40), default="")
    last_serial: Mapped[str] = mapped_column(String(40), default="")
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("supply_box.id"))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"), index=True)
    received_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("kind", "number", name="uq_supply_box_kind_number"),
        CheckConstraint("quantity > 0 AND in_store >= 0", name="in_store"),
    )


class SupplyHolding(Base):
    """A row is how much of a box an officer holds now."""

    __tablename__ = "supply_holding"

    box_id: Mapped[UUID] = mapped_column(ForeignKey("supply_box.id"), primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    quantity: Mapped[int]

    __table_args__ = (CheckConstraint("quantity >= 0", name="quantity"),)


class SupplyMove(Base):
    """A row is one movement of blanks or ribbon. Never changed.

    What is used without a box in the books has none: it comes out at the next count. A copy that was printed and found
    spoilt later has a move of either kind and took one blank: it counts as spoilt. A box that goes to another point
    whole keeps its number, and its move names it; of a part the move names the box that it was taken out of.
    """

    __tablename__ = "supply_move"

    id: Mapped[UUID] = id_column()
    supply: Mapped[SupplyKind] = mapped_column(choice(SupplyKind, "supply"))
    kind: Mapped[SupplyMoveKind] = mapped_column(choice(SupplyMoveKind, "kind"))
    box_id: Mapped[UUID | None] = mapped_column(ForeignKey("supply_box.id"), index=True)
    quantity: Mapped[int]
    """How many; negative only in a correction after a count."""
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"))
    to_point_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_point.id"), index=True)
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    """The officer who was issued them, gave them back or used them; none for the store."""
    copy_id: Mapped[UUID | None] = mapped_column(ForeignKey("print_copy.id"), index=True)
    """The copy of a card that it went into."""
    reason: Mapped[str] = mapped_column(String(200), default="")
    destroyed_by: Mapped[str] = mapped_column(String(80), default="")
    """Who destroyed what was spoilt."""
    document: Mapped[str] = mapped_column(String(80), default="")
    """Delivery note, minutes, letter."""
    at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    __table_args__ = (
        # a copy takes its blank and its ribbon once, whoever says so how often
        UniqueConstraint("supply", "kind", "copy_id", name="uq_supply_move_supply_kind_copy"),
        Index("ix_supply_move_point_at", "point_id", "at"),
        CheckConstraint("quantity > 0 OR (kind = 'corrected' AND quantity <> 0)", name="quantity"),
        CheckConstraint("kind NOT IN ('spoilt', 'returned', 'corrected') OR reason <> ''", name="reason_given"),
        CheckConstraint("(kind = 'transferred') = (to_point_id IS NOT NULL)", name="transferred_somewhere"),
    )


class SupplyCount(Base):
    """A row is a count of a point's blanks or ribbons against the books. Never changed."""

    __tablename__ = "supply_count"

    id: Mapped[UUID] = id_column()
    supply: Mapped[SupplyKind] = mapped_column(choice(SupplyKind, "supply"))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"), index=True)
    on_date: Mapped[date]
    revision: Mapped[int] = mapped_column(SmallInteger, default=1)
    """1, or one more for each time that the day was counted again."""
    expected: Mapped[int]
    counted: Mapped[int]
    complaint_id: Mapped[UUID | None] = mapped_column(ForeignKey("complaint.id"))
    """The case that a difference opened."""
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    __table_args__ = (
        UniqueConstraint("supply", "point_id", "on_date", "revision", name="uq_supply_count_supply_point_day_revision"),
        CheckConstraint(
            "counted >= 0 AND (counted = expected OR complaint_id IS NOT NULL)", name="difference_is_a_case"
        ),
    )
