"""An office that receives family lists: a database with regions and one service point, keys, and a working folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from kiosk.words.imports import message
from registry.audit import Actor
from registry.db import Database
from registry.families.drafts import FamilyDraft
from registry.identifiers import Nik
from registry.importing import Applied, apply_list, plan_list
from registry.keys.keys import KeyRing
from registry.kinds import PointKind
from registry.models import (
    AuditLine,
    Family,
    FamilyFacts,
    FamilyList,
    FamilyNumber,
    HeldFamily,
    Person,
    PersonFacts,
    Revision,
    ServicePoint,
)
from registry.regions import PROVINCE, load_regions
from registry.reports import list_report_rows
from tests.card_house import make_ring
from tests.lists import LISTED_ON, Row, write_list

CONTENT = (Family, FamilyNumber, Person, FamilyFacts, PersonFacts, Revision, HeldFamily)


@dataclass
class Office:
    """One office at one moment."""

    database: Database
    folder: Path
    at: datetime

    def __post_init__(self) -> None:
        self.keys: KeyRing = make_ring(self.at)
        with self.database.writing() as session:
            load_regions(session)
            point = ServicePoint(code="DINSOS", name="Dinas Sosial", kind=PointKind.OFFICE, area_code="62")
            session.add(point)
            session.flush()
            self.actor = Actor(None, point.id)

    @property
    def working_folder(self) -> Path:
        return self.folder / "lists"

    @property
    def discarding(self) -> dict[str, Any]:
        return {"folder": self.working_folder, "actor": self.actor, "keys": self.keys, "at": self.at}

    def plan(self, path: Path, *, as_of: date = LISTED_ON, area: str = PROVINCE) -> FamilyList:
        return plan_list(
            self.database,
            path,
            path.name,
            as_of=as_of,
            folder=self.working_folder,
            area=area,
            actor=self.actor,
            keys=self.keys,
            at=self.at,
        )

    def plan_rows(self, rows: Sequence[Row], *, as_of: date = LISTED_ON, area: str = PROVINCE) -> FamilyList:
        return self.plan(write_list(self.folder, rows), as_of=as_of, area=area)

    def apply(self, list_id: UUID, **options: object) -> Applied:
        return apply_list(
            self.database,
            list_id,
            folder=self.working_folder,
            actor=self.actor,
            keys=self.keys,
            at=self.at,
            **options,  # type: ignore[arg-type]
        )

    def take(self, rows: Sequence[Row], *, as_of: date = LISTED_ON, area: str = PROVINCE) -> Applied:
        return self.apply(self.plan_rows(rows, as_of=as_of, area=area).id)

    def at_point(self, code: str, area: str) -> Actor:
        """Add a point of an area, and return a command that acts for it."""
        with self.database.writing() as session:
            point = ServicePoint(code=code, name=code, kind=PointKind.OFFICE, area_code=area)
            session.add(point)
            session.flush()
            return Actor(None, point.id)

    def report(self, list_id: UUID) -> dict[int, list[str]]:
        with self.database.reading() as session:
            return {line: rest for line, *rest in map(tuple, list_report_rows(session, list_id, message))}

    def count(self) -> dict[str, int]:
        with self.database.reading() as session:
            return {
                model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0 for model in CONTENT
            }

    def audit_lines(self) -> list[str]:
        with self.database.reading() as session:
            return list(session.scalars(select(AuditLine.action).order_by(AuditLine.seq)))

    def person(self, nik: Nik) -> Person | None:
        with self.database.reading() as session:
            return session.scalar(select(Person).where(Person.nik_index == self.keys.vault.index("nik", nik)))

    def family(self, draft: FamilyDraft) -> Family | None:
        with self.database.reading() as session:
            index = self.keys.vault.index("family_number", draft.number)
            return session.scalar(
                select(Family)
                .join(FamilyNumber)
                .where(FamilyNumber.number_index == index, FamilyNumber.until.is_(None))
            )

    def held(self) -> list[HeldFamily]:
        with self.database.reading() as session:
            return list(session.scalars(select(HeldFamily).order_by(HeldFamily.id)))
