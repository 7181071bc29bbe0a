"""A registry of a whole province to measure on: families, people and facts, made by one statement for each table."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from registry import regions, schema
from registry.db import Database
from registry.programmes.catalogue import load_programmes

PEOPLE = 4  # of each family
# Spread by multiplying with primes: facts neither in the order of the rows nor in step with each other. Half of the
# families have a second, newer statement, as after a quarterly refresh; in it a null says nothing.
_TABLES = """
INSERT INTO family (id, reference, card_family_id, village_code, address, rt, rw, state, as_of, created_at, updated_at)
SELECT {family}, 'F' || i, i, v.code, 'Jl. Betang', '001', '001', CASE i % 50 WHEN 0 THEN 'moved' ELSE 'active' END,
    '2026-01-15', '2026-01-15 00:00:00', '2026-01-15 00:00:00'
FROM n JOIN v ON v.place = i * v.number / :families

INSERT INTO family_facts (id, family_id, source, as_of, recorded_at, desil, receives_pkh, receives_sembako,
    receives_blt_dd)
SELECT {family}, {family}, 'DTSEN', '2026-01-15', '2026-01-15 00:00:00', i * 7919 % 10 + 1,
    i * 104729 % 7 = 0, i * 1299709 % 5 = 0, i * 15485863 % 9 = 0
FROM n

INSERT INTO family_facts (id, family_id, source, as_of, recorded_at, desil, receives_pkh, receives_sembako,
    receives_blt_dd)
SELECT {later}, {family}, 'DTSEN', '2026-04-15', '2026-04-15 00:00:00', i * 7927 % 10 + 1, NULL, i % 3 = 0, NULL
FROM n WHERE i % 2 = 0

INSERT INTO person (id, family_id, position, nik_sealed, nik_index, name, relation, sex, birth_date, state, updated_at)
SELECT {person}, {family}, i % {people}, {bytes}, {index}, 'Joko Prasetyo',
    CASE i % {people} WHEN 0 THEN 'head' WHEN 1 THEN 'wife' ELSE 'child' END,
    CASE i % 2 WHEN 0 THEN 'L' ELSE 'P' END, {born}, CASE i % 60 WHEN 7 THEN 'dead' ELSE 'living' END,
    '2026-01-15 00:00:00'
FROM n
"""
_SQLITE = {
    "family": "printf('%032x', {i})",
    "later": "printf('%032x', 4294967296 + i)",
    "person": "printf('%032x', i)",
    "born": "date('1946-01-01', '+' || (i * 9973 % 29000) || ' days')",
    "bytes": "zeroblob(45)",
    "index": "CAST(printf('%016d', i) AS BLOB)",
}
_POSTGRESQL = {
    "family": "lpad(to_hex({i}), 32, '0')::uuid",
    "later": "lpad(to_hex(4294967296 + i), 32, '0')::uuid",
    "person": "lpad(to_hex(i), 32, '0')::uuid",
    "born": "date '1946-01-01' + (i * 9973 % 29000)::int",
    "bytes": "decode(repeat('00', 45), 'hex')",
    "index": "convert_to(lpad(i::text, 16, '0'), 'UTF8')",
}


def fill_province(database: Database, families: int, *, at: datetime) -> None:
    """Make the schema, the regions, the programmes, and so many families with four people each."""
    schema.upgrade(database)
    with database.writing() as session:
        regions.load_regions(session)
        load_programmes(session, at=at)
        for statement in _TABLES.strip().split("\n\n"):
            of_people = statement.startswith("INSERT INTO person ")
            own = _SQLITE if database.is_sqlite else _POSTGRESQL
            terms = {**own, "family": own["family"].format(i=f"(i / {PEOPLE})" if of_people else "i"), "people": PEOPLE}
            rows, numbers = (
                statement.format(**terms),
                ("n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :rows)"),
            )
            villages = (
                "v AS (SELECT code, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS number "
                "FROM region WHERE level IN ('desa', 'kelurahan'))"
            )
            into, _, query = rows.partition("\nSELECT ")
            session.execute(
                text(f"{into}\nWITH RECURSIVE {numbers}, {villages} SELECT {query}"),
                {"rows": families * PEOPLE if of_people else families, "families": families},
            )
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
