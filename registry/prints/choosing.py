"""Which cards go into a batch: of plastic, waiting for the printer, in no batch yet, and within the officer's area.

They come in the order in which the stack is handed out: by village, within it by RW and RT, then by the head's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from registry.db import Session
from registry.errors import RegistryError
from registry.identifiers import CardNumber
from registry.kinds import BatchChoice, CardMedium, CardState, CopyFate, ListState, PrintReason, RoundState
from registry.models import (
    Card,
    Entitlement,
    EntitlementRemoval,
    Family,
    FamilyList,
    ListedFamily,
    PrintCopy,
    Region,
    RosterVillage,
    Round,
    ServicePoint,
)
from registry.prints.copies import CAME_OUT, OPEN
from registry.regions import within

__all__ = [
    "MOST",
    "PATIENCE",
    "PrintableVillage",
    "applied_lists",
    "choose_cards",
    "count_by_village",
    "count_waiting",
    "in_order",
    "open_rounds",
]

MOST = 20_000
"""Cards in one batch; what is left over goes into the next. So many copies are made in one transaction of a second."""
PATIENCE = timedelta(days=14)
"""From then on a card is overdue."""

_AT_ONCE = 500  # ids in one statement: SQLite takes 32,766 parameters, and long statements are slow to read
_printable = and_(
    Card.state == CardState.ISSUED,
    Card.medium == CardMedium.PLASTIC,
    ~exists().where(PrintCopy.card_id == Card.id, PrintCopy.fate.in_(OPEN)),
)


@dataclass(frozen=True, slots=True)
class PrintableVillage:
    """A village and how many of its cards a batch would hold."""

    code: str
    name: str
    district: str
    cards: int


def choose_cards(
    session: Session,
    chosen_by: BatchChoice,
    about: str,
    *,
    area: str,
    numbers: Sequence[CardNumber] = (),
    at: datetime,
) -> list[UUID]:
    """Return the ids of the cards that a batch would hold, in its order, :data:`MOST` at most.

    Args:
        about: the code of a village (or of anything above it), the id of a list or round, a
            :class:`~registry.kinds.PrintReason`; nothing for picked cards.
        numbers: the picked cards; those that do not wait for the printer, or live elsewhere, are left out.

    Raises:
        RegistryError: ``choice_malformed``, when ``about`` cannot be one of these.
    """
    waiting = _waiting(area)
    if chosen_by is BatchChoice.CARDS:
        return [card for some in _parts(numbers) for card in _ids(session, waiting.where(Card.number.in_(some)))]
    try:
        chosen = _CHOICES[chosen_by](about, at)
    except ValueError:
        raise RegistryError("choice_malformed") from None
    waiting = waiting.where(chosen)
    return _ids(session, waiting.where(Family.village_code.in_(_first_villages(session, waiting))))[:MOST]


def count_waiting(session: Session, *, area: str, at: datetime) -> dict[PrintReason, int]:
    """Return how many cards of an area could be printed for each reason."""
    return {
        reason: session.scalar(
            select(func.count()).select_from(_waiting(area).where(_of_reason(reason, at)).subquery())
        )
        or 0
        for reason in PrintReason
    }


def count_by_village(session: Session, *, area: str) -> list[PrintableVillage]:
    """Return the villages of an area that have cards for a batch, by code."""
    district = aliased(Region)
    rows = session.execute(
        select(Region.code, Region.name, district.name, func.count())
        .select_from(Card)
        .join(Family, Family.id == Card.family_id)
        .join(Region, Region.code == Family.village_code)
        .join(district, district.code == Region.parent_code)
        .where(_printable, within(Family.village_code, area))
        .group_by(Region.code, Region.name, district.name)
        .order_by(Region.code)
    )
    return [PrintableVillage(*row) for row in rows]


def open_rounds(session: Session, *, area: str) -> Sequence[Round]:
    """Return the rounds that are not closed and give in an area, the one that opens first at the head."""
    gives_here = exists().where(RosterVillage.round_id == Round.id, within(RosterVillage.village_code, area))
    return session.scalars(
        select(Round)
        .where(Round.state != RoundState.CLOSED, gives_here)
        .options(joinedload(Round.programme))
        .order_by(Round.opens_on, Round.id)
    ).all()


def applied_lists(session: Session, *, area: str, limit: int) -> Sequence[FamilyList]:
    """Return the lists that service points of an area brought and that were applied whole, the newest first."""
    return session.scalars(
        select(FamilyList)
        .join(ServicePoint, ServicePoint.id == FamilyList.point_id)
        .where(FamilyList.state == ListState.APPLIED, within(ServicePoint.area_code, area))
        .order_by(FamilyList.id.desc())
        .limit(limit)
    ).all()


def in_order(session: Session, ids: Sequence[UUID], *, area: str) -> list[UUID]:
    """Return those of the cards that may be printed still, in the order of a batch."""
    once = list(dict.fromkeys(ids))
    return _sorted([row for some in _parts(once) for row in session.execute(_waiting(area).where(Card.id.in_(some)))])


def _waiting(area: str) -> Select[UUID, str, str, str, str, str]:
    return (
        select(Card.id, Family.village_code, Family.rw, Family.rt, Card.head_name, Card.number)
        .join(Family, Family.id == Card.family_id)
        .where(_printable, within(Family.village_code, area))
    )


def _first_villages(session: Session, waiting: Select[UUID, str, str, str, str, str]) -> list[str]:
    """Return the villages in whose cards a batch ends: of a whole province no more than that is read."""
    cards = waiting.subquery()
    counted = select(cards.c.village_code, func.count()).group_by(cards.c.village_code)
    villages, before = [], 0
    for village, count in sorted(session.execute(counted).all()):
        if before >= MOST:
            break
        villages.append(village)
        before += count
    return villages


def _ids(session: Session, waiting: Select[UUID, str, str, str, str, str]) -> list[UUID]:
    return _sorted(session.execute(waiting).all())


def _sorted(rows: Sequence[Any]) -> list[UUID]:
    # sorted here: the two databases have different opinions of letters
    def place(row: Any) -> tuple[str, ...]:
        return row.village_code, row.rw.zfill(3), row.rt.zfill(3), row.head_name, row.number

    return [row.id for row in sorted(rows, key=place)]


def _parts(of: Sequence[Any]) -> list[Sequence[Any]]:
    return [of[start : start + _AT_ONCE] for start in range(0, len(of), _AT_ONCE)]


def _of_village(about: str, _at: datetime) -> ColumnElement[bool]:
    return within(Family.village_code, about)


def _of_list(about: str, _at: datetime) -> ColumnElement[bool]:
    return Family.id.in_(select(ListedFamily.family_id).where(ListedFamily.list_id == UUID(about)))


def _of_round(about: str, _at: datetime) -> ColumnElement[bool]:
    removed = exists().where(EntitlementRemoval.entitlement_id == Entitlement.id)
    return exists().where(Entitlement.round_id == UUID(about), Entitlement.family_id == Family.id, ~removed)


def _of_reason(about: str, at: datetime) -> ColumnElement[bool]:
    reason = PrintReason(about)
    if reason is PrintReason.SPOILT:
        return exists().where(PrintCopy.card_id == Card.id, PrintCopy.fate == CopyFate.SPOILT)
    if reason is PrintReason.REPLACEMENT:
        return Card.replaces_id.is_not(None)
    if reason is PrintReason.REVIEWED:
        came_out = exists().where(PrintCopy.card_id == Card.id, PrintCopy.fate.in_(CAME_OUT))
        reviewed = exists().where(PrintCopy.card_id == Card.id, PrintCopy.fate == CopyFate.REVIEW)
        return and_(reviewed, ~came_out)
    return Card.issued_at < at - PATIENCE


_CHOICES: Mapping[BatchChoice, Callable[[str, datetime], ColumnElement[bool]]] = {
    BatchChoice.VILLAGE: _of_village,
    BatchChoice.LIST: _of_list,
    BatchChoice.ROUND: _of_round,
    BatchChoice.REASON: _of_reason,
}
