"""Which lists stand in the way of others: those that are determined, as long as their round is not closed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select

from registry.db import Session
from registry.kinds import RoundState
from registry.models import Determination, Programme, Round

__all__ = ["is_settled", "lock_programmes"]


def is_settled() -> ColumnElement[bool]:
    """Return the condition that a round's list stands: it is open, or determined and not open yet.

    A list that is still being written promises nobody anything, so it stands in nobody's way.
    """
    determined = exists().where(Determination.round_id == Round.id)
    return or_(Round.state == RoundState.OPEN, and_(Round.state == RoundState.PREPARING, determined))


def lock_programmes(session: Session, codes: Collection[str]) -> None:
    """Hold back every other determination and addendum of these programmes until the transaction ends.

    Two lists that exclude each other could otherwise be determined at one moment, each without seeing the other.
    """
    session.execute(
        select(Programme)
        .where(Programme.code.in_(codes))
        .order_by(Programme.code)  # always in one order, so that two never wait for each other
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
