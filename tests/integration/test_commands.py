"""The commands of an installation, run as a shell runs them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from kiosk_fixtures import PASSWORD
from sqlalchemy import select, text

from kiosk.commands import main
from registry.db import Database
from registry.models import Officer, ServicePoint


@pytest.fixture
def kiosk(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run the console script in a fresh installation."""
    monkeypatch.setenv("KIOSK_HOME", str(tmp_path / "instance"))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.delenv("KIOSK_PASSPHRASE", raising=False)
    runner = CliRunner()

    def run(*words: str, typed: str | None = None) -> Result:
        return runner.invoke(main, words, input=typed)

    return run


@pytest.fixture
def ready(kiosk):
    """Run the console script in an installation that was set up."""
    assert kiosk("setup").exit_code == 0
    return kiosk


def add_budi(kiosk, *rest: str, typed: str = PASSWORD + "\n") -> Result:
    words = ("officers", "add", "budi", "--name", "Budi Santoso", "--role", "card_clerk", "--password-stdin", *rest)
    return kiosk(*words, typed=typed)


def test_setup_makes_everything_and_a_second_run_makes_nothing(kiosk, tmp_path):
    first, second = kiosk("setup"), kiosk("setup")
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert first.output.count("dibuat") >= 5
    assert "dibuat" not in second.output
    assert second.output.count("sudah ada") >= 5


def test_setup_keeps_keys_from_other_users_of_the_machine(ready, tmp_path):
    keys = tmp_path / "instance" / "keys"
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in keys.iterdir()}
    assert set(modes.values()) == {0o600}, modes
    assert "passphrase" in modes


def test_setup_completes_what_was_cut_off(kiosk, database_url, tmp_path):
    (tmp_path / "instance" / "keys").mkdir(parents=True)
    assert kiosk("setup").exit_code == 0
    assert "sudah ada" in kiosk("setup").output


def test_a_command_before_setup_says_what_to_do(kiosk):
    answer = kiosk("audit", "verify")
    assert answer.exit_code == 1
    assert "kiosk setup" in answer.stderr


def test_an_officer_is_added_and_can_be_found(ready, database_url):
    answer = add_budi(ready)
    assert answer.exit_code == 0, answer.output
    assert PASSWORD not in answer.output
    database = Database(database_url)
    with database.reading() as session:
        assert session.scalars(select(Officer.username)).all() == ["budi"]
    database.close()


def test_the_password_is_asked_for_twice_when_it_is_not_piped_in(ready):
    words = ("officers", "add", "budi", "--name", "Budi", "--role", "auditor")
    assert ready(*words, typed=f"{PASSWORD}\n{PASSWORD}\n").exit_code == 0


def test_what_cannot_be_added_is_refused_with_one(ready):
    answer = add_budi(ready, typed="pendek\n")
    assert answer.exit_code == 1
    assert answer.stderr.strip()
    assert "Traceback" not in answer.output


@pytest.mark.parametrize(
    "words",
    [
        ("officers", "add", "budi", "--name", "Budi", "--role", "raja"),
        ("officers", "add"),
        ("points", "add", "X", "--name", "X", "--kind", "istana", "--area", "62"),
        ("tidak-ada",),
        # what is named there is not
        ("officers", "add", "budi", "--name", "Budi", "--role", "auditor", "--point", "TIDAK-ADA", "--password-stdin"),
        ("points", "add", "LOKET-1", "--name", "Loket", "--kind", "loket", "--area", "62.99"),
        ("cards", "issue", "--village", "62.06.05"),
        ("redeem", "62-06-207002-0", "--programme", "BANJIR", "--point", "PUSAT"),
        ("redeem", "62-06-207002-0", "--programme", "PANGAN", "--point", "TIDAK-ADA"),
        ("verify", "62-06-207002-0", "--point", "TIDAK-ADA"),
        # nowhere to write
        ("families", "import", __file__, "--report", "/tidak-ada/laporan.csv"),
    ],
)
def test_wrong_use_ends_with_two(ready, words):
    answer = ready(*words, typed=PASSWORD + "\n")
    assert answer.exit_code == 2, answer.output
    assert answer.stderr.strip()
    assert not answer.stdout.strip()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KIOSK_PROXIES", "x"),
        ("KIOSK_PROXIES", "-1"),
        ("KIOSK_HTTPS", "true"),
        ("KIOSK_WORK", "yes"),
        ("DATABASE_URL", "foo"),
        ("DATABASE_URL", "mysql://kiosk:rahasia@localhost/kiosk"),
        ("DATABASE_URL", "sqlite:////tidak-ada/kiosk.db"),
    ],
)
@pytest.mark.parametrize("words", [("setup",), ("audit", "verify")])
def test_settings_that_cannot_be_used_are_told_in_words(ready, monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    answer = ready(*words)
    assert answer.exit_code == 2, answer.output
    assert name in answer.stderr
    assert "rahasia" not in answer.output
    assert "Traceback" not in answer.output


def test_a_point_is_added(ready, database_url):
    answer = ready("points", "add", "LOKET-BUNTOK", "--name", "Loket Buntok", "--kind", "loket", "--area", "62.06")
    assert answer.exit_code == 0, answer.output
    assert add_budi(ready, "--point", "LOKET-BUNTOK").exit_code == 0
    database = Database(database_url)
    with database.reading() as session:
        assert session.scalars(select(ServicePoint.area_code).order_by(ServicePoint.code)).all() == ["62.06", "62"]
    database.close()


def test_an_untouched_trail_is_whole(ready):
    add_budi(ready)
    answer = ready("audit", "verify")
    assert (answer.exit_code, answer.output) == (0, "Jejak utuh.\n")


@pytest.mark.parametrize(
    ("deed", "word"),
    [
        ("UPDATE audit_line SET action = 'officer.removed' WHERE seq = 2", "diubah"),
        ("DELETE FROM audit_line WHERE seq = 2", "dihapus"),
        ("DELETE FROM audit_line WHERE seq = 3", "ujung rantai"),
    ],
)
def test_a_trail_that_was_touched_is_found(ready, database_url, deed, word):
    add_budi(ready)
    ready("points", "add", "LOKET-1", "--name", "Loket", "--kind", "loket", "--area", "62.06")
    database = Database(database_url)
    with database.engine.begin() as connection:
        if database.is_sqlite:
            connection.execute(text("DROP TRIGGER audit_line_no_update"))
            connection.execute(text("DROP TRIGGER audit_line_no_delete"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(deed))
    database.close()
    answer = ready("audit", "verify")
    assert answer.exit_code == 1
    assert word in answer.stderr
