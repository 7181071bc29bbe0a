"""The disk is full while a batch is drawn: it is said in words, nothing is half, and it goes on when there is room.

The prints folder is a small file system of its own, in a mount namespace of the drawing process.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from batch_scene import FOLDER, Worker, make_batch_of_village

from registry.kinds import BatchState
from registry.models import PrintBatch
from registry.prints.batches import resume_drawing
from registry.prints.chunks import chunks_of

CARDS, CHUNK = 12, 2
ROOM, TAKEN = 3_000_000, 2_800_000  # bytes; a file of two cards takes about 60,000


def _way_to_mount() -> list[str]:
    """Return the command that opens a mount namespace: as root, or by a user namespace of one's own."""
    for options in ("-m", "-rm"):
        command = ["unshare", options, "sh", "-c", "mount -t tmpfs none /mnt"]
        if shutil.which("unshare") and subprocess.run(command, capture_output=True).returncode == 0:
            return ["unshare", options]
    return []


# only a file system that is really full says ENOSPC; where none can be mounted nothing stands in for it
UNSHARE = _way_to_mount()
pytestmark = pytest.mark.skipif(not UNSHARE, reason="a small disk needs a mount namespace (unshare -m or -rm)")


@contextmanager
def worker_on_a_small_disk(settings) -> Iterator[tuple[Worker, Path]]:
    """Give a worker and its prints folder as it alone sees it."""
    prints = settings.prints_folder
    prints.mkdir()
    program = [sys.executable, FOLDER / "drawing_worker.py", settings.home, settings.database_url, CHUNK]
    mount = f'mount -t tmpfs -o size={ROOM} none "$0" && head -c {TAKEN} /dev/zero > "$0"/other && exec "$@"'
    with subprocess.Popen(
        [*UNSHARE, "sh", "-c", mount, *map(str, [prints, *program])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        cwd=FOLDER.parent,
    ) as process:
        worker = Worker(process, lives=0)
        yield worker, Path(f"/proc/{process.pid}/root{prints}")
        process.stdin.close()


def test_a_full_disk_stops_the_drawing_and_room_lets_it_go_on(scene):
    batch_id = make_batch_of_village(scene, CARDS)
    with worker_on_a_small_disk(scene.state.settings) as (worker, prints):
        assert not worker.live(batch_id, seconds=300)
        with scene.state.database.reading() as session:
            batch = session.get_one(PrintBatch, batch_id)
            kept = {f"{chunk.ordinal}.pdf" for chunk in chunks_of(session, batch)}
        assert (batch.state, batch.fault_code, batch.worker) == (BatchState.DRAWING, "disk_full", "")
        assert 0 < len(kept) < CARDS // CHUNK
        assert {path.name for path in (prints / str(batch_id)).iterdir()} == kept, "nothing half lies there"

        (prints / "other").unlink()
        assert not worker.live(batch_id, seconds=300)
        with scene.state.database.writing() as session:
            batch = session.get_one(PrintBatch, batch_id)
            assert batch.copies_drawn < CARDS, "it waits for an officer's word"
            resume_drawing(session, batch, **scene._rest(session))
        assert not worker.live(batch_id, seconds=300)
        with scene.state.database.reading() as session:
            batch = session.get_one(PrintBatch, batch_id)
            assert (batch.state, batch.copies_drawn) == (BatchState.READY, CARDS)
        assert len(list((prints / str(batch_id)).iterdir())) == CARDS // CHUNK
