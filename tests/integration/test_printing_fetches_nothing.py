"""I12: printing fetches nothing, whatever a template, a design or a name asks for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from canary import Canary, canary_in
from jinja2 import DictLoader
from printing_samples import sample_face
from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from printing import typesetting
from printing.card import card_pdf
from printing.errors import PrintingError
from printing.fetcher import AssetFetcher


def _nested(inner: str) -> str:
    """An SVG in a ``data:`` address, as its own document."""
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{inner}</svg>"
    return f'<img src="data:image/svg+xml,{quote(svg).replace("%7B%7D", "{}")}">'


WAYS_OUT = {
    "img": '<img src="{}">',
    "object": '<object data="{}"></object>',
    "embed": '<embed src="{}">',
    "base": '<base href="{}"><img src="?">',
    "style sheet": '<link rel="stylesheet" href="{}">',
    "attachment of the document": '<link rel="attachment" href="{}">',
    "attachment of a link": '<a rel="attachment" href="{}">x</a>',
    "@import": '<style>@import "{}";</style>',
    "@import url()": "<style>@import url({}) print;</style>",
    "@font-face": "<style>@font-face {{ font-family: a; src: url({}) }} p {{ font-family: a }}</style><p>x</p>",
    "@color-profile": "<style>@color-profile --a {{ src: url({}) }} p {{ color: color(--a 1 0 0 0) }}</style><p>x</p>",
    "@page": "<style>@page {{ background: url({}) }}</style>",
    "margin box": "<style>@page {{ @top-left {{ content: url({}) }} }}</style>",
    "background": "<style>body {{ background: url({}) }}</style>",
    "style attribute": '<p style="background-image: url({})">x</p>',
    "variable": '<p style="--a: url({}); background-image: var(--a)">x</p>',
    "list style": '<ul style="list-style-image: url({})"><li>x</ul>',
    "content": "<style>p::before {{ content: url({}) }}</style><p>x</p>",
    "border image": '<p style="border: 1px solid; border-image-source: url({})">x</p>',
    "mask border": '<p style="border: 1px solid; mask-border-source: url({})">x</p>',
    "image in an SVG": '<svg width="9" height="9"><image href="{}" width="9" height="9"/></svg>',
    "xlink in an SVG": '<svg width="9" height="9" xmlns:xlink="http://www.w3.org/1999/xlink">'
    '<image xlink:href="{}" width="9" height="9"/></svg>',
    "font in an SVG": "<svg width='9' height='9'><style>@font-face {{ font-family: a; src: url({}) }}</style>"
    "<text font-family='a'>x</text></svg>",
    "SVG in a data: address": _nested("<image href='{}' width='9' height='9'/>"),
}
"""What WeasyPrint follows when nobody stops it."""

NOT_FOLLOWED = {
    "srcset": '<img srcset="{} 1x">',
    "icon": '<link rel="icon" href="{}">',
    "frame": '<iframe src="{}"></iframe>',
    "poster": '<video poster="{}"></video>',
    "script": '<script src="{}"></script>',
    "refresh": '<meta http-equiv="refresh" content="0;url={}">',
    "cursor": '<p style="cursor: url({}), auto">x</p>',
    "image set": '<p style="background-image: image-set(url({}) 1x)">x</p>',
    "use": '<svg width="9" height="9"><use href="{}#a"/></svg>',
    "fill": '<svg width="9" height="9"><rect width="9" height="9" fill="url({}#a)"/></svg>',
    "filter": '<svg width="9" height="9"><rect width="9" height="9" filter="url({}#a)"/></svg>',
    "mask": '<svg width="9" height="9"><rect width="9" height="9" mask="url({}#a)"/></svg>',
    "clip": '<svg width="9" height="9"><rect width="9" height="9" clip-path="url({}#a)"/></svg>',
    "gradient": '<svg width="9" height="9"><linearGradient id="g" href="{}#a"/><rect fill="url(#g)"/></svg>',
    "style in an SVG": '<svg width="9" height="9"><style>@import "{}";</style><rect width="9" height="9"/></svg>',
}
"""What it does not follow today; another version might."""

IN_SVG_FILES = {
    "external entity": "<!DOCTYPE svg [<!ENTITY x SYSTEM '{}'>]><svg xmlns='http://www.w3.org/2000/svg'>&x;</svg>",
    "external document type": "<!DOCTYPE svg SYSTEM '{}'><svg xmlns='http://www.w3.org/2000/svg'/>",
    "style sheet": "<?xml-stylesheet href='{}'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    "XInclude": "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xi='http://www.w3.org/2001/XInclude'>"
    "<xi:include href='{}' parse='text'/></svg>",
}
ADDRESSES = ("server", "redirect", "file")


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    with canary_in(tmp_path) as canary:
        yield canary


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """WeasyPrint logs every address that it could not load."""
    logger = logging.getLogger("weasyprint")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


def address_of(canary: Canary, kind: str) -> str:
    return {"server": f"{canary.http}/a", "redirect": f"{canary.http}/redirect", "file": canary.file.as_uri()}[kind]


def typeset(markup: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    text = f"<!doctype html><title>x</title>{markup}"
    environment = typesetting._environment().overlay(loader=DictLoader({"hostile.html": text}))
    monkeypatch.setattr(typesetting, "_environment", lambda: environment)
    return typesetting.typeset("hostile.html", pages=1)


class Permissive(AssetFetcher):
    """The same without the ban: what WeasyPrint brings along."""

    def __init__(self, assets: dict[str, bytes]) -> None:
        super().__init__(assets)
        self._default = URLFetcher(timeout=5)

    def fetch(self, url: str, headers: object = None) -> object:
        return super().fetch(url) if url in self._assets else self._default.fetch(url, headers)


@pytest.mark.parametrize("kind", ADDRESSES)
@pytest.mark.parametrize("way", WAYS_OUT)
def test_a_template_that_asks_for_something_outside_makes_no_document(
    way: str, kind: str, canary: Canary, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(PrintingError) as refusal:
        typeset(WAYS_OUT[way].format(address_of(canary, kind)), monkeypatch)
    assert refusal.value.code == "asset_denied"
    assert not canary.was_hit


@pytest.mark.parametrize("kind", ADDRESSES)
@pytest.mark.parametrize("way", WAYS_OUT)
def test_it_is_the_ban_that_refuses_for_without_it_the_canary_is_hit(
    way: str, kind: str, canary: Canary, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(typesetting, "AssetFetcher", Permissive)
    typeset(WAYS_OUT[way].format(address_of(canary, kind)), monkeypatch)
    assert canary.was_hit
    assert ("/landed" in canary.requests) == (kind == "redirect")


@pytest.mark.parametrize("kind", ADDRESSES)
@pytest.mark.parametrize("way", NOT_FOLLOWED)
def test_what_weasyprint_does_not_follow_is_not_followed(
    way: str, kind: str, canary: Canary, monkeypatch: pytest.MonkeyPatch
):
    with suppress(PrintingError):  # or it is refused, which is as good
        typeset(NOT_FOLLOWED[way].format(address_of(canary, kind)), monkeypatch)
    assert not canary.was_hit


@pytest.mark.parametrize("kind", ADDRESSES)
@pytest.mark.parametrize("way", IN_SVG_FILES)
def test_a_picture_that_a_template_may_load_loads_nothing_more(way: str, kind: str, canary: Canary):
    picture = IN_SVG_FILES[way].format(address_of(canary, kind)).encode()
    fetcher = AssetFetcher({"asset:a.svg": picture})
    HTML(string='<title>x</title><img src="asset:a.svg">', url_fetcher=fetcher).write_pdf()
    assert not canary.was_hit


def test_an_attached_file_would_stand_in_the_document(canary: Canary, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(typesetting, "AssetFetcher", Permissive)
    pdf = typeset(WAYS_OUT["attachment of the document"].format(canary.file.as_uri()), monkeypatch)
    assert b"/EmbeddedFile" in pdf


@pytest.mark.parametrize("address", ["data:image/png;base64,iVBORw0KGgo=", "ftp://127.0.0.1/a", "asset:other", "a.png"])
def test_no_other_kind_of_address_is_followed_either(address: str, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(PrintingError) as refusal:
        typeset(f'<base href="https://design.invalid/"><img src="{address}">', monkeypatch)
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
