"""The offices of the province."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from registry.db import Session
from registry.models import Office

__all__ = ["list_offices"]


def list_offices(session: Session) -> Sequence[Office]:
    """Return all offices by name."""
    return session.scalars(select(Office).order_by(Office.name)).all()
