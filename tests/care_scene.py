"""A small place where persons are served: two puskesmas, an office, and families with active cards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from card_house import CardHouse

from registry.audit import Actor
from registry.cards.cards import hand_over, issue_card, mark_printed, note_read_back
from registry.code.token import TrustList, to_text
from registry.db import Database, new_id
from registry.keys.keys import load_trust
from registry.kinds import PointKind, VisitKind
from registry.models import Family, ServicePoint
from verify.care import Recorded, VisitRequest, record_visit, register
from verify.members import Chosen, choose, look_at_members
from verify.reasons import Decision


@dataclass
class CareScene:
    """A database with a family of three: SITI AMINAH (born 1980), RAHMAT (2004) and MINA (2015)."""

    house: CardHouse
    points: dict[PointKind, list[UUID]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kinds = (PointKind.PUSKESMAS, PointKind.PUSKESMAS, PointKind.OFFICE, PointKind.OFFICE, PointKind.SCHOOL)
        with self.database.writing() as session:
            for number, kind in enumerate(kinds):
                point = ServicePoint(
                    id=new_id(), code=f"P-{number}", name=f"Tempat {number}", kind=kind, area_code="62.06"
                )
                session.add(point)
                self.points.setdefault(kind, []).append(point.id)
            family = self.house.add_family(session)
            card = issue_card(session, family, **self.house.rest)
            mark_printed(session, card, **self.house.rest)
            note_read_back(session, card, **self.house.rest)
            hand_over(session, card, card.head, id_seen=True, **self.house.rest)
        self.family_id = family.id
        self.text = to_text(card.token)
        self.number = card.number

    @property
    def database(self) -> Database:
        return self.house.database

    @property
    def trust(self) -> TrustList:
        with self.database.reading() as session:
            return load_trust(session)

    @property
    def due_on(self) -> date:
        return self.house.at.date() + timedelta(days=150)

    def person(self, place: int = 0) -> UUID:
        with self.database.reading() as session:
            return session.get_one(Family, self.family_id).people[place].id

    def rest(self, place: int = 0, kind: PointKind = PointKind.PUSKESMAS, *, days: int = 0) -> dict:
        """What an act at one of the places is handed, some days on."""
        return {
            "here": kind,
            "actor": Actor(self.house.actor.officer_id, self.points[kind][place]),
            "keys": self.house.keys,
            "at": self.house.at + timedelta(days=days),
        }

    def choose(self, session, place: int = 0, here: PointKind = PointKind.PUSKESMAS) -> Chosen:
        """Scan the family's card and choose one of its people."""
        card = look_at_members(session, self.text, self.trust, area="62.06", here=here, at=self.house.at)
        chosen = choose(card, self.person(place))
        assert isinstance(chosen, Chosen), chosen
        return chosen

    def register(
        self, person: int = 0, *, due_on: date | None = None, point: int = 0, days: int = 0
    ) -> UUID | Decision:
        with self.database.writing() as session:
            chosen = self.choose(session, person)
            return register(session, chosen, due_on or self.due_on, **self.rest(point, days=days))

    def record(
        self,
        kind: VisitKind = VisitKind.TREATMENT,
        *,
        person: int = 0,
        key: str | None = None,
        next_on: date | None = None,
        point: int = 0,
        here: PointKind = PointKind.PUSKESMAS,
        days: int = 0,
    ) -> Recorded | Decision:
        with self.database.writing() as session:
            chosen = self.choose(session, person, here)
            request = VisitRequest(kind, key or str(uuid4()), next_on)
            return record_visit(session, chosen, request, **self.rest(point, here, days=days))


def codes(decision: Recorded | Decision | UUID) -> list[str]:
    """Return the reasons of a refusal."""
    assert isinstance(decision, Decision), decision
    return [reason.code.value for reason in decision.reasons]
