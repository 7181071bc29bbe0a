"""Families, their people, and what sources said of them.

NIK and Nomor KK stand here only sealed (AES-GCM, bound to table, column and row) and as a keyed index for search and
uniqueness; the keys are not in the database. See registry/keys/sealing.py.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base, choice, id_column
from registry.kinds import FamilyState, JknStatus, PersonState, Relation, Sex


class Family(Base):
    """A row is one family that is or was served here, under a short random reference of our own."""

    __tablename__ = "family"

    id: Mapped[UUID] = id_column()
    reference: Mapped[str] = mapped_column(String(10))
    """Eight characters that stand in addresses (URLs) in place of any number of the state."""
    card_family_id: Mapped[int]
    """The random 31-bit number by which a card names the family (claim 169/75); never derived from a NIK."""
    village_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    rt: Mapped[str] = mapped_column(String(3), default="")
    rw: Mapped[str] = mapped_column(String(3), default="")
    state: Mapped[FamilyState] = mapped_column(choice(FamilyState, "state"), default=FamilyState.ACTIVE)
    as_of: Mapped[date]
    """The date of the newest list or statement taken over for this family; an older list changes nothing here."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    split_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("family.id"))
    """The family whose KK was split, where this one came out of it."""
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("family.id"))
    """The family whose KK took in this one's people."""

    numbers: Mapped[list[FamilyNumber]] = relationship(
        back_populates="family", order_by="FamilyNumber.since", cascade="save-update, merge"
    )
    people: Mapped[list[Person]] = relationship(
        back_populates="family", order_by="Person.position", cascade="save-update, merge"
    )

    __table_args__ = (
        UniqueConstraint("reference", name="uq_family_reference"),
        UniqueConstraint("card_family_id", name="uq_family_card_family_id"),
    )


class FamilyNumber(Base):
    """A row is one Nomor KK that a family has or had; a KK gets a new number on marriage, split or move."""

    __tablename__ = "family_number"

    id: Mapped[UUID] = id_column()
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), index=True)
    number_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    number_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    family: Mapped[Family] = relationship(back_populates="numbers")

    __table_args__ = (
        Index(
            "uq_family_number_current_number",
            "number_index",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index(
            "uq_family_number_current_of_family",
            "family_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
    )


class Person(Base):
    """A row is one person of a family; the NIK is for life and is never changed by a move or a corrected date."""

    __tablename__ = "person"

    id: Mapped[UUID] = id_column()
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), index=True)
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Order within the family as the list gives it; 0 is first."""
    nik_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    nik_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    name: Mapped[str] = mapped_column(String(120))
    relation: Mapped[Relation] = mapped_column(choice(Relation, "relation"))
    sex: Mapped[Sex] = mapped_column(choice(Sex, "sex"))
    birth_date: Mapped[date]
    state: Mapped[PersonState] = mapped_column(choice(PersonState, "state"), default=PersonState.LIVING)
    updated_at: Mapped[datetime]

    family: Mapped[Family] = relationship(back_populates="people")

    __table_args__ = (
        UniqueConstraint("nik_index", name="uq_person_nik_index"),
        Index(
            "uq_person_one_head",
            "family_id",
            unique=True,
            sqlite_where=text("relation = 'head' AND state = 'living'"),
            postgresql_where=text("relation = 'head' AND state = 'living'"),
        ),
    )


class FamilyFacts(Base):
    """A row is what one source said of a family on one date; a null says nothing. Never changed, only followed."""

    __tablename__ = "family_facts"

    id: Mapped[UUID] = id_column()
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"))
    source: Mapped[str] = mapped_column(String(80))
    """What said so, in words for the officer: "DTSEN", "Verifikasi lapangan"."""
    as_of: Mapped[date]
    recorded_at: Mapped[datetime]
    desil: Mapped[int | None] = mapped_column(SmallInteger)
    receives_pkh: Mapped[bool | None]
    receives_sembako: Mapped[bool | None]
    receives_blt_dd: Mapped[bool | None]

    __table_args__ = (
        CheckConstraint("desil BETWEEN 1 AND 10", name="desil"),
        Index("ix_family_facts_family_id_as_of", "family_id", "as_of"),
    )


class PersonFacts(Base):
    """A row is what one source said of a person on one date; a null says nothing. Never changed, only followed."""

    __tablename__ = "person_facts"

    id: Mapped[UUID] = id_column()
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    source: Mapped[str] = mapped_column(String(80))
    as_of: Mapped[date]
    recorded_at: Mapped[datetime]
    occupation: Mapped[str | None] = mapped_column(String(60))
    jkn: Mapped[JknStatus | None] = mapped_column(choice(JknStatus, "jkn"))
    nisn: Mapped[str | None] = mapped_column(String(10))
    is_pregnant: Mapped[bool | None]

    __table_args__ = (Index("ix_person_facts_person_id_as_of", "person_id", "as_of"),)


class Revision(Base):
    """A row is one attribute of a family or person as it was before a list or an officer changed it."""

    __tablename__ = "revision"

    id: Mapped[UUID] = id_column()
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    attribute: Mapped[str] = mapped_column(String(40))
    before: Mapped[str] = mapped_column(String(200))
    after: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
