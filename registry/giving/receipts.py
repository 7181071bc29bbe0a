"""Receipts: what was given, as it is told later; and the counter-entry that takes a giving back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from registry.audit import Actor, record
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound
from registry.free_text import check_free_text
from registry.giving.balances import give_back
from registry.giving.counted_stock import put_back
from registry.giving.redemptions import lock_own_hub
from registry.keys.keys import KeyRing
from registry.kinds import Proof, Unit
from registry.models import (
    Balance,
    Card,
    Entitlement,
    Family,
    Officer,
    Person,
    Programme,
    Proxy,
    Redemption,
    RedemptionPhoto,
    RedemptionUndo,
    Round,
    ServicePoint,
)
from registry.programmes.terms import as_frozen
from registry.regions import within

_LONGEST_REASON = 200  # the column's width

_whose, _receiver = aliased(Person), aliased(Person)
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
    round_id: UUID
    round_name: str
    package: str
    unit: Unit
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
    person: str
    """Whose right it was, where it was a person's; else empty."""
    receiver: str
    """Who of the family took it; empty when a proxy did."""
    is_receiver_head: bool
    """Whether that was the head of the family whose name stands on the card."""
    proxy: str
    """Who took it from outside the family; else empty."""
    proxy_nik_last: str
    """The last four digits of the proxy's NIK."""
    proxy_letter: str
    proofs: tuple[Proof, ...]
    """What the officer saw."""
    substitution: str
    balance_left: int | None
    """What is left now, in rupiah, of the balance that it was spent from; ``None`` of a package."""
    photo: str | None
    """The SHA-256 of the photo of the hand-over, where there is one."""


def get_receipt(session: Session, number: str, *, area: str, point_id: UUID | None = None) -> Receipt:
    """Return what a receipt says that was made at a service point of an area.

    Args:
        point_id: the only point whose receipts are asked for, where it is one: their numbers can be counted through.

    Raises:
        NotFound: code ``receipt_unknown``, also for a receipt of another area or point.
    """
    is_there = within(ServicePoint.area_code, area)
    if point_id is not None:
        is_there &= ServicePoint.id == point_id
    row = session.execute(
        select(
            Redemption,
            RedemptionUndo,
            as_frozen(Programme.name),
            as_frozen(Programme.package),
            Programme.unit,
            Round,
            ServicePoint,
            Officer,
            Card,
            Family.village_code,
            _whose.name,
            _receiver,
            Proxy,
            Balance.granted - Balance.spent,
            RedemptionPhoto.sha256,
        )
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .join(Round, Round.id == Entitlement.round_id)
        .join(Programme, Programme.code == Round.programme_code)
        .join(ServicePoint, ServicePoint.id == Redemption.point_id)
        .join(Card, Card.id == Redemption.card_id)
        .join(Family, Family.id == Card.family_id)
        .outerjoin(Officer, Officer.id == Redemption.officer_id)
        .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
        .outerjoin(_whose, _whose.id == Entitlement.person_id)
        .outerjoin(_receiver, _receiver.id == Redemption.receiver_id)
        .outerjoin(Proxy, Proxy.id == Redemption.proxy_id)
        .outerjoin(Balance, Balance.id == Entitlement.balance_id)
        .outerjoin(RedemptionPhoto, RedemptionPhoto.redemption_id == Redemption.id)
        .where(Redemption.receipt_number == number, is_there)
    ).one_or_none()
    if row is None:
        raise NotFound("receipt_unknown")
    given, undo, programme, package, unit, round_, point, officer, card, *people, proxy, left, photo = row
    village, person, receiver = people
    return Receipt(
        redemption_id=given.id,
        number=given.receipt_number,
        given_at=given.given_at,
        undone_at=undo.undone_at if undo else None,
        undo_reason=undo.reason if undo else None,
        programme_code=round_.programme_code,
        programme=programme,
        round_id=round_.id,
        round_name=round_.name,
        package=package,
        unit=unit,
        value=given.value,
        price=given.price,
        legal_reference=round_.legal_reference,
        point_id=point.id,
        point_code=point.code,
        point=point.name,
        officer_number=officer.number if officer else "",
        officer=officer.name if officer else "",
        card_number=card.number,
        head_name=card.head_name,
        village_code=village,
        person=person or "",
        receiver=receiver.name if receiver else "",
        is_receiver_head=receiver is not None and receiver.id == card.head_id,
        proxy=proxy.name if proxy else "",
        proxy_nik_last=proxy.nik_last if proxy else "",
        proxy_letter=given.proxy_letter,
        proofs=tuple(Proof(proof) for proof in given.proofs.split()),
        substitution=given.substitution,
        balance_left=left,
        photo=photo,
    )


def undo_redemption(
    session: Session, redemption_id: UUID, *, reason: str, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Write the counter-entry to a giving: it was not given after all. The entitlement can be given once more then.

    The package is back in the stock of the point, or the amount in the family's balance. An officer does not take back
    what they gave themselves: else one person alone could give the same package on paper any number of times.

    Args:
        reason: why, in the officer's words; it stays for ever, so no names and no numbers of people.

    Raises:
        NotFound: code ``redemption_unknown``.
        Conflict: code ``reason_missing``, ``own_giving``, or ``already_undone``.
        RegistryError: code ``text_holds_number``, ``text_unreadable``.
    """
    reason = check_free_text(reason)[:_LONGEST_REASON]
    if not reason:
        raise Conflict("reason_missing")
    given = session.get(Redemption, redemption_id)
    if given is None:
        raise NotFound("redemption_unknown")
    if actor.officer_id is not None and actor.officer_id == given.officer_id:
        raise Conflict("own_giving")
    row = {
        "id": new_id(),
        "redemption_id": redemption_id,
        "reason": reason,
        "officer_id": actor.officer_id,
        "point_id": actor.point_id,
        "undone_at": at,
    }
    connection = session.connection()
    # before the counter-entry: a first delivery counts what was given, and must not count this one besides
    lock_own_hub(connection)
    if connection.execute(_UNDO[connection.dialect.name], row).one_or_none() is None:
        raise Conflict("already_undone")
    taken = session.get_one(Entitlement, given.entitlement_id)
    if taken.balance_id is not None:
        give_back(session, taken.balance_id, given.value)
    else:
        put_back(session, taken.roster_id)
    record(session, "redemption.undone", f"redemption:{redemption_id}", actor=actor, key=keys.audit_key, at=at)
