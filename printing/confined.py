"""Work that may not end, or may swallow the machine: done in a child process with limits, and killed at them.

A design is a file that an office made, and a list may be as long as a province. Laying out HTML has no bound of its
own (twenty boxes within each other, as flex, take more than a minute), so WeasyPrint gets such work where it can be
stopped.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from signal import SIGXCPU, Signals
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Event, Timer
from types import TracebackType
from typing import IO, Any, ParamSpec, TypeVar

from printing.confined_child import OUT_OF_MEMORY
from printing.errors import PrintingError

__all__ = ["Confined", "run_confined"]

_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "XDG_DATA_DIRS")
"""What the child is told of the environment: where things lie, and never where the database is or what opens keys."""

_OUT_OF_MEMORY = (
    b"MemoryError",
    b"failed to allocate",
    b"out of memory",
    b"std::bad_alloc",
    b"Cannot allocate memory",
    b"Error creating thread",
)
"""What Python, GLib, FreeType and C++ say last when the limit stops them in the middle of their own work."""

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


class Confined:
    """A child process that does one call after the other; use it in a ``with`` statement, from one thread.

    The child has no network where the system lets it give that up, a memory limit, a limit for the files it writes (the
    same number), and none of the parent's secrets. Starting one takes 0.1 s, importing WeasyPrint there 0.7 s more;
    after a call that ended badly the next one gets a new child.

    Args:
        seconds: that one call may take, by the clock and of the processor.
        megabytes: of address space for the whole child; WeasyPrint alone needs about 300.
    """

    def __init__(self, *, seconds: float, megabytes: int) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._child: _Child | None = None

    def __enter__(self) -> Confined:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._end()

    def run(self, function: Callable[_Asked, _Answer], *args: _Asked.args, **named: _Asked.kwargs) -> _Answer:
        """What ``function`` returns in the child; function, arguments and answer must be picklable.

        Raises:
            PrintingError: ``took_too_long``, ``took_too_much_memory`` or ``worker_died`` (about: by which signal).
            Exception: whatever the function raised.
        """
        if self._child is None:
            self._child = _Child(self._megabytes)
        try:
            is_good, answer = self._child.ask((function, args, named, self._seconds), seconds=self._seconds)
        except BaseException:
            self._end()
            raise
        if is_good:
            return answer  # type: ignore[no-any-return]
        raise answer

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def run_confined(
    function: Callable[..., _Answer], *args: object, seconds: float, megabytes: int, **named: object
) -> _Answer:
    """Call ``function(*args)`` in a fresh child process; what `Confined.run` says holds.

    Raises:
        PrintingError: as `Confined.run`.
    """
    with Confined(seconds=seconds, megabytes=megabytes) as confined:
        return confined.run(function, *args, **named)


class _Child:
    def __init__(self, megabytes: int) -> None:
        # a killed child can't clean up after itself
        self._scratch = TemporaryDirectory(prefix="kartu-")
        self._said: IO[bytes] = TemporaryFile()  # noqa: SIM115 (closed by `end`)
        ours, theirs = Pipe()
        self._line: Connection = ours
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                [sys.executable, "-m", "printing.confined_child", str(theirs.fileno()), str(megabytes)],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def ask(self, request: object, *, seconds: float) -> tuple[bool, Any]:
        is_late = Event()

        def stop() -> None:
            is_late.set()
            self._process.kill()

        timer = Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            self._line.send(request)
            answer: tuple[bool, Any] = self._line.recv()
            return answer
        except (EOFError, OSError):
            self._process.wait()
            raise self._death(is_late=is_late.is_set()) from None
        finally:
            timer.cancel()
            timer.join()

    def end(self) -> None:
        # before the line: a child that sees it closed takes the folder away itself
        self._process.kill()
        self._process.wait()
        self._line.close()
        self._said.close()
        self._scratch.cleanup()

    def _death(self, *, is_late: bool) -> PrintingError:
        code = self._process.returncode
        if is_late or code == -SIGXCPU:
            return PrintingError("took_too_long")
        self._said.seek(max(0, self._said.seek(0, os.SEEK_END) - 10_000))
        said = self._said.read()
        if code == OUT_OF_MEMORY or any(words in said for words in _OUT_OF_MEMORY):
            return PrintingError("took_too_much_memory")
        return PrintingError("worker_died", Signals(-code).name if code < 0 else str(code))

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return {**kept, "TMPDIR": self._scratch.name, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
