"""Families at a kiosk of the tests, and lists of them; the browsers are those of ``kiosk_fixtures``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from invented import invent_families, list_rows, write_list

from registry.audit import Actor
from registry.families.drafts import FamilyDraft
from registry.families.families import register_family
from registry.importing import apply_list, plan_list
from registry.models import Family, FamilyList
from registry.officers.points import CENTRE, get_point
from registry.regions import PROVINCE

if TYPE_CHECKING:
    from kiosk.state import State

VILLAGE = "62.06.05.2003"
NEXT_VILLAGE = "62.06.05.2004"
FAR_VILLAGE = "62.02.17.2015"
"""In another kabupaten."""


class FamilyScene:
    """What a test puts into the registry before it looks."""

    def __init__(self, state: State, folder: Path) -> None:
        self.state = state
        self.folder = folder
        with state.database.reading() as session:
            self.actor = Actor(officer_id=None, point_id=get_point(session, CENTRE).id)

    @property
    def at(self):
        from kiosk.clock import now

        return now()

    def add_families(self, village: str = VILLAGE, count: int = 1) -> list[Family]:
        with self.state.database.writing() as session:
            return [
                register_family(
                    session,
                    draft,
                    source="DTSEN",
                    as_of=date(2026, 1, 31),
                    actor=self.actor,
                    keys=self.state.keys,
                    at=self.at,
                )
                for draft in invent_families(village, count)
            ]

    def list_file(self, rows: Sequence[Sequence[str]], name: str = "daftar.csv") -> Path:
        return write_list(self.folder / name, rows)

    def plan(self, path: Path, *, as_of: date = date(2026, 2, 28), area: str = PROVINCE) -> FamilyList:
        return plan_list(
            self.state.database,
            path,
            path.name,
            as_of=as_of,
            folder=self.state.settings.lists_folder,
            area=area,
            actor=self.actor,
            keys=self.state.keys,
            at=self.at,
        )

    def apply(self, planned: FamilyList, **rest) -> None:
        apply_list(
            self.state.database,
            planned.id,
            folder=self.state.settings.lists_folder,
            actor=self.actor,
            keys=self.state.keys,
            at=self.at,
            **rest,
        )

    def import_rows(self, rows: Sequence[Sequence[str]]) -> FamilyList:
        planned = self.plan(self.list_file(rows))
        self.apply(planned)
        return planned


def rows_of(*drafts: FamilyDraft) -> list[list[str]]:
    """Return the rows of a list that states these families."""
    return [row for draft in drafts for row in list_rows(draft)]


def two_heads(village: str = VILLAGE) -> list[list[str]]:
    """Return the rows of a family of which a list says that both parents are its head."""
    rows = rows_of(next(invent_families(village, 1)))
    rows[1][3] = "Kepala Keluarga"
    return rows
