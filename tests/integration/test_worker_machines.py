"""Two machines draw for one kiosk: a folder of its own each, one PostgreSQL, and the prints folder that both see."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from uuid import UUID

import pytest
from batch_scene import assert_drawn_whole, drawing_worker, make_batch_of_village

from kiosk.clock import now
from kiosk.settings import Settings
from registry.kinds import BatchState
from registry.models import PrintBatch
from registry.prints.chunks import chunks_of

CARDS, CHUNK = 20, 2
WORK = [Path(sys.executable).with_name("kiosk"), "work", "--at-once", "1"]
PATIENCE = 600.0  # seconds; a quiet machine needs some
# SQLite is one file of one machine
pytestmark = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)


@pytest.fixture
def here(scene) -> Settings:
    """The first machine, where the server runs too."""
    scene.state.settings.prints_folder.mkdir(mode=0o700)
    return scene.state.settings


@pytest.fixture
def there(here: Settings, tmp_path: Path) -> Settings:
    """Another machine, made as docs/keeping.md says: keys of its own copy, photos, designs and prints shared."""
    home = tmp_path / "worker"
    home.mkdir()
    shutil.copytree(here.keys_folder, home / here.keys_folder.name)
    for shared in (here.photos_folder, here.designs_folder, here.prints_folder):
        (home / shared.name).symlink_to(shared)
    return replace(here, home=home)


def environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "KIOSK_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
        "KIOSK_PASSPHRASE": (settings.passphrase or b"").decode(),
    }


@contextmanager
def working(settings: Settings) -> Iterator[subprocess.Popen]:
    """Give a running ``kiosk work``, one batch at a time."""
    with subprocess.Popen(WORK, env=environment(settings), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline().startswith("Pekerja berjalan")
            yield process
        finally:
            process.kill()


def await_state(is_so: Callable[[], bool]) -> None:
    latest = monotonic() + PATIENCE
    while not is_so():
        assert monotonic() < latest, "it never came"
        sleep(0.02)


def batch_of(scene, batch_id: UUID) -> PrintBatch:
    with scene.state.database.reading() as session:
        return session.get_one(PrintBatch, batch_id)


def end_lease(scene, batch_id: UUID, after: timedelta) -> None:
    with scene.state.database.writing() as session:
        session.get_one(PrintBatch, batch_id).worked_until = now() + after


def files_of(scene, batch_id: UUID) -> dict[int, str]:
    with scene.state.database.reading() as session:
        return {one.ordinal: one.sha256 for one in chunks_of(session, session.get_one(PrintBatch, batch_id))}


def test_what_a_killed_machine_has_drawn_stays_and_the_other_draws_the_rest(scene, here, there):
    batch_id = make_batch_of_village(scene, CARDS)
    with drawing_worker(here, chunk=CHUNK, files=1) as first, drawing_worker(there, chunk=CHUNK, lives=1) as second:
        assert first.live_until(batch_id, lambda: bool(files_of(scene, batch_id)), seconds=PATIENCE)
        of_first = files_of(scene, batch_id)
        assert len(of_first) == 1
        assert not second.live(batch_id, seconds=PATIENCE)
    assert of_first.items() < files_of(scene, batch_id).items()
    assert_drawn_whole(scene.state, batch_id, cards=CARDS)


def test_machines_share_a_queue_and_one_takes_over_what_a_killed_one_held(scene, here, there):
    held, other = make_batch_of_village(scene, CARDS), make_batch_of_village(scene, CARDS)
    with working(here) as first:
        scene.state.work.draw(held)
        await_state(lambda: f":{first.pid}:" in batch_of(scene, held).worker)
        end_lease(scene, held, timedelta(days=1))  # however long the other takes to begin
        first.send_signal(signal.SIGSTOP)
        with working(there):
            scene.state.work.draw(other)
            await_state(lambda: batch_of(scene, other).state is BatchState.READY)
            assert f":{first.pid}:" in batch_of(scene, held).worker, "its lease has not run out"
            first.kill()
            first.wait()
            end_lease(scene, held, timedelta(seconds=-1))  # its minute goes by
            scene.state.work.sweep()
            await_state(lambda: batch_of(scene, held).state is BatchState.READY)
    for batch_id in (held, other):
        assert_drawn_whole(scene.state, batch_id, cards=CARDS)


def test_a_machine_that_does_not_see_the_photos_does_not_begin(scene, here, there):
    scene.give_photo(scene.add_family())
    (there.home / there.photos_folder.name).unlink()
    told = subprocess.run(WORK, env=environment(there), capture_output=True, text=True, timeout=PATIENCE)
    assert told.returncode == 1
    assert "Folder foto tidak dipakai bersama" in told.stderr
