"""I12: printing fetches nothing, whatever a template or a name asks for."""

from pathlib import Path

import pytest
from jinja2 import DictLoader
from printing_samples import sample_face
from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError

from printing import typesetting
from printing.card import card_pdf
from printing.errors import PrintingError
from printing.fetcher import AssetFetcher

HOSTILE = [
    '<img src="https://example.org/a.png">',
    '<img src="file:///etc/hostname">',
    '<img src="data:image/png;base64,iVBORw0KGgo=">',
    '<link rel="stylesheet" href="http://127.0.0.1:9/a.css">',
    '<link rel="attachment" href="file:///etc/hostname">',
    '<a rel="attachment" href="file:///etc/hostname">x</a>',
    '<style>@import "https://example.org/a.css";</style>',
    "<style>@font-face { font-family: a; src: url(file:///etc/hostname) } p { font-family: a }</style><p>x</p>",
    "<style>body { background: url(https://example.org/a.png) }</style>",
    '<svg width="9" height="9"><image href="file:///etc/hostname" width="9" height="9"/></svg>',
    '<object data="file:///etc/hostname"></object>',
    '<embed src="ftp://example.org/a">',
]


@pytest.mark.parametrize("markup", HOSTILE)
def test_a_template_that_asks_for_something_outside_makes_no_document(markup: str, monkeypatch: pytest.MonkeyPatch):
    environment = typesetting._environment().overlay(loader=DictLoader({"hostile.html": f"<title>x</title>{markup}"}))
    monkeypatch.setattr(typesetting, "_environment", lambda: environment)
    with pytest.raises(PrintingError) as refusal:
        typesetting.typeset("hostile.html", pages=1)
    assert refusal.value.code == "asset_denied"


def test_a_name_that_looks_like_markup_asks_for_nothing():
    card_pdf(
        [sample_face(head_name='<img src="file:///etc/hostname">', loss_contact="<style>@import 'http://a';</style>")]
    )


def test_a_style_sheet_of_its_own_is_under_the_same_ban():
    fetcher = AssetFetcher({})
    with pytest.raises(FatalURLFetchingError):
        CSS(string="@import 'file:///etc/passwd';", url_fetcher=fetcher)
    assert fetcher.denied == ["file:///etc/passwd"]


def test_what_is_handed_in_by_name_is_given():
    fetcher = AssetFetcher({"asset:a.css": b"p { color: red }"})
    HTML(string='<link rel="stylesheet" href="asset:a.css"><p>x</p>', url_fetcher=fetcher).render()
    assert fetcher.denied == []


def test_no_template_uses_flex_or_grid_whose_cost_grows_exponentially_when_nested():
    templates = Path(typesetting.__file__).parent / "templates"
    for path in templates.iterdir():
        assert "flex" not in path.read_text()
        assert "grid" not in path.read_text()


def test_words_that_run_over_onto_another_page_are_refused(monkeypatch: pytest.MonkeyPatch):
    environment = typesetting._environment().overlay(
        loader=DictLoader({"long.html": "<p style='break-after: page'>a<p>b"})
    )
    monkeypatch.setattr(typesetting, "_environment", lambda: environment)
    with pytest.raises(PrintingError) as refusal:
        typesetting.typeset("long.html", pages=1)
    assert refusal.value.code == "pages_do_not_match"
