"""The slow way: cards drawn by WeasyPrint alone, words, photo, code and all. What is printed must look like this.

It draws previews of a design, and tests hold the fast way's picture against it.
"""

from collections.abc import Sequence
from io import BytesIO
from xml.etree.ElementTree import Element, SubElement

import pydyf
from PIL import Image
from weasyprint import Document

from printing.blueprint import CodePlace, PhotoPlace, TextPlace
from printing.card_file import HAIR, check_photo
from printing.design import ADDRESS, Design, packaged_design
from printing.design_layout import BLEED, OpenDesign
from printing.face import CardFace
from printing.layout import CARD_HEIGHT, CARD_WIDTH, POINTS_PER_DOT
from printing.press import INSET, press_for
from printing.qr import MODULES, qr_stencil
from printing.sheets import SHEETS
from registry.kinds import SheetCode

_SVG = "{http://www.w3.org/2000/svg}"


def proof_pdf(faces: Sequence[CardFace], *, design: Design | None = None, sheet: SheetCode = SheetCode.CARD) -> bytes:
    """As `printing.card.card_pdf` for single cards, some hundred times slower.

    Args:
        sheet: says only whether backs may have colour.

    Raises:
        PrintingError: as `printing.card.card_pdf`.
    """
    opened = OpenDesign(design or packaged_design())
    places = press_for(design, sheet).places
    pictures: dict[str, bytes] = {}
    fillings = []
    for index, face in enumerate(faces):
        filling: list[Element | str] = []
        for place in places:
            if isinstance(place, TextPlace):
                filling.append(_words(place, place.reader()(face)))
            elif isinstance(place, CodePlace):
                address = f"{ADDRESS}code-{index}"
                pictures[address] = _code_picture(face.qr_text, place.size // MODULES)
                filling.append(_code(place, address))
            elif face.photo:
                check_photo(face.photo)
                address = f"{ADDRESS}photo-{index}"
                pictures[address] = face.photo
                filling.append(_photo(place, address, index))
            else:
                filling.append("")
        fillings.append(filling)
    with opened.laid_out(fillings, colour_back=SHEETS[sheet].colour_back, pictures=pictures) as document:
        pdf: bytes = document.write_pdf(finisher=_cut_to_card)
    return pdf


def _words(place: TextPlace, text: str) -> Element:
    fitted = place.fit(text)
    words = Element("span", style=f"display: block; position: relative; height: {place.height}pt")
    for number, line in enumerate(fitted.lines):
        width = place.room.width / fitted.squeeze
        top = place.down(fitted) + number * place.room.pitch * fitted.size
        left = place.align * (place.room.width - width)
        shown = SubElement(
            words,
            "span",
            style=f"display: block; position: absolute; top: {top}pt; left: {left}pt; width: {width}pt;"
            f"white-space: nowrap; font-size: {fitted.size}pt; line-height: {place.room.pitch};"
            f"transform: scaleX({fitted.squeeze}); transform-origin: {100 * place.align}% 0",
        )
        shown.text = line
    return words


def _photo(place: PhotoPlace, address: str, index: int) -> Element:
    width, height, cut = place.width, place.height, place.chamfer
    svg = Element(
        f"{_SVG}svg",
        viewBox=f"0 0 {width} {height}",
        style=f"display: block; width: {width}pt; height: {height}pt",
    )
    clip = SubElement(svg, f"{_SVG}clipPath", id=f"chamfer-{index}")
    corners = (
        (cut, 0), (width - cut, 0), (width, cut), (width, height - cut),
        (width - cut, height), (cut, height), (0, height - cut), (0, cut),
    )  # fmt: skip
    SubElement(clip, f"{_SVG}path", d="M" + "L".join(f"{x} {y}" for x, y in corners) + "Z")
    group = SubElement(svg, f"{_SVG}g", {"clip-path": f"url(#chamfer-{index})"})
    SubElement(group, f"{_SVG}image", href=address, width=f"{width}", height=f"{height}", preserveAspectRatio="none")
    return svg


def _code(place: CodePlace, address: str) -> Element:
    # a hair within its place, as the stencil is: docs/decisions/0031
    inset = INSET * POINTS_PER_DOT
    size = place.size * POINTS_PER_DOT - 2 * inset
    return Element(
        "img",
        src=address,
        alt="",
        style=f"display: block; margin: {inset}pt; width: {size}pt; height: {size}pt; image-rendering: pixelated",
    )


def _code_picture(text: str, dots: int) -> bytes:
    size = MODULES * dots
    target = BytesIO()
    Image.frombytes("1", (size, size), qr_stencil(text, dots)).save(target, "PNG")
    return target.getvalue()


def _cut_to_card(_document: Document, pdf: pydyf.PDF) -> None:
    margin = f"{BLEED * POINTS_PER_DOT:.5f}"
    size = (f"{dots * POINTS_PER_DOT - HAIR:.5f}" for dots in (CARD_WIDTH, CARD_HEIGHT))
    box = pydyf.Array([0, 0, *size])
    for number in pdf.pages["Kids"][::3]:
        page = pdf.objects[number]
        page["MediaBox"] = box
        pdf.objects[int(page["Contents"].split()[0])].stream.insert(0, f"1 0 0 1 -{margin} -{margin} cm".encode())
