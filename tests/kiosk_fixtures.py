"""The kiosk for tests: a whole installation on either database, and browsers that sign in by the real form.

The kiosk is imported by the fixtures that need it, so that the rooms below are tested also while it is in pieces.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from own_databases import copied_postgresql, make_postgresql

from registry.audit import Actor
from registry.kinds import PointKind, Role
from registry.officers.officers import add_officer
from registry.officers.passwords import make_password_hash
from registry.officers.points import CENTRE, add_point, get_point

if TYPE_CHECKING:
    from kiosk.settings import Settings
    from kiosk.state import State

PASSWORD = "rumah panjang di tepi sungai"


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole installation on SQLite, which tests copy: sealing keys takes its time by intent."""
    home = tmp_path_factory.mktemp("home") / "instance"
    _complete(_settings(home, f"sqlite:///{home / 'kiosk.db'}"))
    return home


@pytest.fixture(scope="session")
def made_postgresql(postgresql_server: str, made_home: Path) -> str:
    """The URL of the same installation's database on PostgreSQL, which tests copy."""
    url = make_postgresql(postgresql_server)
    _complete(_settings(made_home, url))
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, made_home: Path, tmp_path: Path) -> Iterator[Settings]:
    """The settings of this test's own installation, once on SQLite and once on PostgreSQL."""
    home = tmp_path / "instance"
    shutil.copytree(made_home, home)
    if request.param == "sqlite":
        yield _settings(home, f"sqlite:///{home / 'kiosk.db'}")
        return
    server = request.getfixturevalue("postgresql_server")
    with copied_postgresql(server, request.getfixturevalue("made_postgresql")) as url:
        yield _settings(home, url)


def _settings(home: Path, database_url: str) -> Settings:
    from kiosk.settings import Settings

    return Settings(home=home, database_url=database_url, passphrase=b"for tests")


def _complete(settings: Settings) -> None:
    from kiosk import installation

    list(installation.complete(settings, at=datetime.now(UTC)))


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The web application over this test's own database."""
    from kiosk import create_app

    app = create_app(settings)
    yield app
    app.extensions["kiosk"].close()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application on SQLite for everything that is only looked at."""
    from kiosk import create_app, installation
    from kiosk.settings import Settings

    home = tmp_path_factory.mktemp("house") / "instance"
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'kiosk.db'}", passphrase=b"for tests")
    list(installation.complete(settings, at=datetime.now(UTC)))
    app = create_app(settings)
    yield app
    app.extensions["kiosk"].close()


class Browser:
    """A browser at the kiosk: it keeps cookies and sends the form's token along, as a person's does."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **rest):
        return self.client.get(path, buffered=True, **rest)

    def post(self, path: str, data: dict | None = None, **rest):
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **rest)

    def token(self) -> str:
        for path in ("/", "/masuk"):
            found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get(path).text)
            if found:
                return found[1]
        raise AssertionError("no page has a form")

    def sign_in(self, username: str, password: str = PASSWORD, target: str | None = None, **rest):
        return self.post("/masuk", {"username": username, "password": password}, query_string={"next": target}, **rest)


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A browser that nobody has signed in at."""
    return Browser(app)


@pytest.fixture
def hire(app: Flask) -> Callable[..., str]:
    """Add an officer with these roles, at a point of their own when an area is given; returns the user name.

    The point may be an office's, by its code.
    """
    state: State = app.extensions["kiosk"]

    def hire(*roles: Role, username: str = "budi.santoso", area: str | None = None, office: str | None = None) -> str:
        with state.database.writing() as session:
            centre = get_point(session, CENTRE)
            actor = Actor(officer_id=None, point_id=centre.id)
            rest = {"actor": actor, "keys": state.keys, "at": datetime.now(UTC)}
            point = centre
            if area:
                code = f"LOKET-{area.replace('.', '')}"
                point = add_point(session, code=code, name="Loket uji", kind=PointKind.COUNTER, area_code=area, **rest)
                point.office_code = office
            hashed = make_password_hash(PASSWORD, username=username)
            add_officer(
                session, point, username=username, name="Budi Santoso", password_hash=hashed, roles=roles, **rest
            )
        return username

    return hire


@pytest.fixture
def signed_in(app: Flask, hire: Callable[..., str]) -> Callable[..., Browser]:
    """Give a browser where an officer with these roles has just signed in."""

    def signed_in(*roles: Role, **rest) -> Browser:
        browser = Browser(app)
        assert browser.sign_in(hire(*roles, **rest)).status_code == 303
        return browser

    return signed_in
