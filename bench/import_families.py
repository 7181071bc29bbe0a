"""How fast is a long family list imported, against the bare driver inserting the same rows, and in how much memory?

    python -m bench.import_families [--families 300000] [--list LIST.csv] [--database URL]

Without --list an invented list is made. Without --database an SQLite file is used; a URL must name an empty database.
The floor writes the very rows that the import has written (ciphertext and all) into a second, equally migrated
database with one executemany and one transaction per table and 1,000 rows.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from registry import schema
from registry.audit import Actor
from registry.db import Database
from registry.families.demo import invent_families
from registry.importing import apply_list, plan_list
from registry.keys.keys import load_keys, make_missing_keys
from registry.kinds import PointKind
from registry.models import Family, FamilyFacts, FamilyNumber, Person, PersonFacts, ServicePoint
from registry.regions import load_regions, village_codes
from tests.lists import HEADER, as_csv, rows_of

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TABLES = [model.__table__ for model in (Family, FamilyNumber, Person, FamilyFacts, PersonFacts)]
ISSUER = "https://kk.contoh.invalid"
ROWS_IN_ONE_STATEMENT = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, default=300_000)
    parser.add_argument("--list", type=Path)
    parser.add_argument("--database")
    parser.add_argument("--floor-database", help="a second empty database, for PostgreSQL")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database, actor = open_empty(given.database or f"sqlite:///{folder}/kiosk.db")
        path = given.list or make_list(folder / "list.csv", given.families, database)
        make_missing_keys(folder / "keys", b"bench", issuer=ISSUER, at=AT)
        keys = load_keys(folder / "keys", b"bench", issuer=ISSUER)
        before = peak_mb()
        began = time.perf_counter()
        planned = plan_list(
            database, path, path.name, as_of=date(2026, 1, 31), folder=folder / "lists", actor=actor, keys=keys, at=AT
        )
        plan_s = time.perf_counter() - began
        plan_mb = peak_mb()
        pieces: list[float] = []
        last = began = time.perf_counter()

        def progress(_done: int, _total: int) -> None:
            nonlocal last
            pieces.append(time.perf_counter() - last)
            last = time.perf_counter()

        apply_list(database, planned.id, folder=folder / "lists", actor=actor, keys=keys, at=AT, progress=progress)
        apply_s = time.perf_counter() - began
        apply_mb = peak_mb()
        floor, _ = open_empty(given.floor_database or f"sqlite:///{folder}/floor.db")
        rows, floor_s = copy_bare(database, floor)
        lines = planned.counts["lines"]
        pieces.sort()
        print(f"{'list':<28}{lines:>12,} rows, {planned.families_total:,} families, {database.engine.dialect.name}")
        print(f"{'plan':<28}{plan_s:>12.1f} s  {lines / plan_s:>10,.0f} rows/s   peak {plan_mb:,.0f} MB")
        print(f"{'apply':<28}{apply_s:>12.1f} s  {lines / apply_s:>10,.0f} rows/s   peak {apply_mb:,.0f} MB")
        print(f"{'both':<28}{plan_s + apply_s:>12.1f} s  {lines / (plan_s + apply_s):>10,.0f} rows/s")
        print(f"{'memory before':<28}{before:>12,.0f} MB")
        print(
            f"{'one piece of the apply':<28}{pieces[len(pieces) // 2] * 1000:>12,.0f} ms in the middle, "
            f"{pieces[int(len(pieces) * 0.99)] * 1000:,.0f} ms p99"
        )
        bare = f"{lines / floor_s:>10,.0f} rows/s of the list, {rows:,} inserted"
        print(f"{'floor: the same rows bare':<28}{floor_s:>12.1f} s  {bare}")
        print(f"{'apply against the floor':<28}{floor_s / apply_s:>12.2f}")
        print(f"{'plan and apply against it':<28}{floor_s / (plan_s + apply_s):>12.2f}")
        database.close()
        floor.close()


def open_empty(url: str) -> tuple[Database, Actor]:
    """Open and migrate a database, with the regions and one service point."""
    database = Database(url)
    schema.upgrade(database)
    with database.writing() as session:
        load_regions(session)
        point = ServicePoint(code="BENCH", name="Bench", kind=PointKind.OFFICE, area_code="62")
        session.add(point)
        session.flush()
        return database, Actor(None, point.id)


def make_list(path: Path, count: int, database: Database) -> Path:
    """Write a clean invented list over all villages of the province."""
    with database.reading() as session:
        villages = sorted(village_codes(session))
    families = invent_families(villages=villages, seed=1, today=date(2026, 1, 31))
    with path.open("wb") as file:
        file.write(as_csv([], header=HEADER))
        left = count
        while left:
            some = list(islice(families, min(left, 1_000)))
            left -= len(some)
            file.write(as_csv(rows_of(some)).split(b"\r\n", 1)[1])
    return path


def copy_bare(source: Database, target: Database) -> tuple[int, float]:
    """Write the families of one database into another by the driver alone; return the rows and the seconds."""
    spent = 0.0
    total = 0
    raw = target.engine.raw_connection()
    cursor = raw.cursor()
    for table in TABLES:
        columns = [column.name for column in table.columns]
        marks = ", ".join("?" if target.is_sqlite else "%s" for _ in columns)
        statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"
        with source.engine.connect() as connection:
            result = connection.exec_driver_sql(f"SELECT {', '.join(columns)} FROM {table.name}")
            while rows := result.fetchmany(ROWS_IN_ONE_STATEMENT):
                values = [tuple(row) for row in rows]
                began = time.perf_counter()
                if target.is_sqlite:
                    cursor.execute("BEGIN IMMEDIATE")
                cursor.executemany(statement, values)
                if target.is_sqlite:
                    cursor.execute("COMMIT")
                else:
                    raw.commit()
                spent += time.perf_counter() - began
                total += len(values)
    raw.close()
    return total, spent


def peak_mb() -> float:
    """Return the most memory that this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
