"""A design as one ZIP file: how it travels between the office and whoever draws it."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath

from printing.design import MAX_BYTES, MAX_FILES, Design, is_passed_over, make_design
from printing.errors import PrintingError

__all__ = ["pack_design", "unpack_design"]

_LOCKED = 0x1
_MAX_ENTRIES = 4 * MAX_FILES
"""With the shadows that macOS puts beside every file."""


def pack_design(design: Design) -> bytes:
    """The design's files in a folder of its name; the same bytes for the same design."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in sorted(design.files().items()):
            archive.writestr(zipfile.ZipInfo(f"{design.name}/{name}"), body, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def unpack_design(name: str, content: bytes) -> Design:
    """The design called ``name`` whose files are in a ZIP, at its top or in one folder there.

    Nothing is unpacked to a path that the archive names: a name in it is a file name and nothing else, or the whole
    archive is refused. What counts is what comes out, and never the sizes that the archive states.

    Raises:
        PrintingError: ``design_archive_unreadable``, ``design_too_large``, ``design_file_unknown``, and as
            `make_design`.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return make_design(name, _files(archive))
    # zipfile's own: RuntimeError for one with a password, NotImplementedError for an unknown way of packing
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError):
        raise PrintingError("design_archive_unreadable") from None


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > _MAX_ENTRIES:
        raise PrintingError("design_too_large", str(len(entries)))
    files: dict[str, bytes] = {}
    folders: set[PurePosixPath] = set()
    left = MAX_BYTES
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in entry.filename:
            raise PrintingError("design_file_unknown", entry.filename[:60])
        if entry.is_dir() or any(map(is_passed_over, path.parts)):
            continue
        if len(path.parts) > 2:
            raise PrintingError("design_file_unknown", entry.filename[:60])
        # of other ways of packing a few bytes become many megabytes at one stroke, however little is asked for
        if entry.flag_bits & _LOCKED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise PrintingError("design_archive_unreadable")
        folders.add(path.parent)
        if len(folders) > 1 or path.name in files:
            raise PrintingError("design_file_unknown", entry.filename[:60])
        with archive.open(entry) as opened:
            body = opened.read(left + 1)
        left -= len(body)
        if left < 0:
            raise PrintingError("design_too_large", path.name[:60])
        files[path.name] = body
    return files
