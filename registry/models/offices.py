"""The offices (OPD) that own programmes, and the money that each has for them."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base


class Office(Base):
    """A row is one office of the province (*OPD*)."""

    __tablename__ = "office"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class BudgetLine(Base):
    """A row is one line of an office's budget for a year: the ceiling (*pagu*) of what its programmes may give."""

    __tablename__ = "budget_line"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"), index=True)
    year: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(120))
    ceiling: Mapped[int] = mapped_column(BigInteger)
    """In whole rupiah."""
    legal_reference: Mapped[str] = mapped_column(String(200))

    office: Mapped[Office] = relationship()

    __table_args__ = (CheckConstraint("ceiling >= 0", name="ceiling"),)
