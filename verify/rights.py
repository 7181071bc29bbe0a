"""Which right a family, or a person of it, has in a round: the one unit that is given next, or why none is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from registry.giving.rights import ReadRow
from registry.kinds import PointKind
from verify.decide import GivenBefore, Invitation

__all__ = ["BalanceFound", "RightFound", "find_balance", "find_right", "given_before"]


@dataclass(frozen=True, slots=True)
class BalanceFound:
    """The balance that a spending is taken from."""

    id: UUID
    left: int
    """In rupiah."""
    slices: int
    """How many spendings there were, undone ones too."""


@dataclass(frozen=True, slots=True)
class RightFound:
    """What a subject has in a round."""

    entitlement_id: UUID | None = None
    """The unit that is given next, or was given last when none is left; ``None`` of a balance, and of no right."""
    follows_undo_id: UUID | None = None
    """The undo of the unit's last giving: what a new giving of it follows."""
    roster_id: UUID | None = None
    point: str | None = None
    """The name of the service point that gives it; ``None`` when the subject is on no roster."""
    is_here: bool = False
    kind: PointKind | None = None
    given_before: GivenBefore | None = None
    """The last giving, when nothing is left; of a pupil also one in another round of the same programme and time."""
    quota: int = 1
    removed_by: str | None = None
    """The number of the addendum that took it off the list."""
    invited: Invitation | None = None
    stock_left: int | None = None
    balance: BalanceFound | None = None


def find_right(rows: Sequence[ReadRow], *, point_id: UUID) -> RightFound:
    """Return the unit of a quota that is given next: here before elsewhere, then the lowest.

    Args:
        rows: every unit that the subject has in the round, see :mod:`registry.giving.rights`.
    """
    if not rows:
        return RightFound()
    listed = [row for row in rows if row.removed_by is None or _stands(row)]
    free = [row for row in listed if not _stands(row)]
    if not listed:
        return RightFound(removed_by=rows[0].removed_by)
    if free:
        unit, before = min(free, key=lambda row: (row.giving_point_id != point_id, row.ordinal)), None
    else:
        unit = max(listed, key=lambda row: (row.given_at, row.ordinal))
        before = given_before(unit)
    return RightFound(
        entitlement_id=unit.entitlement_id,
        follows_undo_id=unit.undo_id,
        roster_id=unit.roster_id,
        point=unit.giving_point,
        is_here=unit.giving_point_id == point_id,
        kind=unit.giving_kind,
        given_before=before,
        quota=len(listed),
        invited=_invitation(unit),
        stock_left=unit.stock_left,
    )


def given_before(row: ReadRow) -> GivenBefore:
    """Return the giving that a row names, as it is told to who asks again."""
    officer = f"{row.given_by} ({row.given_by_number})" if row.given_by else ""
    return GivenBefore(row.given_at, row.given_at_point, officer, row.receipt_number)


def find_balance(
    balance: ReadRow | None, rosters: Sequence[ReadRow], *, point_id: UUID, village_code: str
) -> RightFound:
    """Return what a family has left to spend: at every point that has a roster of the round.

    Args:
        balance: the family's balance in the round, where it has one.
        rosters: the round's rosters at the points that ask and for the villages of those who ask.
    """
    if balance is None:
        return RightFound()
    if balance.removed_by is not None:
        return RightFound(removed_by=balance.removed_by)
    here = next((row for row in rosters if row.point_id == point_id), None)
    own = next((row for row in rosters if row.village_code == village_code), None)
    at = here or own
    return RightFound(
        roster_id=here.id if here else None,
        point=at.point if at else "",
        is_here=here is not None,
        kind=here.kind if here else None,
        balance=BalanceFound(balance.id, balance.left, balance.slices),
    )


def _stands(row: ReadRow) -> bool:
    return row.receipt_number is not None and row.undo_id is None


def _invitation(row: ReadRow) -> Invitation | None:
    if row.on_date is None:
        return None
    return Invitation(row.on_date, row.starts_at, row.ends_at, row.ticket)
