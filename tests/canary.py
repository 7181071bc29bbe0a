"""A server and a file that nobody may ask for: they note it when somebody does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

SECRET = "kenari yang tidak boleh bernyanyi"


@dataclass
class Canary:
    """What was asked for so far, and under which addresses it can be asked for."""

    http: str
    file: Path
    requests: list[str] = field(default_factory=list)
    openings: list[str] = field(default_factory=list)

    @property
    def was_hit(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.requests or self.openings)


_WATCHED: list[Canary] = []


def _note_opening(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _WATCHED:
        path = str(arguments[0])
        for canary in _WATCHED:
            if path == str(canary.file):
                canary.openings.append(path)


sys.addaudithook(_note_opening)  # for the life of the process: Python has no way to take one off


@contextmanager
def canary_in(folder: Path) -> Iterator[Canary]:
    """Set the canary up: a server on the loopback, which sends ``/redirect`` on to ``/landed``, and a file."""
    requests: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            requests.append(path)
            self.send_response(302 if path == "/redirect" else 200)
            if path == "/redirect":
                self.send_header("Location", "/landed")
            self.send_header("Content-Length", str(len(SECRET)))
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    file = folder / "canary.txt"
    file.write_text(SECRET)
    with ThreadingHTTPServer(("127.0.0.1", 0), Noting) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        canary = Canary(f"http://127.0.0.1:{server.server_address[1]}", file, requests)
        _WATCHED.append(canary)
        try:
            yield canary
        finally:
            _WATCHED.remove(canary)
            server.shutdown()
            thread.join()
