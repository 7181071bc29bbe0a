"""Family lists as an office would send them, made from invented families for the tests of the import."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from registry.families.demo import DEMO_VILLAGES, invent_families
from registry.families.drafts import FamilyDraft
from registry.kinds import Relation

Row = dict[str, str]

HEADER = (
    "no_kk",
    "nik",
    "nama",
    "hubungan",
    "jenis_kelamin",
    "tanggal_lahir",
    "kode_wilayah",
    "alamat",
    "rt",
    "rw",
    "desil",
    "pkh",
    "sembako",
    "blt_dd",
    "pekerjaan",
    "jkn",
    "nisn",
    "hamil",
)
OTHER_NAMES = {
    "no_kk": "NO. KK",
    "nik": "N I K",
    "nama": "Nama Lengkap",
    "hubungan": "SHDK",
    "jenis_kelamin": "L/P",
    "tanggal_lahir": "Tgl. Lahir",
    "kode_wilayah": "Kode Desa",
    "alamat": "ALAMAT",
    "sembako": "BPNT",
    "blt_dd": "BLT Dana Desa",
}
_RELATIONS = {
    Relation.HEAD: "Kepala Keluarga",
    Relation.WIFE: "Istri",
    Relation.CHILD: "Anak",
    Relation.PARENT: "Orang Tua",
    Relation.OTHER: "Lainnya",
}
_ANSWERS = {True: "Y", False: "T", None: ""}
LISTED_ON = date(2026, 1, 31)


def invent(count: int, *, seed: int = 7) -> list[FamilyDraft]:
    """Return invented families; the first ones of a seed are always the same."""
    return list(islice(invent_families(villages=DEMO_VILLAGES, seed=seed, today=LISTED_ON), count))


def with_members(count: int, *, at_least: int, seed: int = 7) -> list[FamilyDraft]:
    """Return invented families of so many people or more."""
    families = invent_families(villages=DEMO_VILLAGES, seed=seed, today=LISTED_ON)
    return list(islice((family for family in families if len(family.people) >= at_least), count))


def rows_of(families: Iterable[FamilyDraft]) -> list[Row]:
    """Return the rows of a list that states these families."""
    return [
        {
            "no_kk": family.number,
            "nik": person.nik,
            "nama": person.name,
            "hubungan": _RELATIONS[person.relation],
            "jenis_kelamin": person.sex.value,
            "tanggal_lahir": person.birth_date.isoformat(),
            "kode_wilayah": family.village_code,
            "alamat": family.address,
            "rt": family.rt,
            "rw": family.rw,
            "desil": "" if family.desil is None else str(family.desil),
            "pkh": _ANSWERS[family.receives_pkh],
            "sembako": _ANSWERS[family.receives_sembako],
            "blt_dd": _ANSWERS[family.receives_blt_dd],
            "pekerjaan": person.occupation or "",
            "jkn": "" if person.jkn is None else person.jkn.value,
            "nisn": person.nisn or "",
            "hamil": _ANSWERS[person.is_pregnant],
        }
        for family in families
        for person in family.people
    ]


def as_csv(
    rows: Sequence[Row],
    *,
    header: Sequence[str] = HEADER,
    names: dict[str, str] | None = None,
    separator: str = ",",
    encoding: str = "utf-8",
) -> bytes:
    """Return a list as the bytes of a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerow([(names or {}).get(column, column) for column in header])
    writer.writerows([row[column] for column in header] for row in rows)
    return text.getvalue().encode(encoding)


def write_list(folder: Path, rows: Sequence[Row], *, name: str = "daftar.csv") -> Path:
    """Write a plain list and return where it lies."""
    path = folder / name
    path.write_bytes(as_csv(rows))
    return path
