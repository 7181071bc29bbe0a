"""Lists of people by name that leave the kiosk as a file: every one leaves a line in the trail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from registry.audit import Actor, record
from registry.db import Session
from registry.keys.keys import KeyRing
from registry.kinds import ListOfNames

__all__ = ["note_download"]


def note_download(
    session: Session,
    round_id: UUID,
    names: ListOfNames,
    *,
    village: str = "",
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> None:
    """Record that somebody took a list of a round with them.

    Args:
        village: the region code of the village that it lists, where it lists one.
    """
    record(
        session,
        "list.downloaded",
        f"round:{round_id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        names=names,
        area=village or None,
    )
