"""The lease of a batch, kept for as long as its worker lives, however long one step of the work takes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import TracebackType

__all__ = ["KeptLease"]

_log = logging.getLogger(__name__)


class KeptLease:
    """Renews a lease in a thread of its own; use it in a ``with`` statement.

    Drawing the next sheet may take a minute, and a printer that hangs half a minute more for each question: a worker
    that renewed between two steps would be given up for dead, and another would begin beside him.

    Args:
        renew: renews it, and tells whether it still is this worker's.
        every: seconds between two signs of life.
    """

    def __init__(self, renew: Callable[[], bool], *, every: float) -> None:
        self._renew, self._every = renew, every
        self._over, self._lost = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    @property
    def holds(self) -> bool:
        """Whether nobody else has taken over, as far as is known."""
        return not self._lost.is_set()

    def __enter__(self) -> KeptLease:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._over.wait(self._every):
            try:
                if not self._renew():
                    self._lost.set()
                    return
            except Exception:  # the database was away for a moment; the lease outlasts six signs of life
                _log.exception("a lease could not be renewed")
