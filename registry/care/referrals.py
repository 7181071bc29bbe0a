"""Letters to Dinas Sosial for a person without health cover: that one was made stands in the trail, nowhere else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from registry.audit import Actor, record
from registry.db import Session
from registry.keys.keys import KeyRing
from registry.kinds import CoverAsk, JknStatus

__all__ = ["asks_for", "note_referral"]


def asks_for(jkn: JknStatus | None) -> tuple[CoverAsk, ...]:
    """Return what Dinas Sosial may be asked for a person, as far as sources have said how they are insured.

    A source that says PBI may be older than the de-activation of 1 February 2026. Who pays or whose employer pays is
    not a matter for Dinas Sosial.
    """
    match jkn:
        case None:
            return (CoverAsk.REACTIVATE, CoverAsk.ENROL)
        case JknStatus.PBI:
            return (CoverAsk.REACTIVATE,)
        case JknStatus.NONE:
            return (CoverAsk.ENROL,)
        case _:
            return ()


def note_referral(
    session: Session, person_id: UUID, ask: CoverAsk, *, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Note in the trail that a letter was made for a person."""
    record(session, "referral.made", f"person:{person_id}", actor=actor, key=keys.audit_key, at=at, ask=ask.value)
