"""What was given, what was taken back, and what was refused.

A redemption carries from the start what giving without a network needs of it: the hub, its incarnation, a number
without gaps, the device, the officer and an idempotency key.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base, choice, id_column
from registry.kinds import Outcome


class Hub(Base):
    """A row is one running copy of this application with its own database; the row with ``is_own`` is this one."""

    __tablename__ = "hub"

    id: Mapped[UUID] = id_column()
    name: Mapped[str] = mapped_column(String(80))
    incarnation: Mapped[int] = mapped_column(default=1)
    """Goes up when the database is restored from a backup."""
    last_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    is_own: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        Index(
            "uq_hub_one_own",
            "is_own",
            unique=True,
            sqlite_where=text("is_own"),
            postgresql_where=text("is_own"),
        ),
    )


class Proxy(Base):
    """A row is one person from outside a family who collects for it with a letter (*wakil*, *surat kuasa*)."""

    __tablename__ = "proxy"

    id: Mapped[UUID] = id_column()
    nik_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    """The keyed index of the proxy's NIK, by which all their collecting is counted; the NIK itself is not kept."""
    nik_last: Mapped[str] = mapped_column(String(4))
    name: Mapped[str] = mapped_column(String(120))

    __table_args__ = (UniqueConstraint("nik_index", name="uq_proxy_nik_index"),)


class Redemption(Base):
    """A row is one package given: the first of its entitlement, or the one that follows an undone giving.

    The two unique indexes are the last guard of "given once": per entitlement one first giving, and one per undo.
    """

    __tablename__ = "redemption"

    id: Mapped[UUID] = id_column()
    entitlement_id: Mapped[UUID] = mapped_column(ForeignKey("entitlement.id"))
    follows_undo_id: Mapped[UUID | None] = mapped_column(ForeignKey("redemption_undo.id", use_alter=True))
    card_id: Mapped[UUID] = mapped_column(ForeignKey("card.id"), index=True)
    hub_id: Mapped[UUID] = mapped_column(ForeignKey("hub.id"))
    incarnation: Mapped[int]
    seq: Mapped[int] = mapped_column(BigInteger)
    """Without gaps within the hub's incarnation; begins at 1."""
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"), index=True)
    idempotency_key: Mapped[str] = mapped_column(String(64))
    request_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 of what was asked under the key; the same key with another content is refused."""
    value: Mapped[int]
    price: Mapped[int]
    receipt_number: Mapped[str] = mapped_column(String(24))
    given_at: Mapped[datetime]
    receiver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """The person of the family who took it; null when a proxy from outside did, or when none was named."""
    proxy_id: Mapped[UUID | None] = mapped_column(ForeignKey("proxy.id"), index=True)
    proxy_letter: Mapped[str] = mapped_column(String(80), default="")
    """The letter by which the proxy came."""
    proofs: Mapped[str] = mapped_column(String(40), default="")
    """What the officer saw, by code and in order: ``face ktp``."""
    substitution: Mapped[str] = mapped_column(String(200), default="")
    """What was given in place of what, and why; empty when the package was whole."""

    __table_args__ = (
        Index(
            "uq_redemption_first_of_entitlement",
            "entitlement_id",
            unique=True,
            sqlite_where=text("follows_undo_id IS NULL"),
            postgresql_where=text("follows_undo_id IS NULL"),
        ),
        Index("ix_redemption_entitlement_id", "entitlement_id"),
        UniqueConstraint("follows_undo_id", name="uq_redemption_follows_undo"),
        UniqueConstraint("idempotency_key", name="uq_redemption_idempotency_key"),
        UniqueConstraint("hub_id", "incarnation", "seq", name="uq_redemption_hub_seq"),
        UniqueConstraint("receipt_number", name="uq_redemption_receipt_number"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("proxy_id IS NULL OR receiver_id IS NULL", name="one_receiver"),
        CheckConstraint("(proxy_id IS NULL) = (proxy_letter = '')", name="proxy_with_letter"),
    )


class RedemptionPhoto(Base):
    """A row is a photo of a hand-over, kept as a file under its hash. Never changed."""

    __tablename__ = "redemption_photo"

    redemption_id: Mapped[UUID] = mapped_column(ForeignKey("redemption.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))


class RedemptionUndo(Base):
    """A row is the counter-entry to one redemption: it was not given after all, and why."""

    __tablename__ = "redemption_undo"

    id: Mapped[UUID] = id_column()
    redemption_id: Mapped[UUID] = mapped_column(ForeignKey("redemption.id"))
    reason: Mapped[str] = mapped_column(String(200))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"))
    undone_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("redemption_id", name="uq_redemption_undo_redemption_id"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )


class Attempt(Base):
    """A row is one scan that was not granted, with every reason."""

    __tablename__ = "attempt"

    id: Mapped[UUID] = id_column()
    at: Mapped[datetime]
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, "outcome"))
    reasons: Mapped[list[str]] = mapped_column(JSON)
    """The codes of all reasons; see docs/deciding.md."""
    details: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """The values that the words of the reasons need, in the same order: the slip says what the screen said."""
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey("card.id"), index=True)
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("round.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Whose right was asked for, of the card's family: the slip names them. Nobody where it is the family's right."""
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"))

    __table_args__ = (
        CheckConstraint("outcome <> 'granted'", name="not_granted"),
        Index("ix_attempt_point_id_at", "point_id", "at"),
    )
