"""One question to a printer and its answer: IPP over HTTP, to the address that was given and nowhere else.

No redirect is followed, no proxy asked, no name and password sent. ``ipps`` checks the certificate against the
system's trust.
"""

from __future__ import annotations

import itertools
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from enum import IntEnum
from http.client import HTTPConnection, HTTPException, HTTPSConnection, IncompleteRead
from socket import SHUT_RDWR, socket
from threading import Timer
from urllib.parse import urlsplit

from printing.errors import PrintingError
from printing.printers.message import Attribute, GroupTag, Message, Tag, Value, decode, encode

__all__ = [
    "Operation",
    "Status",
    "address_of",
    "ask",
    "first",
    "keyword",
    "name",
    "number",
    "text",
    "texts",
    "uri_value",
]

PORT = 631  # RFC 8010, 4.1
_SECONDS = 15.0  # a printer on a district's network answers in well under a second, one that warms up in ten
_SILENCES = 3  # so many times that long may the whole take: the question, the thinking, the answer
_LONGEST_ANSWER = 4 * 1024 * 1024  # the attributes of a big printer take 60 KB

_request_ids = itertools.count(1)


class Operation(IntEnum):
    """What a printer is asked (RFC 8011, 5.4.15; CUPS 2.4, "IPP Protocol")."""

    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B
    CUPS_GET_PRINTERS = 0x4002


class Status(IntEnum):
    """The answers that are told apart here (RFC 8011, B.1)."""

    OK = 0x0000
    NOT_POSSIBLE = 0x0404
    NOT_FOUND = 0x0406
    GONE = 0x0407
    ATTRIBUTES_OR_VALUES_NOT_SUPPORTED = 0x040B
    SERVICE_UNAVAILABLE = 0x0502
    TEMPORARY = 0x0505
    NOT_ACCEPTING_JOBS = 0x0506
    BUSY = 0x0507


WAIT = frozenset({Status.SERVICE_UNAVAILABLE, Status.TEMPORARY, Status.NOT_ACCEPTING_JOBS, Status.BUSY})
"""The printer cannot now, and may later."""
_FIRST_FAILURE = 0x0400


def ask(
    uri: str,
    operation: Operation,
    attributes: Mapping[str, Attribute] | None = None,
    *,
    job: Mapping[str, Attribute] | None = None,
    document: bytes = b"",
    seconds: float = _SECONDS,
) -> Message:
    """Send one request and return the answer.

    Args:
        uri: the printer's address, which :func:`registry.prints.printers.check_uri` has let through.
        attributes: operation attributes besides charset, language, printer and user.
        job: job attributes.
        document: what is to be printed.
        seconds: how long the printer may be silent; the whole may take three times that.

    Raises:
        PrintingError: ``printer_unreachable`` (nobody there, broken off, or silent: what was sent may have arrived),
            ``printer_busy`` (it says that it cannot now), ``printer_refused`` (about: the status as hexadecimal
            digits), ``printer_answer_unreadable``.
    """
    request = Message(
        operation,
        next(_request_ids) & 0x7FFFFFFF,
        [(GroupTag.OPERATION, _opening(uri) | dict(attributes or {}) | _USER), *([(GroupTag.JOB, job)] if job else [])],
        document,
    )
    answer = decode(_post(uri, encode(request), seconds))
    if answer.code in WAIT:
        raise PrintingError("printer_busy", f"{answer.code:04x}")
    if answer.code >= _FIRST_FAILURE:
        raise PrintingError("printer_refused", f"{answer.code:04x}")
    return answer


def keyword(*values: str) -> Attribute:
    """Return an attribute of keywords."""
    return Attribute(Tag.KEYWORD, values)


def name(value: str) -> Attribute:
    """Return an attribute that is a name."""
    return Attribute(Tag.NAME, (value,))


def number(value: int) -> Attribute:
    """Return an attribute that is an integer."""
    return Attribute(Tag.INTEGER, (value,))


def uri_value(value: str) -> Attribute:
    """Return an attribute that is an address."""
    return Attribute(Tag.URI, (value,))


def first(attributes: Mapping[str, Attribute], attribute: str) -> Value:
    """Return the first value of an attribute; none when it is missing or has no value."""
    found = attributes.get(attribute)
    return found.values[0] if found else None


def texts(attributes: Mapping[str, Attribute], attribute: str) -> tuple[str, ...]:
    """Return the values of an attribute that are text."""
    found = attributes.get(attribute)
    return tuple(value for value in found.values if isinstance(value, str)) if found else ()


def text(attributes: Mapping[str, Attribute], attribute: str) -> str:
    """Return the first value of an attribute that is text; empty when there is none."""
    return next(iter(texts(attributes, attribute)), "")


def address_of(uri: str) -> tuple[str, int, str]:
    """Return host, port and path of a printer's address: the same printer has the same, however it is written."""
    parts = urlsplit(uri)
    return parts.hostname or "", parts.port or PORT, parts.path or "/"


_USER = {"requesting-user-name": name("kartu")}


def _opening(uri: str) -> dict[str, Attribute]:
    # in this order, and a job's number right behind them: part of the protocol (RFC 8011, 4.1.4 and 4.1.5)
    return {
        "attributes-charset": Attribute(Tag.CHARSET, ("utf-8",)),
        "attributes-natural-language": Attribute(Tag.LANGUAGE, ("id",)),
        "printer-uri": uri_value(uri),
    }


def _post(uri: str, body: bytes, seconds: float) -> bytes:
    host, port, path = address_of(uri)
    connection = (
        HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
        if urlsplit(uri).scheme == "ipps"
        else HTTPConnection(host, port, timeout=seconds)
    )
    with closing(connection):
        try:
            connection.connect()
            with _hung_up(connection.sock, after=_SILENCES * seconds):
                connection.request("POST", path, body, {"Content-Type": "application/ipp"})
                answer = connection.getresponse()
                told = answer.read(_LONGEST_ANSWER + 1)
                if answer.length and len(told) <= _LONGEST_ANSWER:
                    raise IncompleteRead(told, answer.length)
        except (OSError, HTTPException) as error:
            raise PrintingError("printer_unreachable") from error
    if answer.status != 200 or len(told) > _LONGEST_ANSWER:
        raise PrintingError("printer_answer_unreadable", f"HTTP {answer.status}")
    return told


@contextmanager
def _hung_up(line: socket, *, after: float) -> Iterator[None]:
    """End a connection after so many seconds: its own limit begins anew with every byte that comes."""

    def hang_up() -> None:
        with suppress(OSError):  # it has ended meanwhile
            socket.shutdown(line, SHUT_RDWR)  # the plain one: that of TLS takes the key from who still reads

    timer = Timer(after, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
