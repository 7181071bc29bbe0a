"""What must be true of every template, style sheet and script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kiosk import create_app

KIOSK = Path(create_app.__code__.co_filename).parent
TEMPLATES = sorted(KIOSK.glob("templates/**/*.html"))
PAGES = [
    file for file in TEMPLATES if file.parent.name != "macros" and file.name[0] != "_" and file.name != "base.html"
]
STATIC = sorted(file for kind in ("css", "js", "svg") for file in KIOSK.glob(f"static/**/*.{kind}"))


def named(files: list[Path]):
    return pytest.mark.parametrize("file", files, ids=[str(file.relative_to(KIOSK)) for file in files])


@named(PAGES)
def test_every_page_extends_the_base_and_has_a_title(file: Path):
    text = file.read_text()
    assert text.startswith('{% extends "base.html" %}')
    assert "{% block title %}" in text
    assert "{% block page %}" in text


@named(TEMPLATES)
def test_no_template_needs_a_looser_content_policy(file: Path):
    text = file.read_text()
    assert not re.search(r"<style|\sstyle=", text), "styles stand in static/css"
    assert not re.search(r"\son[a-z]+=", text), "scripts stand in static/js"
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag, "scripts stand in static/js"


@named(TEMPLATES)
def test_no_template_takes_the_capitals_of_kk_and_dtsen_away(file: Path):
    assert not re.search(r"\|\s*(capitalize|title)\b", file.read_text()), "use the filter kapital"


@named(TEMPLATES)
def test_no_template_turns_escaping_off(file: Path):
    assert not re.search(r"\|\s*safe\b|autoescape false|Markup", file.read_text())


@named(TEMPLATES)
def test_every_form_that_acts_carries_the_token(file: Path):
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", file.read_text(), re.DOTALL):
        assert "csrf_token" in form or "token()" in form or "hidden_tag()" in form, form


@named(TEMPLATES)
def test_nothing_is_fetched_from_elsewhere(file: Path):
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", file.read_text())


@named(STATIC)
def test_no_style_or_script_fetches_anything_from_elsewhere(file: Path):
    text = file.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://", text)


@named([file for file in STATIC if file.suffix == ".css"])
def test_every_colour_of_the_brand_has_a_name(file: Path):
    if file.name == "ground.css":
        return
    named_colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (KIOSK / "static/css/ground.css").read_text()))
    again = set(re.findall(r"#[0-9a-f]{6}", file.read_text())) & set(named_colours.values())
    assert again == set()


@named(TEMPLATES)
def test_every_sign_that_is_used_is_drawn(file: Path):
    drawn = set(re.findall(r'<symbol id="(\w+)"', (KIOSK / "static/img/icons.svg").read_text()))
    assert set(re.findall(r'\bicon\("(\w+)"', file.read_text())) <= drawn


def brightness(colour: str) -> float:
    """Return the relative luminance of ``#rgb`` or ``#rrggbb`` as WCAG defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("kind", ["granted", "already", "refused", "unknown"])
def test_a_verdict_is_read_in_sunlight(kind: str):
    style = (KIOSK / "static/css/verdict.css").read_text()
    colours = {"on": "#fff"} | dict(
        re.findall(r"--(is|on): (#[0-9a-f]+);", re.search(rf"\.verdict--{kind} {{(.*?)}}", style, re.DOTALL)[1])
    )
    dark, bright = sorted(map(brightness, (colours["is"], colours["on"])))
    assert (bright + 0.05) / (dark + 0.05) >= 7
