"""No family is sent away with a bare no: every page that refuses says why, where to go, and lets it complain."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kiosk.words import complaints
from kiosk.words.complaints import NEXT
from kiosk.words.reasons import REASONS
from registry.kinds import ComplaintKind
from verify.complaints import suggest_kind
from verify.reasons import ReasonCode

TEMPLATES = Path(complaints.__file__).parents[1] / "templates"
REFUSING = sorted(
    file
    for file in TEMPLATES.glob("*/*.html")
    if file.parent.name != "macros" and (file.name == "refused.html" or file == TEMPLATES / "scan" / "verdict.html")
)


def test_the_search_finds_the_places_that_refuse():
    places = {file.parent.name for file in REFUSING}
    assert {"cards", "hand_over", "scan", "care", "schooling"} <= places


@pytest.mark.parametrize("file", REFUSING, ids=lambda file: file.parent.name)
def test_every_page_that_refuses_shows_the_reasons_and_the_way_to_complain(file: Path):
    text = file.read_text()
    assert re.search(r"\bcomplain\(", text), "the button Adukan: macros/complaint.html"
    assert re.search(r"verdict\([^%]*reasons", text), "every reason: macros/verdict.html"


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_says_where_to_go_and_more_than_that_somebody_is_on_no_list(code: ReasonCode):
    said = REASONS[code]
    assert said.next_step
    assert len(said.explanation.split()) >= 4 or "{" in said.explanation
    assert suggest_kind([code]) in ComplaintKind


def test_every_kind_of_complaint_has_a_next_step_for_the_family():
    assert set(NEXT) == set(ComplaintKind)
