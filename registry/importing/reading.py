"""Open a family list, whatever its form, and give its rows as values of our columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from registry.importing.columns import HEADER_WITHIN, find_header
from registry.importing.findings import ListRefused
from registry.importing.separated_text import read_text_rows
from registry.importing.workbook import read_workbook_rows

__all__ = ["Row", "read_cells", "read_rows"]


class Row(NamedTuple):
    """One row below the header: its line in the file (the first is 1), and its values by :data:`columns.COLUMNS`."""

    line: int
    values: list[str]
    overflows: bool
    """Whether it has more cells than the header, so that no value can be trusted to stand in its place."""


def read_rows(path: Path, file_name: str) -> Iterator[Row]:
    """Give the rows of a list; the name that the sender gave the file tells its form where the content does not.

    Raises:
        ListRefused: ``format_unknown``, ``list_empty``, ``columns_missing``, and what the two readers raise.
    """
    rows = read_cells(path, file_name)
    first = list(islice(rows, HEADER_WITHIN))
    header_line, columns = find_header(first)
    is_empty = True
    for line, cells in chain(first, rows):
        if line > header_line:
            is_empty = False
            yield Row(line, columns.values(cells), columns.overflows(cells))
    if is_empty:
        raise ListRefused("list_empty")


def read_cells(path: Path, file_name: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows of any table that an office sends, as texts with their line numbers.

    Raises:
        ListRefused: ``format_unknown``, and what the two readers raise.
    """
    with path.open("rb") as file:
        begins_as_zip = file.read(4) == b"PK\x03\x04"
    if begins_as_zip:
        return read_workbook_rows(path)
    if file_name.lower().endswith((".csv", ".txt", ".tsv")):
        return read_text_rows(path)
    raise ListRefused("format_unknown")
