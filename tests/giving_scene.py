"""A small invented place where things are given: two service points, two officers, one round, and families with cards.

Rows are made directly, so that tests of giving stand on nothing but the schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from card_house import make_ring

from registry.audit import Actor
from registry.db import Database, Session, new_id
from registry.identifiers import CardNumber
from registry.keys.keys import KeyRing
from registry.kinds import CardState, FamilyState, PointKind, Proof, RegionLevel, Relation, RoundState, Sex
from registry.models import (
    Card,
    Entitlement,
    Family,
    FamilyFacts,
    Hub,
    Officer,
    Person,
    Region,
    Roster,
    Round,
    ServicePoint,
)
from registry.programmes.catalogue import load_programmes
from verify.facts import Scan
from verify.redeem import RedeemRequest

VILLAGE, OTHER_VILLAGE = "62.06.05.2001", "62.06.05.2002"


@dataclass(frozen=True)
class Scene:
    """What stands in the database, by id."""

    now: datetime
    point_id: UUID
    other_point_id: UUID
    officer_id: UUID
    supervisor_id: UUID
    round_id: UUID
    roster_id: UUID
    families: tuple[UUID, ...]
    entitlements: tuple[UUID, ...]
    cards: tuple[UUID, ...]
    tokens: tuple[bytes, ...]
    numbers: tuple[CardNumber, ...]

    @property
    def actor(self) -> Actor:
        return Actor(self.officer_id, self.point_id)

    @property
    def keys(self) -> KeyRing:
        return make_ring(self.now)

    @property
    def rest(self) -> dict[str, Any]:
        """What every step is handed: who, which keys, when."""
        return {"actor": self.actor, "keys": self.keys, "at": self.now}

    @property
    def supervising(self) -> dict[str, Any]:
        """The same for taking back: nobody takes back what they gave themselves."""
        return {**self.rest, "actor": Actor(self.supervisor_id, self.point_id)}

    def request(self, family: int = 0, *, key: str, **other: Any) -> RedeemRequest:
        """Ask for the package of the round with a family's card; ``other`` says what is not as usual."""
        usual = {
            "scan": Scan(token_hash=self.tokens[family]),
            "round_id": self.round_id,
            "actor": self.actor,
            "at": self.now,
            "proofs": frozenset({Proof.ID_CARD}),
        }
        return RedeemRequest(idempotency_key=key, **(usual | other))


def set_scene(database: Database, now: datetime, *, families: int = 1) -> Scene:
    """Put the scene into an empty database."""
    with database.writing() as session:
        return _build(session, now, families)


def _build(session: Session, now: datetime, count: int) -> Scene:
    for code, parent, level, name in (
        ("62", None, RegionLevel.PROVINCE, "Kalimantan Tengah"),
        ("62.06", "62", RegionLevel.REGENCY, "Kabupaten Katingan"),
        ("62.06.05", "62.06", RegionLevel.DISTRICT, "Kamipang"),
        (VILLAGE, "62.06.05", RegionLevel.VILLAGE, "Tumbang Contoh"),
        (OTHER_VILLAGE, "62.06.05", RegionLevel.VILLAGE, "Danau Contoh"),
    ):
        session.add(Region(code=code, parent_code=parent, level=level, name=name))
        session.flush()
    session.add(Hub(id=new_id(), name="Uji", incarnation=1, last_seq=0, is_own=True))
    point = ServicePoint(
        id=new_id(), code="TB-TUMBANG", name="Balai Desa Tumbang Contoh", kind=PointKind.HANDOUT, area_code=VILLAGE
    )
    other = ServicePoint(
        id=new_id(), code="TB-DANAU", name="Balai Desa Danau Contoh", kind=PointKind.HANDOUT, area_code=OTHER_VILLAGE
    )
    session.add_all([point, other])
    session.flush()
    officer = Officer(
        id=new_id(),
        username="rina",
        name="Rina Contoh",
        number="P-0001",
        password_hash="-",
        point_id=point.id,
        created_at=now,
    )
    supervisor = Officer(
        id=new_id(),
        username="siti",
        name="Siti Contoh",
        number="P-0009",
        password_hash="-",
        point_id=point.id,
        created_at=now,
    )
    session.add_all([officer, supervisor])
    load_programmes(session, at=now)
    day = now.date()
    round_ = Round(
        id=new_id(),
        programme_code="PANGAN",
        name="Tahap I",
        opens_on=day - timedelta(days=1),
        closes_on=day + timedelta(days=10),
        state=RoundState.OPEN,
        value=150_000,
        price=0,
        legal_reference="-",
        created_at=now,
    )
    session.add(round_)
    session.flush()
    roster = Roster(id=new_id(), round_id=round_.id, point_id=point.id)
    session.add(roster)
    session.flush()
    made = [_family(session, number, now) for number in range(count)]
    session.flush()
    cards = [_card(session, number, family, head, now) for number, (family, head) in enumerate(made)]
    entitlements = [
        Entitlement(id=new_id(), round_id=round_.id, roster_id=roster.id, family_id=family.id) for family, _ in made
    ]
    session.add_all(entitlements)
    session.flush()
    return Scene(
        now=now,
        point_id=point.id,
        other_point_id=other.id,
        officer_id=officer.id,
        supervisor_id=supervisor.id,
        round_id=round_.id,
        roster_id=roster.id,
        families=tuple(family.id for family, _ in made),
        entitlements=tuple(one.id for one in entitlements),
        cards=tuple(card.id for card in cards),
        tokens=tuple(card.token_hash for card in cards),
        numbers=tuple(CardNumber(card.number) for card in cards),
    )


def _family(session: Session, number: int, now: datetime) -> tuple[Family, Person]:
    family = Family(
        id=new_id(),
        reference=f"contoh{number:04d}",
        card_family_id=number + 1,
        village_code=VILLAGE,
        state=FamilyState.ACTIVE,
        as_of=date(2026, 1, 1),
        created_at=now,
        updated_at=now,
    )
    head = Person(
        id=new_id(),
        family_id=family.id,
        position=0,
        nik_sealed=b"-",
        nik_index=number.to_bytes(16, "big"),
        name=f"Kepala Contoh {number}",
        relation=Relation.HEAD,
        sex=Sex.MALE,
        birth_date=date(1980, 8, 17),
        updated_at=now,
    )
    facts = FamilyFacts(
        id=new_id(), family_id=family.id, source="DTSEN", as_of=date(2026, 1, 1), recorded_at=now, desil=1
    )
    session.add_all([family, head, facts])
    return family, head


def _card(session: Session, number: int, family: Family, head: Person, now: datetime) -> Card:
    token = f"token {number}".encode()
    card = Card(
        id=new_id(),
        number=CardNumber.make("62.06", number),
        family_id=family.id,
        head_id=head.id,
        head_name=head.name,
        region_code="62.06.05",
        issue_number=1,
        status_list="6206",
        status_index=number,
        token=token,
        token_hash=sha256(token).digest(),
        state=CardState.ACTIVE,
        issued_at=now - timedelta(days=30),
        expires_at=now + timedelta(days=365),
    )
    session.add(card)
    return card
