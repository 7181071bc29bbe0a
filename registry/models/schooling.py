"""What a school or campus confirmed with a pupil's right."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base, id_column


class Enrolment(Base):
    """A row is what was stated when a pupil's or student's right was confirmed. Never changed."""

    __tablename__ = "enrolment"

    id: Mapped[UUID] = id_column()
    redemption_id: Mapped[UUID] = mapped_column(ForeignKey("redemption.id"), unique=True)
    nisn: Mapped[str] = mapped_column(String(10), default="")
    npsn: Mapped[str] = mapped_column(String(8), default="")
    """The school's number, eight characters."""
    campus: Mapped[str] = mapped_column(String(80), default="")
    evidence: Mapped[str] = mapped_column(String(80), default="")
    """What was shown: "Surat aktif kuliah 123/UN24/2026"."""
    stated_at: Mapped[datetime]
