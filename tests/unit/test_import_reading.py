"""Whatever form a list comes in, the same rows are read from it; what is no list is refused with a clear code."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO

import openpyxl
import pytest

from registry.importing import ListRefused, workbook
from registry.importing.reading import read_rows
from tests.lists import HEADER, OTHER_NAMES, Row, as_csv, invent, rows_of

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def rows() -> list[Row]:
    rows = rows_of(invent(4))
    rows[1]["alamat"] = 'Jl. Désa "Baru" No. 1'
    return rows


def _values(path: Path) -> list[list[str]]:
    return [row.values for row in read_rows(path, path.name)]


def _expected(rows: list[Row]) -> list[list[str]]:
    return [[row[column] for column in HEADER] for row in rows]


def _refusal(path: Path) -> str:
    with pytest.raises(ListRefused) as refused:
        list(read_rows(path, path.name))
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator_gives_the_same_rows(
    rows: list[Row], tmp_path: Path, encoding: str, separator: str
) -> None:
    path = tmp_path / "daftar.csv"
    path.write_bytes(as_csv(rows, encoding=encoding, separator=separator))
    assert _values(path) == _expected(rows)


def test_columns_may_have_other_names_and_another_order(rows: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_bytes(as_csv(rows, header=tuple(reversed(HEADER)), names=OTHER_NAMES))
    assert _values(path) == _expected(rows)


def test_a_title_above_the_table_does_not_shift_the_lines(rows: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_bytes(b"Daftar penerima 2026\r\n\r\n" + as_csv(rows))
    assert [row.line for row in read_rows(path, path.name)] == list(range(4, 4 + len(rows)))


def test_a_line_is_where_the_row_begins_even_below_a_cell_with_a_line_break(rows: list[Row], tmp_path: Path) -> None:
    rows[0]["alamat"] = "Jl. Satu\nNo. 2"
    path = tmp_path / "daftar.csv"
    path.write_bytes(as_csv(rows).replace(b"\r\n", b"\n"))
    assert [row.line for row in read_rows(path, path.name)][:3] == [2, 4, 5]


def test_a_row_with_shifted_cells_is_told(rows: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_bytes(as_csv(rows[:1]) + b"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19\r\n")
    assert [row.overflows for row in read_rows(path, path.name)] == [False, True]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "daftar.csv", "list_empty"),
        (b"nik,nama\n1,2\n", "daftar.csv", "columns_missing"),
        ((",".join(HEADER) + "\n").encode(), "daftar.csv", "list_empty"),
        (",".join(HEADER).encode("utf-16"), "daftar.csv", "nul_bytes"),
        (b"\x81\x8d,nama\n", "daftar.csv", "encoding_unknown"),
        (b"%PDF-1.7", "daftar.pdf", "format_unknown"),
        (b"PK\x03\x04 and no more", "daftar.xlsx", "workbook_broken"),
        ((",".join(HEADER) + '\n"' + "x" * 200_000).encode(), "daftar.csv", "text_broken"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes, name: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert _refusal(path) == code


def _workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_gives_the_same_rows(rows: list[Row], tmp_path: Path) -> None:
    path = _workbook(tmp_path / "daftar.xlsx", [list(HEADER), *(list(row.values()) for row in rows)])
    assert _values(path) == _expected(rows)


def test_cells_of_a_workbook_are_read_as_they_are_shown(rows: list[Row], tmp_path: Path) -> None:
    row = rows[0] | {"nik": 6206051703809001, "no_kk": 6206051703809000, "tanggal_lahir": date(1980, 3, 17), "rt": 2}
    second = rows[1] | {"tanggal_lahir": datetime(1981, 4, 18), "pkh": True, "hamil": False}
    path = _workbook(tmp_path / "daftar.xlsx", [list(HEADER), list(row.values()), list(second.values())])
    first, other = (dict(zip(HEADER, values, strict=True)) for values in _values(path))
    # a number of sixteen digits that ends in 0 may have lost its last one: Excel keeps fifteen
    assert (first["nik"], first["no_kk"]) == ("6206051703809001", "6.20605E+15")
    assert (first["tanggal_lahir"], first["rt"]) == ("1980-03-17", "2")
    assert (other["tanggal_lahir"], other["pkh"], other["hamil"]) == ("1981-04-18", "Y", "T")


def _bomb(path: Path, name: str, size: int) -> Path:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as entry,
    ):
        for _ in range(size >> 20):
            entry.write(bytes(1 << 20))
    return path


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes came out of a workbook, piece by piece; calamine, which would unpack all of it, is kept away."""
    pieces: list[int] = []
    unpack = workbook._unpack

    def count(file: IO[bytes], entry: zipfile.ZipInfo) -> Iterator[bytes]:
        for piece in unpack(file, entry):
            pieces.append(len(piece))
            yield piece

    monkeypatch.setattr(workbook, "_unpack", count)
    monkeypatch.delattr(workbook, "CalamineWorkbook")
    return pieces


