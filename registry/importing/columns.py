"""The columns of a family list, and the other names that offices give them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from registry.importing.findings import ListRefused

__all__ = ["COLUMNS", "HEADER_WITHIN", "REQUIRED", "Columns", "find_header"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "no_kk": ("nokk", "nomorkk", "nokartukeluarga", "nomorkartukeluarga", "kk"),
    "nik": ("nik", "nonik", "nomornik", "noktp", "nomorktp", "nomorindukkependudukan", "nikanggota"),
    "nama": ("nama", "namalengkap", "namaanggota", "namaanggotakeluarga", "namapenduduk", "namaart"),
    "hubungan": (
        "hubungan",
        "hubungankeluarga",
        "hubungandalamkeluarga",
        "hubungandengankepalakeluarga",
        "hubungandgnkepalakeluarga",
        "hubkeluarga",
        "shdk",
        "statushubungan",
        "statushubungankeluarga",
        "statushubungandalamkeluarga",
        "statusdalamkeluarga",
    ),
    "jenis_kelamin": ("jeniskelamin", "jnskelamin", "kelamin", "jk", "lp"),
    "tanggal_lahir": ("tanggallahir", "tgllahir", "tgllhr", "tanggallhr"),
    "kode_wilayah": (
        "kodewilayah",
        "kodedesa",
        "kodekelurahan",
        "kodedesakelurahan",
        "kodedesakel",
        "kodekemendagri",
        "kdwilayah",
        "kddesa",
    ),
    "alamat": ("alamat", "alamatlengkap", "alamatrumah", "alamatktp"),
    "rt": ("rt", "nort", "rtrw"),
    "rw": ("rw", "norw"),
    "desil": ("desil", "desildtsen", "desilnasional", "desilkesejahteraan", "kelompokdesil"),
    "pkh": ("pkh", "penerimapkh", "statuspkh"),
    "sembako": ("sembako", "bpnt", "penerimasembako", "penerimabpnt", "sembakobpnt", "bpntsembako"),
    "blt_dd": ("bltdd", "bltdanadesa", "bltdesa", "penerimabltdd"),
    "pekerjaan": ("pekerjaan", "jenispekerjaan"),
    "jkn": ("jkn", "statusjkn", "kepesertaanjkn", "jenisjkn", "bpjskesehatan"),
    "nisn": ("nisn", "nonisn"),
    "hamil": ("hamil", "statushamil", "ibuhamil", "sedanghamil"),
}
"""Our column names in the order of a row's values, each with the names it may have, in letters and digits only."""

REQUIRED = ("no_kk", "nik", "nama", "hubungan", "jenis_kelamin", "tanggal_lahir", "kode_wilayah")
_BY_NAME = {name: column for column, names in COLUMNS.items() for name in names}
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
HEADER_WITHIN = 10
"""Rows among which the header is looked for: offices put a title and a date above the table."""


@dataclass(frozen=True)
class Columns:
    """Where each of our columns stands in the rows of one file; ``None`` where the file has none."""

    places: tuple[int | None, ...]
    width: int

    @classmethod
    def of_header(cls, header: Sequence[str]) -> Columns:
        """Recognise the columns of a header row; of two columns with one meaning the first counts."""
        found: dict[str, int] = {}
        for place, name in enumerate(header):
            column = _BY_NAME.get(_NOT_A_LETTER.sub("", name.lower()))
            if column:
                found.setdefault(column, place)
        return cls(tuple(found.get(column) for column in COLUMNS), len(header))

    @property
    def missing(self) -> list[str]:
        """Return the required columns that the file has not."""
        return [
            column for column, place in zip(COLUMNS, self.places, strict=True) if place is None and column in REQUIRED
        ]

    @property
    def recognised(self) -> int:
        """Return how many columns were recognised."""
        return sum(place is not None for place in self.places)

    def values(self, cells: Sequence[str]) -> list[str]:
        """Return a row's values in the order of :data:`COLUMNS`; a short row ends in empty values."""
        width = len(cells)
        return ["" if place is None or place >= width else cells[place] for place in self.places]

    def overflows(self, cells: Sequence[str]) -> bool:
        """Tell whether a row has values beyond the header: an unquoted separator has shifted its cells."""
        return len(cells) > self.width and any(cell.strip() for cell in cells[self.width :])


def find_header(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, Columns]:
    """Return the line of the header among a file's first rows, and its columns.

    Raises:
        ListRefused: ``list_empty``, or ``columns_missing`` (detail ``columns``).
    """
    if not rows:
        raise ListRefused("list_empty")
    candidates = [(line, Columns.of_header(cells)) for line, cells in rows[:HEADER_WITHIN]]
    line, columns = max(candidates, key=lambda candidate: candidate[1].recognised)
    if columns.missing:
        raise ListRefused("columns_missing", columns=", ".join(columns.missing))
    return line, columns
