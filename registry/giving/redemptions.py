"""What was given, taken back and refused: the statements of the quick path, and what is read of it later.

SQLAlchemy Core with statements that are built once: the ORM costs this path eight to ten times as much. A group of
asks is read and written with as many statements as a single one. What is decided between reading and writing stands in
``verify``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, bindparam, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from registry.audit import Actor, Entry, record_all
from registry.days import WIB
from registry.db import Connection, Session, new_id
from registry.errors import NotFound
from registry.kinds import Outcome, PersonState, Relation
from registry.models import (
    Attempt,
    Card,
    Entitlement,
    Family,
    Hub,
    Officer,
    Person,
    Redemption,
    RedemptionUndo,
    Roster,
    Round,
    ServicePoint,
)

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
    "read_by_number",
    "read_by_token",
    "receipt_number",
]

_MARK_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is misheard or mistaken for another: no 0 O 1 I L U
_MARK_LENGTH = 6


def _table(model: type[Any]) -> Table:
    table: Table = model.__table__
    return table


_redemption, _undo, _attempt, _hub = (_table(model) for model in (Redemption, RedemptionUndo, Attempt, Hub))
_card, _family = _table(Card), _table(Family)
_round, _entitlement, _roster = _table(Round), _table(Entitlement), _table(Roster)
_point, _officer = _table(ServicePoint), _table(Officer)
_holder, _head = _table(Person).alias("holder"), _table(Person).alias("head")
_giving_point, _given_at = _point.alias("giving_point"), _point.alias("given_at_point")
_tip, _tip_undo, _follower = _redemption.alias("tip"), _undo.alias("tip_undo"), _redemption.alias("follower")
_any_undo = _undo.alias("any_undo")


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


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """A scan that was not granted."""

    outcome: Outcome
    reasons: tuple[str, ...]
    card_id: UUID | None
    round_id: UUID | None
    actor: Actor
    at: datetime


# FOR NO KEY UPDATE: the foreign keys of rows that name the hub need not wait
_LOCK_HUB = select(_hub.c.id, _hub.c.incarnation, _hub.c.last_seq).where(_hub.c.is_own).with_for_update(key_share=True)
_COUNT_SEQ = update(_hub).where(_hub.c.id == bindparam("of_hub")).values(last_seq=bindparam("to_seq"))
_BY_KEY = select(
    _redemption.c.id,
    _redemption.c.idempotency_key,
    _redemption.c.request_digest,
    _redemption.c.receipt_number,
    _redemption.c.given_at,
).where(_redemption.c.idempotency_key.in_(bindparam("keys", expanding=True)))
# no target: whichever UNIQUE of the table holds a row back, it is simply not among those counted; and no RETURNING, for
# which a group would become one long text that PostgreSQL's driver takes apart anew each time
_GIVE = {
    "sqlite": sqlite.insert(_redemption).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
    "postgresql": postgresql.insert(_redemption).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
}
_ATTEMPT = insert(_attempt)


def _reading(named: ColumnElement[bool]) -> Select[Any]:
    """Build the one reading of a giving: cards with their families, times the rounds asked for."""
    has_follower = exists().where(_any_undo.c.redemption_id == _tip.c.id, _follower.c.follows_undo_id == _any_undo.c.id)
    return (
        select(
            _card.c.id.label("card_id"),
            _card.c.token_hash,
            _card.c.number,
            _card.c.state.label("card_state"),
            _card.c.block_reason,
            _card.c.issued_at,
            _card.c.expires_at,
            _family.c.id.label("family_id"),
            _family.c.state.label("family_state"),
            _holder.c.state.label("holder_state"),
            _head.c.id.label("head_id"),
            _round.c.id.label("round_id"),
            _round.c.name.label("round_name"),
            _round.c.opens_on,
            _round.c.closes_on,
            _round.c.state.label("round_state"),
            _round.c.created_at.label("listed_at"),
            _round.c.value,
            _round.c.price,
            _entitlement.c.id.label("entitlement_id"),
            _giving_point.c.id.label("giving_point_id"),
            _giving_point.c.name.label("giving_point"),
            _tip.c.given_at,
            _tip.c.receipt_number,
            _given_at.c.name.label("given_at_point"),
            _officer.c.number.label("given_by_number"),
            _officer.c.name.label("given_by"),
            _tip_undo.c.id.label("undo_id"),
        )
        .select_from(_card)
        .join(_family, _family.c.id == _card.c.family_id)
        .join(_holder, _holder.c.id == _card.c.head_id)
        .outerjoin(
            _head,
            (_head.c.family_id == _family.c.id)
            & (_head.c.relation == Relation.HEAD)
            & (_head.c.state == PersonState.LIVING),
        )
        .outerjoin(_round, _round.c.id.in_(bindparam("rounds", expanding=True)))
        .outerjoin(_entitlement, (_entitlement.c.round_id == _round.c.id) & (_entitlement.c.family_id == _family.c.id))
        .outerjoin(_roster, _roster.c.id == _entitlement.c.roster_id)
        .outerjoin(_giving_point, _giving_point.c.id == _roster.c.point_id)
        # the last giving of the entitlement: the one whose undo, if it has one, nothing follows
        .outerjoin(_tip, (_tip.c.entitlement_id == _entitlement.c.id) & ~has_follower)
        .outerjoin(_tip_undo, _tip_undo.c.redemption_id == _tip.c.id)
        .outerjoin(_given_at, _given_at.c.id == _tip.c.point_id)
        .outerjoin(_officer, _officer.c.id == _tip.c.officer_id)
        .where(named)
    )


_BY_TOKEN = _reading(_card.c.token_hash.in_(bindparam("names", expanding=True)))
_BY_NUMBER = _reading(_card.c.number.in_(bindparam("names", expanding=True)))


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
    earlier = (StoredGiving(*row) for row in connection.execute(_BY_KEY, {"keys": _padded(keys)}))
    return {one.idempotency_key: one for one in earlier}


def read_by_token(connection: Connection, token_hashes: Iterable[bytes], rounds: Iterable[UUID]) -> Sequence[Row[Any]]:
    """Return all that a decision on giving asks: one row per card and round, the round's part null without a round."""
    return connection.execute(_BY_TOKEN, {"names": _padded(token_hashes), "rounds": _padded(rounds)}).all()


