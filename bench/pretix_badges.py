"""The peer that cards are measured against: the same cards as badges of pretix, drawn in a process of its own.

pretix is no dependency of this project and wants other versions of what it uses, so it lives in an environment of its
own, whose Python is named by ``PRETIX_PYTHON``::

    python3 -m venv ~/pretix && ~/pretix/bin/pip install pretix==2026.8.0
    PRETIX_PYTHON=~/pretix/bin/python python -m bench.card_pdf

The badge's background is the design with its fixed words, as WeasyPrint draws it; every field stands where the design
has it, in pretix's typeface, made smaller where it is too long; the code is pretix's own (its error correction falls to
L for so long a text), and so is what it does with the photo.
"""

import base64
import json
import subprocess
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from printing.blueprint import CodePlace, PhotoPlace, Place, TextPlace
from printing.design import packaged_design
from printing.design_layout import BLEED, OpenDesign
from printing.face import CardFace
from printing.layout import CARD_HEIGHT, CARD_WIDTH, POINTS_PER_DOT
from printing.press import press_for
from printing.typeface import Weight
from registry.kinds import SheetCode

_MM_PER_POINT = 25.4 / 72
_MM_PER_DOT = 25.4 / 300
_PROCESS = Path(__file__).with_name("pretix_process.py")


class PretixBadges:
    """pretix, with cards that it draws whenever it is asked to; `close` ends it."""

    def __init__(self, python: str, faces: Sequence[CardFace]) -> None:
        # -P: the other scripts here are no modules for it
        self._process = subprocess.Popen(
            [python, "-P", str(_PROCESS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.version = self._ask(json.dumps(_task(faces)))

    def draw(self, file: str = "") -> float:
        """Draw all cards, into a file if one is named; says how many milliseconds of the processor that took."""
        return float(self._ask(file))

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate()

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        if not answer:
            raise RuntimeError(f"pretix ended: {self._process.wait()}")
        return answer


def _task(faces: Sequence[CardFace]) -> dict[str, Any]:
    opened = OpenDesign(packaged_design())
    places = press_for(None, SheetCode.CARD).places
    texts = {f"field_{number}": place for number, place in enumerate(places) if isinstance(place, TextPlace)}
    return {
        "background": base64.b64encode(_background(opened)).decode(),
        "layout": [
            {"page": slot.side + 1, **_area(number, place)}
            for number, (slot, place) in enumerate(zip(opened.slots, places, strict=True))
        ],
        "cards": [
            {
                "texts": {name: place.reader()(face) for name, place in texts.items()},
                "code": face.qr_text,
                "photo": base64.b64encode(face.photo or b"").decode(),
            }
            for face in faces
        ],
    }


def _background(opened: OpenDesign) -> bytes:
    """Each side as one form: of plain operators pretix would read every one anew for every badge, at twice the time."""
    with opened.laid_out([["\u00a0"] * len(opened.slots)], colour_back=False) as document:
        drawn = document.write_pdf()
    margin, target = BLEED * POINTS_PER_DOT, BytesIO()
    with pdfium.PdfDocument(drawn) as sides, pdfium.PdfDocument.new() as background:
        for number in range(len(sides)):
            page = background.new_page(CARD_WIDTH * POINTS_PER_DOT, CARD_HEIGHT * POINTS_PER_DOT)
            form = sides.page_as_xobject(number, background)
            placed = form.as_pageobject()
            placed.set_matrix(pdfium.PdfMatrix(1, 0, 0, 1, -margin, -margin))
            page.insert_obj(placed)
            page.gen_content()
            form.close()
        background.save(target)
    return target.getvalue()


def _area(number: int, place: Place) -> dict[str, Any]:
    match place:
        case TextPlace():
            height = max(place.height, place.room.height)
            return {
                "type": "textcontainer",
                "content": f"field_{number}",
                **_box(place.left, place.top - height, place.room.width, height),
                "fontfamily": "Open Sans",
                "fontsize": place.room.size,
                "lineheight": 1,
                "bold": place.room.lettering.weight >= Weight.BOLD,
                "italic": False,
                "color": [round(255 * part) for part in place.colour],
                "align": {0.0: "left", 0.5: "center", 1.0: "right"}[place.align],
                "verticalalign": "middle" if place.is_middle else "top",
                "autoresize": True,
                "splitlongwords": True,
            }
        case PhotoPlace():
            return {
                "type": "imagearea",
                "content": "photo",
                **_box(place.left, place.bottom, place.width, place.height),
            }
        case CodePlace():
            return {
                "type": "barcodearea",
                "content": "code",
                "left": place.left * _MM_PER_DOT,
                "bottom": (CARD_HEIGHT - place.top - place.size) * _MM_PER_DOT,
                "size": place.size * _MM_PER_DOT,
                "nowhitespace": True,
            }


def _box(left: float, bottom: float, width: float, height: float) -> dict[str, float]:
    sizes = {"left": left, "bottom": bottom, "width": width, "height": height}
    return {name: points * _MM_PER_POINT for name, points in sizes.items()}
