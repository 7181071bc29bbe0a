"""Family lists as they arrive, what was found in them, whom they named, and the families that wait for a decision."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base, choice, id_column
from registry.kinds import Fate, ListState


class FamilyList(Base):
    """A row is one family list that was read here, with its plan and how far it has been applied."""

    __tablename__ = "family_list"

    id: Mapped[UUID] = id_column()
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    source: Mapped[str] = mapped_column(String(80))
    as_of: Mapped[date]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"))
    area_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    """The area of those who brought the list, whoever applies it: no family outside it is touched."""
    received_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    state: Mapped[ListState] = mapped_column(choice(ListState, "state"), default=ListState.PLANNED)
    families_total: Mapped[int] = mapped_column(default=0)
    families_done: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Counts of the plan and of what was applied: lines by fate, families new, changed, same, held."""

    __table_args__ = (CheckConstraint("families_done BETWEEN 0 AND families_total", name="progress"),)


class ListFinding(Base):
    """A row is what the reading found on one line of a list; lines simply accepted have none."""

    __tablename__ = "list_finding"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    list_id: Mapped[UUID] = mapped_column(ForeignKey("family_list.id"))
    line: Mapped[int]
    """Line in the file; the header is line 1."""
    fate: Mapped[Fate] = mapped_column(choice(Fate, "fate"))
    code: Mapped[str] = mapped_column(String(40))
    detail: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """What the words for this code need (column, a shortened value); never a whole NIK or Nomor KK."""

    __table_args__ = (Index("ix_list_finding_list_id_line", "list_id", "line"),)


class ListedFamily(Base):
    """A row is that a list named a family of the registry; written when the list is applied, and never changed."""

    __tablename__ = "listed_family"

    list_id: Mapped[UUID] = mapped_column(ForeignKey("family_list.id"), primary_key=True)
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), primary_key=True)

    # a province's list has 300,000 of them, which are nothing but their key: on SQLite the table is its own index
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 (SQLAlchemy's own form)


class HeldFamily(Base):
    """A row is a family of a list that is kept aside until a person decides what to do with it."""

    __tablename__ = "held_family"

    id: Mapped[UUID] = id_column()
    list_id: Mapped[UUID] = mapped_column(ForeignKey("family_list.id"), index=True)
    number_index: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    rows_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The family's accepted rows as canonical JSON, sealed: they hold NIK and Nomor KK."""
    code: Mapped[str] = mapped_column(String(40))
    detail: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    held_at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(String(40))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    __table_args__ = (CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_with_time"),)
