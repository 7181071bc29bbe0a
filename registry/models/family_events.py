"""What happens to families: proposed by one officer with evidence, carried out when a second one approves."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base, choice, id_column
from registry.kinds import EventState, FamilyEventKind
from registry.models.families import Family


class FamilyEvent(Base):
    """A row is one event of a family: a death, a birth, a move, a split or merge of the KK, a new head or number."""

    __tablename__ = "family_event"

    id: Mapped[UUID] = id_column()
    kind: Mapped[FamilyEventKind] = mapped_column(choice(FamilyEventKind, "kind"))
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), index=True)
    other_family_id: Mapped[UUID | None] = mapped_column(ForeignKey("family.id"), index=True)
    """The family that came out of a split, that a merged one went into, or that a person who joins came from."""
    happened_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(String(120))
    """The document and its number: "Akta kematian 6206-KM-…"."""
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """What is to be changed, as JSON under the field key: it may hold NIK and Nomor KK."""
    state: Mapped[EventState] = mapped_column(choice(EventState, "state"), default=EventState.PROPOSED)
    proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    proposed_at: Mapped[datetime]
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(String(200), default="")

    family: Mapped[Family] = relationship(foreign_keys=[family_id])

    __table_args__ = (
        Index("ix_family_event_state", "state"),
        CheckConstraint("evidence <> ''", name="evidence_given"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
    )
