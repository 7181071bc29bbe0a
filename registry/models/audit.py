"""The trail of every change: append-only, and chained per service point."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base, id_column


class AuditLine(Base):
    """A row is one change: who, when, where, what; bound by a keyed hash to the line before it in its chain."""

    __tablename__ = "audit_line"

    id: Mapped[UUID] = id_column()
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    """Place in the chain of the service point, without gaps; begins at 1."""
    at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    """Null when a command or the set-up did it."""
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    """What was changed: ``card:<uuid>``."""
    detail: Mapped[str] = mapped_column(Text)
    """Canonical JSON; no NIK, no Nomor KK, no name."""
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (UniqueConstraint("point_id", "seq", name="uq_audit_line_point_seq"),)


class AuditHead(Base):
    """A row is the end of one service point's chain; taking it locks the chain until the transaction ends."""

    __tablename__ = "audit_head"

    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), default=bytes(32))
