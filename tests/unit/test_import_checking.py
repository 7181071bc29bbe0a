"""One row by itself: what is repaired, what is only pointed at, and what cannot be taken."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import registry.importing
from kiosk.words.imports import WORDS, message
from registry.importing.checking import CheckedRow, RowCheck
from registry.importing.findings import Finding, strongest
from registry.importing.reading import Row
from registry.importing.repairing import read_date, read_relation, tidy_name
from registry.kinds import Fate, JknStatus, Relation, Sex

TODAY = date(2026, 3, 2)
VILLAGE = "62.06.05.2001"
GOOD = {
    "no_kk": "6206050102209001",
    "nik": "6206055708809001",
    "nama": "Bunga Riwut",
    "hubungan": "Istri",
    "jenis_kelamin": "P",
    "tanggal_lahir": "1980-08-17",
    "kode_wilayah": VILLAGE,
    "alamat": "Jl. Betang No. 1",
    "rt": "002",
    "rw": "1",
    "desil": "2",
    "pkh": "T",
    "sembako": "tidak",
    "blt_dd": "",
    "pekerjaan": "Pedagang",
    "jkn": "PBI",
    "nisn": "",
    "hamil": "Y",
}


def _check(**changed: str) -> tuple[CheckedRow | None, list[Finding]]:
    return RowCheck({VILLAGE}, today=TODAY).check(Row(7, list((GOOD | changed).values()), overflows=False))


def test_a_good_row_is_taken_without_a_word() -> None:
    row, findings = _check()
    assert findings == []
    assert row is not None
    assert (row.relation, row.sex, row.birth_date) == (Relation.WIFE, Sex.FEMALE, date(1980, 8, 17))
    assert (row.desil, row.receives_pkh, row.receives_sembako, row.receives_blt_dd) == (2, False, False, None)
    assert (row.rt, row.rw, row.jkn, row.is_pregnant) == ("002", "001", JknStatus.PBI, True)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"nik": "'6206055708809001"}, "nik_repaired"),
        ({"nik": "620605 570880 9001"}, "nik_repaired"),
        ({"no_kk": " 6206050102209001"}, "kk_repaired"),
        ({"nama": "  BUNGA RIWUT   "}, "name_tidied"),
        ({"tanggal_lahir": "17/08/1980"}, "date_rewritten"),
        ({"tanggal_lahir": "17-08-1980"}, "date_rewritten"),
        ({"tanggal_lahir": "17 Agustus 1980"}, "date_rewritten"),
        ({"kode_wilayah": "6206052001"}, "village_dotted"),
    ],
)
def test_the_obvious_is_repaired(changed: dict[str, str], code: str) -> None:
    row, findings = _check(**changed)
    good, _ = _check()
    assert row == good
    assert [(finding.fate, finding.code) for finding in findings] == [(Fate.FIX, code)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"nik": "620605570880900"}, "nik_length"),
        ({"nik": "620605O708809001"}, "nik_not_digits"),
        ({"nik": "6.20606E+15"}, "nik_scientific"),
        ({"nik": ""}, "nik_empty"),
        ({"no_kk": "6,20605E+15"}, "kk_scientific"),
        ({"nama": "   "}, "name_empty"),
        ({"tanggal_lahir": "31/02/1980"}, "date_impossible"),
        ({"tanggal_lahir": "kemarin"}, "date_impossible"),
        ({"tanggal_lahir": ""}, "date_empty"),
        ({"tanggal_lahir": "2026-03-03"}, "date_in_future"),
        ({"kode_wilayah": "62.99.01.2001"}, "village_unknown"),
        ({"kode_wilayah": ""}, "village_empty"),
    ],
)
def test_what_cannot_be_known_is_rejected(changed: dict[str, str], code: str) -> None:
    row, findings = _check(**changed)
    assert row is None
    assert [(finding.fate, finding.code) for finding in findings] == [(Fate.REJECT, code)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"tanggal_lahir": "1980-09-17"}, "nik_date_differs"),
        ({"jenis_kelamin": "L"}, "nik_sex_differs"),
        ({"jenis_kelamin": "?"}, "sex_from_nik"),
        ({"hubungan": "Tetangga"}, "relation_unknown"),
        ({"desil": "11"}, "desil_out_of_range"),
        ({"desil": "0"}, "desil_out_of_range"),
        ({"pkh": "mungkin"}, "answer_unclear"),
        ({"jkn": "XYZ"}, "jkn_unknown"),
        ({"nisn": "12345"}, "nisn_unclear"),
        ({"rt": "tiga"}, "block_unclear"),
        ({"alamat": "x" * 300}, "text_shortened"),
    ],
)
def test_what_a_person_should_look_at_is_taken_with_a_warning(changed: dict[str, str], code: str) -> None:
    row, findings = _check(**changed)
    assert row is not None
    assert [(finding.fate, finding.code) for finding in findings] == [(Fate.WARN, code)]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://contoh.invalid","X")', "<script>alert(1)</script>X", "+62", "@a"])
def test_a_name_like_a_formula_or_markup_is_kept_as_the_text_it_is(name: str) -> None:
    row, [finding] = _check(nama=name)
    assert row is not None
    assert row.name == name
    assert finding.fate is Fate.WARN


def test_a_nik_from_another_province_is_as_good_as_any() -> None:
    assert _check(nik="3507115708809001")[1] == []


def test_the_date_in_a_nik_may_belong_to_the_last_century() -> None:
    assert _check(nik="6206055708269001", tanggal_lahir="1926-08-17")[1] == []


def test_rt_and_rw_in_one_cell_are_told_apart() -> None:
    row, findings = _check(rt="002/014", rw="")
    assert row is not None
    assert (row.rt, row.rw, findings) == ("002", "014", [])


def test_no_whole_nik_gets_into_a_message() -> None:
    _, findings = _check(tanggal_lahir=GOOD["nik"])
    assert GOOD["nik"] not in str(findings)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SITI MA'RUF", "Siti Ma'ruf"),
        ("H. MUHAMMAD  NOOR-AINI", "H. Muhammad Noor-Aini"),
        ("siti", "siti"),
        ("Y", "Y"),
        ("Rusd\u0069\u0301", "Rusd\u00ed"),
        ("Ani\u00a0Sari", "Ani Sari"),
    ],
)
def test_names_are_tidied_and_not_changed(text: str, name: str) -> None:
    assert tidy_name(text) == name


@pytest.mark.parametrize("text", ["17 Pebruari 1980", "17 feb 1980", "17.02.1980", "1980-2-17", "1980-02-17 00:00:00"])
def test_dates_are_read_as_people_write_them(text: str) -> None:
    assert read_date(text)[0] == date(1980, 2, 17)


@pytest.mark.parametrize(
    ("text", "relation"), [("ISTERI", Relation.WIFE), ("1", Relation.HEAD), ("Famili Lain", Relation.RELATIVE)]
)
def test_relations_are_known_by_their_words_and_numbers(text: str, relation: Relation) -> None:
    assert read_relation(text) is relation


def test_of_several_findings_the_strongest_decides_and_a_held_family_only_where_nothing_else_does() -> None:
    fix, warn, hold, reject = (Finding(1, fate, "x", {}) for fate in (Fate.FIX, Fate.WARN, Fate.HOLD, Fate.REJECT))
    held = Finding(1, Fate.HOLD, "family_held", {})
    assert strongest([fix, reject, hold, warn]) is reject
    assert strongest([warn, hold]) is hold
    assert strongest([held, fix]) is fix
    assert strongest([held]) is held


def test_every_code_of_the_import_has_words() -> None:
    folder = Path(registry.importing.__file__).parent
    source = "\n".join(path.read_text() for path in folder.glob("*.py"))
    pattern = r'(?:Fate\.[A-Z]+, |ListRefused\(|Conflict\(|NotFound\(|_hold\(plan, )"([a-z_]+)"'
    codes = set(re.findall(pattern, source))
    assert len(codes) > 30
    assert codes <= set(WORDS)


def test_the_words_of_a_held_family_say_why() -> None:
    words = message("family_held", {"reason": "nik_in_two_families", "line": "12"})
    assert "NIK" in words
    assert "baris 12" in words
    assert "baris" not in message("family_held", {"reason": "family_without_head", "line": ""})
