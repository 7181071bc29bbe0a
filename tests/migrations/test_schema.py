"""The migrations lead to the models and back, on both databases."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import DatabaseError

from registry import models, schema
from registry.db import Base, Database


def test_migrated_schema_is_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_foreign_key_of_the_models_exists(database: Database) -> None:
    inspector = inspect(database.engine)
    for table in Base.metadata.tables.values():
        found = {tuple(key["constrained_columns"]) for key in inspector.get_foreign_keys(table.name)}
        wanted = {tuple(key.column_keys) for key in table.foreign_key_constraints}
        assert found == wanted, table.name


def test_down_and_up_again_leaves_the_same_schema(database: Database) -> None:
    def tables() -> set[str]:
        return set(inspect(database.engine).get_table_names())

    before = tables()
    schema.downgrade(database, "base")
    assert tables() == {"alembic_version"}
    schema.upgrade(database)
    assert tables() == before


def test_a_fresh_schema_is_current(database: Database) -> None:
    assert schema.is_current(database)


@pytest.mark.parametrize("statement", ["UPDATE hub SET name = 'x'", "DELETE FROM hub"])
def test_a_reading_session_cannot_write(database: Database, statement: str) -> None:
    from sqlalchemy import text

    with database.writing() as session:
        session.add(models.Hub(name="Pusat"))
    with database.reading() as session, pytest.raises(DatabaseError):
        session.execute(text(statement))
