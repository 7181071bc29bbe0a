"""Cards, what happened to them, the photo on them, and who is entitled to one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base, choice, id_column
from registry.kinds import BlockReason, CardEventKind, CardMedium, CardState
from registry.models.families import Family, Person

_LIVE = "state IN ('issued', 'printed', 'active')"


class Card(Base):
    """A row is one physical card: its number, its signed token, its place in the status list, and its state."""

    __tablename__ = "card"

    id: Mapped[UUID] = id_column()
    number: Mapped[str] = mapped_column(String(14))
    """``62-06-207002-0``: kabupaten, six random digits, check digit."""
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), index=True)
    head_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    head_name: Mapped[str] = mapped_column(String(120))
    """The head's name as it was when the card was signed."""
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    """The kecamatan that stands on the card."""
    issue_number: Mapped[int] = mapped_column(SmallInteger)
    """The how-manieth card of the family this is; 1 is the first."""
    status_list: Mapped[str] = mapped_column(String(5))
    """The kabupaten whose status list names this card, without dots: ``6206``."""
    status_index: Mapped[int]
    token: Mapped[bytes] = mapped_column(LargeBinary)
    """The COSE_Sign1 bytes that the QR code carries."""
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 of ``token``; by it a scanned card is found, never by the text of the code."""
    medium: Mapped[CardMedium] = mapped_column(choice(CardMedium, "medium"), default=CardMedium.PLASTIC)
    state: Mapped[CardState] = mapped_column(choice(CardState, "state"), default=CardState.ISSUED)
    read_back_at: Mapped[datetime | None]
    """When the code of the printed card was scanned first: it is ready from then on, and may be handed over."""
    block_reason: Mapped[BlockReason | None] = mapped_column(choice(BlockReason, "block_reason"))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("card.id"))

    family: Mapped[Family] = relationship()
    head: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("number", name="uq_card_number"),
        UniqueConstraint("token_hash", name="uq_card_token_hash"),
        UniqueConstraint("status_list", "status_index", name="uq_card_status_list_index"),
        UniqueConstraint("family_id", "issue_number", name="uq_card_family_issue_number"),
        UniqueConstraint("replaces_id", name="uq_card_replaces_id"),
        Index(
            "uq_card_one_live_per_family",
            "family_id",
            unique=True,
            sqlite_where=text(_LIVE),
            postgresql_where=text(_LIVE),
        ),
        CheckConstraint("(state IN ('blocked', 'replaced')) = (block_reason IS NOT NULL)", name="blocked_with_reason"),
    )


class CardEvent(Base):
    """A row is one step in a card's life: what, when, by whom, where, and to whom it was handed."""

    __tablename__ = "card_event"

    id: Mapped[UUID] = id_column()
    card_id: Mapped[UUID] = mapped_column(ForeignKey("card.id"), index=True)
    kind: Mapped[CardEventKind] = mapped_column(choice(CardEventKind, "kind"))
    at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    receiver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """The head, or the proxy of the same KK, who took the card and whose identity card was seen."""

    __table_args__ = (
        Index("ix_card_event_point_at", "point_id", "at"),
        CheckConstraint("(kind = 'handed_over') = (receiver_id IS NOT NULL)", name="handed_to_someone"),
        CheckConstraint("kind NOT IN ('spoilt', 'blocked', 'replaced') OR reason <> ''", name="reason_given"),
    )


class CardRule(Base):
    """A row is who is entitled to a card from a date on, and under which rule of law."""

    __tablename__ = "card_rule"

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    clauses: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """``{"code", "expression", "words"}`` each, as a programme's; all must hold. See docs/rules.md."""
    validity_years: Mapped[int] = mapped_column(SmallInteger)
    legal_reference: Mapped[str] = mapped_column(String(200))

    __table_args__ = (CheckConstraint("validity_years >= 1", name="validity_years"),)


class Photo(Base):
    """A row is a face photo of a person, kept as a file under its hash in the installation's photo folder."""

    __tablename__ = "photo"

    id: Mapped[UUID] = id_column()
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))


class TrustedKey(Base):
    """A row is a public key whose signature on a card is believed, and within which bounds."""

    __tablename__ = "trusted_key"

    kid: Mapped[bytes] = mapped_column(LargeBinary(4), primary_key=True)
    """The first four bytes of SHA-256 of the raw public key."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    role: Mapped[str] = mapped_column(String(8))
    """``card`` or ``status``."""
    issuer: Mapped[str] = mapped_column(String(80))
    region_prefix: Mapped[str] = mapped_column(String(13))
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    """Cards must have been signed within the window; they may expire after it."""
    retired_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("role IN ('card', 'status')", name="role"),)
