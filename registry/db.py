"""The database: its base class, column types, engines, and sessions that read or write.

The HTTP method decides the transaction mode one room up; here stand the two modes themselves. Reading: SQLite
``query_only``, PostgreSQL ``READ ONLY``, so that a write fails. Writing: SQLite ``BEGIN IMMEDIATE`` (a deferred
transaction that turns into a writer fails with "database is locked" under load), PostgreSQL a plain transaction.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import Connection, DateTime, Dialect, Engine, Enum, MetaData, Uuid, create_engine, event, func, select
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from registry.errors import SettingFault

__all__ = ["Base", "Connection", "Database", "Session", "UtcTime", "choice", "id_column", "new_id"]

BUSY_MS = 15_000  # a writer waits this long for another one; an import's chunk holds the lock well under a second
_ALONE = 0x6B686200  # "khb": a number for advisory locks that no other program on the server is likely to choose
POOL_SIZE = 16  # as many as the server has threads; more would only wait


def new_id() -> UUID:
    """Return a fresh UUIDv7: unique across machines, and close to its neighbours in an index."""
    return uuid_utils.compat.uuid7()


class UtcTime(TypeDecorator[datetime]):
    """An aware time, stored in UTC and given back in UTC.

    Raises:
        ValueError: when a time without a zone is stored.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn any aware time into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the stored time back as aware UTC (SQLite keeps no zone)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every row; constraints get names by rule, so that tests and migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcTime, UUID: Uuid()}  # noqa: RUF012 (SQLAlchemy's own form)


def id_column() -> Mapped[UUID]:
    """Return the primary-key column of a row that another machine may create."""
    return mapped_column(Uuid(), primary_key=True, default=new_id)


def choice(kinds: type[StrEnum], name: str) -> Enum:
    """Return a text column type that holds the codes of a closed list, guarded by a named CHECK."""
    return Enum(
        kinds,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )


class Database:
    """One database, SQLite or PostgreSQL, with its two transaction modes.

    Args:
        url: an SQLAlchemy URL, ``sqlite:////path/kiosk.db`` or ``postgresql+psycopg://…``.

    Raises:
        SettingFault: code ``database_url_malformed``; the URL may hold a password and is not repeated.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = _backend(url) == "sqlite"
        self.engine = _open_sqlite(url, writes=True) if self.is_sqlite else _open_postgresql(url)
        """The engine that may write."""
        # on SQLite a pool of its own: switching query_only on and off costs every transaction a statement
        self._reader = (
            _open_sqlite(url, writes=False)
            if self.is_sqlite
            else self.engine.execution_options(postgresql_readonly=True)
        )
        # a single SELECT needs no transaction around it: on PostgreSQL that is two round trips less
        self._asker = (
            self._reader
            if self.is_sqlite
            else self.engine.execution_options(isolation_level="AUTOCOMMIT", postgresql_readonly=True)
        )

    def open_session(self, *, writes: bool) -> Session:
        """Return a session whose transaction may write or not; the caller commits and closes it."""
        return Session(self.engine if writes else self._reader, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that can only read."""
        with self.open_session(writes=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose work is committed once at the end, or not at all when an exception leaves it."""
        with self.open_session(writes=True) as session, session.begin():
            yield session

    @contextmanager
    def connecting(self, *, writes: bool) -> Iterator[Connection]:
        """Give a bare connection in one transaction, for the paths that leave the ORM aside."""
        with (self.engine if writes else self._reader).begin() as connection:
            yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """Give a bare connection for a single SELECT."""
        with self._asker.connect() as connection:
            yield connection

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait in line with the other processes that write in groups.

        SQLite has no line: who finds the lock taken sleeps and tries again, and starves beside a busy process (with two
        of them the 99th of 100 waited 4.6 s, in line 0.2 s). PostgreSQL has a line of its own.
        """
        file = make_url(self.url).database
        if not self.is_sqlite or not file:
            yield
            return
        with Path(f"{file}-turn").open("ab") as line:
            fcntl.flock(line, fcntl.LOCK_EX)
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one process at a time do this: of two that make a table "IF NOT EXISTS" at once, PostgreSQL fails one."""
        if self.is_sqlite:
            yield
            return
        with self.engine.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(_ALONE)))
            yield

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()
        self._reader.dispose()


def _backend(url: str) -> str:
    try:
        driver = make_url(url).drivername
    except ArgumentError as error:
        raise SettingFault("database_url_malformed") from error
    if driver not in ("sqlite", "postgresql+psycopg"):
        raise SettingFault("database_url_malformed")
    return driver


def _open_postgresql(url: str) -> Engine:
    # a failing statement is logged: without the names and addresses in its parameters
    engine = create_engine(url, pool_size=POOL_SIZE, max_overflow=POOL_SIZE, pool_pre_ping=True, hide_parameters=True)

    @event.listens_for(engine, "handle_error")
    def say_less(context: ExceptionContext) -> None:
        # the server's DETAIL holds the whole row ("Failing row contains …"), and both messages end up in the log
        told, raised = context.original_exception, context.sqlalchemy_exception
        full = str(told)
        told.args = (_without_values(told),)
        if raised is not None:
            raised.args = (str(raised.args[0]).replace(full, str(told)),)

    return engine


def _without_values(error: BaseException) -> str:
    """Return the first line of what PostgreSQL said; nothing of a data exception (class 22), which quotes the value."""
    state = getattr(error, "sqlstate", None) or ""
    return f"SQLSTATE {state}" if state.startswith("22") else str(error).partition("\n")[0]


def _open_sqlite(url: str, *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        hide_parameters=True,
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # pysqlite would begin deferred transactions of its own, through which 32 of 32 parallel claims pass
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # NORMAL lost acknowledged rows in 439 of 1,000 power cuts
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MS}",
            f"query_only={'OFF' if writes else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
