"""The only clock: everything below this room is handed the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def lasting(seconds: float) -> Callable[[], bool]:
    """Return a question whose answer is yes for so many seconds from now, whatever is done to the machine's clock."""
    end = monotonic() + seconds
    return lambda: monotonic() < end
