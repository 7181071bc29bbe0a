"""What a design's files may hold: told from the text alone, before anything is drawn.

The fetcher refuses whatever is not the design's own; this is not the wall, but the sentence that a designer can act on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import tinycss2
import tinyhtml5

from printing.design import ADDRESS, FIELDS, Design
from printing.errors import PhotoError, PrintingError
from printing.pictures import opened

__all__ = ["SIDES", "markup_faults"]

SIDES = ("front", "back")

_HTML_ELEMENTS = re.compile(
    "html|head|title|meta|link|style|body|section|div|p|span|b|strong|em|i|small|sub|sup|br|hr|h[1-6]|img|svg"
)
_SVG_ELEMENTS = re.compile(
    "svg|g|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|defs|use|symbol|clipPath|mask|pattern|marker|"
    "linearGradient|radialGradient|stop|title|desc|metadata|image|style"
)
_SVG = "{http://www.w3.org/2000/svg}"
_ONLY_ONCE = frozenset({"code", "photo"})
_ADDRESSES = frozenset(
    {"src", "href", "srcset", "data", "poster", "background", "action", "{http://www.w3.org/1999/xlink}href"}
)
_COSTLY = frozenset({"flex", "inline-flex", "grid", "inline-grid"})
"""Layouts whose time doubles with every box within a box: 22 of them take WeasyPrint more than a minute."""
_REGENCY = frozenset({"regency_kind", "regency_name"})
_MAX_PIXELS = 6_000_000
"""The card with its bleed at 600 dpi has 3.3 million."""


def markup_faults(design: Design) -> list[PrintingError]:
    """Everything in the design's files that would not do, in the order in which a designer reads them.

    Codes, each about what it is: ``design_side_missing``, ``design_field_unknown``, ``design_field_missing``,
    ``design_field_twice``, ``design_element_forbidden``, ``design_css_forbidden``, ``design_address_outside``,
    ``design_picture_missing``, ``design_picture_broken``, ``design_picture_too_large``.
    """
    document = tinyhtml5.parse(design.html, namespace_html_elements=False)
    faults = [
        *_side_faults(document),
        *_field_faults(document),
        *_element_faults(document, design, html=True),
        *_css_faults(design.css, design),
    ]
    for name, body in design.assets.items():
        faults += _svg_faults(name, body, design) if name.lower().endswith(".svg") else _picture_faults(name, body)
    return list({(fault.code, fault.about): fault for fault in faults}.values())


def _side_faults(document: Element) -> Iterator[PrintingError]:
    body = document.find("body")
    found = [tuple(child.get("class", "").split()) for child in body] if body is not None else []
    for place, side in enumerate(SIDES):
        if len(found) != len(SIDES) or side not in found[place]:
            yield PrintingError("design_side_missing", side)


def _field_faults(document: Element) -> Iterator[PrintingError]:
    named = Counter(name for element in document.iter() if (name := element.get("data-field")) is not None)
    for name in named:
        if name not in FIELDS:
            yield PrintingError("design_field_unknown", name[:60])
    for name, is_compulsory in FIELDS.items():
        if is_compulsory and not named[name]:
            yield PrintingError("design_field_missing", name)
    if not named["regency"] and not all(named[part] for part in _REGENCY):
        yield PrintingError("design_field_missing", "regency")
    for name in _ONLY_ONCE:
        if named[name] > 1:
            yield PrintingError("design_field_twice", name)


def _element_faults(root: Element, design: Design, *, html: bool) -> Iterator[PrintingError]:
    for element in root.iter():
        tag = element.tag
        if not isinstance(tag, str):  # a comment
            continue
        is_svg = tag.startswith(_SVG)
        allowed = _SVG_ELEMENTS if is_svg or not html else _HTML_ELEMENTS
        if not allowed.fullmatch(tag.removeprefix(_SVG)):
            yield PrintingError("design_element_forbidden", f"<{tag.rpartition('}')[2][:40]}>")
        if tag == "link" and (element.get("rel"), element.get("href")) != ("stylesheet", "card.css"):
            yield PrintingError("design_element_forbidden", "<link>")
        if tag == "meta" and "http-equiv" in element.attrib:
            yield PrintingError("design_element_forbidden", "<meta http-equiv>")
        for name in _ADDRESSES & element.attrib.keys():
            yield from _address_faults(element.attrib[name], design)
        if style := element.get("style"):
            yield from _declaration_faults(tinycss2.parse_blocks_contents(style), design)
        if is_svg or not html:
            for value in element.attrib.values():
                yield from _url_faults(tinycss2.parse_component_value_list(value), design)
        if tag.removeprefix(_SVG) == "style":
            yield from _css_faults(element.text or "", design)


def _css_faults(css: str, design: Design) -> Iterator[PrintingError]:
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule":
            if rule.lower_at_keyword in ("import", "font-face", "page", "namespace"):
                yield PrintingError("design_css_forbidden", f"@{rule.lower_at_keyword}")
            elif rule.content is not None:
                yield from _css_faults(tinycss2.serialize(rule.content), design)
        elif rule.type == "qualified-rule":
            yield from _declaration_faults(tinycss2.parse_blocks_contents(rule.content), design)


def _declaration_faults(declarations: Iterable[tinycss2.ast.Node], design: Design) -> Iterator[PrintingError]:
    for declaration in declarations:
        if declaration.type == "qualified-rule":  # a rule within a rule
            yield from _declaration_faults(tinycss2.parse_blocks_contents(declaration.content), design)
        if declaration.type != "declaration":
            continue
        if declaration.lower_name == "display":
            for token in declaration.value:
                if token.type == "ident" and token.lower_value in _COSTLY:
                    yield PrintingError("design_css_forbidden", f"display: {token.lower_value}")
        yield from _url_faults(declaration.value, design)


def _url_faults(tokens: Iterable[tinycss2.ast.Node], design: Design) -> Iterator[PrintingError]:
    for token in tokens:
        if token.type == "url":
            yield from _address_faults(token.value, design)
        elif token.type == "function":
            if token.lower_name in ("url", "src", "image", "image-set"):
                for argument in token.arguments:
                    if argument.type == "string":
                        yield from _address_faults(argument.value, design)
            yield from _url_faults(token.arguments, design)


def _address_faults(address: str, design: Design) -> Iterator[PrintingError]:
    address = address.strip()
    if address.startswith("#") or not address:
        return
    if ADDRESS + address in design.addresses():
        return
    if re.fullmatch(r"[A-Za-z0-9_.-]+", address):
        yield PrintingError("design_picture_missing", address[:60])
    else:
        yield PrintingError("design_address_outside", address[:60])


def _svg_faults(name: str, body: bytes, design: Design) -> Iterator[PrintingError]:
    # entities can be written so that a small file becomes a huge one
    if re.search(rb"<!(DOCTYPE|ENTITY)", body, re.IGNORECASE):
        yield PrintingError("design_element_forbidden", f"{name}: <!DOCTYPE>")
        return
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 (no document type, so no entities)
    except ElementTree.ParseError:
        yield PrintingError("design_picture_broken", name)
        return
    if root.tag != f"{_SVG}svg":
        yield PrintingError("design_picture_broken", name)
        return
    yield from _element_faults(root, design, html=False)


def _picture_faults(name: str, body: bytes) -> Iterator[PrintingError]:
    try:
        with opened(body) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise PhotoError("photo_too_many_pixels")
            picture.load()
    except PhotoError as fault:
        is_large = fault.code in ("photo_too_many_pixels", "photo_too_large")
        yield PrintingError("design_picture_too_large" if is_large else "design_picture_broken", name)
