"""The queue's tables in PostgreSQL are made by whichever process starts first, while the others wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from kiosk.settings import Settings
from kiosk.work.worker import Work
from registry.db import Database
from registry.keys.keys import load_keys


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_a_worker_that_starts_while_another_makes_them_waits_for_it(settings: Settings):
    database = Database(settings.database_url)
    keys = load_keys(settings.keys_folder, settings.passphrase or b"", issuer=settings.issuer)
    work = Work(settings, database, keys)
    with ThreadPoolExecutor(1) as beside:
        with database.alone():
            opening = beside.submit(work.work_off)
            with pytest.raises(TimeoutError):
                opening.result(timeout=1)
        opening.result()
    work.close()
    database.close()
