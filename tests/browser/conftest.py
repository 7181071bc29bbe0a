"""A real kiosk for browser tests: the production server on a free port, with an installation of its own.

On SQLite; the files that play the whole story of a place are played on PostgreSQL as well. Each file of tests has its
own kiosk, so that files do not disturb each other. Whose names sign in::

    rita.data      registrar (Dinas Sosial), whole province      PUSAT
    wati.data      registrar of one kecamatan                    LOKET-KATINGAN
    kartu.ani      card clerk of the same kecamatan              LOKET-KATINGAN
    bagi.joko      distributor                                   BAGI-PETAKPUTI
    bagi.tini      distributor of the whole kecamatan            BAGI-KATINGAN
    penyelia.siti  supervisor                                    LOKET-KATINGAN
    program.eko    programme manager                             PUSAT
    admin.yusuf    administrator                                 PUSAT
    auditor.nia    auditor                                       PUSAT

All have the password ``browsing.PASSWORD``. In Petak Puti (62.06.05.2003) live the first twenty families of
``invented.py``.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from browsing import COUNTER, PASSWORD
from invented import invent_families
from own_databases import copied_postgresql, make_postgresql
from playwright.sync_api import Browser, expect

from kiosk import installation
from kiosk.clock import now
from kiosk.settings import Settings
from registry.audit import Actor
from registry.db import Database
from registry.families.families import register_family
from registry.keys.keys import KeyRing, load_keys
from registry.kinds import PointKind, Role
from registry.officers.officers import add_officer
from registry.officers.passwords import make_password_hash
from registry.officers.points import CENTRE, add_point, get_point

VILLAGE = "62.06.05.2003"
_POINTS = (
    ("LOKET-KATINGAN", "Loket Katingan Tengah", PointKind.COUNTER, "62.06.05"),
    ("BAGI-PETAKPUTI", "Balai Desa Petak Puti", PointKind.HANDOUT, VILLAGE),
    ("BAGI-KATINGAN", "Aula Kecamatan Katingan Tengah", PointKind.HANDOUT, "62.06.05"),
)
_OFFICERS = (
    ("rita.data", "Rita Anggraini", CENTRE, Role.REGISTRAR),
    ("wati.data", "Wati Lestari", "LOKET-KATINGAN", Role.REGISTRAR),
    ("kartu.ani", "Ani Rahmawati", "LOKET-KATINGAN", Role.CARD_CLERK),
    ("bagi.joko", "Joko Prasetyo", "BAGI-PETAKPUTI", Role.DISTRIBUTOR),
    ("bagi.tini", "Tini Yuliati", "BAGI-KATINGAN", Role.DISTRIBUTOR),
    ("penyelia.siti", "Siti Norhayati", "LOKET-KATINGAN", Role.SUPERVISOR),
    ("program.eko", "Eko Saputra", CENTRE, Role.PROGRAMME_MANAGER),
    ("admin.yusuf", "Yusuf Effendi", CENTRE, Role.ADMINISTRATOR),
    ("auditor.nia", "Nia Kurniasih", CENTRE, Role.AUDITOR),
)
_STORIES = {
    "test_care_screens",
    "test_event_screens",
    "test_main_story",
    "test_market_screens",
    "test_school_screens",
}
_START_SECONDS = 120  # a cold start takes 2 s; a busy machine more
_STOP_SECONDS = 60

expect.set_options(timeout=20_000)  # milliseconds until what is expected counts as missing; a busy machine is slow


class Kiosk:
    """A running kiosk, and its database for what a test wants to prepare or to look up behind the browser's back."""

    def __init__(self, home: Path, database_url: str = "") -> None:
        self.settings = _settings(home, database_url)
        self.keys = _keys(self.settings)
        self.database = Database(self.settings.database_url)
        self._port = _free_port()
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._server = subprocess.Popen(
            [
                Path(sys.executable).with_name("granian"),
                *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self._port), "--workers", "1"),
                *("--blocking-threads", "8", "--no-ws", "--log-level", "error", "kiosk.wsgi:app"),
            ],
            env={
                **os.environ,
                "KIOSK_HOME": str(self.settings.home),
                "DATABASE_URL": self.settings.database_url,
            },
            start_new_session=True,
        )
        _wait_for(self.url, self._server)

    def stop(self) -> None:
        """Stop the server as a shutdown of the machine does."""
        self._server.terminate()
        self._server.wait(timeout=_STOP_SECONDS)

    def kill(self) -> None:
        """End the server and its workers in the middle of whatever they do, as a power cut does."""
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait(timeout=_STOP_SECONDS)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play the stories on both databases, everything else on SQLite."""
    if "kiosk" in metafunc.fixturenames:
        databases = ["sqlite", "postgresql"] if metafunc.module.__name__ in _STORIES else ["sqlite"]
        metafunc.parametrize("kiosk", databases, indirect=True, scope="module")


@pytest.fixture(scope="session")
def furnished_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of an installation with points, officers and families, which each kiosk copies."""
    home = tmp_path_factory.mktemp("furnished") / "instance"
    _furnish(home)
    return home


