"""Printers that can be added without knowing their address: those that announce themselves, and the queues of CUPS.

A printer announces itself on its network by DNS-SD over multicast DNS (RFC 6762, RFC 6763; what its TXT record says
stands in Apple's Bonjour Printing Specification 1.2.1). Anybody on that network can announce anything. So an
announcement is only ever offered: it leads to no address outside the network, its words are cut and cleaned, and one
that cannot be read is left out.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from threading import Event
from time import monotonic
from types import MappingProxyType

from zeroconf import Error, InterfaceChoice, IPVersion, ServiceBrowser, ServiceInfo, ServiceStateChange, Zeroconf

from printing.errors import PrintingError
from printing.printers.message import GroupTag
from printing.printers.speaking import Operation, address_of, ask, keyword, text, texts
from registry.errors import RegistryError
from registry.prints.printers import check_uri

__all__ = ["FoundPrinter", "find_announced", "find_queues"]

_SCHEMES: Mapping[str, str] = MappingProxyType({"_ipp._tcp.local.": "ipp", "_ipps._tcp.local.": "ipps"})
_LISTENS = 2.5  # seconds; printers answer within 0.15, and are asked again after one second, because packets get lost
_ASKS_AGAIN = 0.5  # seconds for one that did not send its address along with its name
_ASKS_AT_MOST = 1.0  # seconds for all of those together
_MOST = 100  # announcements that are looked at; an office has ten
_LONGEST = 80  # letters of a name that are shown
_QUEUE_PATHS = ("printers/", "classes/")  # of a CUPS server that shares its printers


@dataclass(frozen=True, slots=True)
class FoundPrinter:
    """A printer, or a queue of a CUPS server, as others tell of it."""

    uri: str
    name: str
    model: str
    place: str = ""
    """Where it stands, in the words of whoever set it up; may be empty."""
    is_queue: bool = False
    """Whether a CUPS server answers there, and not the printer itself."""


def find_announced(*, seconds: float = _LISTENS, interfaces: Sequence[str] | None = None) -> list[FoundPrinter]:
    """Listen for printers that announce themselves, and return them by name; nothing where there is no network.

    Needs no avahi-daemon, and shares the port with one that runs. A printer that announces itself plainly and with TLS
    is given once, with the plain address: hardly any printer's certificate is in the system's trust.

    Args:
        seconds: how long to listen; it may take one second more where a printer says its address only when asked.
        interfaces: IPv4 addresses of this machine; all of them, when left out.
    """
    names: dict[tuple[str, str], None] = {}

    def note(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        del zeroconf
        if state_change is ServiceStateChange.Removed:
            names.pop((service_type, name), None)
        elif len(names) < _MOST:
            names[service_type, name] = None

    try:
        network = _listen(list(interfaces) if interfaces is not None else InterfaceChoice.All)
    except OSError:
        return []
    with network:
        browser = ServiceBrowser(network, list(_SCHEMES), handlers=[note])
        Event().wait(seconds)
        browser.cancel()
        ends = monotonic() + _ASKS_AT_MOST
        found = [one for kind, name in list(names) if (one := _look_up(network, kind, name, ends))]
    once: dict[tuple[str, str, str], FoundPrinter] = {}
    for one in sorted(found, key=lambda one: (one.name.casefold(), one.uri)):  # ipp:// stands before ipps://
        host, _port, path = address_of(one.uri)
        once.setdefault((one.name, host, path), one)
    return list(once.values())


def find_queues(server: str, *, seconds: float = 3.0) -> list[FoundPrinter]:
    """Return the queues of a CUPS server, where there is one; none otherwise.

    Args:
        server: ``ipp://localhost:631/``.
    """
    asked = keyword(
        "printer-name", "printer-info", "printer-location", "printer-make-and-model", "printer-uri-supported"
    )
    try:
        answer = ask(server, Operation.CUPS_GET_PRINTERS, {"requested-attributes": asked}, seconds=seconds)
    except PrintingError:
        return []
    return [
        FoundPrinter(
            uris[0],
            text(attributes, "printer-name"),
            text(attributes, "printer-make-and-model"),
            text(attributes, "printer-location"),
            is_queue=True,
        )
        for group, attributes in answer.groups
        if group == GroupTag.PRINTER and (uris := texts(attributes, "printer-uri-supported"))
    ]


def _listen(interfaces: list[str] | InterfaceChoice) -> Zeroconf:
    listen = partial(Zeroconf, interfaces=interfaces, ip_version=IPVersion.V4Only, use_asyncio=False)
    try:
        return listen()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
    # another keeps port 5353 to itself (avahi: disallow-other-stacks): a printer also answers to the port that asked it
    return listen(unicast=True)


def _look_up(network: Zeroconf, kind: str, name: str, ends: float) -> FoundPrinter | None:
    try:
        info = ServiceInfo(kind, name)
        if not info.load_from_cache(network):
            left = min(_ASKS_AGAIN, ends - monotonic())
            if left <= 0 or not info.request(network, left * 1000):
                return None
        return _read(info, _SCHEMES[kind])
    except (Error, RegistryError):
        return None


def _read(info: ServiceInfo, scheme: str) -> FoundPrinter | None:
    """Return what an announcement tells; none when its address is not of this network.

    Raises:
        RegistryError: code ``printer_uri_malformed``.
    """
    told = {key.lower(): value or b"" for key, value in info.properties.items()}
    host = next((one for one in info.parsed_addresses(IPVersion.V4Only) if _is_near(one)), None)
    if host is None:
        return None
    path = told.get(b"rp", b"").decode(errors="replace").lstrip("/")
    return FoundPrinter(
        check_uri(f"{scheme}://{host}:{info.port or 0}/{path}"),
        _clean(info.get_name()),
        _clean(told.get(b"ty", b"").decode(errors="replace")),
        _clean(told.get(b"note", b"").decode(errors="replace")),
        is_queue=path.startswith(_QUEUE_PATHS),
    )


def _is_near(host: str) -> bool:
    address = ip_address(host)
    return address.is_private and not address.is_unspecified


def _clean(told: str) -> str:
    """Return what somebody announced without control characters and marks that turn a line around, cut to a length."""
    return "".join(letter for letter in told if letter.isprintable())[:_LONGEST].strip()
