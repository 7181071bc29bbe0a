"""The regions of the province by Kemendagri code: loading them, walking them, and asking what lies within an area.

A code names its parents: ``62.06.05.2003`` is a desa in kecamatan ``62.06.05`` of kabupaten ``62.06``. An *area* is any
code, and means that region with all below it. Source of the list: registry/data/README.md.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, insert, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry.errors import NotFound
from registry.kinds import RegionLevel
from registry.models import Region

__all__ = [
    "PROVINCE",
    "VILLAGE_LEVELS",
    "RegionPath",
    "find_around",
    "find_path",
    "find_paths",
    "is_within",
    "list_children",
    "list_grandchildren",
    "load_regions",
    "village_codes",
    "within",
]

PROVINCE = "62"
"""Kalimantan Tengah; every region of this registry lies in it."""
VILLAGE_LEVELS = (RegionLevel.VILLAGE, RegionLevel.WARD)
_LIST = Path(__file__).parent / "data" / f"wilayah_{PROVINCE}.csv"


@dataclass(frozen=True)
class RegionPath:
    """A region with the regions above it, by code and name; what lies below the region's own level is empty."""

    code: str
    regency_code: str
    regency: str
    district_code: str
    district: str
    village_code: str
    village: str


def load_regions(session: Session) -> int:
    """Insert the regions that are missing, rename those that got another name; return how many rows changed."""
    with _LIST.open(encoding="utf-8", newline="") as file:
        listed = {row["kode"]: row for row in csv.DictReader(file)}
    known = {region.code: region for region in session.scalars(select(Region))}
    missing = [
        {"code": code, "parent_code": row["induk"] or None, "level": RegionLevel(row["tingkat"]), "name": row["nama"]}
        for code, row in listed.items()
        if code not in known
    ]
    if missing:
        # parents stand before their children when ordered by code, and a foreign key asks for that
        session.execute(insert(Region), sorted(missing, key=lambda row: str(row["code"])))
    renamed = 0
    for code, region in known.items():
        if code in listed and region.name != listed[code]["nama"]:
            region.name = listed[code]["nama"]
            renamed += 1
    session.flush()
    return len(missing) + renamed


def find_path(session: Session, code: str) -> RegionPath:
    """Return a region with those above it.

    Raises:
        NotFound: ``region_unknown``.
    """
    paths = find_paths(session, [code])
    if code not in paths:
        raise NotFound("region_unknown", code=code)
    return paths[code]


def find_paths(session: Session, codes: Sequence[str]) -> dict[str, RegionPath]:
    """Return the paths of many regions in one query; unknown codes are left out."""
    chains = {code: _chain(code) for code in codes}
    wanted = {part for chain in chains.values() for part in chain}
    names = dict(session.execute(select(Region.code, Region.name).where(Region.code.in_(wanted))).all())
    paths = {}
    for code, chain in chains.items():
        if code not in names:
            continue
        _, regency, district, village = (*chain, "", "", "")[:4]
        paths[code] = RegionPath(
            code=code,
            regency_code=regency,
            regency=names.get(regency, ""),
            district_code=district,
            district=names.get(district, ""),
            village_code=village,
            village=names.get(village, ""),
        )
    return paths


def list_children(session: Session, code: str | None) -> list[Region]:
    """Return the regions directly below one, by name; below ``None`` stands the province."""
    return list(session.scalars(select(Region).where(Region.parent_code == code).order_by(Region.name, Region.code)))


def find_around(session: Session, code: str, *, top: str) -> tuple[Region, Region | None, list[Region]]:
    """Return a region, the one above it (none at ``top``), and those directly below it, by name.

    Raises:
        NotFound: ``region_unknown``.
    """
    here = session.get(Region, code)
    if here is None:
        raise NotFound("region_unknown", code=code[:13])
    above = session.get(Region, here.parent_code) if here.parent_code and code != top else None
    return here, above, list_children(session, code)


def list_grandchildren(session: Session, code: str) -> list[tuple[Region, list[Region]]]:
    """Return the regions directly below one, each with the regions below it, both by name."""
    children = list_children(session, code)
    below: dict[str, list[Region]] = {child.code: [] for child in children}
    query = select(Region).where(Region.parent_code.in_(below)).order_by(Region.name, Region.code)
    for region in session.scalars(query):
        below[str(region.parent_code)].append(region)
    return [(child, below[child.code]) for child in children]


def village_codes(session: Session, area: str = PROVINCE) -> frozenset[str]:
    """Return the codes of all desa and kelurahan of an area."""
    query = select(Region.code).where(Region.level.in_(VILLAGE_LEVELS), within(Region.code, area))
    return frozenset(session.scalars(query))


def is_within(code: str, area: str) -> bool:
    """Tell whether a region is an area or lies in it."""
    return code == area or code.startswith(f"{area}.")


def within(column: InstrumentedAttribute[str], area: str) -> ColumnElement[bool]:
    """Return the condition that a column with region codes lies in an area."""
    if area == PROVINCE:
        return true()
    below = or_(Region.code == area, Region.code.startswith(f"{area}.", autoescape=True))
    if column.class_ is Region:
        return below
    # a list of codes lets both databases use the column's own index, which a LIKE on it does not
    return column.in_(select(Region.code).where(below))


def _chain(code: str) -> tuple[str, ...]:
    parts = code.split(".")
    return tuple(".".join(parts[:depth]) for depth in range(1, len(parts) + 1))
