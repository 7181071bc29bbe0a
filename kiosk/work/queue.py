"""The queue: a file of its own beside SQLite, tables of its own in PostgreSQL; both by huey."""

from __future__ import annotations

import json
from typing import Any

from huey import Huey, PostgresHuey, SqliteHuey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer

from kiosk.settings import Settings

__all__ = ["EmbeddedConsumer", "open_queue"]

_NAME = "kiosk"


class _JsonSerializer(Serializer):  # type: ignore[misc] # huey has no types
    """Messages as JSON: huey's own way (pickle) would run whatever somebody writes into the queue."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(data))


class EmbeddedConsumer(Consumer):  # type: ignore[misc] # huey has no types
    """A consumer inside a process that has signal handlers of its own."""

    def _set_signal_handlers(self) -> None:
        pass


def open_queue(settings: Settings) -> Huey:
    """Open the queue of an installation; it is made when it isn't there."""
    rest: dict[str, Any] = {"results": False, "serializer": _JsonSerializer()}
    if settings.database_url.startswith("sqlite"):
        return SqliteHuey(_NAME, filename=str(settings.queue_file), **rest)
    dsn = settings.database_url.replace("postgresql+psycopg:", "postgresql:", 1)
    # asked for each second rather than listened to: connections that only listen are never closed by huey
    return PostgresHuey(_NAME, dsn=dsn, blocking=False, **rest)
