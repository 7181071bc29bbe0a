"""Every action and subject that the registry records can be read in the trail."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from kiosk.words import trail as words_trail
from registry.kinds import CardEventKind
from registry.trail import TrailLine

ROOT = Path(words_trail.__file__).parents[2]
WRITERS = {"record": 1, "Entry": 0, "_tell": 1}
"""The functions that write a line, and where among their arguments the action stands; the subject follows it."""


def recorded() -> Iterator[tuple[str, str]]:
    """Return every literal action and the kind of its subject."""
    for file in [*(ROOT / "registry").rglob("*.py"), *(ROOT / "verify").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                place = WRITERS.get(name)
                if place is None or len(node.args) <= place + 1:
                    continue
                action, subject = node.args[place : place + 2]
                if isinstance(action, ast.Constant) and "." in str(action.value):
                    yield str(action.value), kind_of(subject)


def kind_of(subject: ast.expr) -> str:
    match subject:
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
            return start.partition(":")[0]
    return "officer"  # registry/officers/changes.py makes the subject in its one writer


def test_the_search_for_actions_finds_them():
    assert {"officer.added", "redemption.given", "photo.taken", "held.decided"} <= {action for action, _ in recorded()}


def test_every_recorded_action_has_words():
    card = {f"card.{kind}" for kind in CardEventKind}
    assert sorted((card | {action for action, _ in recorded()}) - set(words_trail.ACTIONS)) == []


def test_no_words_are_kept_for_what_is_not_recorded():
    card = {f"card.{kind}" for kind in CardEventKind}
    assert sorted(set(words_trail.ACTIONS) - card - {action for action, _ in recorded()}) == []


def test_the_details_of_a_line_are_words():
    def shown(action: str, **detail: str | int) -> dict[str, str]:
        line = TrailLine(uuid4(), datetime.now(UTC), 1, "PUSAT", "Kantor", "", "", action, "family_list:x", detail)
        return dict(words_trail.say(line).details)

    assert shown("list.applied", first=1, last=1200) == {"dari": "keluarga ke-1", "sampai": "keluarga ke-1.200"}
    held = shown("held.decided", decision="head+moved_here", code="two_heads")
    assert held == {
        "kode": "ada dua kepala keluarga",
        "putusan": "kepala keluarga dipilih, dipindahkan ke keluarga ini",
    }


def test_every_subject_has_a_word():
    assert sorted({"card", *(subject for _, subject in recorded())} - set(words_trail.SUBJECTS)) == []
