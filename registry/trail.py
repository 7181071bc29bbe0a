"""Reading the audit trail: its latest lines with who and where in words. It is written in registry/audit.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from registry.db import Session
from registry.models import AuditLine, Officer, ServicePoint

__all__ = ["TrailLine", "latest_lines"]


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of the trail, as an auditor reads it."""

    id: UUID
    at: datetime
    seq: int
    point_code: str
    point: str
    officer: str
    """Empty when a command or the set-up did it, as is ``officer_number``."""
    officer_number: str
    action: str
    subject: str
    detail: Mapping[str, str | int | None]


def latest_lines(session: Session, *, point_id: UUID | None, before: UUID | None = None, limit: int) -> list[TrailLine]:
    """Return lines of one service point's chain, or of all chains, the newest first.

    Args:
        before: the last line of the page before; what is older follows.
    """
    query = (
        select(AuditLine, ServicePoint.code, ServicePoint.name, Officer.name, Officer.number)
        .join(ServicePoint, ServicePoint.id == AuditLine.point_id)
        .outerjoin(Officer, Officer.id == AuditLine.officer_id)
        # ids are made in the order of time; a page that begins after an id does not shift when lines are added
        .order_by(AuditLine.id.desc())
        .limit(limit)
    )
    if point_id is not None:
        query = query.where(AuditLine.point_id == point_id)
    if before is not None:
        query = query.where(AuditLine.id < before)
    return [
        TrailLine(
            id=line.id,
            at=line.at,
            seq=line.seq,
            point_code=code,
            point=point,
            officer=officer or "",
            officer_number=number or "",
            action=line.action,
            subject=line.subject,
            detail=json.loads(line.detail),
        )
        for line, code, point, officer, number in session.execute(query)
    ]
