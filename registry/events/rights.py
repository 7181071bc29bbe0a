"""Which rights the people of families have in rounds that are open: what was taken of them, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select

from registry.db import Session
from registry.kinds import RoundState
from registry.models import (
    Balance,
    Entitlement,
    EntitlementRemoval,
    Family,
    Person,
    Programme,
    Redemption,
    RedemptionUndo,
    Round,
)

__all__ = ["OpenRight", "rights_in_open_rounds"]


@dataclass(frozen=True, slots=True)
class OpenRight:
    """What a family, or one person, has in one open round."""

    programme: str
    round: str
    person: str
    """Whose right it is; empty for the family's."""
    family_reference: str
    given: int
    """How much was taken: packages, or rupiah of a balance."""
    granted: int
    is_balance: bool


def rights_in_open_rounds(session: Session, families: Sequence[Family]) -> list[OpenRight]:
    """Return the rights of these families, and of the people who are in them now, in every open round."""
    ids = [family.id for family in families]
    undone = exists().where(RedemptionUndo.redemption_id == Redemption.id)
    standing = exists().where(Redemption.entitlement_id == Entitlement.id, ~undone)
    is_removed = exists().where(EntitlementRemoval.entitlement_id == Entitlement.id)
    theirs = Entitlement.family_id.in_(ids) & Entitlement.person_id.is_(None) | Person.family_id.in_(ids)
    rows = session.execute(
        select(
            Programme.name,
            Round.name,
            func.coalesce(Person.name, ""),
            Family.reference,
            func.count().filter(standing),
            func.count(),
        )
        .select_from(Entitlement)
        .join(Round, Round.id == Entitlement.round_id)
        .join(Programme, Programme.code == Round.programme_code)
        .join(Family, Family.id == Entitlement.family_id)
        .outerjoin(Person, Person.id == Entitlement.person_id)
        .where(theirs, Round.state == RoundState.OPEN, Entitlement.balance_id.is_(None), ~is_removed)
        .group_by(Programme.name, Round.name, Person.id, Person.name, Family.reference, Round.id)
        .order_by(Programme.name, Round.name, Person.name)
    )
    rights = [OpenRight(*row, is_balance=False) for row in rows]
    balances = session.execute(
        select(Programme.name, Round.name, Family.reference, Balance.spent, Balance.granted)
        .join(Round, Round.id == Balance.round_id)
        .join(Programme, Programme.code == Round.programme_code)
        .join(Family, Family.id == Balance.family_id)
        .where(Balance.family_id.in_(ids), Balance.removal_id.is_(None), Round.state == RoundState.OPEN)
        .order_by(Programme.name, Round.name)
    )
    return rights + [
        OpenRight(programme, round_name, "", reference, spent, granted, is_balance=True)
        for programme, round_name, reference, spent, granted in balances
    ]
