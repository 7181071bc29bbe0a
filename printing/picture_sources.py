"""Many pictures at once, from a folder or a ZIP archive: what is in it, and the bytes of one after the other.

Nothing is unpacked to a path that the archive names: what is read goes into memory, one picture at a time, and no more
of it than a photo may have. The sizes that an archive states are looked at first, because they refuse most bombs at
once; but what is counted is what comes out.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from printing.errors import PhotoError
from printing.pictures import MAX_BYTES

MAX_ENTRIES = 5_000
"""The largest kelurahan has about this many families."""
MAX_UNPACKED = 4 << 30
"""Bytes in all: every one of so many as a phone takes them."""

_MAX_RATIO = 20
"""Pictures are packed already: an archive that unpacks to more than this many times its size holds none."""
_RATIO_FROM = 32 << 20
_MAX_DIRECTORY = 4 << 20
"""Bytes of the list of entries, which zipfile holds as a whole: 5,000 names take half a megabyte of it."""
_PIECE = 1 << 20
_LOCKED = 0x1
_JUNK = frozenset({"thumbs.db", "desktop.ini"})
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"})


@dataclass(frozen=True)
class PictureFile:
    """One file that may be a picture: where it stands in its source, its path there, and the bytes that it states."""

    place: int
    path: str
    """With slashes, and nothing in it that cannot be shown."""
    bytes: int

    @property
    def stem(self) -> str:
        """Return the name without its folders and its ending."""
        return PurePosixPath(self.path).stem

    def check(self) -> None:
        """Refuse what needs no reading to be known as no photo.

        Raises:
            PhotoError: ``photo_is_archive``, ``photo_wrong_format``, ``photo_too_large``.
        """
        ending = PurePosixPath(self.path).suffix.lower()
        if ending in _ARCHIVES:
            raise PhotoError("photo_is_archive")
        if ending not in _PICTURES:
            raise PhotoError("photo_wrong_format")
        if self.bytes > MAX_BYTES:
            raise PhotoError("photo_too_large")


class PictureSource(Protocol):
    """Where many pictures lie."""

    @property
    def files(self) -> Sequence[PictureFile]:
        """Return every file in it that somebody put there, in the order of the paths."""

    def read(self, file: PictureFile) -> bytes:
        """Return what is in a file.

        Raises:
            PhotoError: ``photo_too_large``, ``photo_unreadable``, ``archive_packed_too_well``.
        """


class FolderSource:
    """The pictures of a folder and of all folders in it; links are not followed.

    Raises:
        PhotoError: ``archive_too_many``, ``archive_empty``.
    """

    def __init__(self, folder: Path) -> None:
        self._paths: list[Path] = []
        for place, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if not _is_junk(name)]
            paths = [Path(place, name) for name in names if not _is_junk(name)]
            self._paths += [path for path in paths if path.is_file() and not path.is_symlink()]
            if len(self._paths) > MAX_ENTRIES:
                raise PhotoError("archive_too_many")
        self.files = _in_order(
            PictureFile(place, _shown(path.relative_to(folder).as_posix()), path.stat().st_size)
            for place, path in enumerate(self._paths)
        )

    def read(self, file: PictureFile) -> bytes:
        """See :class:`PictureSource`."""
        try:
            with self._paths[file.place].open("rb") as opened:
                return _read_bounded(opened)
        except OSError as error:
            raise PhotoError("photo_unreadable") from error


class ZipSource:
    """The pictures of a ZIP archive.

    Args:
        file: opened for reading in binary, and seekable.

    Raises:
        PhotoError: ``archive_unreadable``, ``archive_locked``, ``archive_empty``, ``archive_too_many``,
            ``archive_packed_too_well``.
    """

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._archive = zipfile.ZipFile(_NoLongReads(file))
        # zipfile raises NotImplementedError for a version of the format that it does not know, OverflowError for a size
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError) as error:
            raise PhotoError("archive_unreadable") from error
        self._entries = self._archive.infolist()
        if len(self._entries) > MAX_ENTRIES:
            raise PhotoError("archive_too_many")
        stated = sum(entry.file_size for entry in self._entries)
        if stated > MAX_UNPACKED or (stated > _RATIO_FROM and stated > _MAX_RATIO * file.seek(0, os.SEEK_END)):
            raise PhotoError("archive_packed_too_well")
        if any(entry.flag_bits & _LOCKED for entry in self._entries):
            raise PhotoError("archive_locked")
        self._unpacked = 0
        # some programs of Windows write its own slash
        paths = [entry.filename.replace("\\", "/") for entry in self._entries]
        self.files = _in_order(
            PictureFile(place, _shown(path), self._entries[place].file_size)
            for place, path in enumerate(paths)
            if not path.endswith("/") and not any(map(_is_junk, path.split("/")))
        )

    def read(self, file: PictureFile) -> bytes:
        """See :class:`PictureSource`."""
        entry = self._entries[file.place]
        # of the other ways of packing a few bytes become many megabytes at one stroke, however little is asked for
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise PhotoError("photo_unreadable")
        try:
            with self._archive.open(entry) as opened:
                content = _read_bounded(opened)
        # the ways in which zipfile says that an entry is broken
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
            raise PhotoError("photo_unreadable") from error
        self._unpacked += len(content)
        if self._unpacked > MAX_UNPACKED:
            raise PhotoError("archive_packed_too_well")
        return content


class _NoLongReads:
    """An archive's file, of which zipfile reads no more at once than a list of entries may have."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > _MAX_DIRECTORY:
            raise PhotoError("archive_too_many")
        return self._file.read(size)


def _read_bounded(opened: IO[bytes]) -> bytes:
    """Read a picture whole, or no more of it than tells that it is too large."""
    content = bytearray()
    while piece := opened.read(_PIECE):
        content += piece
        if len(content) > MAX_BYTES:
            raise PhotoError("photo_too_large")
    return bytes(content)


def _in_order(files: Iterable[PictureFile]) -> Sequence[PictureFile]:
    ordered = sorted(files, key=lambda file: (file.path, file.place))
    if not ordered:
        raise PhotoError("archive_empty")
    return ordered


def _shown(path: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in path)


def _is_junk(name: str) -> bool:
    """Tell what systems put into folders by themselves: dot files, the shadows of macOS, the lists of Windows."""
    is_hidden = name.startswith(".") and name not in (".", "..")
    return is_hidden or name == "__MACOSX" or name.lower() in _JUNK
