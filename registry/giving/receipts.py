"""Receipts: what was given, as it is told later; and the counter-entry that takes a giving back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from registry.audit import Actor, record
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound
from registry.free_text import check_free_text
from registry.keys.keys import KeyRing
from registry.models import (
    Card,
    Entitlement,
    Family,
    Officer,
    Programme,
    Redemption,
    RedemptionUndo,
    Round,
    ServicePoint,
)
from registry.regions import within

_LONGEST_REASON = 200  # the column's width

_undo: Table = RedemptionUndo.__table__  # type: ignore[assignment]
_UNDO = {
    "sqlite": sqlite.insert(_undo).on_conflict_do_nothing().returning(_undo.c.id),
    "postgresql": postgresql.insert(_undo).on_conflict_do_nothing().returning(_undo.c.id),
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says, and whether the giving still stands."""

    redemption_id: UUID
    number: str
    given_at: datetime
    undone_at: datetime | None
    undo_reason: str | None
    programme_code: str
    programme: str
    round_name: str
    package: str
    value: int
    price: int
    legal_reference: str
    point_id: UUID
    point_code: str
    point: str
    officer_number: str
    """Empty when a command gave it, as is ``officer``."""
    officer: str
    card_number: str
    head_name: str
    village_code: str


def get_receipt(session: Session, number: str, *, area: str) -> Receipt:
    """Return what a receipt says that was made at a service point of an area.

    Raises:
        NotFound: code ``receipt_unknown``, also for a receipt of another area.
    """
    row = session.execute(
        select(
            Redemption.id,
            Redemption.receipt_number,
            Redemption.given_at,
            RedemptionUndo.undone_at,
            RedemptionUndo.reason,
            Programme.code,
            Programme.name,
            Round.name,
            Programme.package,
            Redemption.value,
            Redemption.price,
            Round.legal_reference,
            ServicePoint.id,
            ServicePoint.code,
            ServicePoint.name,
            func.coalesce(Officer.number, ""),
            func.coalesce(Officer.name, ""),
            Card.number,
            Card.head_name,
            Family.village_code,
        )
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .join(Round, Round.id == Entitlement.round_id)
        .join(Programme, Programme.code == Round.programme_code)
        .join(ServicePoint, ServicePoint.id == Redemption.point_id)
        .join(Card, Card.id == Redemption.card_id)
        .join(Family, Family.id == Card.family_id)
        .outerjoin(Officer, Officer.id == Redemption.officer_id)
        .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
        .where(Redemption.receipt_number == number, within(ServicePoint.area_code, area))
    ).one_or_none()
    if row is None:
        raise NotFound("receipt_unknown")
    return Receipt(*tuple(row))


def undo_redemption(
    session: Session, redemption_id: UUID, *, reason: str, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Write the counter-entry to a giving: it was not given after all. The entitlement can be given once more then.

    Args:
        reason: why, in the officer's words; it stays for ever, so no names and no numbers of people.

    Raises:
        NotFound: code ``redemption_unknown``.
        Conflict: code ``reason_missing``, or ``already_undone``.
        RegistryError: code ``text_holds_number``.
    """
    reason = check_free_text(reason)[:_LONGEST_REASON]
    if not reason:
        raise Conflict("reason_missing")
    if session.get(Redemption, redemption_id) is None:
        raise NotFound("redemption_unknown")
    row = {
        "id": new_id(),
        "redemption_id": redemption_id,
        "reason": reason,
        "officer_id": actor.officer_id,
        "point_id": actor.point_id,
        "undone_at": at,
    }
    connection = session.connection()
    if connection.execute(_UNDO[connection.dialect.name], row).one_or_none() is None:
        raise Conflict("already_undone")
    record(session, "redemption.undone", f"redemption:{redemption_id}", actor=actor, key=keys.audit_key, at=at)
