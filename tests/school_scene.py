"""A small invented place with two schools and a campus office: pupils on the list of the first, students at the office.

It stands on the scene of giving; rows are made directly, so that tests of schooling stand on nothing but the schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from giving_scene import Scene, set_scene
from moment import NOW

from registry.audit import Actor
from registry.db import Database, Session, new_id
from registry.kinds import PointKind, Proof, Relation, RoundState, Sex
from registry.models import Entitlement, Person, PersonFacts, Roster, Round, ServicePoint
from registry.schooling.enrolments import StatedEnrolment
from verify.facts import Scan
from verify.not_confirmed import NotConfirmed, keep_not_confirmed
from verify.redeem import RedeemWriter, open_writer
from verify.schooling import Confirmed, EnrolmentRequest, PupilSeen, confirm_enrolment, look_at_pupil

AREA = "62.06.05"
NISN = "0091234567"
LETTER = "Surat aktif kuliah 123/UN24/2026"


@dataclass
class SchoolScene:
    """What stands in the database, and what an officer of a school does with it."""

    database: Database
    giving: Scene
    first: UUID
    second: UUID
    campus: UUID
    year: UUID
    """The round of SEKOLAH."""
    semester: UUID
    """The round of KULIAH."""
    pupil: UUID
    """Sixteen years old, on the list of the first school."""
    sister: UUID
    """Nineteen, on the list of the campus office."""
    brother: UUID
    """Eighteen, on no list, since his sister studies."""
    writer: RedeemWriter

    def actor(self, point: UUID | None = None) -> Actor:
        return Actor(self.giving.officer_id, point or self.first)

    def look(self, person: UUID | None = None, *, point: UUID | None = None, **other: Any) -> PupilSeen:
        usual = {"scan": Scan(token_hash=self.giving.tokens[0]), "at": NOW} | other
        scan, at = usual["scan"], usual["at"]
        with self.database.reading() as session:
            return look_at_pupil(session, scan, person or self.pupil, point_id=point or self.first, area=AREA, at=at)

    def confirm(
        self, person: UUID | None = None, *, point: UUID | None = None, key: str = "k", **other: Any
    ) -> Confirmed | NotConfirmed:
        """Confirm a pupil as the first school does; ``other`` says what is not as usual."""
        usual = {
            "scan": Scan(token_hash=self.giving.tokens[0]),
            "round_id": self.year,
            "stated": StatedEnrolment(nisn=NISN),
            "proofs": frozenset(),
            "at": NOW,
        }
        request = EnrolmentRequest(
            person_id=person or self.pupil,
            idempotency_key=key,
            actor=self.actor(point),
            area=AREA,
            **(usual | other),
        )
        return confirm_enrolment(self.database, self.writer, request)

    def study(self, person: UUID | None = None, **other: Any) -> Confirmed | NotConfirmed:
        """Confirm a student as the campus office does."""
        usual = {
            "point": self.campus,
            "round_id": self.semester,
            "stated": StatedEnrolment(campus="Universitas Palangka Raya", evidence=LETTER),
            "proofs": frozenset({Proof.ID_CARD}),
        }
        return self.confirm(person or self.sister, **(usual | other))

    def keep(self, answer: NotConfirmed | PupilSeen, *, point: UUID | None = None) -> list[NotConfirmed]:
        """Keep what was refused, as the pages do."""
        with self.database.writing() as session:
            return keep_not_confirmed(
                session,
                answer.refused if isinstance(answer, PupilSeen) else [answer],
                say_case=lambda _: "Satu anak di dua sekolah.",
                actor=self.actor(point),
                keys=self.giving.keys,
                at=NOW,
            )

    def know_nisn(self, person: UUID, nisn: str, source: str = "DTSEN") -> None:
        with self.database.writing() as session:
            session.add(
                PersonFacts(
                    id=new_id(), person_id=person, source=source, as_of=date(2026, 1, 15), recorded_at=NOW, nisn=nisn
                )
            )

    def open_round(self, programme: str, name: str, *, points: dict[UUID, list[UUID]], **other: Any) -> UUID:
        """Open a round with a list per point; ``other`` says what of the round is not as usual."""
        with self.database.writing() as session:
            return add_school_round(session, programme, name, self.giving.families[0], points, **other)


def set_school_scene(database: Database) -> SchoolScene:
    """Put the scene into an empty database."""
    giving = set_scene(database, NOW, families=2)
    family = giving.families[0]
    with database.writing() as session:
        first = add_school_point(session, "SMAN-1", "SMAN 1 Kamipang", PointKind.SCHOOL, "30201234")
        second = add_school_point(session, "SMKN-2", "SMKN 2 Kamipang", PointKind.SCHOOL, "30205678")
        campus = add_school_point(session, "DISDIK", "Dinas Pendidikan", PointKind.OFFICE, "")
        pupil = _child(session, family, 1, "Rahmat Contoh", date(2009, 8, 17))
        sister = _child(session, family, 2, "Mina Contoh", date(2006, 5, 6))
        brother = _child(session, family, 3, "Yanto Contoh", date(2007, 9, 9))
        year = add_school_round(session, "SEKOLAH", "2026/2027", family, {first: [pupil], second: []})
        semester = add_school_round(
            session, "KULIAH", "Gasal 2026/2027", family, {campus: [sister]}, only_of_family=True
        )
    writer = open_writer(database, audit_key=giving.keys.audit_key)
    return SchoolScene(database, giving, first, second, campus, year, semester, pupil, sister, brother, writer)


def add_school_point(session: Session, code: str, name: str, kind: PointKind, npsn: str) -> UUID:
    point = ServicePoint(id=new_id(), code=code, name=name, kind=kind, area_code=AREA, facility_code=npsn)
    session.add(point)
    session.flush()
    return point.id


def _child(session: Session, family: UUID, position: int, name: str, born: date) -> UUID:
    child = Person(
        id=new_id(),
        family_id=family,
        position=position,
        nik_sealed=b"-",
        nik_index=(1_000 + position).to_bytes(16, "big"),
        name=name,
        relation=Relation.CHILD,
        sex=Sex.MALE,
        birth_date=born,
        updated_at=NOW,
    )
    session.add(child)
    session.flush()
    return child.id


def add_school_round(
    session: Session,
    programme: str,
    name: str,
    family: UUID,
    points: dict[UUID, list[UUID]],
    *,
    only_of_family: bool = False,
    **other: Any,
) -> UUID:
    """Open a round of a family's people with a list per point; ``other`` says what of it is not as usual."""
    today = NOW.date()
    usual = {
        "opens_on": today - timedelta(days=30),
        "closes_on": today + timedelta(days=60),
        "state": RoundState.OPEN,
        "value": 1_500_000,
        "price": 0,
        "legal_reference": "-",
        "created_at": NOW,
    }
    round_ = Round(id=new_id(), programme_code=programme, name=name, **(usual | other))
    session.add(round_)
    session.flush()
    for point, people in points.items():
        roster = Roster(id=new_id(), round_id=round_.id, point_id=point)
        session.add(roster)
        session.flush()
        for person in people:
            session.add(
                Entitlement(
                    id=new_id(),
                    round_id=round_.id,
                    roster_id=roster.id,
                    family_id=family,
                    person_id=person,
                    only_of_family=only_of_family,
                )
            )
            session.flush()
    return round_.id
