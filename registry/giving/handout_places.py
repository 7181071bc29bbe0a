"""Where a programme can be served: the points of an area, each with the villages that may come to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from registry.db import Session
from registry.kinds import PointKind
from registry.models import Region, ServicePoint
from registry.regions import VILLAGE_LEVELS, find_paths, is_within, within

__all__ = ["HandoutPlace", "VillageName", "list_handout_places"]


@dataclass(frozen=True, slots=True)
class VillageName:
    """A desa or kelurahan with its kecamatan: 53 names of villages occur more than once in the province."""

    code: str
    name: str
    district: str


@dataclass(frozen=True, slots=True)
class HandoutPlace:
    """A service point, and the villages of its area by code."""

    point: ServicePoint
    villages: Sequence[VillageName]


def list_handout_places(session: Session, *, area: str, kinds: Collection[str]) -> list[HandoutPlace]:
    """Return the points of these kinds in an area, by name."""
    points = session.scalars(
        select(ServicePoint)
        .where(ServicePoint.kind.in_([PointKind(kind) for kind in kinds]), within(ServicePoint.area_code, area))
        .order_by(ServicePoint.name)
    ).all()
    codes = session.scalars(
        select(Region.code).where(Region.level.in_(VILLAGE_LEVELS), within(Region.code, area)).order_by(Region.code)
    ).all()
    paths = find_paths(session, codes)
    return [
        HandoutPlace(
            point,
            [
                VillageName(code, paths[code].village, paths[code].district)
                for code in codes
                if is_within(code, point.area_code)
            ],
        )
        for point in points
    ]
