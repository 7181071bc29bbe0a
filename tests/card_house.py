"""A small registry for tests of cards: keys, one counter, and invented families in Buntut Bali, Katingan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.audit import Actor
from registry.code.cose import Signer
from registry.code.token import TrustedKey
from registry.db import Database, Session, new_id
from registry.families import families
from registry.families.drafts import FamilyDraft, PersonDraft
from registry.giving.redemptions import ensure_own_hub
from registry.identifiers import FamilyNumber, Nik
from registry.keys.keys import KeyRing, trust_issuing_key
from registry.keys.sealing import Vault
from registry.kinds import PointKind, Relation, Sex
from registry.models import Family, Officer, ServicePoint
from registry.programmes.catalogue import load_programmes
from registry.regions import load_regions

ISSUER = "https://kk.kalteng.go.id"
VILLAGE = "62.06.05.2003"
_serial = count(1)


def make_ring(at: datetime, *, region: str = "62", issuer: str = ISSUER, seed: int = 7) -> KeyRing:
    """Return the opened keys of an installation, without the files."""
    signer = Signer.of(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))
    until = at + timedelta(days=365)
    trusted = TrustedKey(signer.kid, signer.public_key, "card", issuer, region, at - timedelta(days=365), until)
    return KeyRing(
        vault=Vault(b"s" * 32, b"i" * 32),
        audit_key=b"a" * 32,
        session_key="0" * 64,
        signer=signer,
        issuer=issuer,
        trusted=(trusted,),
    )


def make_draft(*, desil: int | None = 1, village: str = VILLAGE, **facts: bool) -> FamilyDraft:
    """Return a family of three, with numbers that no other draft has."""
    serial = next(_serial)
    day, month = serial % 28 + 1, serial // 28 % 12 + 1
    stem = f"620605{day:02d}{month:02d}80"
    people = (
        PersonDraft(Nik(f"{stem}{serial:04d}"), "SITI AMINAH", Relation.HEAD, Sex.FEMALE, date(1980, month, day)),
        PersonDraft(Nik(f"{stem}{serial + 3000:04d}"), "RAHMAT", Relation.CHILD, Sex.MALE, date(2004, 5, 6)),
        PersonDraft(Nik(f"{stem}{serial + 6000:04d}"), "MINA", Relation.CHILD, Sex.FEMALE, date(2015, 7, 8)),
    )
    return FamilyDraft(FamilyNumber(f"62060501012{serial:05d}"), village, people, desil=desil, **facts)


@dataclass
class CardHouse:
    """A database with regions, the rule of who is entitled, a trusted key, and one counter with its officer."""

    database: Database
    at: datetime

    def __post_init__(self) -> None:
        self.keys = make_ring(self.at)
        point = ServicePoint(id=new_id(), code="LOKET-1", name="Loket", kind=PointKind.COUNTER, area_code="62.06")
        officer = Officer(
            id=new_id(),
            username="dewi",
            name="Dewi",
            number="P-001",
            password_hash="x",
            point_id=point.id,
            created_at=self.at,
        )
        with self.database.writing() as session:
            load_regions(session)
            load_programmes(session, at=self.at)
            session.add(point)
            session.flush()
            session.add(officer)
            trust_issuing_key(session, self.keys)
            ensure_own_hub(session, "Uji")
        self.actor = Actor(officer_id=officer.id, point_id=point.id)

    @property
    def rest(self) -> dict[str, object]:
        """Return what every step is handed: who, which keys, when."""
        return {"actor": self.actor, "keys": self.keys, "at": self.at}

    def add_family(self, session: Session, **draft: object) -> Family:
        """Register an invented family."""
        return families.register_family(session, make_draft(**draft), source="DTSEN", as_of=self.at.date(), **self.rest)
