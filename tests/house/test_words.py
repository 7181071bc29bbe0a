"""Every code of the rooms below has words, and the words fit their codes."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import pytest

from kiosk import words
from kiosk.permissions import Permission
from kiosk.words.clauses import FACT_WORDS, say_facts
from kiosk.words.imports import message
from kiosk.words.kinds import FOREIGN_CODES, KINDS
from kiosk.words.reasons import REASONS
from registry import kinds
from registry.errors import RegistryError
from registry.kinds import BlockReason
from verify.clauses import FACTS
from verify.reasons import ReasonCode

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ROOT = Path(words.__file__).parents[2]
ALL = {code: said for part in words.PARTS for code, said in part.items()}
ROOMS = [ROOT / room for room in ("registry", "verify", "printing", "kiosk")]
FILES = [file for room in ROOMS for file in sorted(room.rglob("*.py")) if "migrations" not in file.parts]


def exceptions_with_codes() -> set[str]:
    """Return the names of RegistryError and everything that comes of it."""
    for file in FILES:
        if "class " in (text := file.read_text()) and re.search(
            r"class \w+\((RegistryError|\w*Error|KeyFault)\)", text
        ):
            importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    found, waiting = set(), [RegistryError]
    while waiting:
        kind = waiting.pop()
        found.add(kind.__name__)
        waiting += kind.__subclasses__()
    return found


def raised_codes() -> Iterator[tuple[str, str]]:
    """Return every code that an exception is made with, as a pattern (a part put in is ``\\w+``), and where."""
    names = exceptions_with_codes()
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in names:
                    for code in literal_codes(node.args[0]):
                        yield code, f"{file.relative_to(ROOT)}:{node.lineno}"


def literal_codes(node: ast.expr) -> Iterator[str]:
    """Return the codes that an expression can be: a literal, one of two, or one with a part put in."""
    match node:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=one, orelse=other):
            yield from literal_codes(one)
            yield from literal_codes(other)
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else r"\w+" for part in parts)


def has_words(pattern: str) -> bool:
    return any(re.fullmatch(pattern, code) for code in ALL)


def enums_of_the_registry() -> list[type[StrEnum]]:
    return [
        kind
        for _, kind in inspect.getmembers(kinds, inspect.isclass)
        if issubclass(kind, StrEnum) and kind is not StrEnum
    ]


def test_every_code_that_can_be_raised_has_words():
    speechless = sorted({(code, place) for code, place in raised_codes() if not has_words(code)})
    assert speechless == []


def test_the_search_for_codes_finds_codes():
    codes = {code for code, _ in raised_codes()}
    assert {"username_taken", "point_unknown", "key_missing", r"\w+_length"} <= codes


@pytest.mark.parametrize("kind", enums_of_the_registry(), ids=lambda kind: kind.__name__)
def test_every_state_role_and_kind_has_a_word(kind: type[StrEnum]):
    assert [member for member in kind if not KINDS.get(kind, {}).get(member)] == []


def test_no_code_means_two_things():
    assert [code for code in ALL if sum(code in part for part in words.PARTS) > 1] == []


@pytest.mark.parametrize("state", kinds.CardState)
def test_every_state_of_a_card_says_why_it_does_not_allow_a_step(state: kinds.CardState):
    assert words.knows(f"card_is_{state}")


def test_every_right_has_a_word():
    assert set(KINDS[Permission]) == set(Permission)


def test_every_reason_has_words_and_a_next_step():
    assert set(REASONS) == set(ReasonCode)
    assert [code for code, said in REASONS.items() if not said.next_step] == []


def test_every_reason_has_a_line_in_the_book_of_deciding():
    book = (ROOT / "docs" / "deciding.md").read_text()
    assert [code for code in ReasonCode if f"`{code}`" not in book] == []


@pytest.mark.parametrize("code", ALL)
def test_words_are_whole_sentences_without_loose_ends(code: str):
    said = ALL[code]
    assert said.title == said.title.strip()
    assert not said.title.endswith(".")
    assert said.explanation.endswith((".", "?"))
    assert not said.next_step or said.next_step.endswith((".", "?"))


def test_a_missing_value_shows_as_a_dash_and_fails_no_page():
    assert "–" in words.of("wrong_place").explanation


def test_the_values_of_a_reason_become_words():
    detail = {"at": NOW.isoformat(), "round": "Pangan 1", "point": "Buntok", "officer": "Siti", "receipt": "P-1"}
    said = words.of("already_given", **detail)
    assert "2 Maret 2026, 08.30 WIB" in said.explanation
    assert "hilang" in words.of("card_blocked", reason=BlockReason.LOST.value).explanation
    assert "QRIS" in words.of("not_ours", kind="qris").explanation


def test_what_a_command_gave_has_a_giver_and_prices_are_written_as_the_government_does():
    detail = {"at": NOW.isoformat(), "round": "Pangan 1", "point": "Buntok", "officer": "", "receipt": "P-1"}
    assert "oleh perintah sistem, bukti P-1" in words.of("already_given", **detail).explanation
    assert "paling tinggi Rp15.000." in words.of("price_too_high", most="15000").explanation


def test_a_number_of_the_state_is_spoken_of_alike_in_forms_and_lists():
    assert words.of("nik_length", digits="15").explanation == message("nik_length", {"digits": "15"})


def test_every_foreign_code_has_a_word():
    text = "".join(file.read_text() for file in FILES)
    literal = re.search(r"ForeignKind = Literal\[([^\]]+)\]", text)
    assert literal
    assert set(FOREIGN_CODES) == set(re.findall(r'"(\w+)"', literal[1]))


def test_every_fact_of_a_rule_has_words_and_a_place_in_the_book_of_rules():
    assert list(FACT_WORDS) == list(FACTS)
    book = (ROOT / "docs" / "rules.md").read_text()
    assert [name for name in FACTS if f"| `{name}` |" not in book] == []


def test_a_failed_clause_tells_the_value_its_source_and_date_and_the_limit():
    seen = json.dumps([["desil", "4", "DTSEN", "2026-01-15"]])
    said = words.of("clause_failed", clause="desil", words="batas desil 2", facts=seen)
    assert said.explanation == "Desil 4 menurut DTSEN 15 Januari 2026; batas desil 2."
    seen = json.dumps([["menerima_pkh", "true", "DTSEN", "2026-01-15"]])
    said = words.of("clause_failed", clause="pkh", words="penerima PKH tidak menerima bantuan ini", facts=seen)
    assert said.explanation == "Menerima PKH menurut DTSEN 15 Januari 2026; penerima PKH tidak menerima bantuan ini."


def test_a_clause_without_its_fact_says_what_is_missing():
    seen = json.dumps([["desil", None, "", ""]])
    said = words.of("clause_unknown", clause="desil", words="batas desil 2", facts=seen)
    assert said.explanation == "Belum ada data desil; batas desil 2."


@pytest.mark.parametrize("name", FACTS)
def test_every_value_of_a_fact_can_be_said(name: str):
    for value in FACTS[name].values or (3,):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        assert say_facts(json.dumps([[name, text, "DTSEN", "2026-01-15"]]))
