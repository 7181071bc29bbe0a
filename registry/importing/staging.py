"""The private working file of one import: rows lie here, grouped by Nomor KK, until their list has been applied.

It is an SQLite file of its own, beside and not in the kiosk's database, so that a list of any length needs little
memory and the rows of a family are brought together wherever they stand. It holds NIK and Nomor KK in clear: it lies
in the installation's folder with mode 0600 and is deleted as soon as the list has been applied.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any
from uuid import UUID

from registry.families.drafts import FamilyDraft, PersonDraft
from registry.identifiers import FamilyNumber, Nik
from registry.importing.checking import CheckedRow
from registry.importing.findings import Finding
from registry.kinds import Fate, JknStatus, Relation, Sex

__all__ = ["StagedFamily", "Staging", "draft_family"]

_COLUMNS = CheckedRow._fields
_BATCH = 1_000
_SCHEMA = f"""
CREATE TABLE row ({", ".join(_COLUMNS)}, PRIMARY KEY (line)) WITHOUT ROWID;
CREATE TABLE finding (line INTEGER, fate TEXT, code TEXT, detail TEXT);
CREATE TABLE family (place INTEGER PRIMARY KEY, number TEXT, held TEXT, held_line INTEGER);
CREATE TABLE total (rows INTEGER, families INTEGER);
"""
_INSERT_ROW = f"INSERT INTO row VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 (placeholders only)
_SHARED = ("village_code", "address", "desil", "receives_pkh", "receives_sembako", "receives_blt_dd")
"""What the rows of one family should agree on."""


@dataclass(frozen=True)
class StagedFamily:
    """The rows of one family of the list that can be taken, in the list's order."""

    place: int
    """Its number in the order of the list; begins at 0."""
    rows: tuple[CheckedRow, ...]
    draft: FamilyDraft
    held: str | None
    """Why the list alone makes it wait for a person: ``two_heads``, ``family_without_head``,
    ``nik_in_two_families``."""
    held_line: int
    """The line that the reason speaks of; 0 for none."""


