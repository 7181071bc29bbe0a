"""Laws of the import, for any input."""

from __future__ import annotations

import csv
import io
from datetime import date
from operator import add

from hypothesis import given
from hypothesis import strategies as st

from registry.importing.checking import RowCheck
from registry.importing.columns import COLUMNS
from registry.importing.reading import Row
from registry.importing.repairing import read_date, tidy_name, tidy_text
from registry.reports import write_csv

MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]


@given(st.dates(date(1900, 1, 1), date(2030, 12, 31)))
def test_a_date_is_the_same_date_in_all_four_forms(day: date) -> None:
    in_words = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    for text in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", in_words):
        assert read_date(text)[0] == day


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy_text(tidy_text(text)) == tidy_text(text)
    assert tidy_name(tidy_name(text)) == tidy_name(text)


@given(st.lists(st.text(), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_no_cell_whatever_is_in_it_breaks_the_check(values: list[str]) -> None:
    row, findings = RowCheck({"62.06.05.2001"}, today=date(2026, 3, 2)).check(Row(2, values, overflows=False))
    assert row is not None or findings


BEGINS = tuple("=+-@＝＋－＠\t\r\n")
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(texts | st.builds(add, st.sampled_from(BEGINS), texts), min_size=1))
def test_no_exported_cell_begins_like_a_formula_and_nothing_else_is_changed(cells: list[str]) -> None:
    file = io.StringIO(newline="")
    write_csv(file, ["x"] * len(cells), [cells])
    file.seek(0)
    _, *read = list(csv.reader(file))
    for before, after in zip(cells, read[0] if read else [""], strict=True):
        assert not after.startswith(BEGINS)
        assert after in (before, f"'{before}")
