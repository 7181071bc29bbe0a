"""A worker that draws and that tests kill: ``python drawing_worker.py HOME DATABASE_URL CHUNK [FILES]``.

It reads a life's number and a batch's id from each line, forks, and draws in the child, so that a kill hits drawing and
not importing. It answers with the child's process id, and when that has ended with how. Each life's clock is two
minutes later than the one before it: the lease of the life before has run out. Behind so many FILES of a life it stands
still until it is killed.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

from kiosk import clock
from kiosk.settings import Settings
from kiosk.work import drawing
from registry.db import Database
from registry.keys.keys import KeyRing, load_keys


def live(settings: Settings, keys: KeyRing, number: int, batch_id: UUID, chunk: int) -> None:
    later = number * timedelta(minutes=2)

    def now() -> datetime:
        return clock.now() + later

    database = Database(settings.database_url)
    drawing.Drawer(settings, database, keys, f"life:{number}", chunk=chunk, processes=2, now=now).draw(batch_id)
    database.close()


def stand_still_behind(files: int) -> None:
    keep, kept = drawing.keep_chunk, count()

    def keep_some(*asked: object, **how: object) -> bool:
        if next(kept) >= files:
            threading.Event().wait()
        return keep(*asked, **how)

    drawing.keep_chunk = keep_some


def main() -> None:
    home, url, chunk = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    settings = Settings(home=home, database_url=url, passphrase=b"for tests")
    keys = load_keys(settings.keys_folder, settings.passphrase or b"", issuer=settings.issuer)
    for files in sys.argv[4:]:
        stand_still_behind(int(files))
    print("ready", flush=True)
    for line in sys.stdin:
        number, batch_id = line.split()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                live(settings, keys, int(number), UUID(batch_id), chunk)
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