class Staging:
    """One working file.

    Args:
        path: where it lies; see :meth:`place_of`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._store = sqlite3.connect(path, isolation_level=None)
        # nothing here needs to survive a power cut: a working file that is cut short is made anew from the list
        self._store.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32000;")

    @staticmethod
    def place_of(folder: Path, list_id: UUID) -> Path:
        """Return where the working file of a list lies."""
        return folder / f"{list_id}.sqlite"

    @classmethod
    @contextmanager
    def making(cls, folder: Path, list_id: UUID) -> Iterator[Staging]:
        """Give a new working file, which stays only when nothing goes wrong."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # under its own name only when it is whole: after a power cut nobody takes half of it for the plan
        path = cls.place_of(folder, list_id).with_suffix(".making")
        path.unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        staging = cls(path)
        try:
            staging._store.executescript(_SCHEMA)
            yield staging
            staging.close()
            path.replace(cls.place_of(folder, list_id))
        except BaseException:
            staging.delete()
            raise

    @classmethod
    @contextmanager
    def opening(cls, path: Path) -> Iterator[Staging]:
        """Give a working file that was made before, and close it in the end."""
        staging = cls(path)
        try:
            yield staging
        finally:
            staging.close()

    def close(self) -> None:
        """Close the file and keep it."""
        self._store.close()

    def delete(self) -> None:
        """Close the file and remove it."""
        self.close()
        with suppress(FileNotFoundError):
            self.path.unlink()

    def add(self, checked: Iterable[tuple[CheckedRow | None, Sequence[Finding]]]) -> None:
        """Write checked rows and what was found on them, then group them into families."""
        rows: list[CheckedRow] = []
        findings: list[Finding] = []
        count = 0
        self._store.execute("BEGIN")
        for row, found in checked:
            count += 1
            if row is not None:
                rows.append(row)
            findings.extend(found)
            if len(rows) + len(findings) >= _BATCH:
                self._write(rows, findings)
        self._write(rows, findings)
        self._group()
        self._store.execute("INSERT INTO total SELECT ?, count(*) FROM family", (count,))
        self._store.execute("COMMIT")

    def add_findings(self, findings: Sequence[Finding]) -> None:
        """Write what was found later on."""
        self._write([], list(findings))

    @property
    def rows_total(self) -> int:
        """Return how many rows the list has, taken or not."""
        return int(self._one("SELECT rows FROM total"))

    @property
    def families_total(self) -> int:
        """Return how many families the list has of which a row can be taken."""
        return int(self._one("SELECT families FROM total"))

    def families(self, start: int, count: int) -> list[StagedFamily]:
        """Return a stretch of the families in the order of the list."""
        rows = map(
            _read_row,
            self._store.execute(
                f"SELECT {', '.join(f'row.{column}' for column in _COLUMNS)} FROM family "  # noqa: S608
                "JOIN row ON row.number = family.number WHERE place >= ? AND place < ? ORDER BY place, line",
                (start, start + count),
            ),
        )
        heads = self._store.execute(
            "SELECT place, number, held, held_line FROM family WHERE place >= ? AND place < ?", (start, start + count)
        )
        whole = {number: tuple(group) for number, group in groupby(rows, key=attrgetter("number"))}
        return [
            StagedFamily(place, rows, draft_family(rows), held, held_line)
            for place, rows, held, held_line in (
                (place, whole[number], held, line) for place, number, held, line in heads
            )
        ]

    def findings(self) -> Iterator[Finding]:
        """Give all findings, in the order of lines."""
        for line, fate, code, detail in self._store.execute(
            "SELECT line, fate, code, detail FROM finding ORDER BY line"
        ):
            yield Finding(line, Fate(fate), code, json.loads(detail))

    def _write(self, rows: list[CheckedRow], findings: list[Finding]) -> None:
        self._store.executemany(_INSERT_ROW, map(_row_values, rows))
        self._store.executemany(
            "INSERT INTO finding VALUES (?, ?, ?, ?)",
            [(finding.line, finding.fate, finding.code, json.dumps(finding.detail)) for finding in findings],
        )
        rows.clear()
        findings.clear()

    def _group(self) -> None:
        """Bring the rows of each family together and look for what only the list as a whole shows."""
        self._store.execute("CREATE INDEX row_number ON row (number, line)")
        self._store.execute("CREATE INDEX row_nik ON row (nik, line)")
        conflicts = self._find_repeated_niks()
        self._store.execute(
            "INSERT INTO family SELECT row_number() OVER (ORDER BY first) - 1, number, "
            "CASE heads WHEN 1 THEN NULL WHEN 0 THEN 'family_without_head' ELSE 'two_heads' END, 0 FROM "
            "(SELECT number, min(line) AS first, sum(relation = 'head') AS heads FROM row GROUP BY number)"
        )
        self._store.execute("CREATE UNIQUE INDEX family_number ON family (number)")
        self._store.executemany(
            "UPDATE family SET held = 'nik_in_two_families', held_line = ? WHERE number = ?", conflicts
        )
        self._find_disagreements()
        self._store.execute("CREATE INDEX finding_line ON finding (line)")
        for number, held, held_line in self._store.execute(
            "SELECT number, held, held_line FROM family WHERE held IS NOT NULL ORDER BY place"
        ).fetchall():
            self._write([], list(_held_findings(self._lines_of(number), held, held_line)))

    def _find_repeated_niks(self) -> list[tuple[int, str]]:
        """Find each NIK that stands twice: a repeated line is left out, a family with a NIK of another one waits."""
        repeated = self._store.execute(
            "SELECT line, number, nik FROM row WHERE nik IN (SELECT nik FROM row GROUP BY nik HAVING count(*) > 1) "
            "ORDER BY nik, line"
        ).fetchall()
        findings: list[Finding] = []
        conflicts: list[tuple[int, str]] = []
        left_out: list[tuple[int]] = []
        for _, group in groupby(repeated, key=lambda found: found[2]):
            first_of: dict[str, int] = {}
            for line, number, _nik in group:
                if number in first_of:
                    findings.append(Finding(line, Fate.REJECT, "nik_twice_in_family", {"line": str(first_of[number])}))
                    left_out.append((line,))
                else:
                    first_of[number] = line
            first, *others = first_of.items()
            for number, line in others:
                findings.append(Finding(line, Fate.HOLD, "nik_in_two_families", {"line": str(first[1])}))
                findings.append(Finding(first[1], Fate.WARN, "nik_also_in_line", {"line": str(line)}))
                conflicts.append((line, number))
        self._store.executemany("DELETE FROM row WHERE line = ?", left_out)
        self._write([], findings)
        return conflicts

    def _find_disagreements(self) -> None:
        """Warn where the rows of a family differ in what a family has only one of; the first row's value is taken."""
        differ = " OR ".join(f"count(DISTINCT nullif({column}, '')) > 1" for column in _SHARED)
        numbers = self._store.execute(f"SELECT number FROM row GROUP BY number HAVING {differ}").fetchall()  # noqa: S608
        findings = []
        for (number,) in numbers:
            rows = self._store.execute(
                f"SELECT line, {', '.join(_SHARED)} FROM row WHERE number = ? ORDER BY line",  # noqa: S608
                (number,),
            ).fetchall()
            for place, column in enumerate(_SHARED, start=1):
                stated = [(row[0], row[place]) for row in rows if row[place] not in (None, "")]
                findings += [
                    Finding(line, Fate.WARN, "differs_in_family", {"column": column, "line": str(stated[0][0])})
                    for line, value in stated
                    if value != stated[0][1]
                ]
        self._write([], findings)

    def _lines_of(self, number: str) -> list[tuple[int, bool]]:
        return self._store.execute(
            "SELECT line, relation = 'head' FROM row WHERE number = ? ORDER BY line", (number,)
        ).fetchall()

    def _one(self, query: str) -> int:
        return self._store.execute(query).fetchone()[0]  # type: ignore[no-any-return]


