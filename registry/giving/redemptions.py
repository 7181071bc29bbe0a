"""What was given and refused: the statements that write it, in groups. What is read before stands in ``rights``.

SQLAlchemy Core with statements that are built once: the ORM costs this path eight to ten times as much. A group is
written with as many statements as a single one. What is decided between reading and writing stands in ``verify``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from registry.audit import Actor, Entry, record_all
from registry.days import WIB
from registry.db import Connection, Session, new_id
from registry.errors import NotFound
from registry.giving.balances import NewSlice, take_slices
from registry.giving.counted_stock import take_from_stock
from registry.giving.proxies import ProxyShown, enrol_proxies
from registry.giving.rights import padded
from registry.kinds import Outcome, Proof
from registry.models import Attempt, Hub, Redemption, RedemptionUndo

__all__ = [
    "NewAttempt",
    "NewRedemption",
    "Overtaken",
    "OwnHub",
    "StoredGiving",
    "add_attempts",
    "add_redemptions",
    "ensure_own_hub",
    "find_by_keys",
    "lock_own_hub",
    "receipt_number",
]

_MARK_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is misheard or mistaken for another: no 0 O 1 I L U
_MARK_LENGTH = 6


def _table(model: type[Any]) -> Table:
    table: Table = model.__table__
    return table


_redemption, _undo, _attempt, _hub = (_table(model) for model in (Redemption, RedemptionUndo, Attempt, Hub))


class Overtaken(Exception):  # noqa: N818 (what happened, not what is wrong)
    """Something else gave the entitlement in between, without the hub's lock; nothing was written. Ask again."""


@dataclass(frozen=True, slots=True)
class OwnHub:
    """This running copy of the application, locked for giving until the transaction ends."""

    id: UUID
    incarnation: int
    last_seq: int


@dataclass(frozen=True, slots=True)
class StoredGiving:
    """A redemption that stands in the database, with its key and the digest of what was asked under it."""

    id: UUID
    idempotency_key: str
    request_digest: bytes
    receipt_number: str
    given_at: datetime
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class NewRedemption:
    """A package that is to be recorded as given."""

    entitlement_id: UUID
    follows_undo_id: UUID | None
    """The undo of the giving before, where there was one."""
    card_id: UUID
    actor: Actor
    idempotency_key: str
    request_digest: bytes
    value: int
    price: int
    given_at: datetime
    receiver_id: UUID | None = None
    proxy: ProxyShown | None = None
    proofs: tuple[Proof, ...] = ()
    substitution: str = ""
    counted_roster_id: UUID | None = None
    """The roster from whose stock it is taken; None where packages are not counted."""
    slice: NewSlice | None = None
    """The part of a balance that it spends, where it does."""


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """A scan that was not granted."""

    outcome: Outcome
    reasons: tuple[str, ...]
    card_id: UUID | None
    round_id: UUID | None
    person_id: UUID | None
    actor: Actor
    at: datetime
    details: tuple[Mapping[str, str], ...] = ()
    """The values that the words of the reasons need, in the same order."""


# FOR NO KEY UPDATE: the foreign keys of rows that name the hub need not wait
_LOCK_HUB = select(_hub.c.id, _hub.c.incarnation, _hub.c.last_seq).where(_hub.c.is_own).with_for_update(key_share=True)
_COUNT_SEQ = update(_hub).where(_hub.c.id == bindparam("of_hub")).values(last_seq=bindparam("to_seq"))
_BY_KEY = select(
    _redemption.c.id,
    _redemption.c.idempotency_key,
    _redemption.c.request_digest,
    _redemption.c.receipt_number,
    _redemption.c.given_at,
    exists().where(_undo.c.redemption_id == _redemption.c.id).label("is_undone"),
).where(_redemption.c.idempotency_key.in_(bindparam("keys", expanding=True)))
# no target: whichever UNIQUE of the table holds a row back, it is simply not among those counted; and no RETURNING, for
# which a group would become one long text that PostgreSQL's driver takes apart anew each time
_GIVE = {
    "sqlite": sqlite.insert(_redemption).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
    "postgresql": postgresql.insert(_redemption).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
}
_ATTEMPT = insert(_attempt)


def ensure_own_hub(session: Session, name: str) -> Hub:
    """Return this installation's hub, making it under this name when there is none."""
    hub = session.scalar(select(Hub).where(Hub.is_own))
    if hub is None:
        hub = Hub(id=new_id(), name=name, incarnation=1, last_seq=0, is_own=True)
        session.add(hub)
        session.flush()
    return hub


def lock_own_hub(connection: Connection) -> OwnHub:
    """Lock giving at this hub until the transaction ends: what is read after it cannot be overtaken.

    Raises:
        NotFound: code ``hub_missing``, when the installation was not set up.
    """
    row = connection.execute(_LOCK_HUB).one_or_none()
    if row is None:
        raise NotFound("hub_missing")
    return OwnHub(row.id, row.incarnation, row.last_seq)


