"""The typeface as PDF objects: each weight embedded once, with its glyph numbers as they are and what they mean."""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import NamedTuple

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from printing.pdf_objects import Objects, stream
from printing.shaping import EM, glyph_widths
from printing.typeface import FAMILY, Weight, font_path

_TABLES = frozenset({"glyf", "loca", "head", "hhea", "hmtx", "maxp", "cvt ", "fpgm", "prep"})
"""What a rasteriser needs (ISO 32000-2, 9.9.2); HarfBuzz has done what the others are for."""

_CMAP_HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
"""
_CMAP_TAIL = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
_CMAP_LINES = 100
"""As many as one section of a CMap may have."""


def embed_font(weight: Weight, objects: Objects) -> int:
    """Add a font; says its number."""
    parts = _parts(weight)
    file_number = objects.add(stream(parts.file, b"/Length1 %d" % len(parts.file)))
    descriptor_number = objects.add(b"<<%s/FontFile2 %d 0 R>>" % (parts.descriptor, file_number))
    widths = b" ".join(b"%d" % width for _, width in sorted(glyph_widths(weight).items()))
    descendant_number = objects.add(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0"
        b">>/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW %d/W[0[%s]]>>" % (parts.name, descriptor_number, EM, widths)
    )
    meaning_number = objects.add(stream(parts.to_unicode))
    return objects.add(
        b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (parts.name, descendant_number, meaning_number)
    )


class _Parts(NamedTuple):
    name: bytes
    descriptor: bytes
    file: bytes
    to_unicode: bytes


@cache
def _parts(weight: Weight) -> _Parts:
    with TTFont(font_path(weight), recalcTimestamp=False) as font:
        to_unicode = _to_unicode(_letters(font))
        style = weight.name.title().replace("_", "-")
        # six capitals and a plus: what a part of a font is called by in PDF
        name = f"{'ABCDEFGHI'[weight // 100]}HUMAX+{FAMILY.replace(' ', '-')}-{style}".encode()
        head, line = font["head"], font["hhea"]
        descriptor = (
            b"/Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d"
            b"/CapHeight %d/StemV 80" % (
                name, head.xMin, head.yMin, head.xMax, head.yMax, line.ascent, line.descent, font["OS/2"].sCapHeight,
            )
        )  # fmt: skip
        for table in set(font.keys()) - _TABLES:
            if table != "GlyphOrder":
                del font[table]
        target = BytesIO()
        font.save(target)
    return _Parts(name, descriptor, target.getvalue(), to_unicode)


def _letters(font: TTFont) -> dict[int, str]:
    """What each glyph says, also those that a feature puts in place of a letter's own (``tnum``, ligatures)."""
    letters = {font.getGlyphID(name): chr(code) for code, name in sorted(font.getBestCmap().items(), reverse=True)}
    names = {name: letters.get(font.getGlyphID(name)) for name in font.getGlyphOrder()}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            for name, said in _replaced(table, names).items():
                letters.setdefault(font.getGlyphID(name), said)
    return letters


def _replaced(table: object, names: Mapping[str, str | None]) -> dict[str, str]:
    said: dict[str, str] = {}
    single = getattr(table, "mapping", {})
    for name, other in single.items():
        if isinstance(other, str) and (letter := names.get(name)):
            said[other] = letter
    for first, ligatures in getattr(table, "ligatures", {}).items():
        for ligature in ligatures:
            parts = [names.get(name) for name in (first, *ligature.Component)]
            if all(parts):
                said[ligature.LigGlyph] = "".join(part or "" for part in parts)
    return said


def _to_unicode(letters: Mapping[int, str]) -> bytes:
    lines = [
        b"<%04x> <%s>\n" % (glyph, said.encode("utf-16-be").hex().encode()) for glyph, said in sorted(letters.items())
    ]
    sections = [lines[start : start + _CMAP_LINES] for start in range(0, len(lines), _CMAP_LINES)]
    body = b"".join(b"%d beginbfchar\n%sendbfchar\n" % (len(section), b"".join(section)) for section in sections)
    return _CMAP_HEAD + body + _CMAP_TAIL
