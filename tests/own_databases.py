"""Databases of a test's own on a PostgreSQL server: copied from a template in milliseconds, dropped afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url


def make_postgresql(server: str, template: str = "template1") -> str:
    """Make a database as a copy of a template, and return its URL."""
    name = f"khb_{uuid4().hex[:12]}"
    _command(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def copied_postgresql(server: str, template_url: str) -> Iterator[str]:
    """Give the URL of a copy of a database, for as long as it is used."""
    url = make_postgresql(server, str(make_url(template_url).database))
    yield url
    _command(server, f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


def _command(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
