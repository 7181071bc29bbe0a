"""Bring a database's schema to the newest migration, and say where it stands."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from registry.db import Database
from registry.errors import SettingFault

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's settings bound to an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate to a revision, all or nothing.

    Foreign keys are off on SQLite while tables may be rebuilt (with them on, a rebuild deletes the children), and
    checked before the commit.

    Raises:
        RuntimeError: when the migrated database would break a foreign key; nothing is changed then.
    """
    _migrate(database, lambda config: command.upgrade(config, revision))


def downgrade(database: Database, revision: str) -> None:
    """Migrate back to a revision, all or nothing; raises as :func:`upgrade` does."""
    _migrate(database, lambda config: command.downgrade(config, revision))


def _migrate(database: Database, step) -> None:  # type: ignore[no-untyped-def]
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                step(alembic_config(connection))
                if database.is_sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
                    raise RuntimeError("the migration would leave rows without their parent")
        finally:
            if database.is_sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def is_current(database: Database) -> bool:
    """Tell whether the database stands at the newest migration.

    Raises:
        SettingFault: code ``database_unreachable``.
    """
    try:
        with database.engine.connect() as connection:
            head = ScriptDirectory.from_config(alembic_config(connection)).get_current_head()
            return MigrationContext.configure(connection).get_current_revision() == head
    except OperationalError as error:
        raise SettingFault("database_unreachable") from error
