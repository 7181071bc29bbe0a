"""Files that commands write."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click


class FileToWrite(click.Path):
    """A file that a command will write: its folder is looked at before any work begins, not after everything else."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path; wrong use when its folder is not there or must not be written."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not os.access(path.parent, os.W_OK | os.X_OK):
            self.fail(f"Folder {path.parent} tidak ada atau tidak boleh ditulisi.", param, ctx)
        return path