@pytest.fixture(scope="session")
def furnished_postgresql(postgresql_server: str, furnished_home: Path) -> str:
    """The URL of a database on PostgreSQL with the same in it, which each kiosk copies."""
    url = make_postgresql(postgresql_server)
    _furnish(furnished_home, url)
    return url


@pytest.fixture(scope="module")
def kiosk(
    request: pytest.FixtureRequest, furnished_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kiosk]:
    """A running kiosk of this file's own."""
    home = tmp_path_factory.mktemp("kiosk") / "instance"
    shutil.copytree(furnished_home, home)
    if request.param == "sqlite":
        yield from _running(Kiosk(home))
        return
    server, template = request.getfixturevalue("postgresql_server"), request.getfixturevalue("furnished_postgresql")
    with copied_postgresql(server, template) as url:
        yield from _running(Kiosk(home, url))


@pytest.fixture(scope="session")
def browser(launch_browser: Callable[[], Browser]) -> Iterator[Browser]:
    """Chromium itself, as pytest-playwright has it; the name means a pretended browser in the other tests."""
    browser = launch_browser()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address for all tests: each file's kiosk has its own."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Debian's Chromium, with a fake camera."""
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium",
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
        ],
    }


@pytest.fixture
def browser_context_args(browser_context_args: dict, kiosk: Kiosk) -> dict:
    """A counter's screen in Kalimantan Tengah; addresses are those of this file's kiosk."""
    return {
        **browser_context_args,
        "base_url": kiosk.url,
        "locale": "id-ID",
        "timezone_id": "Asia/Pontianak",
        "viewport": COUNTER,
        "permissions": ["camera"],
    }


def _furnish(home: Path, database_url: str = "") -> None:
    list(installation.complete(_settings(home, database_url), at=now()))
    settings = _settings(home, database_url)
    database = Database(settings.database_url)
    keys = _keys(settings)
    with database.writing() as session:
        points = {CENTRE: get_point(session, CENTRE)}
        actor = Actor(officer_id=None, point_id=points[CENTRE].id)
        rest = {"actor": actor, "keys": keys, "at": now()}
        for code, name, kind, area in _POINTS:
            points[code] = add_point(session, code=code, name=name, kind=kind, area_code=area, **rest)
        for username, name, point, role in _OFFICERS:
            hashed = make_password_hash(PASSWORD, username=username)
            add_officer(
                session, points[point], username=username, name=name, password_hash=hashed, roles=[role], **rest
            )
        for draft in invent_families(VILLAGE, 20):
            register_family(session, draft, source="DTSEN", as_of=date(2026, 1, 31), **rest)
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _running(kiosk: Kiosk) -> Iterator[Kiosk]:
    try:
        kiosk.start()
        yield kiosk
    finally:
        kiosk.stop()
        kiosk.database.close()


def _settings(home: Path, database_url: str = "") -> Settings:
    return replace(
        Settings(home=home, database_url=database_url or f"sqlite:///{home / 'kiosk.db'}"),
        passphrase=_read_passphrase(home),
    )


def _read_passphrase(home: Path) -> bytes | None:
    file = home / "keys" / "passphrase"
    return file.read_bytes().strip() if file.exists() else None


def _keys(settings: Settings) -> KeyRing:
    return load_keys(settings.keys_folder, settings.passphrase or b"", issuer=settings.issuer)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{url}/masuk", timeout=_START_SECONDS).close()
        except OSError:
            assert server.poll() is None, "the kiosk did not start; its output stands above"
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the kiosk did not answer within {_START_SECONDS} s")
