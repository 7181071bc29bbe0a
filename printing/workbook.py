"""Tables as an Excel workbook (XLSX): for reading on, never for running. No text becomes a formula or an address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import chain, count
from typing import Any

import xlsxwriter

__all__ = ["Cell", "Sheet", "write_workbook"]

Cell = str | int | date | None

_INDONESIAN = "$-421"
_FORMATS = {
    "header": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "text": {"num_format": "@"},  # as text, so that a number typed over it keeps its first noughts
    "number": {"num_format": "#,##0"},
    # the separator of thousands is the reader's own: a dot where the computer speaks Indonesian
    "money": {"num_format": '"Rp"#,##0'},
    "date": {"num_format": f"[{_INDONESIAN}]d mmmm yyyy"},
}
_LONGEST_NAME = 31  # of a sheet, by Excel
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_NARROWEST, _WIDEST = 8, 48  # characters
_DATE_WIDTH = len("20 September 2026")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its header; the rows are read once and not kept, so they may be as many as Excel takes."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    money: frozenset[str] = frozenset()
    """The columns, by header, whose numbers are whole rupiah."""


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return the XLSX file of these tables, each with a header that stays in sight.

    A sheet's name is cut to what Excel takes, and numbered where it would stand twice. Texts are written as texts: one
    that begins with ``=`` is shown as it stands, and a NIK keeps its sixteen digits.
    """
    whole = BytesIO()
    with xlsxwriter.Workbook(whole, {"constant_memory": True}) as book:
        formats = {name: book.add_format(properties) for name, properties in _FORMATS.items()}
        taken: set[str] = set()
        for sheet in sheets:
            name = _free_name(sheet.name, taken)
            taken.add(name.casefold())
            _write(book.add_worksheet(name), sheet, formats)
    return whole.getvalue()


def _write(worksheet: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    widths = [min(len(word), _WIDEST) for word in sheet.header]
    for column, word in enumerate(sheet.header):
        worksheet.write_string(0, column, word, formats["header"])
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        for column, (word, cell) in enumerate(zip(sheet.header, row, strict=True)):
            match cell:
                case None:
                    continue
                case str():
                    worksheet.write_string(last, column, cell, formats["text"])
                    width = len(cell)
                case date():
                    worksheet.write_datetime(last, column, cell, formats["date"])
                    width = _DATE_WIDTH
                case int():
                    kind = "money" if word in sheet.money else "number"
                    worksheet.write_number(last, column, cell, formats[kind])
                    width = len(f"Rp{cell:,}")
            widths[column] = max(widths[column], min(width, _WIDEST))
    for column, width in enumerate(widths):
        worksheet.set_column(column, column, max(width, _NARROWEST) + 2)
    worksheet.freeze_panes(1, 0)
    if last:
        worksheet.autofilter(0, 0, last, len(sheet.header) - 1)
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)


def _free_name(name: str, taken: set[str]) -> str:
    clean = name.translate(_NOT_IN_A_NAME).strip(" '") or "Lembar"
    for suffix in chain([""], (f" {number}" for number in count(2))):
        candidate = clean[: _LONGEST_NAME - len(suffix)].rstrip(" '") + suffix
        if candidate.casefold() not in taken:
            return candidate
    raise AssertionError  # the numbers don't end
