"""What became of many copies of a batch at once: by range, or all but some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, update

from registry.audit import Actor, Entry, record_all, stand_in_line
from registry.db import Session, new_id
from registry.keys.keys import KeyRing
from registry.kinds import CardEventKind, CardState, CopyFate
from registry.models import Card, CardEvent, PrintBatch, PrintCopy
from registry.prints.batches import copies_of, settle_if_done
from registry.prints.chunks import Span
from registry.prints.copies import UNSETTLED, note_missing, note_spoilt
from registry.supplies.consuming_many import consume_for_all

__all__ = ["Noted", "Ruined", "note_range_printed", "note_rest_printed", "note_ruined"]

_AT_ONCE = 500  # copies in one statement, and in memory
_NOT_PRINTED = tuple(fate for fate in CopyFate if fate is not CopyFate.PRINTED)


@dataclass(frozen=True, slots=True)
class Ruined:
    """A copy that is not good: spoilt or missing, and why."""

    fate: CopyFate
    reason: str
    destroyed_by: str = ""
    """Who destroyed it; of what is missing nobody."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted, and what was passed over because it has another fate already, by position."""

    count: int
    passed_over: tuple[tuple[int, CopyFate], ...]


def note_range_printed(
    session: Session, batch: PrintBatch, spans: Iterable[Span], *, actor: Actor, keys: KeyRing, at: datetime
) -> Noted:
    """Note that the copies at these positions came out well; those that are noted as printed already stay so."""
    stand_in_line(session, actor.point_id)
    count, passed_over = 0, []
    for first, last in _in_parts(spans):
        copies = copies_of(session, batch, first=first, last=last)
        count += _note_printed(session, copies, actor=actor, keys=keys, at=at)
        left = copies_of(session, batch, fates=_NOT_PRINTED, first=first, last=last)
        passed_over += [(copy.position or 0, copy.fate) for copy in left]
    settle_if_done(session, batch, actor=actor, keys=keys, at=at)
    return Noted(count, tuple(passed_over))


def note_rest_printed(session: Session, batch: PrintBatch, *, actor: Actor, keys: KeyRing, at: datetime) -> int:
    """Note that every copy that waits came out well; one of which a printer left nobody certain is still asked about.

    Returns:
        How many.
    """
    stand_in_line(session, actor.point_id)
    count = 0
    while copies := copies_of(session, batch, fates=(CopyFate.WAITING,), limit=_AT_ONCE):
        count += _note_printed(session, copies, actor=actor, keys=keys, at=at)
    settle_if_done(session, batch, actor=actor, keys=keys, at=at)
    return count


def note_ruined(
    session: Session, batch: PrintBatch, ruined: Mapping[int, Ruined], *, actor: Actor, keys: KeyRing, at: datetime
) -> Noted:
    """Note which positions are spoilt or missing.

    Raises:
        Conflict: ``reason_missing``, ``destroyer_missing``, and as :func:`registry.prints.copies.note_missing`; the
            caller rolls back.
        RegistryError: ``text_holds_number``.
    """
    count, passed_over = 0, []
    spans = _in_parts(Span(position, position) for position in ruined)
    copies = [copy for first, last in spans for copy in copies_of(session, batch, first=first, last=last)]
    for copy in copies:
        one = ruined[copy.position or 0]
        if copy.fate not in (*UNSETTLED, CopyFate.PRINTED):
            passed_over.append((copy.position or 0, copy.fate))
        elif one.fate is CopyFate.MISSING:
            note_missing(session, copy, reason=one.reason, actor=actor, keys=keys, at=at)
            count += 1
        else:
            note_spoilt(session, copy, reason=one.reason, destroyed_by=one.destroyed_by, actor=actor, keys=keys, at=at)
            count += 1
    settle_if_done(session, batch, actor=actor, keys=keys, at=at)
    return Noted(count, tuple(passed_over))


def _in_parts(spans: Iterable[Span]) -> Iterator[Span]:
    """Give the same positions, each once and in order, in spans of 500 at most."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.first <= merged[-1].last + 1:
            merged[-1] = Span(merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    for first, last in merged:
        for start in range(first, last + 1, _AT_ONCE):
            yield Span(start, min(start + _AT_ONCE - 1, last))


def _note_printed(session: Session, copies: Sequence[PrintCopy], *, actor: Actor, keys: KeyRing, at: datetime) -> int:
    """Do what :func:`registry.prints.copies.note_printed` does for some hundred copies, in a few statements.

    Returns:
        How many had no fate yet and are printed now.
    """
    moved = set(
        session.scalars(
            update(PrintCopy)
            .where(PrintCopy.id.in_([copy.id for copy in copies]), PrintCopy.fate.in_(UNSETTLED))
            .values(fate=CopyFate.PRINTED, fate_reason="", fate_at=at, officer_id=actor.officer_id)
            .returning(PrintCopy.id)
            .execution_options(synchronize_session=False)
        )
    )
    printed = [copy for copy in copies if copy.id in moved]
    session.execute(
        update(Card)
        .where(Card.id.in_([copy.card_id for copy in printed]), Card.state == CardState.ISSUED)
        .values(state=CardState.PRINTED)
        .execution_options(synchronize_session=False)
    )
    entries = consume_for_all(session, printed, actor=actor, at=at)
    for copy in printed:
        entries.append(Entry("card.printed", f"card:{copy.card_id}", actor, at))
    if printed:
        session.execute(insert(CardEvent), [_event(copy, actor=actor, at=at) for copy in printed])
    record_all(session.connection(), entries, key=keys.audit_key)
    for copy in copies:
        session.expire(copy.card)
        session.expire(copy)
    return len(printed)


def _event(copy: PrintCopy, *, actor: Actor, at: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "card_id": copy.card_id,
        "kind": CardEventKind.PRINTED,
        "at": at,
        "officer_id": actor.officer_id,
        "point_id": actor.point_id,
    }
