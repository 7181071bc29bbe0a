"""Printing ends within its time and its memory, whatever it is given, and the rest of the kiosk doesn't notice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import confined_deeds as deeds
import pytest
from canary import canary_in

from printing.confined import Confined, run_confined
from printing.errors import PrintingError

LONG = 600.0
"""Seconds for what is to end by itself, or by its memory: a busy machine takes a minute over a long table."""
ROOM = {"seconds": LONG, "megabytes": 600}


def refusal(function: object, *args: object, **limits: float) -> PrintingError:
    with pytest.raises(PrintingError) as refused:
        run_confined(function, *args, **(ROOM | limits))  # type: ignore[arg-type]
    return refused.value


def test_what_the_function_returns_comes_back():
    assert run_confined(deeds.add, 2, 3, **ROOM) == 5


def test_what_it_raises_comes_back_with_its_trace():
    with pytest.raises(KeyError) as fault:
        run_confined(deeds.fail, **ROOM)
    assert "in fail" in "".join(fault.value.__notes__)


@pytest.mark.parametrize("deed", [deeds.think_for_ever, deeds.sleep_for_ever])
def test_what_does_not_end_is_ended(deed: object):
    assert refusal(deed, seconds=1).code == "took_too_long"


def test_boxes_within_boxes_are_ended():
    assert refusal(deeds.lay_out_boxes_in_boxes, 40, seconds=3).code == "took_too_long"


def test_what_takes_all_memory_is_refused():
    assert refusal(deeds.remember_everything).code == "took_too_much_memory"


def test_a_table_that_is_too_long_for_the_memory_is_refused():
    assert refusal(deeds.lay_out_a_long_table, 20_000, megabytes=250).code == "took_too_much_memory"


def test_a_child_that_dies_is_told_of():
    dead = refusal(deeds.die)
    assert (dead.code, dead.about) == ("worker_died", "SIGKILL")


def test_a_file_that_grows_too_large_is_refused(tmp_path: Path):
    with pytest.raises(OSError, match="too large"):
        run_confined(deeds.write, tmp_path / "a", 201, seconds=LONG, megabytes=200)


def test_the_child_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KIOSK_PASSPHRASE", "a")
    monkeypatch.setenv("DATABASE_URL", "b")
    seen = run_confined(deeds.environment, **ROOM)
    assert {"KIOSK_PASSPHRASE", "DATABASE_URL"}.isdisjoint(seen)


def test_nothing_of_a_killed_child_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    refusal(deeds.lay_out_boxes_in_boxes, 40, seconds=3)
    assert list(tmp_path.iterdir()) == []


def test_where_the_system_lets_it_the_child_has_no_network(tmp_path: Path):
    # where it does not, the fetcher's ban stands alone: test_printing_fetches_nothing.py
    if subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this system gives no network namespace to an unprivileged process")
    with canary_in(tmp_path) as canary, pytest.raises(OSError, match="unreachable"):
        run_confined(deeds.ask, int(canary.http.rpartition(":")[2]), **ROOM)


def test_one_child_serves_several_calls_and_a_dead_one_is_followed_by_another():
    with Confined(seconds=LONG, megabytes=600) as confined:
        first = confined.run(deeds.process_id)
        assert confined.run(deeds.process_id) == first
        with pytest.raises(PrintingError):
            confined.run(deeds.die)
        assert confined.run(deeds.process_id) != first


@pytest.mark.parametrize("deed", ["sleep_for_ever", "return_once_alone"])
def test_a_parent_killed_with_9_leaves_no_child_at_work_and_none_of_its_files(tmp_path: Path, deed: str):
    note, folder = tmp_path / "child", tmp_path / "passing"
    folder.mkdir()
    program = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "import confined_deeds as deeds; from pathlib import Path; from printing.confined import run_confined\n"
        f"run_confined(deeds.{deed}, Path({str(note)!r}), seconds={LONG}, megabytes=600)"
    )
    with subprocess.Popen([sys.executable, "-c", program], env=os.environ | {"TMPDIR": str(folder)}) as parent:
        while not note.exists():
            time.sleep(0.02)
        child = int(note.read_text())
        parent.send_signal(signal.SIGKILL)
    while is_at_work(child):
        time.sleep(0.02)
    assert list(folder.iterdir()) == []


def is_at_work(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
