"""A batch of a village's cards, a worker that draws it in a process of its own, which tests kill, and what it drew."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from time import monotonic
from uuid import UUID

from card_house import VILLAGE
from card_scene import CardScene

from kiosk.card_faces import faces_of
from kiosk.clock import now
from kiosk.settings import Settings
from kiosk.state import State
from printing.preflight import check_pictures
from registry.kinds import BatchChoice, BatchState, CopyFate, SheetCode
from registry.models import PrintBatch
from registry.prints.batches import copies_of, make_batch
from registry.prints.choosing import choose_cards
from registry.prints.chunks import chunk_path, chunks_of

FOLDER = Path(__file__).parent


class Worker:
    """The process that draws, life after life."""

    def __init__(self, process: subprocess.Popen, *, lives: int) -> None:
        self._process = process
        self._lives = lives
        assert self._read() == "ready"

    def live(self, batch_id: UUID, *, seconds: float) -> bool:
        """Let it draw for so long, then kill it; tell whether it had to be killed."""
        return self.live_until(batch_id, lambda: False, seconds=seconds)

    def live_until(self, batch_id: UUID, has_come: Callable[[], bool], *, seconds: float) -> bool:
        """Let it draw until something has come, or for so long, then kill it; tell whether it had to be killed."""
        self._lives += 1
        self._process.stdin.write(f"{self._lives} {batch_id}\n")
        self._process.stdin.flush()
        child = int(self._read())
        latest = monotonic() + seconds
        while not self._has_ended(within=0.01) and not has_come() and monotonic() < latest:
            pass
        if not self._has_ended(within=0.0):
            with suppress(ProcessLookupError):  # it ended at this very moment
                os.kill(child, signal.SIGKILL)
        code = int(self._read())
        assert code in (0, -signal.SIGKILL), "it died of something else"
        return code != 0

    def _has_ended(self, *, within: float) -> bool:
        return bool(select.select([self._process.stdout], [], [], within)[0])

    def _read(self) -> str:
        return self._process.stdout.readline().strip()


@contextmanager
def drawing_worker(settings: Settings, *, chunk: int, lives: int = 0, files: int | None = None) -> Iterator[Worker]:
    """Give a worker that draws so many cards into a file; its clock goes on behind so many lives of another.

    Args:
        files: behind so many of a life it stands still until it is killed.
    """
    program = [sys.executable, FOLDER / "drawing_worker.py", settings.home, settings.database_url, chunk]
    if files is not None:
        program.append(files)
    with subprocess.Popen(
        list(map(str, program)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        cwd=FOLDER.parent,
    ) as process:
        yield Worker(process, lives=lives)
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


def assert_drawn_whole(state: State, batch_id: UUID, *, cards: int) -> None:
    """Every card of a batch is in exactly one file, at its place, with its own code."""
    folder = state.settings.prints_folder
    with state.database.reading() as session:
        batch = session.get_one(PrintBatch, batch_id)
        assert (batch.state, batch.copies_drawn, batch.worker) == (BatchState.READY, cards, "")
        chunks = chunks_of(session, batch)
        covered = [position for one in chunks for position in range(one.first_position, one.last_position + 1)]
        assert covered == list(range(1, cards + 1)), "none twice, none skipped"
        assert {path.name for path in (folder / str(batch_id)).iterdir()} == {f"{one.ordinal}.pdf" for one in chunks}
        for chunk in chunks:
            path = chunk_path(folder, chunk)
            assert sha256(path.read_bytes()).hexdigest() == chunk.sha256
            copies = copies_of(session, batch, first=chunk.first_position, last=chunk.last_position)
            faces = list(faces_of(session, [copy.card for copy in copies], photos=state.settings.photos_folder))
            check_pictures(path, {2 * index + 1: [face] for index, face in enumerate(faces)})
        copies = copies_of(session, batch)
        assert {copy.fate for copy in copies} == {CopyFate.WAITING}
        assert len({copy.card_id for copy in copies}) == cards
