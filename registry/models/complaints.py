"""What families complain of, and what became of it; also cases that the kiosk opens by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base, choice, id_column
from registry.kinds import ComplaintKind, ComplaintState, Referral


class Complaint(Base):
    """A row is one complaint (*pengaduan*), or one case that the kiosk opened because two records clash."""

    __tablename__ = "complaint"

    id: Mapped[UUID] = id_column()
    number: Mapped[str] = mapped_column(String(24))
    kind: Mapped[ComplaintKind] = mapped_column(choice(ComplaintKind, "kind"))
    is_case: Mapped[bool] = mapped_column(default=False)
    """Whether the kiosk opened it by itself."""
    words: Mapped[str] = mapped_column(String(500))
    """What the family says, in the officer's words; no NIK, no Nomor KK."""
    state: Mapped[ComplaintState] = mapped_column(choice(ComplaintState, "state"), default=ComplaintState.OPEN)
    referral: Mapped[Referral | None] = mapped_column(choice(Referral, "referral"))
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    area_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    """Whose officers see it: the family's village, or the area of the point where it was told."""
    family_id: Mapped[UUID | None] = mapped_column(ForeignKey("family.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("attempt.id"))
    """The refusal that it came from."""
    about_point_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_point.id"))
    """The service point that is complained of, where it is one; who works there sees nothing of extortion."""
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("round.id"))
    idempotency_key: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    steps: Mapped[list[ComplaintStep]] = relationship(order_by="ComplaintStep.at")

    __table_args__ = (
        UniqueConstraint("number", name="uq_complaint_number"),
        UniqueConstraint("idempotency_key", name="uq_complaint_idempotency_key"),
        Index("ix_complaint_area_code_state", "area_code", "state"),
        CheckConstraint("words <> ''", name="words_given"),
    )


class ComplaintStep(Base):
    """A row is one step of a complaint: referred, answered, closed, by whom and in which words. Never changed."""

    __tablename__ = "complaint_step"

    id: Mapped[UUID] = id_column()
    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaint.id"), index=True)
    state: Mapped[ComplaintState] = mapped_column(choice(ComplaintState, "state"))
    referral: Mapped[Referral | None] = mapped_column(choice(Referral, "referral"))
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    words: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    __table_args__ = (CheckConstraint("words <> ''", name="words_given"),)
