"""Giving a package once: lock, look, decide, take, record, for a group of requests in one transaction.

What holds "once" under any number of counters: the hub's lock, taken before anything is looked at, and as the last
guard the two UNIQUE indexes of the redemption table (docs/deciding.md). A refusal is an answer and leaves a row and an
audit line, as a giving does.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from uuid import UUID

from registry.audit import Actor
from registry.db import Connection, Database, new_id
from registry.giving.balances import NewSlice
from registry.giving.proxies import ProxyShown
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
from registry.kinds import Proof
from registry.schooling.enrolments import NewEnrolment, StatedEnrolment, add_enrolments
from verify.decide import decide
from verify.facts import Asked, Handing, Known, Scan, gather
from verify.reasons import Decision, Reason, ReasonCode, refuse

_TRIES = 3  # being overtaken twice in a row is already strange: only work without the hub's lock can do it


@dataclass(frozen=True, slots=True)
class RedeemRequest:
    """One package asked for.

    The idempotency key is made when the verdict is shown and sent with every retry: the same key for the same card,
    round, person, amount and service point gives the same receipt, and is refused for anything else.
    """

    scan: Scan
    round_id: UUID | None
    idempotency_key: str
    actor: Actor
    at: datetime
    person_id: UUID | None = None
    """Whose right is taken, where it is a person's."""
    receiver_id: UUID | None = None
    """The person of the family who takes it; when left out, and no proxy does, the head of the family."""
    proxy: ProxyShown | None = None
    """Who takes it from outside the family."""
    proofs: frozenset[Proof] = frozenset()
    """What the officer says to have seen."""
    is_paid: bool = False
    """Whether the officer says to have received the price."""
    substitution: str = ""
    """What is given in place of what, and why; empty when the package is whole."""
    amount: int | None = None
    """What is spent, in rupiah, where the right is a balance."""
    enrolment: StatedEnrolment | None = None
    """What a school or campus states with it."""

    @property
    def handing(self) -> Handing:
        """What the officer says of the hand-over."""
        return Handing(
            self.receiver_id, self.proxy, self.proofs, self.is_paid, self.amount, is_enrolled=self.enrolment is not None
        )

    @property
    def digest(self) -> bytes:
        """SHA-256 of what is asked under the key."""
        card = self.scan.token_hash.hex() if self.scan.token_hash else self.scan.number
        person = str(self.person_id) if self.person_id else None
        asked = [card, str(self.round_id), str(self.actor.point_id), person, self.amount]
        return sha256(json.dumps(asked).encode()).digest()


