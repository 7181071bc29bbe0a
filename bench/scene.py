"""A kiosk to measure giving on: one hand-out point, one round, as many families with active cards as are asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy import insert

from kiosk import installation
from kiosk.clock import now
from kiosk.settings import Settings
from registry.audit import Actor
from registry.code.token import CardClaims, sign_card, to_text
from registry.db import Database, new_id
from registry.identifiers import CardNumber
from registry.keys.keys import KeyRing, load_keys
from registry.kinds import CardState, PointKind, Relation, Role, Sex
from registry.models import Card, Entitlement, Family, Person, Roster, Round
from registry.officers.officers import add_officer
from registry.officers.passwords import make_password_hash
from registry.officers.points import CENTRE, add_point, get_point

OFFICER, PASSWORD = "bagi.joko", "rumah panjang di tepi sungai"
_VILLAGE, _DISTRICT, _REGENCY = "62.06.05.2001", "62.06.05", "62.06"


@dataclass(frozen=True)
class Scene:
    """An installation with an open round; ``texts`` are what a scanner types, one card per family."""

    settings: Settings
    database: Database
    keys: KeyRing
    actor: Actor
    round_id: UUID
    texts: list[str]


@contextmanager
def set_scene(families: int, *, database_url: str | None = None) -> Iterator[Scene]:
    """Make an installation in a temporary folder, on SQLite when no database is named."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "instance"
        url = database_url or f"sqlite:///{home / 'kiosk.db'}"
        settings = Settings(home=home, database_url=url, passphrase=b"bench")
        list(installation.complete(settings, at=now()))
        database = Database(url)
        keys = load_keys(settings.keys_folder, b"bench", issuer=settings.issuer)
        try:
            yield _fill(settings, database, keys, families)
        finally:
            database.close()


def _fill(settings: Settings, database: Database, keys: KeyRing, families: int) -> Scene:
    at = now()
    with database.writing() as session:
        centre = Actor(officer_id=None, point_id=get_point(session, CENTRE).id)
        rest = {"actor": centre, "keys": keys, "at": at}
        point = add_point(session, code="BAGI", name="Balai desa", kind=PointKind.HANDOUT, area_code=_DISTRICT, **rest)
        hashed = make_password_hash(PASSWORD, username=OFFICER)
        officer = add_officer(
            session, point, username=OFFICER, name="Joko", password_hash=hashed, roles=[Role.DISTRIBUTOR], **rest
        )
        round_ = Round(
            programme_code="PANGAN",
            name="Tahap I",
            opens_on=at.date() - timedelta(days=1),
            closes_on=at.date() + timedelta(days=30),
            value=150_000,
            price=0,
            legal_reference="Uji",
            created_at=at,
        )
        session.add(round_)
        session.flush()
        roster = Roster(round_id=round_.id, point_id=point.id)
        session.add(roster)
        session.flush()
        rows: dict[type, list[dict[str, object]]] = {Family: [], Person: [], Card: [], Entitlement: []}
        texts = []
        for number, serial in enumerate(Random(1).sample(range(1_000_000), families)):
            family_id, head_id = new_id(), new_id()
            claims = CardClaims(
                number=CardNumber.make(_REGENCY, serial),
                head_name="Joko Prasetyo",
                region_code=_DISTRICT,
                family_id=number,
                birth_year=1980,
                issued_at=at,
                expires_at=at + timedelta(days=1825),
                issuer=keys.issuer,
                status_index=number,
            )
            cose = sign_card(claims, keys.signer)
            texts.append(to_text(cose))
            rows[Family].append(_family(family_id, number, at))
            rows[Person].append(_head(head_id, family_id, number, at))
            rows[Card].append(_card(family_id, head_id, claims, cose))
            rows[Entitlement].append(
                {"id": new_id(), "round_id": round_.id, "roster_id": roster.id, "family_id": family_id}
            )
        for model, some in rows.items():
            session.execute(insert(model), some)
        return Scene(settings, database, keys, Actor(officer.id, point.id), round_.id, texts)


def _family(family_id: UUID, number: int, at: object) -> dict[str, object]:
    return {
        "id": family_id,
        "reference": f"{number:08d}",
        "card_family_id": number,
        "village_code": _VILLAGE,
        "as_of": date(2026, 1, 31),
        "created_at": at,
        "updated_at": at,
    }


def _head(head_id: UUID, family_id: UUID, number: int, at: object) -> dict[str, object]:
    return {
        "id": head_id,
        "family_id": family_id,
        "nik_sealed": bytes(45),
        "nik_index": number.to_bytes(16, "big"),
        "name": "Joko Prasetyo",
        "relation": Relation.HEAD,
        "sex": Sex.MALE,
        "birth_date": date(1980, 5, 17),
        "updated_at": at,
    }


def _card(family_id: UUID, head_id: UUID, claims: CardClaims, cose: bytes) -> dict[str, object]:
    return {
        "id": new_id(),
        "number": claims.number,
        "family_id": family_id,
        "head_id": head_id,
        "head_name": claims.head_name,
        "region_code": claims.region_code,
        "issue_number": 1,
        "status_list": _REGENCY.replace(".", ""),
        "status_index": claims.status_index,
        "token": cose,
        "token_hash": sha256(cose).digest(),
        "state": CardState.ACTIVE,
        "issued_at": claims.issued_at,
        "expires_at": claims.expires_at,
    }
