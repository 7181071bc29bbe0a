"""What changed in a family and when, as lists and officers changed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from registry.db import Session
from registry.models import Family, Person, Revision
from registry.regions import find_paths

__all__ = ["FamilyChange", "changes_of"]


@dataclass(frozen=True, slots=True)
class FamilyChange:
    """One attribute of a family, or of one of its people, that got another value."""

    attribute: str
    before: str
    after: str
    """Values as they are stored: codes and ISO dates; a village by its name and that of its kecamatan."""
    source: str
    at: datetime
    person: str
    """Whose attribute it is; empty for the family's own."""


def changes_of(session: Session, family: Family) -> list[FamilyChange]:
    """Return what changed in a family, the newest change first."""
    rows = session.execute(
        select(Revision, Person.name)
        .outerjoin(Person, Person.id == Revision.person_id)
        .where(Revision.family_id == family.id)
        .order_by(Revision.id.desc())
    ).all()
    codes = {code for row, _ in rows if row.attribute == "village_code" for code in (row.before, row.after) if code}
    villages = {code: f"{path.village}, {path.district}" for code, path in find_paths(session, sorted(codes)).items()}
    return [
        FamilyChange(
            attribute=row.attribute,
            before=villages.get(row.before, row.before) if row.attribute == "village_code" else row.before,
            after=villages.get(row.after, row.after) if row.attribute == "village_code" else row.after,
            source=row.source,
            at=row.at,
            person=name or "",
        )
        for row, name in rows
    ]
