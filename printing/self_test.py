"""Is this the WeasyPrint whose boxes we know how to read? Found out by drawing a line and looking where it went."""

import re
from functools import cache

import pydyf
import weasyprint

from printing.typesetting import ONE_AT_A_TIME, typeface

VERSION = "70."
"""Of WeasyPrint: another one may lay boxes out in another way, so it is looked at by a person first."""

_PAGE = """<style>
@page { size: 300px 200px; margin: 0 }
body { margin: 0 }
p { position: absolute; left: 40px; top: 30px; width: 200px; margin: 0; padding: 3px; white-space: nowrap }
p { font: 700 20px/1.4 'Plus Jakarta Sans' }
</style><p id="line">Huma Betang</p>"""
_PLACED = re.compile(rb"([-\d.]+) ([-\d.]+) Tm")


@cache
def check_weasyprint() -> None:
    """Draw one line of words, and hold where it was put against where the boxes say it lies.

    Raises:
        RuntimeError: they differ, or the boxes are not to be found as they were.
    """
    if not weasyprint.__version__.startswith(VERSION):
        raise RuntimeError(f"WeasyPrint {weasyprint.__version__}: cards are drawn from the boxes of {VERSION}x")
    drawn: list[bytes] = []

    def keep(_document: weasyprint.Document, pdf: pydyf.PDF) -> None:
        page = pdf.objects[pdf.pages["Kids"][0]]
        drawn.extend(pdf.objects[int(page["Contents"].split()[0])].stream)

    with ONE_AT_A_TIME:
        fonts, faces = typeface()
        document = weasyprint.HTML(string=_PAGE).render(stylesheets=[faces], font_config=fonts)
        document.write_pdf(finisher=keep)
    try:
        boxes = [box for box in document.pages[0]._page_box.descendants(True) if box.element is not None]
        block = next(box for box in boxes if box.element.get("id") == "line")
        line = next(box for box in block.descendants() if type(box).__name__ == "LineBox")
        text = next(box for box in line.descendants() if type(box).__name__ == "TextBox")
        found = (
            block.content_box_x(), block.content_box_y(), block.width, line.height,
            text.position_x, text.position_y + text.baseline,
        )  # fmt: skip
    except (AttributeError, StopIteration, TypeError) as error:
        raise RuntimeError("WeasyPrint's boxes are not to be found as they were") from error
    placed = next(match for part in drawn if (match := _PLACED.search(part)))
    expected = (43, 33, 200, 28, float(placed[1]), float(placed[2]))
    if any(abs(one - other) > 0.01 for one, other in zip(found, expected, strict=True)):
        raise RuntimeError(f"WeasyPrint draws words elsewhere than its boxes say: {found}, {expected}")
