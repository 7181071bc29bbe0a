"""A batch of a village's cards and a worker that draws it in a process of its own, which tests kill."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from card_house import VILLAGE
from card_scene import CardScene

from kiosk.clock import now
from kiosk.settings import Settings
from registry.kinds import BatchChoice, SheetCode
from registry.prints.batches import make_batch
from registry.prints.choosing import choose_cards

FOLDER = Path(__file__).parent


class Worker:
    """The process that draws, life after life."""

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process
        self._lives = 0
        assert self._read() == "ready"

    def live(self, batch_id: UUID, *, seconds: float) -> bool:
        """Let it draw for so long, then kill it; tell whether it had to be killed."""
        self._lives += 1
        self._process.stdin.write(f"{self._lives} {batch_id}\n")
        self._process.stdin.flush()
        child = int(self._read())
        if not select.select([self._process.stdout], [], [], seconds)[0]:
            os.kill(child, signal.SIGKILL)
        code = int(self._read())
        assert code in (0, -signal.SIGKILL), "it died of something else"
        return code != 0

    def _read(self) -> str:
        return self._process.stdout.readline().strip()


@contextmanager
def drawing_worker(settings: Settings, *, chunk: int) -> Iterator[Worker]:
    """Give a worker that draws so many cards into a file."""
    program = [sys.executable, FOLDER / "drawing_worker.py", settings.home, settings.database_url, chunk]
    with subprocess.Popen(
        list(map(str, program)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        cwd=FOLDER.parent,
    ) as process:
        yield Worker(process)
        process.stdin.close()


def make_batch_of_village(scene: CardScene, cards: int) -> UUID:
    """Issue cards to new families and make a batch of all that wait in the village; return its id."""
    for reference in [scene.add_family() for _ in range(cards)]:
        scene.issue(reference)
    with scene.state.database.writing() as session:
        batch = make_batch(
            session,
            chosen_by=BatchChoice.VILLAGE,
            about=VILLAGE,
            cards=choose_cards(session, BatchChoice.VILLAGE, VILLAGE, area="62", at=now()),
            sheet=SheetCode.CARD,
            design="huma_betang",
            area="62",
            **scene._rest(session),
        )
        return batch.id
