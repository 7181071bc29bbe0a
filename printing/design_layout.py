"""A design laid out by WeasyPrint: one document with a front and a back for each filling of its fields.

The document is the design's own HTML. Around it stand only the page, which is the card with 3 mm of bleed, and a class
of the body that says whether backs may have colour.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from weasyprint import CSS, HTML, Document

from printing.design import ADDRESS, Design
from printing.errors import PrintingError
from printing.face import TEXTS
from printing.fetcher import AssetFetcher
from printing.layout import CARD_HEIGHT, CARD_WIDTH, POINTS_PER_DOT
from printing.typesetting import ONE_AT_A_TIME, typeface

BLEED = 36
"""Dots that a design draws past the card: 3.05 mm, as much as any sheet shows."""

PICTURES = ("photo", "code")

_INLINE = frozenset({"span", "b", "strong", "em", "i", "small"})
_PLACE = "data-place"

_FRAME = f"""
@page {{
  size: {(CARD_WIDTH + 2 * BLEED) * POINTS_PER_DOT:.2f}pt {(CARD_HEIGHT + 2 * BLEED) * POINTS_PER_DOT:.2f}pt;
  margin: {BLEED * POINTS_PER_DOT:.2f}pt;
}}
html, body {{ margin: 0; padding: 0 }}
section {{
  position: relative;
  width: {CARD_WIDTH * POINTS_PER_DOT:.2f}pt;
  height: {CARD_HEIGHT * POINTS_PER_DOT:.2f}pt;
  break-after: page;
}}
section:last-child {{ break-after: auto }}
"""


@dataclass(frozen=True)
class Slot:
    """An element of a design that is not the same on every card."""

    pattern: tuple[tuple[str, str | None], ...]
    """Words that stay, each followed by the name of the field after them; None after the last."""
    attributes: Mapping[str, str]
    side: int
    """0 front, 1 back."""

    @property
    def field(self) -> str:
        """The first field in it."""
        return next(name for _, name in self.pattern if name is not None)


class OpenDesign:
    """A design's HTML with its slots found, to be filled and laid out."""

    def __init__(self, design: Design) -> None:
        self._design = design
        self._html = HTML(string=design.html, base_url=ADDRESS, url_fetcher=AssetFetcher({}))
        self._body: Element = self._html.etree_element.find("body")
        sections = list(self._body)
        if [section.tag for section in sections] != ["section", "section"]:
            raise PrintingError("design_side_missing", "front" if not sections else "back")
        self.slots: list[Slot] = []
        for side, section in enumerate(sections):
            self._find_slots(section, side)
        self._sides = sections

    def _find_slots(self, section: Element, side: int) -> None:
        parents = {child: parent for parent in section.iter() for child in parent}
        for element in list(section.iter()):
            if not isinstance(element.tag, str) or element.get("data-field") is None:
                continue
            while element.tag in _INLINE:
                element = parents[element]
            if element.get(_PLACE) is None:
                element.set(_PLACE, str(len(self.slots)))
                self.slots.append(Slot(_pattern(element), dict(element.attrib), side))

    @contextmanager
    def laid_out(
        self,
        fillings: Sequence[Sequence[Element | str]],
        *,
        colour_back: bool,
        pictures: Mapping[str, bytes] | None = None,
    ) -> Iterator[Document]:
        """Two pages for each filling, which gives every slot its content; ``pictures`` by address besides the design's.

        Raises:
            PrintingError: ``asset_denied``, ``pages_do_not_match``.
        """
        body = self._body
        body.set("class", "colour-back" if colour_back else "black-back")
        body[:] = []
        for filling in fillings:
            for section in deepcopy(self._sides):
                for element in section.iter():
                    if (number := element.get(_PLACE)) is not None:
                        _put(element, filling[int(number)])
                body.append(section)
        fetcher = AssetFetcher({**self._design.addresses(), **(pictures or {})})
        self._html.url_fetcher = fetcher
        with ONE_AT_A_TIME, fetcher.denials_reported():
            fonts, faces = typeface()
            document = self._html.render(stylesheets=[faces, CSS(string=_FRAME)], font_config=fonts)
            if len(document.pages) != 2 * len(fillings):
                raise PrintingError("pages_do_not_match", self._design.name)
            yield document


def slot_number(element: Element | None) -> int | None:
    """Which slot an element is, if any."""
    number = None if element is None else element.get(_PLACE)
    return None if number is None else int(number)


def _put(element: Element, content: Element | str) -> None:
    element[:] = []
    if isinstance(content, str):
        element.text = content
    else:
        element.text = None
        element.append(content)


def _pattern(element: Element) -> tuple[tuple[str, str | None], ...]:
    name = element.get("data-field")
    if name is not None:
        if name not in TEXTS and name not in PICTURES:
            raise PrintingError("design_field_unknown", name)
        return (("", name),)
    pattern: list[tuple[str, str | None]] = []
    words = element.text or ""
    for child in element:
        name = child.get("data-field")
        if name is None or name in PICTURES or len(child):
            raise PrintingError("design_field_mixed", name or child.tag)
        if name not in TEXTS:
            raise PrintingError("design_field_unknown", name)
        pattern.append((words, name))
        words = child.tail or ""
    if words:
        pattern.append((words, None))
    return tuple((" ".join(f"|{words}|".split())[1:-1], name) for words, name in pattern)
