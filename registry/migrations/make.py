"""Write the next migration from what the models say and the newest migration lacks: ``make migration NAME=…``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from registry import schema
from registry.db import Database


def make_migration(name: str) -> None:
    """Write ``versions/NNNN_name.py``; a person reads and mends it before it is committed."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'empty.db'}")
        schema.upgrade(database)
        with database.engine.connect() as connection, connection.begin():
            config = schema.alembic_config(connection)
            newest = ScriptDirectory.from_config(config).get_current_head()
            number = f"{int(newest or 0) + 1:04d}"
            command.revision(config, message=name, autogenerate=True, rev_id=number)
        database.close()


if __name__ == "__main__":
    make_migration(sys.argv[1])
