"""How many packages a second are given over HTTP, by 1, 8 and 32 counters at once, against the same work without HTTP?

    python -m bench.redeem [--families 4000] [--only sqlite|postgresql]

Over HTTP: the production server (granian, 2 workers of 16 threads), the real form (session, CSRF, signature, decision,
audit line, receipt), each counter on its own kept connection, clients on the same two cores. Without HTTP: ``redeem``
called by as many threads in one process, the same statements. SQLite with WAL and synchronous=FULL.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy import func, select

from bench.scene import OFFICER, PASSWORD, Scene, set_scene
from bench.server import own_postgresql
from kiosk.clock import now
from registry.keys.keys import load_trust
from registry.kinds import Proof
from registry.models import Redemption
from verify.facts import read_scan
from verify.redeem import Given, RedeemRequest, open_writer, redeem

COUNTERS = (1, 8, 32)
SEEN = frozenset({Proof.ID_CARD})
GIVEN, OTHER = "given", "other"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, default=4_000, help="how many packages each run gives")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    asked = parser.parse_args()
    print(f"{'':12}{'counters':>9}{'over HTTP':>12}{'p50':>9}{'p99':>9}{'without':>11}{'ratio':>8}{'errors':>8}")
    if asked.only != "postgresql":
        _measure("SQLite", None, asked.families)
    if asked.only != "sqlite":
        with own_postgresql() as url:
            _measure("PostgreSQL", url, asked.families)


def _measure(name: str, database_url: str | None, families: int) -> None:
    runs = 2 * len(COUNTERS)
    with set_scene(families * runs + 1, database_url=database_url) as scene, _served(scene) as port:
        session = _sign_in(port)
        texts = iter(scene.texts)
        for counters in COUNTERS:
            some = [next(texts) for _ in range(families)]
            over = _together(counters, some, lambda: _counter(port, session, scene))
            some = [next(texts) for _ in range(families)]
            with _writing(scene) as give:
                without = _together(counters, some, lambda give=give: give)
            rate, floor = over.rate, without.rate
            print(
                f"{name:12}{counters:9}{rate:10.0f}/s{over.quantile(0.5):7.1f}ms{over.quantile(0.99):7.1f}ms"
                f"{floor:9.0f}/s{rate / floor:8.2f}{over.answers[OTHER] + without.answers[OTHER]:8}"
            )
        last = next(texts)
        before = _given(scene)
        _together(32, [last] * 32, lambda: _counter(port, session, scene))
        print(f"{name:12}{32:9} counters on one entitlement: {_given(scene) - before} given")


class _Run:
    """The answers of one run and how long each took."""

    def __init__(self, seconds: float, took: list[float], answers: Counter[str]) -> None:
        self.rate = len(took) / seconds
        self.answers = answers
        self._took = sorted(took)

    def quantile(self, part: float) -> float:
        return self._took[min(len(self._took) - 1, int(part * len(self._took)))] * 1000


def _together(counters: int, texts: Sequence[str], open_counter: Callable[[], Callable[[str], str]]) -> _Run:
    took: list[float] = []
    answers: Counter[str] = Counter()
    lock = threading.Lock()
    queue = iter(texts)
    begin = threading.Barrier(counters + 1)

    def work() -> None:
        give = open_counter()
        mine: list[float] = []
        said: Counter[str] = Counter()
        begin.wait()
        while True:
            with lock:
                text = next(queue, None)
            if text is None:
                break
            start = time.perf_counter()
            said[give(text)] += 1
            mine.append(time.perf_counter() - start)
        with lock:
            took.extend(mine)
            answers.update(said)

    threads = [threading.Thread(target=work) for _ in range(counters)]
    for thread in threads:
        thread.start()
    begin.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    return _Run(time.perf_counter() - start, took, answers)


@contextmanager
def _writing(scene: Scene) -> Iterator[Callable[[str], str]]:
    with scene.database.reading() as session:
        trust = load_trust(session)
    writer = open_writer(scene.database, audit_key=scene.keys.audit_key)

    def give(text: str) -> str:
        at = now()
        scan = read_scan(text, trust, at=at)
        request = RedeemRequest(scan, scene.round_id, str(uuid4()), scene.actor, at, proofs=SEEN)
        return GIVEN if isinstance(redeem(writer, request), Given) else OTHER

    yield give
    writer.close()


def _counter(port: int, session: tuple[str, str], scene: Scene) -> Callable[[str], str]:
    cookie, token = session
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def give(text: str) -> str:
        form = {"csrf_token": token, "text": text, "as_typed": "", "round_id": scene.round_id, "key": uuid4()}
        body = urlencode(form | {"proofs": Proof.ID_CARD}).encode()
        head = (
            f"POST /pindai/salurkan HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        line.sendall(head.encode() + body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += line.recv(65536)
        head_bytes, _, rest = answer.partition(b"\r\n\r\n")
        length = int(re.search(rb"content-length: (\d+)", head_bytes, re.I)[1])
        while len(rest) < length:
            rest += line.recv(65536)
        return GIVEN if b" 303 " in head_bytes[:16] and b"/bukti/" in head_bytes else OTHER

    return give


def _sign_in(port: int) -> tuple[str, str]:
    cookies: dict[str, str] = {}

    def ask(method: str, path: str, form: dict[str, str] | None = None) -> str:
        line = http.client.HTTPConnection("127.0.0.1", port)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, urlencode(form or {}), headers)
        answer = line.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                cookies[key] = rest.partition(";")[0]
        return answer.read().decode()

    def token(page: str) -> str:
        return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    ask("POST", "/masuk", {"csrf_token": token(ask("GET", "/masuk")), "username": OFFICER, "password": PASSWORD})
    page = ask("GET", "/pindai")
    return "; ".join(f"{name}={value}" for name, value in cookies.items()), token(page)


def _given(scene: Scene) -> int:
    with scene.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Redemption)) or 0


@contextmanager
def _served(scene: Scene) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "KIOSK_HOME": str(scene.settings.home),
        "KIOSK_PASSPHRASE": "bench",
        "DATABASE_URL": scene.settings.database_url,
    }
    command = ("--interface", "wsgi", "--port", str(port), "--workers", "2", "--blocking-threads", "16", "--no-ws")
    granian = Path(sys.executable).with_name("granian")
    server = subprocess.Popen([granian, *command, "--log-level", "error", "kiosk.wsgi:app"], env=environment)
    try:
        for _ in range(300):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/masuk")
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
