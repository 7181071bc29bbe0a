"""One copy of a card: made, and what became of it.

::

    waiting ⇄ sent ──▶ printed ──▶ spoilt / missing
       │        └─▶ unknown ─┘        (each also straight from waiting, sent, unknown)
       └──▶ review / cancelled

A card has at most one copy that waits, is sent, unknown or printed. A spoilt copy sends its card back to be printed
again, as a reprint of the same issue number with its reason; a missing one closes its card, because the token lies
about somewhere, and the family gets the next. Each step is one UPDATE that names the fates it starts from: of two
officers at once one wins, and the other gets :class:`~registry.errors.Conflict` with the fate that the copy has now.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from registry.audit import Actor, record
from registry.cards.issuing import replace_card
from registry.cards.steps import step_card, tell_step
from registry.db import Session
from registry.errors import Conflict
from registry.free_text import check_free_text
from registry.giving.redemptions import lock_own_hub
from registry.keys.keys import KeyRing
from registry.kinds import BlockReason, CardEventKind, CardState, CopyFate, SupplyMoveKind
from registry.models import Card, PrintBatch, PrintCopy
from registry.supplies.consuming import consume_supplies

__all__ = [
    "CAME_OUT",
    "OPEN",
    "UNSETTLED",
    "add_copy",
    "may_have_come_out",
    "note_cancelled",
    "note_missing",
    "note_printed",
    "note_review",
    "note_spoilt",
    "note_unknown",
    "note_unprinted",
    "open_copy_of",
]

UNSETTLED = (CopyFate.WAITING, CopyFate.SENT, CopyFate.UNKNOWN)
"""What became of the copy is not known yet."""
OPEN = (*UNSETTLED, CopyFate.PRINTED)
"""A card has one such copy at most."""
CAME_OUT = (*OPEN, CopyFate.SPOILT, CopyFate.MISSING)
"""Came out of a printer, or may do so still; only these are numbered."""


def add_copy(
    session: Session,
    card: Card,
    *,
    reprint_reason: str = "",
    batch: PrintBatch | None = None,
    position: int | None = None,
    at: datetime,
) -> PrintCopy:
    """Make the copy of a card that is to be printed next.

    Args:
        reprint_reason: why it is printed once more; what was wrong with the copy before it, when left out.
        batch: with ``position`` in it; none for a single card that the browser prints.

    Raises:
        Conflict: ``card_is_…``, when the card doesn't wait for the printer; ``copy_is_open`` (detail ``number``), when
            a copy of it is in a batch already, or at another counter.
    """
    if card.state is not CardState.ISSUED:
        raise Conflict(f"card_is_{card.state}", number=card.number)
    last = session.scalar(
        select(PrintCopy)
        .where(PrintCopy.card_id == card.id, PrintCopy.fate.in_(CAME_OUT))
        .order_by(PrintCopy.copy_number.desc())
        .limit(1)
    )
    copy = PrintCopy(
        card_id=card.id,
        copy_number=last.copy_number + 1 if last else 1,
        reprint_reason=(reprint_reason or last.fate_reason) if last else "",
        batch_id=batch.id if batch else None,
        position=position,
        fate=CopyFate.WAITING,
        fate_at=at,
    )
    if last is not None and last.fate in OPEN:
        raise Conflict("copy_is_open", number=card.number)
    try:
        with session.begin_nested():
            session.add(copy)
    except IntegrityError:
        session.refresh(card)
        if card.state is not CardState.ISSUED:
            raise Conflict(f"card_is_{card.state}", number=card.number) from None
        if open_copy_of(session, card) is None:
            raise
        raise Conflict("copy_is_open", number=card.number) from None
    return copy


def open_copy_of(session: Session, card: Card) -> PrintCopy | None:
    """Return the copy of a card that waits, is sent, unknown or printed."""
    return session.scalar(select(PrintCopy).where(PrintCopy.card_id == card.id, PrintCopy.fate.in_(OPEN)))


def may_have_come_out(copy: PrintCopy) -> bool:
    """Tell whether a scan of its card's code shows that this copy came out, where nobody has said so yet.

    The code of a spoilt copy says the same as its reprint's: while a reprint only waits, the scan may be of that one.
    """
    return copy.fate in (CopyFate.SENT, CopyFate.UNKNOWN) or (copy.fate is CopyFate.WAITING and copy.copy_number == 1)


def note_printed(session: Session, copy: PrintCopy, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Note that a copy came out well; its card is printed now, and a blank is used.

    The card may have been blocked or replaced meanwhile: it stays so, and the copy is to be destroyed.

    Raises:
        Conflict: ``copy_is_…``, the fate that it has now. Nothing is changed then.
    """
    with session.begin_nested():
        _step(session, copy, UNSETTLED, CopyFate.PRINTED, actor=actor, at=at)
        if not _is_closed(session, copy.card):
            step_card(session, copy.card, (CardState.ISSUED,), state=CardState.PRINTED)
        consume_supplies(session, copy, kind=SupplyMoveKind.USED, actor=actor, keys=keys, at=at)
        tell_step(session, copy.card, CardEventKind.PRINTED, actor=actor, keys=keys, at=at)