def test_a_bomb_is_refused_before_anything_of_it_is_unpacked(unpacked: list[int], tmp_path: Path) -> None:
    path = _bomb(tmp_path / "bom.xlsx", SHEET, 250 << 20)
    assert path.stat().st_size < 1 << 20
    assert _refusal(path) == "workbook_too_large"
    assert unpacked == []


def test_a_bomb_that_lies_about_its_size_is_refused_by_its_first_pieces(unpacked: list[int], tmp_path: Path) -> None:
    path = _bomb(tmp_path / "bom.xlsx", SHEET, 64 << 20)
    content = path.read_bytes()
    # the size in the central directory: 64 MiB become 1,000 bytes
    path.write_bytes(content.replace((64 << 20).to_bytes(4, "little"), (1_000).to_bytes(4, "little")))
    assert _refusal(path) == "workbook_too_large"
    assert sum(unpacked) <= 2 << 20


@pytest.mark.parametrize("place", ["XFD1000", "H1048576", "ALL100000"])
def test_two_cells_that_span_a_giant_sheet_are_refused(place: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "NIK"
    book.active[place] = "x"
    book.save(tmp_path / "luas.xlsx")
    assert _refusal(tmp_path / "luas.xlsx") == "workbook_too_large"


_CELL = b"<c><v>1</v></c>"


@pytest.mark.parametrize(
    "rows",
    [
        b"<row>" + _CELL * 1_500 + b"</row>" + (b"<row>" + _CELL + b"</row>") * 20_000,
        b"<x:row>" + _CELL.replace(b"<c", b"<x:c") * 1_500 + b"</x:row>" + (b"<row>" + _CELL + b"</row>") * 20_000,
        b"<row>" + _CELL * 150_000 + b"</row>" + (b"<row>" + _CELL + b"</row>") * 200,
        b'<row r="1"><c r="A250000"><v>1</v></c><c s="1" r="AZ1"><v>1</v></c></row>',
    ],
    ids=["no place", "prefixed", "a row of many pieces", "places out of order"],
)
def test_a_few_cells_that_make_a_giant_rectangle_are_refused_before_they_are_read(
    rows: bytes, unpacked: list[int], tmp_path: Path
) -> None:
    path = _with_sheet(tmp_path / "luas.xlsx", rows)
    assert path.stat().st_size < 60_000
    assert _refusal(path) == "workbook_too_large"
    assert sum(unpacked) <= 4 << 20


def test_cells_without_a_place_are_read_where_they_stand(rows: list[Row], tmp_path: Path) -> None:
    names = b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % name.encode() for name in HEADER)
    values = b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % text.encode() for text in rows[0].values())
    path = _with_sheet(tmp_path / "daftar.xlsx", b"<row>" + names + b"</row><row>" + values + b"</row>")
    assert _values(path) == _expected(rows[:1])


def _with_sheet(path: Path, rows: bytes) -> Path:
    _workbook(path, [["x"]])
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (entries | {SHEET: sheet % rows + b"</worksheet>"}).items():
            archive.writestr(name, content)
    return path


def test_a_long_text_that_every_cell_repeats_is_refused(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "ulang.xlsx", [["x"]])
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    texts = b"<sst><si><t>" + b"x" * 900_000 + b"</t></si></sst>"
    cells = b"<row>" + b'<c t="s"><v>0</v></c>' * 20 + b"</row>"
    sheet = b"<worksheet><sheetData>" + cells * 4_000 + b"</sheetData></worksheet>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (entries | {SHEET: sheet, "xl/sharedStrings.xml": texts}).items():
            archive.writestr(name, content)
    assert _refusal(path) == "workbook_too_large"