def find_by_keys(connection: Connection, keys: Iterable[str]) -> dict[str, StoredGiving]:
    """Return the redemptions that were made under these idempotency keys, by key."""
    earlier = (StoredGiving(*row) for row in connection.execute(_BY_KEY, {"keys": padded(keys)}))
    return {one.idempotency_key: one for one in earlier}


def receipt_number(hub_id: UUID, incarnation: int, seq: int, at: datetime) -> str:
    """Return the number of a receipt: ``260302-K7M3QF-000123``.

    The day at the counter (WIB), six characters that stand for the hub and its incarnation, and the hub's seq. It can
    be read aloud, sorts by day, and no two hubs have to agree on it: for two receipts to bear the same number, two hubs
    must share one of 30**6 marks and also be at the same seq on the same day.
    """
    digest = int.from_bytes(sha256(hub_id.bytes + incarnation.to_bytes(4, "big")).digest())
    mark = ""
    for _ in range(_MARK_LENGTH):
        digest, place = divmod(digest, len(_MARK_ALPHABET))
        mark += _MARK_ALPHABET[place]
    return f"{at.astimezone(WIB):%y%m%d}-{mark}-{seq:06d}"


def add_redemptions(
    connection: Connection, hub: OwnHub, new: Sequence[NewRedemption], *, audit_key: bytes
) -> list[StoredGiving]:
    """Store packages as given, each with the next seq of the locked hub, a receipt number and an audit line.

    Raises:
        Overtaken: when a UNIQUE held one of them back, or a stock or a balance had not enough; the transaction must be
            rolled back then.
    """
    slices = [one.slice for one in new if one.slice is not None]
    if slices and not take_slices(connection, slices):
        raise Overtaken
    taken = Counter(one.counted_roster_id for one in new if one.counted_roster_id is not None)
    if taken and not take_from_stock(connection, taken):
        raise Overtaken
    shown = [one.proxy for one in new if one.proxy is not None]
    proxies = enrol_proxies(connection, shown) if shown else {}
    stored = [
        StoredGiving(
            id=new_id(),
            idempotency_key=one.idempotency_key,
            request_digest=one.request_digest,
            receipt_number=receipt_number(hub.id, hub.incarnation, seq, one.given_at),
            given_at=one.given_at,
        )
        for seq, one in enumerate(new, hub.last_seq + 1)
    ]
    rows = [
        {
            "id": made.id,
            "entitlement_id": one.entitlement_id,
            "follows_undo_id": one.follows_undo_id,
            "card_id": one.card_id,
            "hub_id": hub.id,
            "incarnation": hub.incarnation,
            "seq": seq,
            "device_id": one.actor.device_id,
            "officer_id": one.actor.officer_id,
            "point_id": one.actor.point_id,
            "idempotency_key": one.idempotency_key,
            "request_digest": one.request_digest,
            "value": one.value,
            "price": one.price,
            "receipt_number": made.receipt_number,
            "given_at": one.given_at,
            "receiver_id": one.receiver_id,
            "proxy_id": proxies[one.proxy.nik_index] if one.proxy else None,
            "proxy_letter": one.proxy.letter if one.proxy else "",
            "proofs": " ".join(one.proofs),
            "substitution": one.substitution,
        }
        for seq, (one, made) in enumerate(zip(new, stored, strict=True), hub.last_seq + 1)
    ]
    if connection.execute(_GIVE[connection.dialect.name], rows).rowcount < len(rows):
        raise Overtaken
    connection.execute(_COUNT_SEQ, {"of_hub": hub.id, "to_seq": hub.last_seq + len(rows)})
    lines = [
        Entry(
            "redemption.given",
            f"redemption:{made.id}",
            one.actor,
            one.given_at,
            {"entitlement": str(one.entitlement_id), "card": str(one.card_id), "receipt": made.receipt_number},
        )
        for one, made in zip(new, stored, strict=True)
    ]
    record_all(connection, lines, key=audit_key)
    return stored


def add_attempts(connection: Connection, attempts: Sequence[NewAttempt], *, audit_key: bytes) -> list[UUID]:
    """Store scans that were not granted, each with an audit line; return their ids in the same order."""
    ids = [new_id() for _ in attempts]
    rows = [
        {
            "id": id_,
            "at": attempt.at,
            "outcome": attempt.outcome,
            "reasons": list(attempt.reasons),
            "details": [dict(detail) for detail in attempt.details],
            "card_id": attempt.card_id,
            "round_id": attempt.round_id,
            "person_id": attempt.person_id,
            "device_id": attempt.actor.device_id,
            "officer_id": attempt.actor.officer_id,
            "point_id": attempt.actor.point_id,
        }
        for id_, attempt in zip(ids, attempts, strict=True)
    ]
    connection.execute(_ATTEMPT, rows)
    lines = [
        Entry("scan.refused", f"attempt:{id_}", attempt.actor, attempt.at, {"reasons": " ".join(attempt.reasons)})
        for id_, attempt in zip(ids, attempts, strict=True)
    ]
    record_all(connection, lines, key=audit_key)
    return ids
