"""Reports as CSV files: what the officers take with them, written so that no cell ever becomes a formula."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TextIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.importing.findings import Finding, strongest
from registry.models import ListFinding

__all__ = ["LIST_REPORT_COLUMNS", "list_report_rows", "safe_cell", "write_csv"]

LIST_REPORT_COLUMNS = ("line", "fate", "code", "message")
# what spreadsheets take for the begin of a formula (OWASP ASVS 5.0, 1.2.10), also in the wide forms of East Asia
_FORMULA_BEGINS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_AT_ONCE = 2_000


def safe_cell(value: str | int | None) -> str | int:
    """Return a cell that a spreadsheet shows as it stands: text that begins like a formula gets an apostrophe."""
    if isinstance(value, int):
        return value
    text = value or ""
    return f"'{text}" if text.startswith(_FORMULA_BEGINS) else text


def write_csv(file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> int:
    """Write a table as CSV and return how many rows it has below the header.

    Args:
        file: opened with ``newline=""`` and UTF-8.
    """
    writer = csv.writer(file)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
        count += 1
    return count


def list_report_rows(
    session: Session, list_id: UUID, words: Callable[[str, Mapping[str, str]], str]
) -> Iterator[tuple[int, str, str, str]]:
    """Give one row per line of a family list on which something was found, as :data:`LIST_REPORT_COLUMNS`.

    The strongest finding gives the fate and the code; the message tells of all, the strongest first. Lines that were
    simply accepted are left out.

    Args:
        words: gives the words for a code and its detail.
    """
    query = (
        select(ListFinding)
        .where(ListFinding.list_id == list_id)
        .order_by(ListFinding.line, ListFinding.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    for line, group in groupby(session.scalars(query), key=attrgetter("line")):
        findings = [Finding(row.line, row.fate, row.code, row.detail) for row in group]
        first = strongest(findings)
        told = dict.fromkeys(words(found.code, found.detail) for found in (first, *findings))
        yield line, first.fate.value, first.code, " ".join(told)
