"""What works in the background: the queue, its tasks, and the threads that take them."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from uuid import UUID

from huey import Huey, crontab
from huey.consumer import Consumer

from kiosk.clock import now
from kiosk.settings import Settings
from kiosk.work.drawing import Drawer
from kiosk.work.queue import EmbeddedConsumer, open_queue
from kiosk.work.sending import Sender
from registry.db import Database
from registry.keys.keys import KeyRing
from registry.prints.chunks import batches_to_draw, batches_to_print, folders_to_remove

__all__ = ["AT_ONCE", "Work"]

AT_ONCE = 4
"""Batches that one process draws and prints at once; a printer keeps its thread for hours."""

_LONGEST_PAUSE = 1.0  # seconds between two looks into an empty queue


@dataclass(frozen=True)
class _Tasks:
    queue: Huey
    draw: Callable[[str], object]
    print: Callable[[str], object]


class Work:
    """The background of one process: it can always queue work, and does some itself once it is started."""

    def __init__(self, settings: Settings, database: Database, keys: KeyRing) -> None:
        self._settings, self._database, self._keys = settings, database, keys
        self._stopped = threading.Event()
        self._consumer: Consumer | None = None

    def draw(self, batch_id: UUID) -> None:
        """Have a batch drawn; call it after the batch was committed."""
        self._tasks.draw(str(batch_id))

    def print(self, batch_id: UUID) -> None:
        """Have a batch sent to its printer; call it after that was committed."""
        self._tasks.print(str(batch_id))

    def start(self, *, at_once: int = AT_ONCE) -> None:
        """Work in threads of this process from now on."""
        self._consumer = EmbeddedConsumer(self._tasks.queue, workers=at_once, max_delay=_LONGEST_PAUSE)
        self.sweep()
        self._consumer.start()

    def run(self, *, at_once: int = AT_ONCE) -> None:
        """Work in threads of this process until it is told to end (SIGINT, SIGTERM)."""
        self._consumer = Consumer(self._tasks.queue, workers=at_once, max_delay=_LONGEST_PAUSE)
        self.sweep()
        self._consumer.run()

    def work_off(self) -> None:
        """Do what is queued now, in this thread, and return when nothing is."""
        queue = self._tasks.queue
        while (task := queue.dequeue()) is not None:
            queue.execute(task)

    def close(self) -> None:
        """Let what is being done end at its next step, and close the queue."""
        self._stopped.set()
        if self._consumer is not None:
            self._consumer.stop(graceful=True)
        if "_tasks" in self.__dict__:
            self._tasks.queue.storage.close()

    @cached_property
    def _tasks(self) -> _Tasks:
        """The queue, opened when it is first needed: most commands never do."""
        with self._database.alone():  # opening makes the queue's tables, and servers and workers start together
            queue = open_queue(self._settings)
        queue.periodic_task(crontab(minute="*"), name="sweep")(self.sweep)
        return _Tasks(queue, queue.task(name="draw_batch")(self._draw), queue.task(name="print_batch")(self._print))

    def _draw(self, batch_id: str) -> None:
        Drawer(self._settings, self._database, self._keys, _name_worker()).draw(UUID(batch_id))

    def _print(self, batch_id: str) -> None:
        Sender(self._settings, self._database, self._keys, _name_worker(), self._stopped).send(UUID(batch_id))

    def sweep(self) -> None:
        """Queue what nobody works on: its worker was killed, or its message was lost; and remove files of the past."""
        folder = self._settings.prints_folder
        lying = _batches_in(folder)
        with self._database.reading() as session:
            to_draw = batches_to_draw(session, at=now())
            to_print = batches_to_print(session, at=now())
            past = folders_to_remove(session, lying)
        for batch_id in to_draw:
            self.draw(batch_id)
        for batch_id in to_print:
            self.print(batch_id)
        for batch_id in past:
            shutil.rmtree(folder / str(batch_id), ignore_errors=True)


def _batches_in(folder: Path) -> list[UUID]:
    """Return the batches of which files lie here; a file system that machines share keeps things of its own there."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(ValueError):  # lost+found, .snapshot
            found.append(UUID(path.name))
    return found


def _name_worker() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{token_hex(4)}"
