"""How long does it take to tell a family its status in every programme, and in how many statements?

    python -m bench.statuses [--families 4000] [--asked 300] [--only sqlite|postgresql]

Every programme of the catalogue that has rounds has two open ones that list the families of the scene. Measured is
``statuses_of``: reading, rules and reasons, without the page around it.
"""

from __future__ import annotations

import argparse
import time
from datetime import timedelta
from random import Random

from sqlalchemy import event, insert, select

from bench.scene import Scene, set_scene
from bench.server import own_postgresql
from kiosk.clock import now
from registry.days import local_day
from registry.db import new_id
from registry.models import Family, FamilyFacts, Roster
from registry.programmes.rounds import Place, list_round_programmes
from verify.rounds import open_round_for_villages
from verify.statuses import statuses_of

ROUNDS = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, default=4_000)
    parser.add_argument("--asked", type=int, default=300)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    asked = parser.parse_args()
    print(f"{'':12}{'programmes':>12}{'rounds':>8}{'statements':>12}{'p50':>10}{'p99':>10}")
    if asked.only != "postgresql":
        _measure("SQLite", None, asked)
    if asked.only != "sqlite":
        with own_postgresql() as url:
            _measure("PostgreSQL", url, asked)


def _measure(name: str, database_url: str | None, asked: argparse.Namespace) -> None:
    with set_scene(asked.families, database_url=database_url) as scene:
        rounds = _open_rounds(scene)
        statements = 0

        def count(*_: object) -> None:
            nonlocal statements
            statements += 1

        took = []
        with scene.database.reading() as session:
            families = list(session.scalars(select(Family.id)))
        for family_id in Random(1).sample(families, min(asked.asked, len(families))):
            with scene.database.reading() as session:
                family = session.get_one(Family, family_id)
                connection = session.connection()
                event.listen(connection, "before_cursor_execute", count)
                start = time.perf_counter()
                found = statuses_of(session, family, at=now())
                took.append(time.perf_counter() - start)
        took.sort()
        middle, last = took[len(took) // 2], took[int(len(took) * 0.99)]
        print(
            f"{name:12}{len(found):12}{rounds:8}{statements / len(took):12.1f}"
            f"{middle * 1000:8.1f}ms{last * 1000:8.1f}ms"
        )


def _open_rounds(scene: Scene) -> int:
    at = now()
    today = local_day(at)
    with scene.database.writing() as session:
        said = {"source": "DTSEN", "as_of": today, "recorded_at": at, "receives_pkh": False}
        session.execute(
            insert(FamilyFacts),
            [
                {"id": new_id(), "family_id": family_id, "desil": 1 + place % 6, **said}
                for place, family_id in enumerate(session.scalars(select(Family.id)))
            ],
        )
        point_id = session.scalars(select(Roster.point_id)).first()
        villages = list(session.scalars(select(Family.village_code).distinct()))
        opened = 0
        for programme in list_round_programmes(session):
            for number in range(ROUNDS):
                open_round_for_villages(
                    session,
                    programme.code,
                    name=f"Ukur {number}",
                    opens_on=today,
                    closes_on=today + timedelta(days=30),
                    places=[Place(point_id, villages)],
                    actor=scene.actor,
                    keys=scene.keys,
                    at=at,
                )
                opened += 1
    return opened + 1


if __name__ == "__main__":
    main()
