"""Starts, kills and restarts the software printer, and reads what physically came out of it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ipp_printer


class SoftwarePrinter:
    """A printer in its own process, at one address for as long as the test runs."""

    def __init__(self, folder: Path, *, milliseconds: float = 5, stale: float = 5, keep: bool = False) -> None:
        self.folder = folder
        self._asked = ["--milliseconds", str(milliseconds), "--stale", str(stale), *(["--keep"] if keep else [])]
        self._port = 0
        folder.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen | None = None
        self.start()

    @property
    def uri(self) -> str:
        return f"ipp://127.0.0.1:{self._port}/ipp/print"

    def start(self) -> None:
        """Switch it on, at the address that it had."""
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        script = [sys.executable, ipp_printer.__file__, str(self.folder), "--port", str(self._port)]
        self._process = subprocess.Popen([*script, *self._asked])
        while not ready.exists():
            if self._process.poll() is not None:
                raise RuntimeError(f"the printer ended with {self._process.returncode}")
            time.sleep(0.01)
        self._port = int((self.folder / "port").read_text())

    def kill(self) -> None:
        """Pull its plug; what it knew of its jobs is gone."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        self.kill()
        self.start()

    def fault(self, name: str, says: str = "") -> None:
        (self.folder / "ctl" / name).write_text(says)

    def mend(self, name: str) -> None:
        (self.folder / "ctl" / name).unlink(missing_ok=True)

    def out(self) -> list[list[str]]:
        """Return what came out, in order: job-name, sha256, media, sides."""
        log = self.folder / "out"
        return [line.split() for line in log.read_text().splitlines()] if log.exists() else []


@contextmanager
def switched_on(folder: Path, **asked) -> Iterator[SoftwarePrinter]:
    """Give a printer that is switched on, and off at the end."""
    printer = SoftwarePrinter(folder, **asked)
    try:
        yield printer
    finally:
        printer.kill()
