"""Workbooks: what is written is what is read back, and nothing in it runs."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from printing.workbook import Sheet, write_workbook


def opened(workbook: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(BytesIO(workbook))


def part(workbook: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        return archive.read(name).decode()


def test_what_is_written_is_read_back():
    rows = [("Ibu Contoh", 150_000, date(2026, 2, 20), None), ("Bapak Contoh", 0, None, "003/001")]
    sheet = Sheet("Daftar", ["Nama", "Nilai", "Tanggal", "RT/RW"], rows, money=frozenset({"Nilai"}))
    read = opened(write_workbook([sheet])).get_sheet_by_name("Daftar").to_python()
    assert read == [
        ["Nama", "Nilai", "Tanggal", "RT/RW"],
        ["Ibu Contoh", 150_000, date(2026, 2, 20), ""],
        ["Bapak Contoh", 0, "", "003/001"],
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+62811", "-5", "@SUM(A1)", "{=1}", "https://contoh.id", "internal:A1", "6206051212900001", "007"]
)
def test_a_text_stays_a_text_and_never_becomes_a_formula_an_address_or_a_number(text):
    workbook = write_workbook([Sheet("Daftar", ["Isi"], [(text,)])])
    assert opened(workbook).get_sheet_by_index(0).to_python() == [["Isi"], [text]]
    sheet = part(workbook, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_rupiah_dates_and_counts_are_shown_as_such():
    sheet = Sheet("S", ["Nilai", "Jumlah", "Hari"], [(150_000, 1_500, date(2026, 2, 20))], money=frozenset({"Nilai"}))
    styles = part(write_workbook([sheet]), "xl/styles.xml")
    assert "&quot;Rp&quot;#,##0" in styles
    assert "d mmmm yyyy" in styles


def test_the_header_stays_in_sight_and_the_columns_are_as_wide_as_their_words():
    text = "Desa yang namanya panjang sekali"
    sheet = part(write_workbook([Sheet("S", ["Desa", "RT"], [(text, "1")])]), "xl/worksheets/sheet1.xml")
    assert 'state="frozen"' in sheet
    wide, narrow = (float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', sheet))
    assert wide > len(text) > narrow


def test_names_of_sheets_are_made_to_fit_and_told_apart():
    long_name = "Tumbang Rungan Hulu: Kecamatan/Pahandut [lama]"
    names = opened(
        write_workbook([Sheet(name, ["A"], []) for name in (long_name, long_name, "", "'", "daftar", "Daftar")])
    ).sheet_names
    assert len({name.casefold() for name in names}) == 6
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)


def test_a_row_that_does_not_fit_its_header_is_not_written():
    with pytest.raises(ValueError, match="argument"):
        write_workbook([Sheet("S", ["A", "B"], [("only one",)])])


def test_rows_are_taken_one_by_one():
    taken = []

    def rows():
        for number in range(3):
            taken.append(number)
            yield (number,)

    write_workbook([Sheet("S", ["Nomor"], rows())])
    assert taken == [0, 1, 2]
