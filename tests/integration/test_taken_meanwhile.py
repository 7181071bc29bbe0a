"""Two who take the same name at the same moment: the second is told so, whichever look came first."""

from __future__ import annotations

from datetime import date
from threading import Thread

import pytest
from card_house import CardHouse, make_draft
from moment import NOW

from registry.db import Database, Session
from registry.errors import Conflict
from registry.families.families import register_family
from registry.kinds import PointKind, Role
from registry.officers.officers import add_officer
from registry.officers.points import add_point, get_point
from registry.programmes.rounds import Place, open_round

DAY = date(2026, 3, 2)


@pytest.fixture
def house(database: Database) -> CardHouse:
    return CardHouse(database, NOW)


def add_one(kind: str, house: CardHouse):
    """Return what adds a thing with a name that only one can have, always the same."""
    draft = make_draft()

    def officer(session: Session) -> None:
        point = get_point(session, "LOKET-1")
        rest = {"name": "Rina", "password_hash": "-", "roles": [Role.AUDITOR], **house.rest}
        add_officer(session, point, username="rina", **rest)

    def point(session: Session) -> None:
        add_point(session, code="BAGI-1", name="Balai", kind=PointKind.HANDOUT, area_code="62.06", **house.rest)

    def round_(session: Session) -> None:
        places = [Place(house.actor.point_id, ["62.06.05.2003"])]
        days = {"opens_on": DAY, "closes_on": DAY}
        open_round(session, "PANGAN", name="Tahap I", **days, places=places, entitled=lambda _: [], **house.rest)

    def family(session: Session) -> None:
        register_family(session, draft, source="DTSEN", as_of=DAY, **house.rest)

    return {"officer": officer, "point": point, "round": round_, "family": family}[kind]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("officer", "username_taken"),
        ("point", "point_code_taken"),
        ("round", "round_name_taken"),
        ("family", "family_number_known"),
    ],
)
def test_what_was_taken_after_the_look_is_a_conflict_and_no_broken_page(house, kind, code):
    add = add_one(kind, house)
    refusals: list[str] = []

    def add_too() -> None:
        try:
            with house.database.writing() as second:
                add(second)
        except Conflict as refused:
            refusals.append(refused.code)

    with house.database.writing() as first:
        add(first)
        # on PostgreSQL it looks, finds the name free, and then waits at the index; on SQLite it waits before it looks
        other = Thread(target=add_too)
        other.start()
        other.join(0.7)
        assert other.is_alive()
    other.join()
    assert refusals == [code]
