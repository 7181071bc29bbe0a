"""Check one row of a list by itself: what can be repaired, what a person should look at, what cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Set
from datetime import date
from typing import NamedTuple

from registry.errors import IdentifierError
from registry.identifiers import FamilyNumber, Nik, repair
from registry.importing.findings import Finding
from registry.importing.reading import Row
from registry.importing.repairing import (
    dot_village_code,
    read_date,
    read_jkn,
    read_relation,
    read_sex,
    read_yes_no,
    tidy_name,
    tidy_text,
)
from registry.kinds import Fate, JknStatus, Relation, Sex
from registry.regions import PROVINCE, is_within

__all__ = ["CheckedRow", "RowCheck"]

_NAME_LENGTH = 120
_ADDRESS_LENGTH = 200
_OCCUPATION_LENGTH = 60
_OLDEST = 120  # years; beyond it a typing error is likelier than a life
_FORMULA_SIGNS = ("=", "+", "-", "@")
_SHOWN = 40  # characters of a wrong value that a message repeats
_LONG_NUMBER = re.compile(r"\d{9,}(?=\d{4})")  # a NIK in the wrong column must not get into a message


class CheckedRow(NamedTuple):
    """The values of one row that can be taken."""

    line: int
    number: FamilyNumber
    nik: Nik
    name: str
    relation: Relation
    sex: Sex
    birth_date: date
    village_code: str
    address: str
    rt: str
    rw: str
    desil: int | None
    receives_pkh: bool | None
    receives_sembako: bool | None
    receives_blt_dd: bool | None
    occupation: str | None
    jkn: JknStatus | None
    nisn: str | None
    is_pregnant: bool | None


class RowCheck:
    """Checks the rows of one list.

    Args:
        villages: the codes of all desa and kelurahan.
        area: whoever lives outside it is not theirs who brought the list.
        today: no one is born after it.
    """

    def __init__(self, villages: Set[str], *, today: date, area: str = PROVINCE) -> None:
        self._villages = villages
        self._area = area
        self._today = today
        self._line = 0
        self._findings: list[Finding] = []

    def check(self, row: Row) -> tuple[CheckedRow | None, list[Finding]]:
        """Return the row's values, or nothing when it cannot be taken, and what was found on it."""
        self._line = row.line
        self._findings = []
        if row.overflows:
            self._note(Fate.REJECT, "row_has_more_cells")
            return None, self._findings
        (
            number_text,
            nik_text,
            name_text,
            relation_text,
            sex_text,
            birth_text,
            village_text,
            address_text,
            rt_text,
            rw_text,
            desil_text,
            pkh_text,
            sembako_text,
            blt_text,
            occupation_text,
            jkn_text,
            nisn_text,
            pregnant_text,
        ) = row.values
        number = self._number(FamilyNumber, number_text, "kk_repaired")
        nik = self._number(Nik, nik_text, "nik_repaired")
        name = self._name(name_text)
        birth_date = self._birth_date(birth_text)
        village = self._village(village_text)
        if village is not None and not is_within(village, self._area):
            self._note(Fate.REJECT, "village_outside_area", value=village)
            village = None
        if number is None or nik is None or not name or birth_date is None or village is None:
            return None, self._findings
        sex = self._sex(sex_text, nik)
        if nik.birth_date(birth_date) != birth_date:
            self._note(Fate.WARN, "nik_date_differs")
        if nik.sex is not sex:
            self._note(Fate.WARN, "nik_sex_differs")
        rt, rw = self._neighbourhood(rt_text, rw_text)
        checked = CheckedRow(
            row.line,
            number,
            nik,
            name,
            self._relation(relation_text),
            sex,
            birth_date,
            village,
            self._text("alamat", address_text, _ADDRESS_LENGTH),
            rt,
            rw,
            self._desil(desil_text),
            self._answer("pkh", pkh_text),
            self._answer("sembako", sembako_text),
            self._answer("blt_dd", blt_text),
            self._text("pekerjaan", occupation_text, _OCCUPATION_LENGTH) or None,
            self._jkn(jkn_text),
            self._nisn(nisn_text),
            self._answer("hamil", pregnant_text),
        )
        return checked, self._findings

    def _note(self, fate: Fate, code: str, **detail: str) -> None:
        self._findings.append(Finding(self._line, fate, code, detail))

    def _number(self, kind: type[Nik] | type[FamilyNumber], text: str, repaired: str):  # type: ignore[no-untyped-def]
        try:
            number = kind.parse(text)
        except IdentifierError as error:
            self._note(Fate.REJECT, error.code, **error.detail)
            return None
        if number != text and repair(text)[1]:
            self._note(Fate.FIX, repaired)
        return number

    def _name(self, text: str) -> str:
        if not text.strip():
            self._note(Fate.REJECT, "name_empty")
            return ""
        if self._is_odd("nama", text):
            return self._shortened("nama", text.strip(), _NAME_LENGTH)
        name = tidy_name(text)
        if not name:
            self._note(Fate.REJECT, "name_empty")
        elif name != text:
            self._note(Fate.FIX, "name_tidied")
        return self._shortened("nama", name, _NAME_LENGTH)

    def _text(self, column: str, text: str, length: int) -> str:
        tidy = tidy_text(text)
        if tidy:
            self._is_odd(column, tidy)
        return self._shortened(column, tidy, length)

    def _is_odd(self, column: str, text: str) -> bool:
        """Note text that a spreadsheet or a browser could take for a command; it is kept as text all the same."""
        if text.lstrip().startswith(_FORMULA_SIGNS):
            self._note(Fate.WARN, "looks_like_formula", column=column)
            return True
        if "<" in text or ">" in text:
            self._note(Fate.WARN, "looks_like_markup", column=column)
            return True
        return False

    def _shortened(self, column: str, text: str, length: int) -> str:
        if len(text) <= length:
            return text
        self._note(Fate.WARN, "text_shortened", column=column, length=str(length))
        return text[:length].rstrip()

    def _birth_date(self, text: str) -> date | None:
        try:
            born, is_rewritten = read_date(text)
        except ValueError:
            self._note(Fate.REJECT, "date_impossible", value=_shown(text))
            return None
        if born is None:
            self._note(Fate.REJECT, "date_empty")
        elif born > self._today:
            self._note(Fate.REJECT, "date_in_future", value=born.isoformat())
            return None
        elif is_rewritten:
            self._note(Fate.FIX, "date_rewritten", value=_shown(text), read=born.isoformat())
        elif born.year < self._today.year - _OLDEST:
            self._note(Fate.WARN, "age_unlikely", value=born.isoformat())
        return born

    def _village(self, text: str) -> str | None:
        if text in self._villages:
            return text
        code = dot_village_code(text)
        if code not in self._villages:
            self._note(Fate.REJECT, "village_unknown" if code else "village_empty", value=_shown(code))
            return None
        self._note(Fate.FIX, "village_dotted", value=_shown(text), read=code)
        return code

    def _relation(self, text: str) -> Relation:
        relation = read_relation(text)
        if relation is None:
            self._note(Fate.WARN, "relation_unknown", value=_shown(text))
            return Relation.OTHER
        return relation

    def _sex(self, text: str, nik: Nik) -> Sex:
        sex = read_sex(text)
        if sex is None:
            self._note(Fate.WARN, "sex_from_nik", value=_shown(text))
            return nik.sex
        return sex

    def _neighbourhood(self, rt: str, rw: str) -> tuple[str, str]:
        """Return RT and RW with three digits each; ``002/004`` in one cell is both."""
        if "/" in rt:
            rt, _, own = rt.partition("/")
            rw = rw or own
        return self._block("rt", rt), self._block("rw", rw)

    def _block(self, column: str, text: str) -> str:
        digits = text.strip()
        if not digits or digits == "-":
            return ""
        if not (digits.isascii() and digits.isdigit() and len(digits.lstrip("0")) <= 3):
            self._note(Fate.WARN, "block_unclear", column=column, value=_shown(digits))
            return ""
        return f"{int(digits):03d}"

    def _desil(self, text: str) -> int | None:
        digits = text.strip()
        if not digits:
            return None
        if digits.isascii() and digits.isdigit() and 1 <= int(digits[:4]) <= 10:
            return int(digits)
        self._note(Fate.WARN, "desil_out_of_range", value=_shown(digits))
        return None

    def _answer(self, column: str, text: str) -> bool | None:
        if not text:
            return None
        answer = read_yes_no(text)
        if answer is None and text.strip(" -"):
            self._note(Fate.WARN, "answer_unclear", column=column, value=_shown(text))
        return answer

    def _jkn(self, text: str) -> JknStatus | None:
        if not text:
            return None
        status = read_jkn(text)
        if status is None and text.strip(" -"):
            self._note(Fate.WARN, "jkn_unknown", value=_shown(text))
        return status

    def _nisn(self, text: str) -> str | None:
        if not text:
            return None
        digits, _ = repair(text)
        if not digits:
            return None
        if len(digits) == 10 and digits.isascii() and digits.isdigit():
            return digits
        self._note(Fate.WARN, "nisn_unclear")
        return None


def _shown(text: str) -> str:
    return _LONG_NUMBER.sub("...", text.strip())[:_SHOWN]