def _held_findings(lines: list[tuple[int, bool]], held: str, held_line: int) -> Iterator[Finding]:
    heads = [line for line, is_head in lines if is_head]
    for line, is_head in lines:
        if held == "two_heads" and is_head:
            others = ", ".join(str(other) for other in heads if other != line)
            yield Finding(line, Fate.HOLD, "two_heads", {"line": others})
        else:
            yield Finding(
                line, Fate.HOLD, "family_held", {"reason": held, "line": str(held_line or (heads and heads[0]) or "")}
            )


def _row_values(row: CheckedRow) -> tuple[object, ...]:
    return (*row[:6], row.birth_date.isoformat(), *row[7:])


def _read_row(values: tuple[Any, ...]) -> CheckedRow:
    """Give the values their types back; SQLite has kept text and whole numbers."""
    (
        line, number, nik, name, relation, sex, born, village, address, rt, rw, desil, pkh, sembako, blt_dd,
        occupation, jkn, nisn, pregnant,
    ) = values  # fmt: skip
    return CheckedRow(
        line,
        FamilyNumber(number),
        Nik(nik),
        name,
        Relation(relation),
        Sex(sex),
        date.fromisoformat(born),
        village,
        address,
        rt,
        rw,
        desil,
        _answer(pkh),
        _answer(sembako),
        _answer(blt_dd),
        occupation,
        None if jkn is None else JknStatus(jkn),
        nisn,
        _answer(pregnant),
    )


def _answer(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def draft_family(rows: Sequence[CheckedRow]) -> FamilyDraft:
    """Return the family that rows state; what it has only one of is taken from the first row that says something."""

    def first(column: str) -> object:
        return next((value for row in rows if (value := getattr(row, column)) not in (None, "")), None)

    return FamilyDraft(
        number=rows[0].number,
        village_code=rows[0].village_code,
        address=str(first("address") or ""),
        rt=str(first("rt") or ""),
        rw=str(first("rw") or ""),
        desil=first("desil"),  # type: ignore[arg-type]
        receives_pkh=first("receives_pkh"),  # type: ignore[arg-type]
        receives_sembako=first("receives_sembako"),  # type: ignore[arg-type]
        receives_blt_dd=first("receives_blt_dd"),  # type: ignore[arg-type]
        people=tuple(
            PersonDraft(
                row.nik,
                row.name,
                row.relation,
                row.sex,
                row.birth_date,
                row.occupation,
                row.jkn,
                row.nisn,
                row.is_pregnant,
            )
            for row in rows
        ),
    )
