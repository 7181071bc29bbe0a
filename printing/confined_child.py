"""The other side of `printing.confined`: what runs in the child process, and how it binds its own hands first."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from pickle import dumps, loads
from queue import SimpleQueue
from shutil import rmtree
from tempfile import gettempdir
from threading import Thread
from traceback import format_exc

from printing.errors import PrintingError

OUT_OF_MEMORY = 71
"""The exit code that says so."""

_MEGABYTE = 1024 * 1024
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def main(descriptor: int, megabytes: int) -> None:
    """Answer one request after the other over the connection that was handed down, until the parent lets go of it."""
    _leave_the_network()
    _limit(megabytes)
    line = Connection(descriptor)
    requests: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_read, args=(line, requests), daemon=True).start()
    while True:
        _answer(line, requests.get())


def _leave_the_network() -> None:
    # a second wall behind the fetcher's ban; a system that does not let us (no namespaces) still has the first
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _limit(megabytes: int) -> None:
    size = megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold photos


def _read(line: Connection, requests: SimpleQueue[bytes]) -> None:
    """Take requests in; a parent that is gone, even by kill -9, is noticed here while a call still runs."""
    try:
        while True:
            requests.put(line.recv_bytes())
    except (EOFError, OSError):
        # whoever made the folder is gone, and would have removed it; under another name nothing is put into it any more
        rmtree(Path(gettempdir()).rename(f"{gettempdir()}-left"))
    finally:
        os._exit(0)


def _answer(line: Connection, request: bytes) -> None:
    try:
        function, args, named, seconds = loads(request)  # noqa: S301 (from our parent)
        _limit_processor(seconds)
        answer = dumps((True, function(*args, **named)))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # nothing that allocates any more
    except Exception as error:
        if not isinstance(error, PrintingError):  # a fault of ours: its trace would stay behind here
            error.add_note(format_exc())
        answer = dumps((False, error))
    with suppress(OSError):  # the parent is gone: `_read` ends us when it has tidied up, and not before
        line.send_bytes(answer)


def _limit_processor(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
