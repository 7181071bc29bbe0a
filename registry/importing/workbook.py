"""Read a family list that is an Excel workbook (XLSX), after making sure that it is not a bomb.

calamine keeps a whole sheet in memory, as a full rectangle from the first to the last cell in use, with a copy of its
text in every cell. So three things are bounded before it sees the file, by unpacking it here in pieces and throwing
the pieces away: how much comes out (the sizes that a ZIP states may lie), how large the rectangle is (a cell may state
its place, or follows the one before it), and how much text the cells may repeat.
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
_MAX_RECTANGLE = 6_000_000  # cells, 32 bytes each; 80,000 rows of a real list come to 1.5 million, longer ones are CSV
_PIECE = 1 << 20
_PLACE = re.compile(rb"""r\s*=\s*["']([A-Za-z]{0,3})(\d{1,7})""")
_TAG_ENDS = (b" ", b">", b"/", b"\t", b"\n", b"\r")
_ROWS = tuple(begin + b"row" + end for begin in (b"<", b":") for end in _TAG_ENDS)
_CELLS = tuple(begin + b"c" + end for begin in (b"<", b":") for end in _TAG_ENDS)
_ROW = re.compile(rb"[<:]row[\s/>]")
_PLACED_ROW, _PLACED_CELL = b'<row r="', b'<c r="'  # as every usual program writes them
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
                found, longest = _look_through(file, entry)
                cells += found
                longest_text = max(longest_text, longest)
            if cells * longest_text > _MAX_TEXT:
                raise ListRefused("workbook_too_large")
    # zipfile raises NotImplementedError for a way of packing that it does not know: not a workbook for us either
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise ListRefused("workbook_broken") from error


def _is_packed_too_well(unpacked: int, packed: int) -> bool:
    return unpacked > _RATIO_FROM and unpacked > packed * _MAX_RATIO


def _look_through(file: IO[bytes], entry: zipfile.ZipInfo) -> tuple[int, int]:
    """Unpack one entry piece by piece, keeping it within its bounds: how many cells it has, and its longest text."""
    is_sheet = "worksheets/" in entry.filename
    is_texts = entry.filename.endswith("sharedStrings.xml")
    extent = _Extent()
    size = longest = text_bytes = 0
    tail = b""
    for piece in _unpack(file, entry):
        size += len(piece)
        if size > entry.file_size:
            raise ListRefused("workbook_too_large")
        if is_sheet:
            # up to the last tag that is whole: none is counted in halves
            whole, opening, tail = (tail + piece).rpartition(b"<")
            tail = opening + tail
            if len(tail) > _PIECE:
                raise ListRefused("workbook_too_large")
            extent.add(whole)
        elif is_texts:
            first, *rest = piece.split(b"</si>")
            text_bytes += len(first)
            longest = max(longest, text_bytes, *map(len, rest))
            if rest:
                text_bytes = len(rest[-1])
    extent.add(tail)
    return extent.cells, longest


class _Extent:
    """How far a sheet reaches at most, counted while it passes by; what cannot be told apart is counted as more."""

    def __init__(self) -> None:
        self.cells = 0
        self._last_column = self._last_row = 0  # of those that a row or cell states
        self._rows_unplaced = 0
        self._cells_unplaced = 0  # of the widest row
        self._cells_of_row = 0  # of the row that is still open

    def add(self, part: bytes) -> None:
        """Count a part of the sheet.

        Raises:
            ListRefused: ``workbook_too_large``.
        """
        places = _PLACE.findall(part)
        if places:
            letters, numbers = zip(*places, strict=True)
            self._last_column = max(self._last_column, *map(_column_number, set(letters)))
            self._last_row = max(self._last_row, *map(int, set(numbers)))
        self._rows_unplaced += _count(part, _ROWS) - part.count(_PLACED_ROW)
        cells = _count(part, _CELLS)
        self.cells += cells
        if cells > part.count(_PLACED_CELL):
            self._count_unplaced(part)
        columns = self._last_column + self._cells_unplaced
        if columns * (self._last_row + self._rows_unplaced) > _MAX_RECTANGLE:
            raise ListRefused("workbook_too_large")

    def _count_unplaced(self, part: bytes) -> None:
        of_open_row, *of_rows = (_count(row, _CELLS) - row.count(_PLACED_CELL) for row in _ROW.split(part))
        self._cells_of_row += of_open_row
        self._cells_unplaced = max(self._cells_unplaced, self._cells_of_row, *of_rows)
        if of_rows:
            self._cells_of_row = of_rows[-1]


def _count(part: bytes, begins: tuple[bytes, ...]) -> int:
    return sum(map(part.count, begins))


def _column_number(letters: bytes) -> int:
    """Return the number of a column, A being 1; 0 for none."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


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
