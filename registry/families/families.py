"""Families and their people: registering one, finding it, and who its head is.

What sources said of them (desil, other aid, occupation) stands in registry/families/known_facts.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from registry.audit import Actor, record
from registry.errors import Conflict, NotFound
from registry.families.drafts import FamilyDraft
from registry.families.enrolling import enrol_families
from registry.identifiers import FamilyNumber, Nik
from registry.keys.keys import KeyRing
from registry.keys.sealing import Vault
from registry.kinds import FamilyState, PersonState, Relation
from registry.models import Family, Person, Region
from registry.models import FamilyNumber as NumberRow
from registry.regions import within

__all__ = ["FamilyLine", "find_families", "get_family", "head_of", "number_of", "register_family"]


@dataclass(frozen=True)
class FamilyLine:
    """A family as it stands in a list of found families."""

    id: UUID
    reference: str
    head_name: str
    """Empty when the family has no living head."""
    village_code: str
    village: str
    district: str
    address: str
    rt: str
    rw: str
    state: FamilyState
    people: int
    """How many living people belong to it."""
    named: str
    """Who else than the head bears the name that was searched; empty when nobody else does or none was."""


def register_family(
    session: Session,
    draft: FamilyDraft,
    *,
    source: str,
    as_of: date,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Family:
    """Write one new family and return it.

    Raises:
        Conflict: ``family_without_head``, ``two_heads``, ``family_number_known``, ``nik_known``, ``nik_twice``.
    """
    if draft.heads != 1:
        raise Conflict("two_heads" if draft.heads else "family_without_head")
    nik_indexes = {keys.vault.index("nik", person.nik) for person in draft.people}
    if len(nik_indexes) < len(draft.people):
        raise Conflict("nik_twice")
    number_index = keys.vault.index("family_number", draft.number)
    is_current = (NumberRow.number_index == number_index) & NumberRow.until.is_(None)

    def refuse_known() -> None:
        if session.scalar(select(exists().where(is_current))):
            raise Conflict("family_number_known")
        if session.scalar(select(exists().where(Person.nik_index.in_(nik_indexes)))):
            raise Conflict("nik_known")

    refuse_known()
    try:
        with session.begin_nested():
            connection = session.connection()
            [family_id] = enrol_families(connection, [draft], vault=keys.vault, source=source, as_of=as_of, at=at)
    except IntegrityError:
        refuse_known()  # another officer registered it after the look
        raise
    record(
        connection,
        "family.registered",
        f"family:{family_id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        source=source,
        people=len(draft.people),
    )
    return session.get_one(Family, family_id)


def get_family(session: Session, reference: str, *, area: str) -> Family:
    """Return the family with a reference, when it lies in the area.

    Raises:
        NotFound: ``family_unknown``, also for a family elsewhere.
    """
    family = session.scalar(select(Family).where(Family.reference == reference, within(Family.village_code, area)))
    if family is None:
        raise NotFound("family_unknown")
    return family


def find_families(
    session: Session,
    *,
    area: str,
    vault: Vault,
    number: FamilyNumber | None = None,
    nik: Nik | None = None,
    name: str | None = None,
    village: str | None = None,
    skip: int = 0,
    limit: int = 50,
) -> list[FamilyLine]:
    """Return the families of an area that answer to every search term given, by village and head's name.

    Args:
        number: a Nomor KK, the present one or a former one.
        nik: the NIK of any of the people.
        name: a part of the name of any of the people, in upper or lower case.
        village: a region code; it narrows the area and never widens it.
        skip: how many families of the order stand before the ones wanted.
    """
    head = aliased(Person)
    district = aliased(Region)
    living = (
        select(func.count())
        .where(Person.family_id == Family.id, Person.state == PersonState.LIVING)
        .correlate(Family)
        .scalar_subquery()
    )
    query = (
        select(Family, head.name, Region.name, district.name, living)
        .join(Region, Region.code == Family.village_code)
        .join(district, district.code == Region.parent_code)
        .outerjoin(
            head,
            (head.family_id == Family.id) & (head.relation == Relation.HEAD) & (head.state == PersonState.LIVING),
        )
        .where(within(Family.village_code, area))
        .order_by(Family.village_code, head.name, Family.id)
        .offset(skip)
        .limit(limit)
    )
    if village:
        query = query.where(within(Family.village_code, village))
    if number:
        numbers = select(NumberRow.family_id).where(NumberRow.number_index == vault.index("family_number", number))
        query = query.where(Family.id.in_(numbers))
    if nik:
        query = query.where(Family.id.in_(select(Person.family_id).where(Person.nik_index == vault.index("nik", nik))))
    if name:
        named = select(Person.family_id).where(Person.name.icontains(name.strip(), autoescape=True))
        query = query.where(Family.id.in_(named))
    found = session.execute(query).all()
    others = _others_named(session, [family.id for family, *_ in found], name) if name else {}
    return [
        FamilyLine(
            id=family.id,
            reference=family.reference,
            head_name=head_name or "",
            village_code=family.village_code,
            village=village_name,
            district=district_name,
            address=family.address,
            rt=family.rt,
            rw=family.rw,
            state=family.state,
            people=people,
            named=others.get(family.id, ""),
        )
        for family, head_name, village_name, district_name, people in found
    ]


def _others_named(session: Session, families: list[UUID], name: str) -> dict[UUID, str]:
    """Return, of families whose head does not bear a name, one of the people who does."""
    bearers = session.execute(
        select(Person.family_id, Person.name, Person.relation)
        .where(Person.family_id.in_(families), Person.name.icontains(name.strip(), autoescape=True))
        .order_by(Person.position.desc())
    ).all()
    headed = {family_id for family_id, _, relation in bearers if relation is Relation.HEAD}
    return {family_id: bearer for family_id, bearer, _ in bearers if family_id not in headed}


def head_of(family: Family) -> Person | None:
    """Return the family's living head, if it has one."""
    for person in family.people:
        if person.relation is Relation.HEAD and person.state is PersonState.LIVING:
            return person
    return None


def number_of(family: Family, vault: Vault) -> FamilyNumber:
    """Return the family's present Nomor KK.

    Raises:
        KeyFault: when the number cannot be opened with these keys.
        NotFound: ``family_number_unknown``.
    """
    for row in family.numbers:
        if row.until is None:
            return FamilyNumber(vault.open("family_number", "number_sealed", row.id, row.number_sealed))
    raise NotFound("family_number_unknown")
