"""The audit trail: every change leaves a line, and the lines of one service point form a chain.

A line's hash is HMAC-SHA-256, under a key that is not in the database, over the hash before it and the line in
canonical JSON. So whoever can write the database but does not hold the key can neither edit a line, nor take one out,
nor add one, without :func:`verify_chains` finding it. A tail that was cut off together with its head is found only
against a copy of the head that was kept elsewhere (a report, a printed receipt).

One chain per service point: counters do not queue behind each other.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, bindparam, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from registry.db import Connection, Session, new_id
from registry.models import AuditHead, AuditLine, ServicePoint

__all__ = [
    "Actor",
    "Entry",
    "Fault",
    "FaultCode",
    "head_hash",
    "record",
    "record_all",
    "stand_in_line",
    "verify_chains",
]

NOTHING_BEFORE = bytes(32)
"""What the first line of a chain names as the hash before it."""

_BLOCK = 1_000
"""Lines held in memory at once while checking: a few hundred kilobytes."""

_line: Table = AuditLine.__table__  # type: ignore[assignment]
_head: Table = AuditHead.__table__  # type: ignore[assignment]
_point: Table = ServicePoint.__table__  # type: ignore[assignment]

_LOCK_HEADS = (
    select(_head)
    .where(_head.c.point_id.in_(bindparam("points", expanding=True)))
    .order_by(_head.c.point_id)  # always in one order: two groups that share two points cannot block each other
    .with_for_update(key_share=True)
)
_BEGIN_HEADS = {
    "sqlite": sqlite.insert(_head).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_head).on_conflict_do_nothing(),
}
_ADD_LINES = insert(_line)
_MOVE_HEADS = (
    update(_head)
    .where(_head.c.point_id == bindparam("of_point"))
    .values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, at which service point, and at which browser; no officer when a command does it."""

    officer_id: UUID | None
    point_id: UUID
    device_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded: an action as ``noun.verb``, on a subject as ``noun:<uuid>``.

    The detail holds no NIK, no Nomor KK and no name: it can neither be changed nor taken out later.
    """

    action: str
    subject: str
    actor: Actor
    at: datetime
    detail: Mapping[str, str | int | None] = field(default_factory=dict)


class FaultCode(StrEnum):
    """What can be wrong with a chain."""

    EDITED = "edited"
    DELETED = "deleted"
    GAP = "gap"
    HEAD_DIFFERS = "head_differs"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: in whose chain, at which number, and what."""

    point_code: str
    seq: int
    code: FaultCode


def record(
    store: Session | Connection,
    action: str,
    subject: str,
    *,
    actor: Actor,
    key: bytes,
    at: datetime,
    **detail: str | int | None,
) -> None:
    """Write one line to the chain of the actor's service point, in the transaction of what it tells of.

    The chain stays locked until the transaction ends, so record last.
    """
    if isinstance(store, Session):
        store.flush()  # a point or officer made in this session must stand before a line can name it
        store = store.connection()
    record_all(store, [Entry(action, subject, actor, at, detail)], key=key)


def stand_in_line(session: Session, point_id: UUID) -> None:
    """Lock the chain of a point now, for work there that locks rows in no fixed order and records at its end.

    Two such works would else block each other for ever: one with a row that the other wants, the other with the chain.
    """
    session.flush()
    _lock_heads(session.connection(), [point_id])


def record_all(connection: Connection, entries: Sequence[Entry], *, key: bytes) -> None:
    """Write many lines, of one service point or several, in the order given; as :func:`record` does, in one go."""
    if not entries:
        return
    heads = _lock_heads(connection, sorted({entry.actor.point_id for entry in entries}))
    lines = []
    for entry in entries:
        point_id = entry.actor.point_id
        seq, previous = heads[point_id]
        line: dict[str, Any] = {
            "id": new_id(),
            "point_id": point_id,
            "seq": seq + 1,
            "at": entry.at,
            "officer_id": entry.actor.officer_id,
            "action": entry.action,
            "subject": entry.subject,
            "detail": _detail_text(entry),
            "previous_hash": previous,
        }
        end = _chain(line, key)
        heads[point_id] = (seq + 1, end)
        lines.append(line | {"hash": end})
    connection.execute(_ADD_LINES, lines)
    connection.execute(
        _MOVE_HEADS,
        [{"of_point": point_id, "new_seq": seq, "new_hash": end} for point_id, (seq, end) in heads.items()],
    )


