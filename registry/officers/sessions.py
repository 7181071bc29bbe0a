"""Signed-in sessions: begun, found by their cookie's secret, kept alive, ended for good.

The cookie holds a random secret, the row only its SHA-256, so a stolen database opens no session; and because the row
ends at sign-out, a copy of the cookie is worth nothing afterwards.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, insert, select, update

from registry import audit
from registry.audit import Actor
from registry.db import Connection, new_id
from registry.keys.keys import KeyRing
from registry.kinds import PointKind, Role
from registry.models import Officer, OfficerRole, OfficerSession, ServicePoint


@dataclass(frozen=True)
class SignedIn:
    """A session that has not ended, with its officer, place and browser."""

    session_id: UUID
    started_at: datetime
    last_seen_at: datetime
    officer_id: UUID
    username: str
    name: str
    number: str
    roles: frozenset[Role]
    point_id: UUID
    point_code: str
    point_name: str
    point_kind: PointKind
    area_code: str
    office_code: str | None
    """The office (OPD) that the point is one of."""
    device_id: UUID

    @property
    def actor(self) -> Actor:
        """Who acts, where and at which browser, for the trail."""
        return Actor(officer_id=self.officer_id, point_id=self.point_id, device_id=self.device_id)


# built once: every request begins with it
_FIND = (
    select(
        OfficerSession.id.label("session_id"),
        OfficerSession.started_at,
        OfficerSession.last_seen_at,
        OfficerSession.device_id,
        Officer.id.label("officer_id"),
        Officer.username,
        Officer.name,
        Officer.number,
        ServicePoint.id.label("point_id"),
        ServicePoint.code.label("point_code"),
        ServicePoint.name.label("point_name"),
        ServicePoint.kind.label("point_kind"),
        ServicePoint.area_code,
        ServicePoint.office_code,
        OfficerRole.role,
    )
    .join(Officer, Officer.id == OfficerSession.officer_id)
    .join(ServicePoint, ServicePoint.id == Officer.point_id)
    .join(OfficerRole, OfficerRole.officer_id == Officer.id)
    .where(OfficerSession.secret_hash == bindparam("hashed"), OfficerSession.ended_at.is_(None), Officer.is_active)
)


def begin_session(connection: Connection, officer: Actor, *, keys: KeyRing, at: datetime) -> str:
    """Begin a session of an officer at a device, and return the secret for its cookie."""
    secret = secrets.token_urlsafe(32)
    session_id = new_id()
    connection.execute(
        insert(OfficerSession).values(
            id=session_id,
            secret_hash=_hash(secret),
            officer_id=officer.officer_id,
            device_id=officer.device_id,
            started_at=at,
            last_seen_at=at,
        )
    )
    audit.record(
        connection, "officer.signed_in", f"officer:{officer.officer_id}", actor=officer, key=keys.audit_key, at=at
    )
    return secret


def find_session(connection: Connection, secret: str) -> SignedIn | None:
    """Return the session of a secret; none when it has ended or its officer is no longer active."""
    rows = connection.execute(_FIND, {"hashed": _hash(secret)}).all()
    return _signed_in(rows) if rows else None


def touch_session(connection: Connection, session_id: UUID, *, at: datetime) -> None:
    """Note that the session was used."""
    connection.execute(update(OfficerSession).where(OfficerSession.id == session_id).values(last_seen_at=at))


def end_session(connection: Connection, signed_in: SignedIn, *, keys: KeyRing, at: datetime) -> None:
    """End a session for good; a second end changes nothing."""
    ended = connection.execute(
        update(OfficerSession)
        .where(OfficerSession.id == signed_in.session_id, OfficerSession.ended_at.is_(None))
        .values(ended_at=at)
    )
    if ended.rowcount:
        audit.record(
            connection,
            "officer.signed_out",
            f"officer:{signed_in.officer_id}",
            actor=signed_in.actor,
            key=keys.audit_key,
            at=at,
        )


def _signed_in(rows: Sequence[Row[*tuple[Any, ...]]]) -> SignedIn:
    values = dict(rows[0]._mapping)
    del values["role"]
    return SignedIn(**values, roles=frozenset(row.role for row in rows))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
