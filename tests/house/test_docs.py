"""What the docs say is there, is there; and what is there and should be told, is told."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from runpy import run_path

import click
import pytest

import registry
from kiosk import settings
from kiosk.commands import main

ROOT = Path(registry.__file__).parents[1]
ROOMS = ("registry", "verify", "printing", "kiosk")
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"""\]\(([^)\s]+)\)|src="([^"]+)\"""")
COMMAND = re.compile(r"`(kiosk [a-z][^`]*)`|^(kiosk [a-z].*)$", re.MULTILINE)


of_every_page = pytest.mark.parametrize("file", PAGES, ids=[str(file.relative_to(ROOT)) for file in PAGES])


def commands_told(text: str) -> Iterator[list[str]]:
    """Give every command that a page shows, word by word, without what is optional around it."""
    for inside, alone in COMMAND.findall(text):
        line = (inside or alone).partition(" #")[0]
        yield shlex.split(re.sub(r"[\[\]…]", " ", line))[1:]


def test_the_schema_is_told_as_it_is():
    describe = run_path(str(DOCS / "describe_data.py"))["describe"]
    assert (DOCS / "data.md").read_text() == describe(), "make docs"


@of_every_page
def test_every_link_leads_to_a_file(file: Path):
    links = [one or other for one, other in LINK.findall(file.read_text())]
    targets = [link.partition("#")[0] for link in links if not re.match(r"https?:|#", link)]
    assert [target for target in targets if not (file.parent / target).exists()] == []


@of_every_page
def test_every_command_that_is_told_can_be_run(file: Path):
    wrong = []
    for words in commands_told(file.read_text()):
        command: click.Command = main
        rest = list(words)
        while isinstance(command, click.Group) and rest and rest[0] in command.commands:
            command = command.commands[rest.pop(0)]
        options = {name for one in command.params for name in one.opts} | {"--help"}
        unknown = [word for word in rest if word.startswith("--") and word not in options]
        if unknown or (isinstance(command, click.Group) and rest and not rest[0].startswith("--")):
            wrong.append(" ".join(words))
    assert wrong == []


def test_the_search_for_commands_finds_them():
    told = [words for page in PAGES for words in commands_told(page.read_text())]
    assert ["audit", "verify"] in told
    assert any(words[:2] == ["cards", "pdf"] and "--village" in words for words in told)


def test_every_page_of_the_handbook_stands_in_its_index():
    index = (DOCS / "petugas" / "README.md").read_text()
    pages = [page.name for page in sorted(DOCS.glob("petugas/*.md")) if page.name != "README.md"]
    assert [name for name in pages if f"({name})" not in index] == []


def test_every_page_for_keepers_and_developers_can_be_reached_from_the_readme():
    readme = (ROOT / "README.md").read_text()
    assert [page.name for page in sorted(DOCS.glob("*.md")) if f"docs/{page.name}" not in readme] == []


def test_the_rooms_name_files_that_are_there():
    told = set(re.findall(r"`((?:\w+/)*\w+\.(?:py|toml|csv))`", (DOCS / "rooms.md").read_text()))
    there = [ROOT / "pyproject.toml", *(file for room in ROOMS for file in (ROOT / room).rglob("*.*"))]
    assert sorted(name for name in told if not any(str(file).endswith(f"/{name}") for file in there)) == []


def test_every_module_beside_the_folders_of_kiosk_is_told_among_the_rooms():
    told = (DOCS / "rooms.md").read_text()
    beside = [file.name for file in sorted((ROOT / "kiosk").glob("*.py")) if file.name != "__init__.py"]
    assert [name for name in beside if f"`{name}`" not in told] == []


def test_every_setting_of_the_environment_is_told_to_the_keeper():
    read = set(re.findall(r'"((?:KIOSK_\w+|DATABASE_URL))"', Path(settings.__file__).read_text()))
    keeping = (DOCS / "keeping.md").read_text()
    assert read
    assert sorted(name for name in read if f"| `{name}` |" not in keeping) == []


def test_every_decision_has_a_number_of_its_own():
    numbers = [page.name.partition("-")[0] for page in DOCS.glob("decisions/*.md")]
    assert len(numbers) == len(set(numbers))
