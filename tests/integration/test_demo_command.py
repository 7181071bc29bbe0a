"""``kiosk demo load``: an empty installation to try things out with, and none that is in use."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from kiosk.commands import main
from kiosk.demo import sign_ins
from registry.audit import verify_chains
from registry.db import Database
from registry.keys.keys import load_keys
from registry.kinds import CardState, RoundState
from registry.models import Card, Family, Officer, Round
from registry.officers.passwords import is_password


@pytest.fixture
def kiosk(settings, monkeypatch: pytest.MonkeyPatch):
    """Run ``kiosk …`` in a fresh installation whose demo is small."""
    monkeypatch.setattr("kiosk.demo._FAMILIES", 48)
    monkeypatch.setenv("KIOSK_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("KIOSK_PASSPHRASE", settings.passphrase.decode())

    def run(*words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(main, words, input=typed)

    return run


def test_an_empty_installation_is_filled_and_says_how_to_sign_in(settings, kiosk):
    first = kiosk("demo", "load")
    assert first.exit_code == 0, first.output
    password = settings.demo_password_file.read_text().strip()
    assert f"Kata sandi: {password}" in first.stdout
    assert stat.S_IMODE(settings.demo_password_file.stat().st_mode) == 0o600
    database = Database(settings.database_url)
    with database.reading() as session:
        hashes = dict(session.execute(select(Officer.username, Officer.password_hash)).all())
        assert {one.username for one in sign_ins()} == set(hashes)
        assert all(f"  {username} " in first.stdout for username in hashes)
        assert is_password(password, hashes["loket"])
        assert session.scalar(select(func.count()).select_from(Family)) == 48
        assert set(session.scalars(select(Card.state))) == {CardState.PRINTED, CardState.ACTIVE}
        assert set(session.scalars(select(Round.state))) == {RoundState.OPEN}
        keys = load_keys(settings.keys_folder, settings.passphrase, issuer=settings.issuer)
        assert verify_chains(session, key=keys.audit_key) == []

    again = kiosk("demo", "load")
    assert f"Kata sandi: {password}" in again.stdout
    assert "Data contoh dimuat" not in again.stdout
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Family)) == 48
    database.close()


def test_an_installation_where_somebody_works_is_left_alone(settings, kiosk):
    words = ("officers", "add", "budi", "--name", "Budi Santoso", "--role", "auditor", "--password-stdin")
    assert kiosk(*words, typed="rumah panjang di tepi sungai\n").exit_code == 0
    answer = kiosk("demo", "load")
    assert (answer.exit_code, "data contoh tidak dimuat" in answer.stdout) == (0, True)
    assert not Path(settings.demo_password_file).exists()
