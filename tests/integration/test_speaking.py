"""A printer that behaves badly on the line is given up, and nobody waits for it for ever."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import pytest

from printing.errors import PrintingError
from printing.printers.looking import look_at_printer


@contextmanager
def answering(answer: Callable[[socket.socket, threading.Event], object]) -> Iterator[str]:
    """Give the address of a machine that takes one connection and answers it so."""
    over = threading.Event()

    def serve() -> None:
        line, _who = listening.accept()
        with closing(line), suppress(OSError):
            line.recv(65536)
            answer(line, over)

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        server = threading.Thread(target=serve)
        server.start()
        yield f"ipp://127.0.0.1:{listening.getsockname()[1]}/ipp/print"
        over.set()
        server.join()


def drip(line: socket.socket, over: threading.Event) -> None:
    """Answer a byte at a time, each before the line's own time is up."""
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not over.wait(0.02):
        line.sendall(b"\0")


def hang_up(line: socket.socket, _over: threading.Event) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n\0")


def point_elsewhere(line: socket.socket, _over: threading.Event) -> None:
    line.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")


def talk_for_ever(line: socket.socket, over: threading.Event) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not over.is_set():
        line.sendall(b"\0" * 65536)


@pytest.mark.parametrize(
    ("answer", "code", "seconds"),
    [
        (drip, "printer_unreachable", 1.0),
        (hang_up, "printer_unreachable", 60.0),
        (point_elsewhere, "printer_answer_unreadable", 60.0),
        (talk_for_ever, "printer_answer_unreadable", 60.0),
    ],
)
def test_a_machine_that_is_no_printer_is_given_up(answer, code, seconds):
    with answering(answer) as uri, pytest.raises(PrintingError, match=code):
        look_at_printer(uri, seconds=seconds)
