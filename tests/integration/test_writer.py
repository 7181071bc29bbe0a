"""Group commit: shared commits, and nobody harmed by a neighbour."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from registry.db import Database, new_id
from registry.giving.writer import GroupWriter
from registry.models import Hub

PATIENCE = 600.0
"""Seconds after which a test that waits for something gives up."""


class SpoiltError(Exception):
    """What an act that goes wrong raises."""


class Book:
    """An act that stores names, and remembers with how many others each group came."""

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.first_is_in = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, connection, names):
        self.groups.append(len(names))
        if names == ["first"]:
            self.first_is_in.set()
            assert self.go_on.wait(PATIENCE)
        for name in names:
            connection.execute(Hub.__table__.insert(), {"id": new_id(), "name": name, "is_own": False})
            if name.startswith("bad"):
                raise SpoiltError(name)
        return [f"stored {name}" for name in names]


def submit_together(writer: GroupWriter, book: Book, names: list[str]) -> list[object]:
    """Submit names so that all of them wait while a first one is being written, and return what each got."""

    def submit(name: str) -> object:
        try:
            return writer.submit(name)
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(names) + 1) as pool:
        first = pool.submit(submit, "first")
        assert book.first_is_in.wait(PATIENCE)
        rest = [pool.submit(submit, name) for name in names]
        while writer._queue.qsize() < len(names):
            pass
        book.go_on.set()
        assert first.result() == "stored first"
        return [one.result() for one in rest]


def stored(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(Hub.name).where(Hub.name != "first")))


@pytest.fixture
def book():
    return Book()


@pytest.fixture
def writer(database, book):
    writer = GroupWriter(database, book)
    yield writer
    writer.close()


def test_what_waits_together_is_committed_together(database, writer, book):
    names = [f"n{number:02d}" for number in range(20)]
    assert submit_together(writer, book, names) == [f"stored {name}" for name in names]
    assert book.groups == [1, 20]
    assert stored(database) == names


def test_a_group_has_a_largest_size(database, writer, book):
    submit_together(writer, book, [f"n{number:03d}" for number in range(70)])
    assert book.groups == [1, 64, 6]


def test_one_that_goes_wrong_harms_nobody_else(database, writer, book):
    answers = submit_together(writer, book, ["a", "bad one", "b", "bad two", "c"])
    assert [str(answer) for answer in answers] == ["stored a", "bad one", "stored b", "bad two", "stored c"]
    assert isinstance(answers[1], SpoiltError)
    assert stored(database) == ["a", "b", "c"]


def test_the_writer_lives_on_after_an_error(database, writer, book):
    for _ in range(3):
        with pytest.raises(SpoiltError):
            writer.submit("bad")
    assert writer.submit("good") == "stored good"
    assert stored(database) == ["good"]


def test_nobody_is_answered_when_the_commit_fails(database):
    with database.connecting(writes=True) as connection:
        connection.execute(
            text("CREATE TABLE pair (id int PRIMARY KEY, other int REFERENCES pair (id) DEFERRABLE INITIALLY DEFERRED)")
        )

    def act(connection, numbers):
        for number in numbers:
            connection.execute(text("INSERT INTO pair VALUES (:id, :other)"), {"id": number, "other": number + 1})
        return ["stored"] * len(numbers)

    writer = GroupWriter(database, act)
    with pytest.raises(IntegrityError):
        writer.submit(1)
    writer.close()
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM pair")) == 0


def test_an_act_that_answers_too_few_is_rolled_back(database):
    def forget(connection, asks):
        connection.execute(Hub.__table__.insert(), {"id": new_id(), "name": "forgotten", "is_own": False})
        return []

    writer = GroupWriter(database, forget)
    with pytest.raises(ValueError, match="zip"):
        writer.submit("x")
    writer.close()
    assert stored(database) == []


def test_a_database_that_is_away_gives_an_error_and_comes_back(database, writer):
    assert writer.submit("before") == "stored before"
    connecting = database.connecting
    try:
        database.connecting = lambda **_: (_ for _ in ()).throw(DBAPIError("BEGIN", None, Exception("away")))
        with pytest.raises(DBAPIError):
            writer.submit("during")
    finally:
        database.connecting = connecting
    assert writer.submit("after") == "stored after"
    assert stored(database) == ["after", "before"]


def test_closing_finishes_what_waits_and_takes_nothing_more(database, book):
    writer = GroupWriter(database, book)
    closing = threading.Timer(0, writer.close)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(writer.submit, "first")
        assert book.first_is_in.wait(PATIENCE)
        rest = [pool.submit(writer.submit, f"n{number}") for number in range(8)]
        while writer._queue.qsize() < 8:
            pass
        closing.start()
        while not writer._closed:
            pass
        book.go_on.set()
        assert first.result() == "stored first"
        assert [one.result() for one in rest] == [f"stored n{number}" for number in range(8)]
    closing.join()
    assert not any(thread.name == "group-writer" for thread in threading.enumerate())
    with pytest.raises(RuntimeError, match="closed"):
        writer.submit("late")


def test_a_writer_that_never_wrote_closes_at_once(database, book):
    GroupWriter(database, book).close()


def test_a_forked_process_writes_with_its_own_thread(database, writer):
    assert writer.submit("parent") == "stored parent"
    child = os.fork()
    if child == 0:
        # the connections of the parent are not the child's to use or to close
        database.engine.dispose(close=False)
        os._exit(0 if writer.submit("child") == "stored child" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert writer.submit("parent again") == "stored parent again"
    assert stored(database) == ["child", "parent", "parent again"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Hub)) == 3
