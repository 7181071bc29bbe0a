"""How long does it take to find everybody whom a programme entitles, against one bare SQL statement?

    python -m bench.determination [--families 300000] [--only sqlite|postgresql]

Both give the ids of the families, or of the people, with their villages; the bare statement has the rule's conditions
written by hand. "Listed" is what an officer waits for who prepares a round of all villages: the same, with why all the
others are not entitled, counted, and the rows of the list written. "Tried" is who is entitled under another limit of
desil, who enters and who leaves, by kabupaten, with samples.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.province import fill_province
from bench.server import own_postgresql
from kiosk import installation
from kiosk.settings import Settings
from registry.audit import Actor
from registry.days import local_day
from registry.db import Database
from registry.keys.keys import KeyRing, load_keys
from registry.models import Programme
from registry.officers.points import CENTRE, get_point
from registry.programmes.rounds import Place, prepare_round
from registry.regions import PROVINCE, village_codes
from verify.clauses import read_rule
from verify.evaluating import subjects_under
from verify.rounds import evaluate_round
from verify.trying import try_rule

AT = datetime(2026, 11, 22, 2, tzinfo=UTC)
RUNS = 3
_NEWEST = (
    "(SELECT said.{0} FROM family_facts said WHERE said.family_id = family.id AND said.{0} IS NOT NULL "
    "ORDER BY said.as_of DESC, said.id DESC LIMIT 1)"
)
_BARE = {
    "PANGAN": (
        "SELECT family.id, family.village_code FROM family WHERE family.state = 'active' "
        f"AND {_NEWEST.format('desil')} <= 2 "
        f"AND {_NEWEST.format('receives_pkh')} IS NOT TRUE "
        f"AND {_NEWEST.format('receives_sembako')} IS NOT TRUE "
        f"AND {_NEWEST.format('receives_blt_dd')} IS NOT TRUE "
        "ORDER BY family.village_code, family.id"
    ),
    "SEKOLAH": (
        "SELECT person.family_id, person.id, family.village_code FROM person "
        "JOIN family ON family.id = person.family_id "
        "WHERE family.state = 'active' AND person.state = 'living' "
        # from 14 years to 21, on 22 November 2026
        "AND person.birth_date BETWEEN '2004-11-23' AND '2012-11-22' "
        f"AND {_NEWEST.format('desil')} <= 4 "
        "ORDER BY family.village_code, family.id, person.id"
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, default=300_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    asked = parser.parse_args()
    print(f"{'':12}{'programme':12}{'entitled':>10}{'bare SQL':>10}{'here':>9}{'ratio':>7}{'listed':>9}{'tried':>9}")
    with tempfile.TemporaryDirectory() as folder:
        if asked.only != "postgresql":
            home = Path(folder) / "sqlite"
            _measure("SQLite", home, f"sqlite:///{home / 'kiosk.db'}", asked.families)
        if asked.only != "sqlite":
            with own_postgresql() as url:
                _measure("PostgreSQL", Path(folder) / "postgresql", url, asked.families)


def _measure(name: str, home: Path, url: str, families: int) -> None:
    settings = Settings(home=home, database_url=url, passphrase=b"bench")
    list(installation.complete(settings, at=AT))
    keys = load_keys(settings.keys_folder, b"bench", issuer=settings.issuer)
    database = Database(url)
    fill_province(database, families, at=AT)
    with database.reading() as session:
        villages = sorted(village_codes(session))
        for code, statement in _BARE.items():
            programme = session.get_one(Programme, code)
            rule = read_rule(programme.clauses, programme.subject)
            bare = here = float("inf")
            for _ in range(RUNS):
                took, found = _time(lambda statement=statement: session.execute(text(statement)).all())
                bare = min(bare, took)
                took, entitled = _time(
                    lambda rule=rule: list(subjects_under(session, rule, villages=villages, today=local_day(AT)))
                )
                here = min(here, took)
                if len(found) != len(entitled):
                    raise SystemExit(f"{code}: {len(found)} by the statement, {len(entitled)} by the rule")
            clauses = [
                {**one, "expression": one["expression"].replace("desil <=", "1 + desil <=")}
                for one in programme.clauses
            ]
            tried, _ = _time(
                lambda programme=programme, clauses=clauses: try_rule(session, programme, clauses, area=PROVINCE, at=AT)
            )
            listed = _list_all(database, keys, code, villages, expected=len(found))
            print(
                f"{name:12}{code:12}{len(found):10,}{bare:8.2f} s{here:7.2f} s{here / bare:7.1f}"
                f"{listed:7.2f} s{tried:7.2f} s"
            )
    database.close()


def _list_all(database: Database, keys: KeyRing, code: str, villages: list[str], *, expected: int) -> float:
    """Return the seconds that the list of a round of all villages takes; nothing of it is kept."""
    with database.writing() as session:
        centre = get_point(session, CENTRE).id
        rest: dict[str, Any] = {"actor": Actor(officer_id=None, point_id=centre), "keys": keys, "at": AT}
        day = local_day(AT)
        places = [Place(centre, villages)]
        round_ = prepare_round(session, code, name="Ukur", opens_on=day, closes_on=day, places=places, **rest)
        took, evaluation = _time(lambda: evaluate_round(session, round_, **rest))
        session.rollback()
    if evaluation.entitled != expected:
        raise SystemExit(f"{code}: {evaluation.entitled} on the list, {expected} by the statement")
    return took


def _time(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    done = work()
    return time.perf_counter() - start, done


if __name__ == "__main__":
    main()
