"""Keeping what was refused: a scan that was not granted is a row with all its reasons, and a line in the audit trail.

Apart from the deciding, which only reads: a scan that is granted waits for no writer, and one that is refused writes
when its answer is known already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from registry.audit import Actor
from registry.db import Session
from registry.giving.redemptions import NewAttempt, add_attempts
from registry.keys.keys import KeyRing
from verify.reasons import Decision


def keep_refusal(
    session: Session,
    decision: Decision,
    *,
    card_id: UUID | None,
    round_id: UUID | None = None,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> UUID:
    """Keep a decision that granted nothing, and return the id of its row, by which a complaint can name it.

    Args:
        card_id: the card that was scanned, where it is one of ours.
        round_id: the round that was asked for, where it was one.
    """
    return keep_refusals(session, [(decision, round_id)], card_id=card_id, actor=actor, keys=keys, at=at)[0]


def keep_refusals(
    session: Session,
    refused: Sequence[tuple[Decision, UUID | None]],
    *,
    card_id: UUID | None,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> list[UUID]:
    """Keep all that one scan was refused, as :func:`keep_refusal` does: a row for each round, in as many statements."""
    attempts = [
        NewAttempt(
            decision.outcome,
            tuple(reason.code.value for reason in decision.reasons),
            card_id,
            round_id,
            actor,
            at,
            tuple(reason.detail for reason in decision.reasons),
        )
        for decision, round_id in refused
    ]
    return add_attempts(session.connection(), attempts, audit_key=keys.audit_key)
