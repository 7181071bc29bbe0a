"""Read a family list that is text: UTF-8 or Windows-1252, with ``,`` ``;`` or tab between the cells."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from registry.importing.columns import HEADER_WITHIN, Columns
from registry.importing.findings import ListRefused

__all__ = ["read_text_rows"]

_SEPARATORS = ",;\t"
_BLOCK = 1 << 20


def read_text_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give each row that is not blank, with the line on which it begins (the first line is 1).

    Raises:
        ListRefused: ``nul_bytes`` (not text, or UTF-16), ``encoding_unknown``, ``text_broken`` (detail ``line``).
    """
    encoding = _find_encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        sample = [line for _, line in zip(range(HEADER_WITHIN), file, strict=False)]
        file.seek(0)
        begins = 1
        try:
            reader = csv.reader(file, delimiter=_find_separator(sample))
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield begins, cells
                begins = reader.line_num + 1
        except csv.Error as error:
            raise ListRefused("text_broken", line=str(begins)) from error


def _find_encoding(path: Path) -> str:
    """Return the encoding: UTF-8 where every byte agrees with it, else the one of Windows in Indonesia."""
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", "cp1252")}
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if b"\0" in block:
                raise ListRefused("nul_bytes")
            for name in list(decoders):
                try:
                    decoders[name].decode(block)
                except UnicodeDecodeError:
                    del decoders[name]
            if not decoders:
                raise ListRefused("encoding_unknown")
    if "utf-8-sig" in decoders:
        try:
            decoders["utf-8-sig"].decode(b"", final=True)
        except UnicodeDecodeError:
            del decoders["utf-8-sig"]
    return next(iter(decoders))


def _find_separator(sample: list[str]) -> str:
    """Return the separator under which a line of the sample names the most columns that we know."""

    def recognised(separator: str) -> int:
        return max(
            (Columns.of_header(cells).recognised for cells in csv.reader(sample, delimiter=separator)), default=0
        )

    return max(_SEPARATORS, key=recognised)
