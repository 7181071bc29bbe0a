"""What must be true of every file of code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import registry

ROOT = Path(registry.__file__).parents[1]
FILES = [
    file
    for room in ("registry", "verify", "printing", "kiosk")
    for file in sorted((ROOT / room).rglob("*.py"))
    if "migrations" not in file.parts
]


def calls(file: Path) -> list[str]:
    return [ast.unparse(node.func) for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]


def files_that(matches) -> list[str]:
    return [str(file.relative_to(ROOT)) for file in FILES if matches(file)]


def test_the_clock_is_read_in_one_place():
    reads = re.compile(r"\b(datetime\.now|datetime\.today|date\.today|utcnow|time\.time)$")
    assert files_that(lambda file: any(reads.search(call) for call in calls(file))) == ["kiosk/clock.py"]


def test_the_environment_is_read_in_one_place():
    reads = re.compile(r"\bos\.(environ|getenv)\b")
    # printing/confined.py reads no setting: it passes on where things lie, and keeps all else from the child
    assert files_that(lambda file: reads.search(file.read_text())) == ["printing/confined.py", "kiosk/settings.py"]


def test_nothing_is_printed():
    assert files_that(lambda file: "print" in calls(file)) == []


def test_nothing_is_left_for_later():
    assert files_that(lambda file: re.search(r"\b(TODO|FIXME|XXX|HACK)\b", file.read_text())) == []


def test_no_code_knows_the_machine_it_was_written_on():
    assert files_that(lambda file: re.search(r"""["'/ ]/(?:work|tmp|root|home)/""", file.read_text())) == []


@pytest.mark.parametrize("name", ["common", "utils", "helpers", "misc", "base"])
def test_no_file_is_named_after_nothing(name: str):
    assert files_that(lambda file: file.stem == name) == []
