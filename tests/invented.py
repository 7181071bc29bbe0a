"""Invented families, and lists that state them: no such people, no such numbers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from registry.families.drafts import FamilyDraft, PersonDraft
from registry.identifiers import FamilyNumber, Nik
from registry.kinds import JknStatus, Relation, Sex

LIST_COLUMNS = (
    *("no_kk", "nik", "nama", "hubungan", "jenis_kelamin", "tanggal_lahir"),
    *("kode_wilayah", "alamat", "rt", "rw", "desil"),
)
_RELATIONS = {Relation.HEAD: "Kepala Keluarga", Relation.WIFE: "Istri", Relation.CHILD: "Anak"}
_MEN = ("Uhing Saputra", "Dehen Manan", "Bahtiar Rahman", "Yusran Effendi", "Andreas Tingang")
_WOMEN = ("Lestari Nahan", "Siti Ma'rifah", "Rusmini Garang", "Yuliana Bahan", "Norhayati Ilai")
_CHILDREN = ("Rizki", "Salundik", "Melati", "Kristian", "Bungai")


def invent_families(village: str, count: int) -> Iterator[FamilyDraft]:
    """Give families of a village (at most 100), always the same ones; villages differ in their last digit.

    Every fourth is headed by a widow; the first ten are in desil 1 or 2, the third of these receives PKH; the
    eleventh's desil is unknown, the others' lies above 2.
    """
    for place in range(count):
        yield _family(village, place)


def number_of(village: str, place: int) -> FamilyNumber:
    """Return the Nomor KK of one of the families, by its place from 0."""
    return FamilyNumber(f"{_area(village)}170310{village[-1]}{place:03d}")


def nik_of(village: str, place: int, position: int = 0) -> Nik:
    """Return the NIK of one of the people, by the family's place and the person's, each from 0."""
    return Nik(_family(village, place).people[position].nik)


def _family(village: str, place: int) -> FamilyDraft:
    surname = ("Kahayan", "Barito", "Rungan", "Samba", "Mendawai")[place // 5 % 5]
    man = _person(village, place, 0, f"{_MEN[place % 5]} {surname}", Sex.MALE, date(1961 + place, 3, 9), Relation.HEAD)
    is_widow = place % 4 == 3
    woman = _person(
        village,
        place,
        1,
        f"{_WOMEN[place % 5]} {surname}",
        Sex.FEMALE,
        date(1964 + place, 8, 17),
        Relation.HEAD if is_widow else Relation.WIFE,
        is_pregnant=place == 18,
    )
    child = _person(
        village,
        place,
        2,
        f"{_CHILDREN[place % 5]} {surname}",
        Sex.FEMALE if place % 2 else Sex.MALE,
        date(2009 + place % 12, 11, 5),
        Relation.CHILD,
        nisn=f"01{place:08d}" if place % 12 < 10 else None,
    )
    return FamilyDraft(
        number=number_of(village, place),
        village_code=village,
        people=(woman, child) if is_widow else (man, woman, child),
        address=f"Jl. Betang No. {place + 1}",
        rt=f"{place % 4 + 1:03d}",
        rw="001",
        desil=(place % 2 + 1) if place < 10 else None if place == 10 else 3 + place % 7,
        receives_pkh=place == 2,
        receives_sembako=False,
        receives_blt_dd=False,
    )


def _person(
    village: str,
    place: int,
    position: int,
    name: str,
    sex: Sex,
    born: date,
    relation: Relation,
    *,
    nisn: str | None = None,
    is_pregnant: bool | None = None,
) -> PersonDraft:
    day = born.day + (40 if sex is Sex.FEMALE else 0)
    return PersonDraft(
        nik=Nik(f"{_area(village)}{day:02d}{born:%m%y}{village[-1]}{place:02d}{position}"),
        name=name,
        relation=relation,
        sex=sex,
        birth_date=born,
        occupation="Pelajar/Mahasiswa" if nisn else "Petani/Pekebun",
        jkn=JknStatus.PBI if place < 10 else None,
        nisn=nisn,
        is_pregnant=is_pregnant,
    )


def _area(village: str) -> str:
    return village.replace(".", "")[:6]


def write_list(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    """Write a family list as a CSV file and return where it lies."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LIST_COLUMNS)
        writer.writerows(rows)
    return path


def list_rows(draft: FamilyDraft) -> list[list[str]]:
    """Return the rows by which a list states a family, in the columns of :data:`LIST_COLUMNS`."""
    return [
        [
            draft.number,
            person.nik,
            person.name,
            _RELATIONS[person.relation],
            person.sex,
            person.birth_date.isoformat(),
            draft.village_code,
            draft.address,
            draft.rt,
            draft.rw,
            str(draft.desil or ""),
        ]
        for person in draft.people
    ]


def many_rows(village: str, count: int) -> Iterator[list[str]]:
    """Give the rows of many new families of one person each."""
    for place in range(count):
        born = date(1950, 1, 1) + timedelta(days=place)
        serial = f"{village[-1]}{place % 1000:03d}"
        yield [
            f"{_area(village)}{born:%d%m%y}{serial}",
            f"{_area(village)}{born:%d%m%y}{serial}",
            f"Warga {_MEN[place % 5]}",
            "Kepala Keluarga",
            "L",
            born.isoformat(),
            village,
            f"Jl. Panjang No. {place + 1}",
            "001",
            "001",
            "1",
        ]