@dataclass(frozen=True, slots=True)
class Given:
    """The package is given, and stored so."""

    redemption_id: UUID
    receipt_number: str
    given_at: datetime
    is_repeated: bool = False
    """Whether this answers a request again that was answered, or at least stored, before."""
    is_undone: bool = False
    """Whether what was given then has been taken back since: the family has nothing."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The package is not given, for these reasons."""

    decision: Decision
    attempt_id: UUID | None = None
    """The row that keeps the refusal, by which a complaint can name it."""


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

    Requests that compete with one another in the group, for one entitlement, for one pupil, under one key, for what is
    left of one stock or balance, or by one proxy, are answered in turn: the first in this round of the loop, the rest
    when its giving can be read.

    Raises:
        Overtaken: when something gave one of the entitlements, or took of a stock or balance, without the hub's lock;
            roll back, then ask again.
    """
    answers: dict[int, Given | Refused] = {}
    refused: dict[int, tuple[Decision, NewAttempt]] = {}
    waiting = dict(enumerate(requests))
    while waiting:
        hub = lock_own_hub(connection)
        earlier = find_by_keys(connection, [request.idempotency_key for request in waiting.values()])
        asked = [
            Asked(one.scan, one.round_id, one.actor.point_id, one.at, one.person_id, one.handing)
            for one in waiting.values()
        ]
        claims = _Claims()
        new: dict[int, NewRedemption] = {}
        competing: dict[int, RedeemRequest] = {}
        for (place, request), known in zip(waiting.items(), gather(connection, asked), strict=True):
            before = earlier.get(request.idempotency_key)
            if before is not None and before.request_digest == request.digest:
                answers[place] = Given(
                    before.id, before.receipt_number, before.given_at, is_repeated=True, is_undone=before.is_undone
                )
                continue
            decision = _decide(request, known, key_is_used=before is not None)
            if not decision.is_granted:
                refused[place] = decision, _attempt(request, known, decision)
            elif claims.add(request, known):
                new[place] = _redemption(request, known)
            else:
                competing[place] = request
        if new:
            stored = add_redemptions(connection, hub, list(new.values()), audit_key=audit_key)
            given = {
                place: Given(one.id, one.receipt_number, one.given_at) for place, one in zip(new, stored, strict=True)
            }
            _add_statements(connection, [(requests[place], one) for place, one in given.items()], audit_key=audit_key)
            answers |= given
        waiting = competing
    if refused:
        attempt_ids = add_attempts(connection, [attempt for _, attempt in refused.values()], audit_key=audit_key)
        for (place, (decision, _)), attempt_id in zip(refused.items(), attempt_ids, strict=True):
            answers[place] = Refused(decision, attempt_id)
    return [answers[place] for place in range(len(requests))]


def _decide(request: RedeemRequest, known: Known, *, key_is_used: bool) -> Decision:
    if request.scan.refusal is not None:
        return refuse(request.scan.refusal)
    if key_is_used:
        return refuse(Reason(ReasonCode.KEY_USED_DIFFERENTLY))
    return decide(known.facts)


class _Claims:
    """What the requests that are given in one round of the loop take, so that no two of them take the same."""

    def __init__(self) -> None:
        self._taken: set[object] = set()
        self._packages: Counter[UUID | None] = Counter()

    def add(self, request: RedeemRequest, known: Known) -> bool:
        """Claim what a request takes; tell whether all of it was still free."""
        right = known.right
        claims: set[object] = {request.idempotency_key, right.balance.id if right.balance else right.entitlement_id}
        if request.proxy is not None:
            claims.add((request.proxy.nik_index, known.round_id))
        if known.facts.round is not None and known.facts.round.schooling is not None:
            claims.add((known.programme_code, request.person_id))  # also from the lists of two rounds
        is_short = right.stock_left is not None and self._packages[right.roster_id] >= right.stock_left
        if is_short or not claims.isdisjoint(self._taken):
            return False
        self._taken |= claims
        self._packages[right.roster_id] += 1
        return True


def _redemption(request: RedeemRequest, known: Known) -> NewRedemption:
    right = known.right
    slice_ = _slice(request, known)
    entitlement_id = slice_.entitlement_id if slice_ else right.entitlement_id
    assert entitlement_id is not None  # noqa: S101 (a granted decision has found both)
    assert known.card_id is not None  # noqa: S101
    return NewRedemption(
        entitlement_id=entitlement_id,
        follows_undo_id=right.follows_undo_id,
        card_id=known.card_id,
        actor=request.actor,
        idempotency_key=request.idempotency_key,
        request_digest=request.digest,
        value=slice_.amount if slice_ else known.value,
        price=known.price,
        given_at=request.at,
        receiver_id=known.receiver_id,
        proxy=request.proxy,
        proofs=tuple(proof for proof in Proof if proof in request.proofs),
        substitution=request.substitution,
        counted_roster_id=right.roster_id if right.stock_left is not None else None,
        slice=slice_,
    )


def _slice(request: RedeemRequest, known: Known) -> NewSlice | None:
    right = known.right
    if right.balance is None:
        return None
    assert right.roster_id is not None  # noqa: S101 (a granted decision has found all of it)
    assert known.round_id is not None  # noqa: S101
    assert known.family_id is not None  # noqa: S101
    assert request.amount is not None  # noqa: S101
    return NewSlice(
        entitlement_id=new_id(),
        balance_id=right.balance.id,
        round_id=known.round_id,
        roster_id=right.roster_id,
        family_id=known.family_id,
        ordinal=right.balance.slices + 1,
        amount=request.amount,
    )


def _add_statements(connection: Connection, given: Sequence[tuple[RedeemRequest, Given]], *, audit_key: bytes) -> None:
    stated = [
        NewEnrolment(answer.redemption_id, request.person_id, request.enrolment, request.actor, request.at)
        for request, answer in given
        if request.enrolment is not None and request.person_id is not None
    ]
    if stated:
        add_enrolments(connection, stated, audit_key=audit_key)


def _attempt(request: RedeemRequest, known: Known, decision: Decision) -> NewAttempt:
    return NewAttempt(
        outcome=decision.outcome,
        reasons=tuple(reason.code.value for reason in decision.reasons),
        card_id=known.card_id,
        round_id=known.round_id,
        person_id=known.person_id,
        actor=request.actor,
        at=request.at,
        details=tuple(reason.detail for reason in decision.reasons),
    )
