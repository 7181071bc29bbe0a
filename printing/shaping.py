"""Words as glyphs: HarfBuzz shapes each word once and remembers it (names of a province share most of theirs)."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

import uharfbuzz as harfbuzz

from printing.typeface import Weight, font_path

EM = 1000
"""Units of a font's em, in the typeface as in PDF."""

_WIDEST = 1100
"""A letter that the typeface lacks comes from the machine's own fonts, where WeasyPrint sets it."""

_POINTS_PER_PX = 0.75
_PANGO_UNITS = 1024
"""To a CSS pixel."""

_REMEMBERED = 8192
"""Words; 3 MB. A kabupaten's names have fewer."""


class Lettering(NamedTuple):
    """How the letters of a text look, whatever their size."""

    weight: Weight
    features: tuple[tuple[str, int], ...] = ()
    """OpenType features that are switched on or off, such as ``tnum`` for figures of equal width."""
    spacing: float = 0
    """Points after every letter."""

    def spacing_at(self, size: float) -> float:
        """The same as WeasyPrint writes it: in whole thousandths of the size, the rest cut off.

        Over the fifteen signs of a card's number that makes most of a dot.
        """
        pango_units = int(self.spacing / _POINTS_PER_PX * _PANGO_UNITS)
        return int(pango_units / _PANGO_UNITS * _POINTS_PER_PX / size * EM) * size / EM


class Run(NamedTuple):
    """A shaped text."""

    advance: int
    """Its width in thousandths of an em, without spacing."""
    glyphs: int
    shown: bytes
    """What stands in the array of PDF's ``TJ``: glyph numbers of four hexadecimal digits, and kerning between them."""
    is_whole: bool = True
    """Whether the typeface has all its letters, and sets them on the line."""

    def width(self, size: float, spacing: float) -> float:
        """In points; ``spacing`` is what stands after each glyph."""
        return self.advance * size / EM + self.glyphs * spacing


@lru_cache(_REMEMBERED)
def shape(word: str, lettering: Lettering) -> Run:
    """``word`` as glyphs, kerned. A letter that the typeface lacks counts as the widest."""
    if not word:
        return Run(0, 0, b"")
    font, widths = _font(lettering.weight)
    buffer = harfbuzz.Buffer()
    buffer.add_str(word)
    buffer.guess_segment_properties()
    features = dict(lettering.features)
    if lettering.spacing:
        # letters that are set apart are not joined; Pango does likewise
        features.setdefault("liga", 0)
    harfbuzz.shape(font, buffer, features)
    shown: list[str] = []
    advance, is_whole = 0, True
    for glyph, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if not glyph.codepoint or position.x_offset or position.y_offset:
            is_whole = False
            advance += _WIDEST - position.x_advance
        shown.append(f"{glyph.codepoint:04x}")
        if kerning := widths[glyph.codepoint] - position.x_advance:
            shown.append(f">{kerning}<")
        advance += position.x_advance
    return Run(advance, len(buffer.glyph_infos), f"<{''.join(shown)}>".replace("<>", "").encode(), is_whole)


def glyph_widths(weight: Weight) -> Mapping[int, int]:
    """The width of every glyph of a weight, unkerned, in thousandths of an em."""
    return _font(weight)[1]


@cache
def _font(weight: Weight) -> tuple[harfbuzz.Font, dict[int, int]]:
    face = harfbuzz.Face(harfbuzz.Blob.from_file_path(str(font_path(weight))))
    if face.upem != EM:
        raise RuntimeError(f"{font_path(weight).name}: {face.upem} units to the em, not {EM}")
    font = harfbuzz.Font(face)
    return font, {glyph: font.get_glyph_h_advance(glyph) for glyph in range(face.glyph_count)}