def read_by_number(connection: Connection, numbers: Iterable[str], rounds: Iterable[UUID]) -> Sequence[Row[Any]]:
    """Return the same as :func:`read_by_token` for cards whose number was typed."""
    return connection.execute(_BY_NUMBER, {"names": _padded(numbers), "rounds": _padded(rounds)}).all()


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
        Overtaken: when a UNIQUE held one of them back; the transaction must be rolled back then.
    """
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


def add_attempts(connection: Connection, attempts: Sequence[NewAttempt], *, audit_key: bytes) -> None:
    """Store scans that were not granted, each with an audit line."""
    rows = [
        {
            "id": new_id(),
            "at": attempt.at,
            "outcome": attempt.outcome,
            "reasons": list(attempt.reasons),
            "card_id": attempt.card_id,
            "round_id": attempt.round_id,
            "device_id": attempt.actor.device_id,
            "officer_id": attempt.actor.officer_id,
            "point_id": attempt.actor.point_id,
        }
        for attempt in attempts
    ]
    connection.execute(_ATTEMPT, rows)
    lines = [
        Entry("scan.refused", f"attempt:{row['id']}", attempt.actor, attempt.at, {"reasons": " ".join(attempt.reasons)})
        for row, attempt in zip(rows, attempts, strict=True)
    ]
    record_all(connection, lines, key=audit_key)


def _padded(values: Iterable[Any]) -> list[Any]:
    """Return distinct values, the last one repeated up to a power of two.

    So a group of any size is read by one of a few texts of the statement, which SQLAlchemy and PostgreSQL then have
    compiled and planned already.
    """
    distinct = list(dict.fromkeys(values))
    return distinct + distinct[-1:] * ((1 << (len(distinct) - 1).bit_length()) - len(distinct)) if distinct else []
