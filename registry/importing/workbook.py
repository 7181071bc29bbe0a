"""Read a family list that is an Excel workbook (XLSX), after making sure that it is not a bomb.

calamine keeps a whole sheet in memory, as a full rectangle from the first to the last cell in use, with a copy of its
text in every cell. So three things are bounded before it sees the file, by unpacking it here in pieces and throwing
the pieces away: how much comes out (the sizes that a ZIP states may lie), how far out a cell may stand, and how much
text the cells may repeat.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook

from registry.importing.findings import ListRefused

__all__ = ["read_workbook_rows"]

_MAX_ENTRIES = 1_000  # a workbook of one sheet has about a dozen
_MAX_UNPACKED = 256 << 20  # 5 MB of XLSX unpack to about 50 MB
_MAX_RATIO = 200  # XML of a real list is packed 8 to 20 times
_RATIO_FROM = 1 << 20  # below this a high ratio does no harm
_MAX_TEXT = 2 << 30  # cells times the longest shared text; 80,000 rows of a real list come to 0.15 GB
_PIECE = 1 << 20
# a cell beyond column AZ or row 299,999: a list that long is sent as CSV, which is read without a limit
_FAR_CELL = re.compile(rb"""\br\s*=\s*["'](?:[A-Za-z]{3,}|[B-Zb-z][A-Za-z]|[A-Za-z]{0,2}(?:[3-9]\d{5}|\d{7,}))""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_LONGEST_MATCH = 64  # bytes that two pieces share, so that nothing is missed between them
_DIGITS_OF_EXCEL = 15
_EXACT_BELOW = 2**53


def read_workbook_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give each row of the first sheet that is not blank, as text, with its number in the sheet.

    Raises:
        ListRefused: ``workbook_too_large``, ``workbook_broken``.
    """
    _check_archive(path)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            for line, cells in enumerate(sheet.iter_rows(), start=1):
                texts = [cell if isinstance(cell, str) else _as_text(cell) for cell in cells]
                if any(texts):
                    yield line, texts
    except (CalamineError, zipfile.BadZipFile, OSError) as error:
        raise ListRefused("workbook_broken") from error


def _as_text(cell: object) -> str:
    if isinstance(cell, bool):
        return "Y" if cell else "T"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return _number_as_text(cell)
    return str(cell)


def _number_as_text(number: float) -> str:
    """Write a number as the sheet would show it.

    Excel keeps 15 digits: a 16-digit number that ends in 0 has lost its last digit and is given in scientific notation,
    so that it is told apart from a whole one (which other programs do write).
    """
    if not number.is_integer():
        return repr(number)
    digits = str(int(number))
    if len(digits) > _DIGITS_OF_EXCEL and (digits.endswith("0") or number >= _EXACT_BELOW):
        return f"{number:.5E}"
    return digits


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            entries = archive.infolist()
            if (
                len(entries) > _MAX_ENTRIES
                or sum(entry.file_size for entry in entries) > _MAX_UNPACKED
                or any(_is_packed_too_well(entry.file_size, entry.compress_size) for entry in entries)
            ):
                raise ListRefused("workbook_too_large")
            cells = longest_text = 0
            for entry in entries:
                is_bounded, found, longest = _look_through(file, entry)
                cells += found
                longest_text = max(longest_text, longest)
                if not is_bounded:
                    raise ListRefused("workbook_too_large")
            if cells * longest_text > _MAX_TEXT:
                raise ListRefused("workbook_too_large")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise ListRefused("workbook_broken") from error


def _is_packed_too_well(unpacked: int, packed: int) -> bool:
    return unpacked > _RATIO_FROM and unpacked > packed * _MAX_RATIO


def _look_through(file: IO[bytes], entry: zipfile.ZipInfo) -> tuple[bool, int, int]:
    """Unpack one entry piece by piece: whether it keeps within its bounds, its cells, and its longest text."""
    is_sheet = "worksheets/" in entry.filename
    is_texts = entry.filename.endswith("sharedStrings.xml")
    size = cells = longest = 0
    tail = b""
    text_bytes = 0
    for piece in _unpack(file, entry):
        size += len(piece)
        if size > entry.file_size:
            return False, cells, longest
        if is_sheet:
            whole = tail + piece
            if _FAR_CELL.search(whole):
                return False, cells, longest
            cells += len(_CELL.findall(piece))
            tail = piece[-_LONGEST_MATCH:]
        elif is_texts:
            first, *rest = piece.split(b"</si>")
            text_bytes += len(first)
            longest = max(longest, text_bytes, *map(len, rest))
            if rest:
                text_bytes = len(rest[-1])
    return True, cells, longest


def _unpack(file: IO[bytes], entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Give what truly comes out of an entry; :mod:`zipfile` would stop at the size that the entry states."""
    file.seek(entry.header_offset)
    header = file.read(30)
    if header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    packed_left = entry.compress_size
    if entry.compress_type == zipfile.ZIP_STORED:
        while packed_left > 0 and (piece := file.read(min(_PIECE, packed_left))):
            packed_left -= len(piece)
            yield piece
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed_left > 0 and (packed := file.read(min(_PIECE, packed_left))):
        packed_left -= len(packed)
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, _PIECE)
            packed = unpacker.unconsumed_tail
