"""A file that an officer has sent, for as long as it is read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from werkzeug.datastructures import FileStorage

from registry.importing import RECEIVED


@contextmanager
def received(sent: FileStorage, folder: Path) -> Iterator[Path]:
    """Give the path of the file, kept in a folder of the installation that nobody else reads, and remove it after.

    What a power cut leaves of it is swept away with the working files of lists.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{uuid4().hex}{RECEIVED}"
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            sent.save(file)
        yield path
    finally:
        path.unlink(missing_ok=True)
