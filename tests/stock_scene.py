"""A service point with a queue and a stock: the giving scene, with families along the lanes of one village."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from giving_scene import Scene, set_scene
from sqlalchemy import update

from registry.db import Database, Session, new_id
from registry.giving.stock import note_stock
from registry.kinds import StockKind
from registry.models import Family, Roster, StockEntry
from registry.programmes.queue import Allotment, allot_tickets
from registry.programmes.schedules import plan_sessions
from verify.redeem import Given, Refused, redeem_all

MORNING, NOON = (time(8), time(10)), (time(10), time(12))


def set_lanes(database: Database, now: datetime, *, families: int) -> Scene:
    """Put a scene into an empty database whose families live in three RT of one RW, mixed."""
    scene = set_scene(database, now, families=families)
    with database.writing() as session:
        for place, family_id in enumerate(scene.families):
            session.execute(
                update(Family)
                .where(Family.id == family_id)
                .values(rt=f"00{place % 3 + 1}", rw="001", address="Jl. Uji")
            )
    return scene


def roster_of(session: Session, scene: Scene) -> Roster:
    """Return the scene's roster in this session."""
    return session.get_one(Roster, scene.roster_id)


def invite_all(
    database: Database, scene: Scene, *, capacity: int, first_day: date, windows: Any = (MORNING, NOON)
) -> Allotment:
    """Plan as many sessions as are needed, and give out the numbers."""
    with database.writing() as session:
        roster = roster_of(session, scene)
        plan_sessions(session, roster, first_day=first_day, windows=windows, capacity=capacity, **scene.rest)
        session.flush()
        return allot_tickets(session, roster, **scene.rest)


def ask(database: Database, scene: Scene, family: int, *, key: str = "", at: datetime | None = None) -> Given | Refused:
    """Ask for a family's package."""
    with database.connecting(writes=True) as connection:
        request = scene.request(family, key=key or f"k{family}", at=at or scene.now)
        return redeem_all(connection, [request], audit_key=scene.keys.audit_key)[0]


def give(database: Database, scene: Scene, family: int, *, key: str = "", at: datetime | None = None) -> Given:
    """Give a family its package."""
    answer = ask(database, scene, family, key=key, at=at)
    assert isinstance(answer, Given), answer
    return answer


def note(database: Database, scene: Scene, kind: StockKind, quantity: int, **other: Any) -> StockEntry:
    """Note a change of the scene's stock."""
    usual: dict[str, Any] = {"entry_id": new_id(), "document": "SJ-1", "note": "basah"}
    with database.writing() as session:
        return note_stock(session, roster_of(session, scene), kind, quantity=quantity, **(usual | other), **scene.rest)
