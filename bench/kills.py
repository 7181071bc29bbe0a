"""Is a card ever printed twice, or skipped in silence, when the one who prints is killed at random?

    python -m bench.kills [--kills 1000] [--cards 250] [--folder FOLDER]

The software printer of the tests writes down, on disk, what physically came out of it. The worker that prints is killed
(SIGKILL) up to 0.25 s after it began to work, again and again; in the third and fourth row the printer's plug is pulled
with every third kill, and its history is gone. "print, then mark" is what most programmes do; the ledger is ours.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from kill_trial import Protocol, Tally, Workers, run_trial, workers
from printer_scene import set_up
from software_printer import switched_on

from registry import schema
from registry.db import Database

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ROWS: tuple[tuple[str, Protocol, float, float], ...] = (
    # what, by which protocol, how often the printer too, which part of the kills
    ("print, then mark; worker killed", "naive", 0.0, 0.05),
    ("ledger; worker killed", "ledger", 0.0, 0.6),
    ("print, then mark; printer too", "naive", 0.33, 0.05),
    ("ledger; printer too", "ledger", 0.33, 0.4),
)


def trials(
    made: Workers, protocol: Protocol, printer_too: float, kills: int, cards: int, folder: Path, random: Random
) -> Tally:
    """Print batch after batch until there were so many kills."""
    total = Tally()
    while total.kills < kills:
        with (
            tempfile.TemporaryDirectory(dir=folder) as place,
            switched_on(Path(place) / "p", milliseconds=15) as printer,
        ):
            database = Database(f"sqlite:///{place}/kiosk.db")
            schema.upgrade(database)
            scene = set_up(database, AT, printer.uri, cards=cards)
            left = kills - total.kills
            total.add(run_trial(made, scene, printer, protocol, kills=left, random=random, printer_too=printer_too))
            database.close()
    return total


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--kills", type=int, default=1000, help="of the ledger, both rows together")
    asked.add_argument("--cards", type=int, default=250, help="in a batch")
    asked.add_argument("--folder", type=Path, default=None, help="where the databases lie")
    given = asked.parse_args()
    print("| protocol | kills | job in flight | printer's plug | cards | twice | skipped | unsaid | questions | s |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    with workers() as made:
        for what, protocol, printer_too, part in ROWS:
            kills = round(given.kills * part)
            told = trials(made, protocol, printer_too, kills, given.cards, given.folder, Random(what))
            counts = (told.kills, told.in_flight, told.printer_kills, told.cards, told.doubled, told.skipped)
            rest = (told.unsaid, told.questions, round(told.seconds))
            print(f"| {what} | {' | '.join(map(str, counts + rest))} |", flush=True)


if __name__ == "__main__":
    main()