def head_hash(session: Session, point_id: UUID) -> bytes:
    """Return the hash of the newest line in a service point's chain; all zeros before its first.

    Its last digits on a paper bear witness to the chain up to that moment.
    """
    return session.scalar(select(AuditHead.hash).where(AuditHead.point_id == point_id)) or NOTHING_BEFORE


def verify_chains(session: Session, *, key: bytes, point_id: UUID | None = None) -> list[Fault]:
    """Check every chain from its first line to its head and return what is wrong, at most one fault per line.

    Lines are streamed: memory stays flat however long the trail is.

    Args:
        point_id: only the chain of this service point.
    """
    faults: list[Fault] = []
    lines = (
        select(_line, _point.c.code, _head.c.seq.label("head_seq"), _head.c.hash.label("head_hash"))
        .join_from(_line, _point, _point.c.id == _line.c.point_id)
        .outerjoin(_head, _head.c.point_id == _line.c.point_id)
        .order_by(_line.c.point_id, _line.c.seq)
        .execution_options(yield_per=_BLOCK)
    )
    emptied = (
        select(_point.c.code, _head.c.seq)
        .join_from(_head, _point, _point.c.id == _head.c.point_id)
        .where(_head.c.seq > 0, ~exists().where(_line.c.point_id == _head.c.point_id))
        .order_by(_point.c.code)
    )
    if point_id is not None:
        lines, emptied = lines.where(_line.c.point_id == point_id), emptied.where(_head.c.point_id == point_id)
    before: Row[Any] | None = None
    for line in session.execute(lines):
        if before is None or before.point_id != line.point_id:
            faults += _check_end(before)
            fault = _check_line(line, 0, NOTHING_BEFORE, key)
        else:
            fault = _check_line(line, before.seq, before.hash, key)
        if fault:
            faults.append(Fault(line.code, line.seq, fault))
        before = line
    faults += _check_end(before)
    return faults + [Fault(code, seq, FaultCode.HEAD_DIFFERS) for code, seq in session.execute(emptied)]


def _lock_heads(connection: Connection, points: list[UUID]) -> dict[UUID, tuple[int, bytes]]:
    heads = _read_heads(connection, points)
    if len(heads) < len(points):
        new = [{"point_id": point, "seq": 0, "hash": NOTHING_BEFORE} for point in points if point not in heads]
        connection.execute(_BEGIN_HEADS[connection.dialect.name], new)
        heads = _read_heads(connection, points)
    return heads


def _read_heads(connection: Connection, points: list[UUID]) -> dict[UUID, tuple[int, bytes]]:
    return {head.point_id: (head.seq, head.hash) for head in connection.execute(_LOCK_HEADS, {"points": points})}


def _detail_text(entry: Entry) -> str:
    detail = dict(entry.detail)
    if entry.actor.device_id is not None:
        detail["device"] = str(entry.actor.device_id)
    return _canonical(detail)


def _chain(line: Mapping[Any, Any], key: bytes) -> bytes:
    told = {
        "action": line["action"],
        "at": line["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "detail": line["detail"],
        "officer": str(line["officer_id"]) if line["officer_id"] else None,
        "point": str(line["point_id"]),
        "seq": line["seq"],
        "subject": line["subject"],
    }
    return hmac.digest(key, line["previous_hash"] + _canonical(told).encode(), sha256)


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _check_line(line: Row[Any], seq_before: int, hash_before: bytes, key: bytes) -> FaultCode | None:
    follows = line.previous_hash == hash_before
    if not hmac.compare_digest(_chain(line._mapping, key), line.hash):
        return FaultCode.EDITED
    if line.seq != seq_before + 1:
        return FaultCode.GAP if follows else FaultCode.DELETED
    return None if follows else FaultCode.EDITED


def _check_end(last: Row[Any] | None) -> list[Fault]:
    if last is None or (last.head_seq == last.seq and last.head_hash == last.hash):
        return []
    return [Fault(last.code, last.head_seq or 0, FaultCode.HEAD_DIFFERS)]
