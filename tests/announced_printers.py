"""Announces printers on loopback by DNS-SD, as they do themselves on a district's network."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from zeroconf import ServiceInfo, Zeroconf

IPP, IPPS = "_ipp._tcp.local.", "_ipps._tcp.local."
_HERE = ["127.0.0.1"]
_PATIENCE = 300.0  # seconds
_Told = TypeVar("_Told")


def announcement(
    name: str, *, port: int, kind: str = IPP, address: str | None = "127.0.0.1", **told: str | bytes
) -> ServiceInfo:
    """Return what a printer says of itself: its name, where it is, and the keys of its TXT record."""
    return ServiceInfo(
        kind,
        f"{name}.{kind}",
        addresses=[socket.inet_aton(address)] if address else [],
        port=port,
        properties={"txtvers": "1", "rp": "ipp/print", **told},
        server=f"printer-{port}-{(address or 'nowhere').replace('.', '-')}.local.",
    )


@contextmanager
def announced(*services: ServiceInfo) -> Iterator[None]:
    """Announce them for as long as the block runs."""
    with Zeroconf(interfaces=_HERE, use_asyncio=False) as network:  # a browser's test runs within a loop of its own
        for service in services:
            network.register_service(service, cooperating_responders=True, strict=False)
        yield


def listened(listen: Callable[[], _Told], heard: Callable[[_Told], bool]) -> _Told:
    """Listen again until what is announced was heard, and return what was told last.

    One listening lasts seconds, in which a busy machine may not come to answer.
    """
    ends = time.monotonic() + _PATIENCE
    while not heard(told := listen()) and time.monotonic() < ends:
        pass
    return told
