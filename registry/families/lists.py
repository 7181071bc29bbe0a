"""Family lists as officers look at them: which there are, how far each has come, and what was found in it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, case, func, select

from registry.db import Session
from registry.errors import NotFound
from registry.kinds import Fate
from registry.models import FamilyList, ListFinding, Officer, ServicePoint
from registry.regions import within

__all__ = ["FindingGroup", "SeenList", "find_lists", "findings_by_code", "get_list"]

_GRAVEST_FIRST = (Fate.REJECT, Fate.HOLD, Fate.WARN, Fate.FIX)


@dataclass(frozen=True, slots=True)
class SeenList:
    """A family list with who brought it, and where."""

    list: FamilyList
    officer: str
    """Empty when a command did it."""
    point: str


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """What was found on many lines of a list in the same way."""

    fate: Fate
    code: str
    count: int
    lines: tuple[int, ...]
    """The first of the lines."""
    detail: dict[str, str]
    """What the words need, of the first line."""


def find_lists(session: Session, *, area: str, skip: int = 0, limit: int) -> list[SeenList]:
    """Return the lists that service points of an area have brought, the newest first."""
    rows = session.execute(_seen(area).order_by(FamilyList.id.desc()).offset(skip).limit(limit))
    return [SeenList(found, officer or "", point) for found, officer, point in rows]


def get_list(session: Session, list_id: UUID, *, area: str) -> SeenList:
    """Return a list that a service point of an area has brought.

    Raises:
        NotFound: ``list_unknown``, also for a list of another area.
    """
    row = session.execute(_seen(area).where(FamilyList.id == list_id)).one_or_none()
    if row is None:
        raise NotFound("list_unknown")
    found, officer, point = row
    return SeenList(found, officer or "", point)


def findings_by_code(session: Session, list_id: UUID, *, examples: int) -> list[FindingGroup]:
    """Return what was found in a list: the gravest fate first, within it what was found most often.

    Args:
        examples: how many line numbers each group names.
    """
    of_list = ListFinding.list_id == list_id
    place = func.row_number().over(
        partition_by=(ListFinding.fate, ListFinding.code), order_by=(ListFinding.line, ListFinding.id)
    )
    numbered = (
        select(ListFinding.fate, ListFinding.code, ListFinding.line, ListFinding.detail, place.label("place"))
        .where(of_list)
        .subquery()
    )
    shown: dict[tuple[Fate, str], list[tuple[int, dict[str, str]]]] = {}
    for fate, code, line, detail in session.execute(
        select(numbered.c.fate, numbered.c.code, numbered.c.line, numbered.c.detail)
        .where(numbered.c.place <= examples)
        .order_by(numbered.c.place)
    ):
        shown.setdefault((fate, code), []).append((line, detail))
    counts = session.execute(
        select(ListFinding.fate, ListFinding.code, func.count())
        .where(of_list)
        .group_by(ListFinding.fate, ListFinding.code)
        .order_by(
            case({fate: place for place, fate in enumerate(_GRAVEST_FIRST)}, value=ListFinding.fate),
            func.count().desc(),
            ListFinding.code,
        )
    )
    return [
        FindingGroup(fate, code, count, tuple(line for line, _ in shown[fate, code]), shown[fate, code][0][1])
        for fate, code, count in counts
    ]


def _seen(area: str) -> Select[FamilyList, str, str]:
    return (
        select(FamilyList, Officer.name, ServicePoint.name)
        .join(ServicePoint, ServicePoint.id == FamilyList.point_id)
        .outerjoin(Officer, Officer.id == FamilyList.officer_id)
        .where(within(ServicePoint.area_code, area))
    )
