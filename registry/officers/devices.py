"""Devices: the browsers that officers sign in at, each known by a random secret in a cookie of its own."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select

from registry.db import Connection, new_id
from registry.models import Device

_LABEL_LENGTH = 80


def find_device(connection: Connection, secret: str) -> UUID | None:
    """Return the device of a cookie's secret."""
    return connection.scalar(select(Device.id).where(Device.secret_hash == _hash(secret)))


def add_device(connection: Connection, *, label: str, at: datetime) -> tuple[UUID, str]:
    """Add a browser that was not seen here before; return the device and the secret for its cookie."""
    secret = secrets.token_urlsafe(32)
    device_id = new_id()
    connection.execute(
        insert(Device).values(id=device_id, label=label[:_LABEL_LENGTH], secret_hash=_hash(secret), first_seen_at=at)
    )
    return device_id, secret


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
