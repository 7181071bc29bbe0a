"""What a confined child is asked to do in the tests: it imports these by name."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import time
from pathlib import Path

from weasyprint import HTML


def add(left: int, right: int) -> int:
    return left + right


def fail() -> None:
    raise KeyError("of our own making")


def process_id() -> int:
    return os.getpid()


def environment() -> dict[str, str]:
    return dict(os.environ)


def think_for_ever() -> None:
    while True:
        pass


def sleep_for_ever(note: Path | None = None) -> None:
    if note:
        note.with_suffix(".part").write_text(str(os.getpid()))
        note.with_suffix(".part").rename(note)
    time.sleep(3600)


def return_once_alone(note: Path) -> None:
    """Fill the folder for passing files, so that it takes a while to tidy, and return when the parent is dead."""
    parent = os.getppid()
    for number in range(3_000):
        Path(tempfile.gettempdir(), str(number)).touch()
    note.with_suffix(".part").write_text(str(os.getpid()))
    note.with_suffix(".part").rename(note)
    while os.getppid() == parent:
        pass


def remember_everything() -> None:
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def write(file: Path, megabytes: int) -> None:
    with file.open("wb") as target:
        for _ in range(megabytes):
            target.write(bytes(1024 * 1024))


def ask(port: int) -> None:
    socket.create_connection(("127.0.0.1", port), timeout=5).close()


def lay_out_boxes_in_boxes(depth: int) -> bytes:
    return HTML(string="<div style='display: flex; flex-direction: column'>" * depth + "x").write_pdf()


def lay_out_a_long_table(rows: int) -> bytes:
    return HTML(string="<table>" + "<tr><td>a<td>b<td>c" * rows).write_pdf()
