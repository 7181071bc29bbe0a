"""Keeping what was refused: a scan that was not granted is a row with all its reasons, and a line in the audit trail.

Apart from the deciding, which only reads: a scan that is granted waits for no writer, and one that is refused writes
when its answer is known already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from registry.audit import Actor
from registry.db import Session
from registry.giving.redemptions import NewAttempt, add_attempts
from registry.keys.keys import KeyRing
from verify.reasons import Decision

__all__ = ["NotGranted", "keep_refusal", "keep_refusals"]


@dataclass(frozen=True, slots=True)
class NotGranted:
    """A decision that granted nothing, and what was asked for."""

    decision: Decision
    round_id: UUID | None = None
    """``None`` where no round was reached."""
    person_id: UUID | None = None
    """Whose right it is, where it is a person's; only of the card's family, and whom the officer may see, since the
    slip names them."""


def keep_refusal(
    session: Session,
    decision: Decision,
    *,
    card_id: UUID | None,
    person_id: UUID | None = None,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> UUID:
    """Keep a decision that granted nothing of no round, and return the id of its row, by which a complaint can name it.

    Args:
        card_id: the card that was scanned, where it is one of ours.
        person_id: see :class:`NotGranted`.
    """
    refused = [NotGranted(decision, person_id=person_id)]
    return keep_refusals(session, refused, card_id=card_id, actor=actor, keys=keys, at=at)[0]


def keep_refusals(
    session: Session,
    refused: Sequence[NotGranted],
    *,
    card_id: UUID | None,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> list[UUID]:
    """Keep all that one scan was refused, a row each in as many statements as one; return their ids in the same order.

    Args:
        card_id: the card that was scanned, where it is one of ours.
    """
    attempts = [
        NewAttempt(
            outcome=one.decision.outcome,
            reasons=tuple(reason.code.value for reason in one.decision.reasons),
            card_id=card_id,
            round_id=one.round_id,
            person_id=one.person_id,
            actor=actor,
            at=at,
            details=tuple(reason.detail for reason in one.decision.reasons),
        )
        for one in refused
    ]
    return add_attempts(session.connection(), attempts, audit_key=keys.audit_key)
