"""The one who prints is killed at random, and the printer with him: no card twice, none skipped in silence."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from kill_trial import run_trial, workers
from printer_scene import set_up
from software_printer import switched_on

from registry.db import Database

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(("printer_too", "kills", "seed"), [(0.0, 35, 1), (0.3, 25, 2)])
def test_no_card_is_printed_twice_or_skipped(database, tmp_path, printer_too, kills, seed):
    with workers() as made, switched_on(tmp_path / "printer", milliseconds=15) as printer:
        scene = set_up(database, NOW, printer.uri, cards=40)
        tally = run_trial(made, scene, printer, "ledger", kills=kills, random=Random(seed), printer_too=printer_too)
    assert (tally.doubled, tally.skipped, tally.unsaid) == (0, 0, 0)
    assert tally.in_flight >= 5  # it was killed at its work, and not beside it
    assert tally.questions <= tally.printer_kills


def test_the_trial_sees_the_doubles_of_one_who_prints_first_and_marks_then(tmp_path, sqlite_template):
    file = tmp_path / "kiosk.db"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{file}")
    # one killed before its document was sent blocks the printer until its job is stale, and on a busy machine many are
    with workers() as made, switched_on(tmp_path / "printer", milliseconds=15, stale=1) as printer:
        scene = set_up(database, NOW, printer.uri, cards=40)
        tally = run_trial(made, scene, printer, "naive", kills=100, random=Random(3))
    database.close()
    assert tally.doubled > 0