def note_spoilt(
    session: Session, copy: PrintCopy, *, reason: str, destroyed_by: str, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Note that a copy was spoilt; its card keeps number and token, and is to be printed again if it still lives.

    Args:
        reason: what went wrong, in the officer's words.
        destroyed_by: who destroyed what came out; of a paper card it is not kept.

    Raises:
        Conflict: ``reason_missing``, ``destroyer_missing``; ``copy_is_…``; ``card_is_active``, when it was handed over
            already. Nothing is changed then.
        RegistryError: ``text_holds_number``.
    """
    reason = _needed(reason)
    with session.begin_nested():
        _step(session, copy, OPEN, CopyFate.SPOILT, reason=reason, actor=actor, at=at)
        if not _is_closed(session, copy.card):
            step_card(session, copy.card, (CardState.ISSUED, CardState.PRINTED), state=CardState.ISSUED)
        consume_supplies(
            session,
            copy,
            kind=SupplyMoveKind.SPOILT,
            reason=reason,
            destroyed_by=destroyed_by,
            actor=actor,
            keys=keys,
            at=at,
        )
        tell_step(session, copy.card, CardEventKind.SPOILT, reason=reason, actor=actor, keys=keys, at=at)


def note_missing(
    session: Session, copy: PrintCopy, *, reason: str, actor: Actor, keys: KeyRing, at: datetime
) -> Card | None:
    """Note that a copy came out and is nowhere: its card is closed as lost, and the family's next one is issued.

    Args:
        reason: how it was missed, in the officer's words.

    Returns:
        The new card, which waits for the printer; none, when the card was closed before.

    Raises:
        Conflict: ``reason_missing``; ``copy_is_…``; as :func:`registry.cards.issuing.replace_card`. Nothing is changed
            then.
        RegistryError: ``text_holds_number``.
    """
    reason = _needed(reason)
    # before the chain of the point, as blocking and giving do: no two wait for each other
    lock_own_hub(session.connection())
    with session.begin_nested():
        _step(session, copy, OPEN, CopyFate.MISSING, reason=reason, actor=actor, at=at)
        consume_supplies(session, copy, kind=SupplyMoveKind.USED, actor=actor, keys=keys, at=at)
        record(session, "copy.missing", f"card:{copy.card_id}", actor=actor, key=keys.audit_key, at=at)
        if _is_closed(session, copy.card):
            return None
        return replace_card(session, copy.card, BlockReason.LOST, reason, actor=actor, keys=keys, at=at)


def note_unprinted(session: Session, copy: PrintCopy, *, at: datetime) -> None:
    """Note that nothing of a copy came out: it waits again.

    Raises:
        Conflict: ``copy_is_…``.
    """
    _step(session, copy, (CopyFate.SENT, CopyFate.UNKNOWN), CopyFate.WAITING, at=at)


def note_unknown(session: Session, copy: PrintCopy, *, at: datetime) -> None:
    """Note that nobody can say whether a copy came out; an officer is asked.

    Raises:
        Conflict: ``copy_is_…``.
    """
    _step(session, copy, (CopyFate.SENT,), CopyFate.UNKNOWN, at=at)


def note_review(session: Session, copy: PrintCopy, *, reason: str, at: datetime) -> None:
    """Note that a copy is not drawn until somebody has looked at its card.

    Args:
        reason: the code and the field: ``text_does_not_fit: head_name``.

    Raises:
        Conflict: ``copy_is_…``.
    """
    _step(session, copy, (CopyFate.WAITING,), CopyFate.REVIEW, reason=reason, at=at)


def note_cancelled(session: Session, copy: PrintCopy, *, at: datetime) -> None:
    """Note that a copy is not printed any more; its card waits for another batch.

    Raises:
        Conflict: ``copy_is_…``.
    """
    _step(session, copy, (CopyFate.WAITING,), CopyFate.CANCELLED, at=at)


def _is_closed(session: Session, card: Card) -> bool:
    session.refresh(card, ["state"])
    return card.state in (CardState.BLOCKED, CardState.REPLACED)


def _needed(reason: str) -> str:
    reason = check_free_text(reason)
    if not reason:
        raise Conflict("reason_missing")
    return reason


def _step(
    session: Session,
    copy: PrintCopy,
    expected: Collection[CopyFate],
    fate: CopyFate,
    *,
    reason: str = "",
    actor: Actor | None = None,
    at: datetime,
) -> None:
    moved = session.scalar(
        update(PrintCopy)
        .where(PrintCopy.id == copy.id, PrintCopy.fate.in_(expected))
        .values(fate=fate, fate_reason=reason, fate_at=at, officer_id=actor.officer_id if actor else None)
        .returning(PrintCopy.id)
        # the row decides, not what this session believes of it
        .execution_options(synchronize_session=False)
    )
    session.refresh(copy)
    if moved is None:
        raise Conflict(f"copy_is_{copy.fate}", number=copy.card.number)
