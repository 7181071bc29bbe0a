"""Group commit: one thread writes for all request threads of a process, and what has queued up is committed together.

A commit costs a flush to the disk (SQLite, ``synchronous=FULL``) or a flush and a round trip (PostgreSQL), and only one
writer can be at work at a time in any case. So while one group is being flushed the next one gathers: under load
many askers share a flush, and without load nobody waits for company. An asker is answered after the commit that holds
its work, never before.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from registry.db import Connection, Database

__all__ = ["GroupWriter"]

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")

_LARGEST_GROUP = 64  # twice the most clients that are promised for; larger groups only make the first one wait


class GroupWriter(Generic[Ask, Answer]):
    """Runs one kind of act for many threads, in groups that share a transaction.

    The thread begins with the first asker, separately in every process: a writer made before a fork works after it.

    Args:
        database: where the act writes.
        act: does a group of asks on a connection and returns their answers in the same order. It must be ready to be
            run again: when it fails for a group, the group is rolled back and each ask is run alone, so that one bad
            ask harms nobody else.
    """

    def __init__(self, database: Database, act: Callable[[Connection, Sequence[Ask]], Sequence[Answer]]) -> None:
        self._database = database
        self._act = act
        self._thread: threading.Thread | None = None
        self._begin()
        _writers.add(self)

    def submit(self, ask: Ask) -> Answer:
        """Have one ask done, and return its answer when it is committed.

        Raises:
            RuntimeError: when the writer was closed.
            Exception: what the act, or the commit, failed with. After a failed commit it is not known whether the work
                was stored (a connection can die in between): ask again in a way that can be repeated.
        """
        answer: Future[Answer] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the writer is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="group-writer", daemon=True)
                self._thread.start()
            self._queue.put((ask, answer))
        return answer.result()

    def close(self) -> None:
        """Do what has queued up, and end the thread; nothing is taken any more."""
        with self._lock:
            self._closed = True
            thread = self._thread
            self._queue.put(None)
        if thread is not None:
            thread.join()

    def _begin(self) -> None:
        self._queue: SimpleQueue[tuple[Ask, Future[Answer]] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread = None
        self._closed = False

    def _work(self) -> None:
        while group := self._next_group():
            self._write(group)

    def _next_group(self) -> list[tuple[Ask, Future[Answer]]]:
        group: list[tuple[Ask, Future[Answer]]] = []
        try:
            item = self._queue.get()
            while item is not None:
                group.append(item)
                if len(group) == _LARGEST_GROUP:
                    return group
                item = self._queue.get_nowait()
        except Empty:
            return group
        if group:
            self._queue.put(None)  # closing: this group first, then the end
        return group

    def _write(self, group: list[tuple[Ask, Future[Answer]]]) -> None:
        acting = False
        try:
            with self._database.turn(), self._database.connecting(writes=True) as connection:
                acting = True
                answers = self._act(connection, [ask for ask, _ in group])
                answered = list(zip(group, answers, strict=True))
                acting = False
        except BaseException as error:  # whatever it is: nobody may wait for ever, and the thread lives on
            if acting and len(group) > 1:
                for alone in group:
                    self._write([alone])
                return
            for _, answer in group:
                answer.set_exception(error)
            return
        for (_, answer), result in answered:
            answer.set_result(result)


def _begin_anew() -> None:
    for writer in _writers:
        writer._begin()


_writers: WeakSet[GroupWriter[Any, Any]] = WeakSet()
# a fork copies neither the thread nor what the others were doing with the lock and the queue
os.register_at_fork(after_in_child=_begin_anew)
