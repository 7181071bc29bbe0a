"""Which rights stand, and which of them have been given: the conditions that every count of a roster begins with."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists
from sqlalchemy.orm import aliased

from registry.models import Entitlement, EntitlementRemoval, Redemption, RedemptionUndo

__all__ = ["is_given", "stands"]

# names of their own: the statement around them may read redemptions too
_Giving, _Undo = aliased(Redemption, name="giving"), aliased(RedemptionUndo, name="giving_undo")


def stands() -> ColumnElement[bool]:
    """Return the condition that an entitlement is a right on the list: not removed, nor a slice of a balance."""
    return and_(
        Entitlement.balance_id.is_(None),
        ~exists().where(EntitlementRemoval.entitlement_id == Entitlement.id),
    )


def is_given() -> ColumnElement[bool]:
    """Return the condition that an entitlement has been given, and that this was not undone."""
    is_undone = exists().where(_Undo.redemption_id == _Giving.id)
    return exists().where(_Giving.entitlement_id == Entitlement.id, ~is_undone)
