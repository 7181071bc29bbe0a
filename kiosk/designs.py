"""The designs of an installation: the packaged one, and those that lie in its folder, a folder each."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp

from printing.design import Design, packaged_design, read_design
from printing.errors import PrintingError
from registry.db import Session
from registry.prints.designs import current_choice
from registry.whole_files import sync_folder, write_whole

__all__ = ["design_in_force", "find_names", "get_design", "keep_design", "name_in_force"]


def design_in_force(session: Session, folder: Path) -> Design:
    """Return the design that cards are drawn by now.

    Args:
        folder: the designs folder of the installation.

    Raises:
        PrintingError: ``design_missing`` or ``design_changed`` where the chosen design's files are gone or not those
            that were checked: no card is drawn by something that nobody looked at.
    """
    choice = current_choice(session)
    if choice is None:
        return packaged_design()
    return get_design(folder, choice.name, sha256=choice.sha256)


def name_in_force(session: Session) -> str:
    """Return the name of the design that holds now, whether its files are there or not."""
    choice = current_choice(session)
    return choice.name if choice else packaged_design().name


def get_design(folder: Path, name: str, *, sha256: str = "") -> Design:
    """Return the design of that name, and with ``sha256`` only as it was then.

    The packaged design is taken as the kiosk brings it: it is checked before a release.

    Raises:
        PrintingError: as `read_design`; ``design_changed``.
    """
    if name == packaged_design().name:
        return packaged_design()
    if name not in find_names(folder):  # and so no path either
        raise PrintingError("design_missing", name[:40])
    design = read_design(folder / name)
    if sha256 and design.sha256 != sha256:
        raise PrintingError("design_changed", name)
    return design


def find_names(folder: Path) -> list[str]:
    """Return the names of the installation's own designs, whether they would pass or not."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def keep_design(folder: Path, design: Design) -> None:
    """Lay a design's files into the folder, whole or not at all; a design that is there already is never changed.

    Raises:
        PrintingError: ``design_name_taken`` where that name stands for another design.
    """
    if design.name == packaged_design().name or (folder / design.name).exists():
        if get_design(folder, design.name).sha256 != design.sha256:
            raise PrintingError("design_name_taken", design.name)
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix=".", dir=folder))
    try:
        for name, body in design.files().items():
            write_whole(draft / name, body)
        draft.rename(folder / design.name)
    except OSError:
        if not (folder / design.name).exists():
            raise
        keep_design(folder, design)  # somebody was faster: with the same files, or the name is taken
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    sync_folder(folder)
