"""Service points, officers, their sessions and sign-in attempts, and the browsers they work at."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base, choice, id_column
from registry.kinds import PointKind, Role


class ServicePoint(Base):
    """A row is one place where officers serve families, and the area whose families it may see."""

    __tablename__ = "service_point"

    id: Mapped[UUID] = id_column()
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[PointKind] = mapped_column(choice(PointKind, "kind"))
    area_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    address: Mapped[str] = mapped_column(String(200), default="")
    facility_code: Mapped[str] = mapped_column(String(20), default="")
    """The state's number of the place: NPSN of a school, code of a puskesmas."""
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    """The office (OPD) whose programmes are kept here, where the point is one of an office."""

    __table_args__ = (
        UniqueConstraint("code", name="uq_service_point_code"),
        Index(
            "uq_service_point_facility_code",
            "kind",
            "facility_code",
            unique=True,
            sqlite_where=text("facility_code <> ''"),
            postgresql_where=text("facility_code <> ''"),
        ),
    )


class Officer(Base):
    """A row is one person who works with this kiosk, under their own name."""

    __tablename__ = "officer"

    id: Mapped[UUID] = id_column()
    username: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(12))
    """The officer's id as it stands on receipts."""
    password_hash: Mapped[str] = mapped_column(String(200))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    point: Mapped[ServicePoint] = relationship()
    role_rows: Mapped[list[OfficerRole]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        UniqueConstraint("username", name="uq_officer_username"),
        UniqueConstraint("number", name="uq_officer_number"),
    )


class OfficerRole(Base):
    """A row is one role that an officer has."""

    __tablename__ = "officer_role"

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"), primary_key=True)


class Device(Base):
    """A row is one browser that officers sign in at: a counter PC or a phone."""

    __tablename__ = "device"

    id: Mapped[UUID] = id_column()
    label: Mapped[str] = mapped_column(String(80))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    first_seen_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("secret_hash", name="uq_device_secret_hash"),)


class OfficerSession(Base):
    """A row is one signed-in session; the cookie holds its secret, the row only the secret's hash."""

    __tablename__ = "officer_session"

    id: Mapped[UUID] = id_column()
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("secret_hash", name="uq_officer_session_secret_hash"),)


class SignInAttempt(Base):
    """A row is one failed try to sign in, kept to slow down guessing."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    username: Mapped[str] = mapped_column(String(40))
    origin: Mapped[str] = mapped_column(String(45))
    """The network address that tried (an IPv6 address has at most 45 characters)."""
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_sign_in_attempt_username_at", "username", "at"),
        Index("ix_sign_in_attempt_origin_at", "origin", "at"),
    )
