"""Giving a package once: lock, look, decide, take, record, for a group of requests in one transaction.

What holds "once" under any number of counters: the hub's lock, taken before anything is looked at, and as the last
guard the two UNIQUE indexes of the redemption table (docs/deciding.md). A refusal is an answer and leaves a row and an
audit line, as a giving does.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from uuid import UUID

from registry.audit import Actor
from registry.db import Connection, Database
from registry.giving.redemptions import (
    NewAttempt,
    NewRedemption,
    Overtaken,
    add_attempts,
    add_redemptions,
    find_by_keys,
    lock_own_hub,
)
from registry.giving.writer import GroupWriter
from verify.decide import Decision, Reason, ReasonCode, decide, refuse
from verify.facts import Asked, Known, Scan, gather

_TRIES = 3  # being overtaken twice in a row is already strange: only work without the hub's lock can do it


@dataclass(frozen=True, slots=True)
class RedeemRequest:
    """One package asked for.

    The idempotency key is made when the verdict is shown and sent with every retry: the same key for the same card,
    round and service point gives the same receipt, and is refused for anything else.
    """

    scan: Scan
    round_id: UUID | None
    idempotency_key: str
    actor: Actor
    at: datetime

    @property
    def digest(self) -> bytes:
        """SHA-256 of what is asked under the key."""
        card = self.scan.token_hash.hex() if self.scan.token_hash else self.scan.number
        return sha256(json.dumps([card, str(self.round_id), str(self.actor.point_id)]).encode()).digest()


@dataclass(frozen=True, slots=True)
class Given:
    """The package is given, and stored so."""

    redemption_id: UUID
    receipt_number: str
    given_at: datetime
    is_repeated: bool = False
    """Whether this answers a request again that was answered, or at least stored, before."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The package is not given, for these reasons."""

    decision: Decision


RedeemWriter = GroupWriter[RedeemRequest, Given | Refused]


def open_writer(database: Database, *, audit_key: bytes) -> RedeemWriter:
    """Return the writer that gives for all threads of this process; close it when the process ends."""
    return GroupWriter(database, partial(redeem_all, audit_key=audit_key))


def redeem(writer: RedeemWriter, request: RedeemRequest) -> Given | Refused:
    """Give one package, or refuse it; the answer is stored when this returns.

    Raises:
        Exception: what the database failed with; whether something was stored is then known by asking again with the
            same idempotency key.
    """
    for _ in range(_TRIES - 1):
        try:
            return writer.submit(request)
        except Overtaken:
            continue
    return writer.submit(request)


def redeem_all(connection: Connection, requests: Sequence[RedeemRequest], *, audit_key: bytes) -> list[Given | Refused]:
    """Answer a group of requests in one writing transaction, which the caller commits.

    Requests that compete with one another in the group, for one entitlement or under one key, are answered in turn:
    the first in this round of the loop, the rest when its giving can be read.

    Raises:
        Overtaken: when something gave one of the entitlements without the hub's lock; roll back, then ask again.
    """
    answers: dict[int, Given | Refused] = {}
    refused: list[NewAttempt] = []
    waiting = dict(enumerate(requests))
    while waiting:
        hub = lock_own_hub(connection)
        earlier = find_by_keys(connection, [request.idempotency_key for request in waiting.values()])
        asked = [Asked(one.scan, one.round_id, one.actor.point_id, one.at) for one in waiting.values()]
        new: dict[int, NewRedemption] = {}
        competing: dict[int, RedeemRequest] = {}
        for (place, request), known in zip(waiting.items(), gather(connection, asked), strict=True):
            before = earlier.get(request.idempotency_key)
            if before is not None and before.request_digest == request.digest:
                answers[place] = Given(before.id, before.receipt_number, before.given_at, is_repeated=True)
                continue
            decision = _decide(request, known, key_is_used=before is not None)
            if not decision.is_granted:
                answers[place] = Refused(decision)
                refused.append(_attempt(request, known, decision))
            elif any(_compete(request, known, other) for other in new.values()):
                competing[place] = request
            else:
                new[place] = _redemption(request, known)
        if new:
            stored = add_redemptions(connection, hub, list(new.values()), audit_key=audit_key)
            for place, one in zip(new, stored, strict=True):
                answers[place] = Given(one.id, one.receipt_number, one.given_at)
        waiting = competing
    if refused:
        add_attempts(connection, refused, audit_key=audit_key)
    return [answers[place] for place in range(len(requests))]


def _decide(request: RedeemRequest, known: Known, *, key_is_used: bool) -> Decision:
    if request.scan.refusal is not None:
        return refuse(request.scan.refusal)
    if key_is_used:
        return refuse(Reason(ReasonCode.KEY_USED_DIFFERENTLY))
    return decide(known.facts)


def _compete(request: RedeemRequest, known: Known, other: NewRedemption) -> bool:
    return known.entitlement_id == other.entitlement_id or request.idempotency_key == other.idempotency_key


def _redemption(request: RedeemRequest, known: Known) -> NewRedemption:
    assert known.entitlement_id is not None  # noqa: S101 (a granted decision has found both)
    assert known.card_id is not None  # noqa: S101
    return NewRedemption(
        entitlement_id=known.entitlement_id,
        follows_undo_id=known.follows_undo_id,
        card_id=known.card_id,
        actor=request.actor,
        idempotency_key=request.idempotency_key,
        request_digest=request.digest,
        value=known.value,
        price=known.price,
        given_at=request.at,
    )


def _attempt(request: RedeemRequest, known: Known, decision: Decision) -> NewAttempt:
    return NewAttempt(
        outcome=decision.outcome,
        reasons=tuple(reason.code.value for reason in decision.reasons),
        card_id=known.card_id,
        round_id=known.round_id,
        actor=request.actor,
        at=request.at,
    )
