"""A temporary card: both sides of a card on A6 paper, and where and until when the real one is fetched."""

from io import BytesIO
from threading import Lock

import pydyf
import pypdfium2 as pdfium
from weasyprint import Document

from printing.card import card_pdf
from printing.card_file import HAIR
from printing.design import Design
from printing.face import CardFace
from printing.fitting import Room, fit
from printing.indonesian import long_date
from printing.layout import CARD_HEIGHT, CARD_WIDTH, POINTS_PER_DOT
from printing.shaping import Lettering
from printing.sheets import SHEETS, Place
from printing.typeface import Weight
from printing.typesetting import typeset
from registry.kinds import SheetCode

_SLIP = SHEETS[SheetCode.A6_SLIP]

_FETCH_AT = Room(
    width=CARD_WIDTH * POINTS_PER_DOT,
    height=22,
    size=9,
    smallest=6,
    lettering=Lettering(Weight.BOLD),
    lines=2,
    narrowest=1,
)
"""What the place of the counter may take, so that the words below it stay on the paper."""
_ONE_AT_A_TIME = Lock()
"""pdfium is not made for two threads."""


def temporary_card_pdf(face: CardFace, *, fetch_at: str, design: Design | None = None) -> bytes:
    """One page of A6; the sides lie on its dots as they lie on a card, so that the code is as crisp.

    Args:
        fetch_at: the counter where the plastic card will be.
        design: none for the packaged one.

    Raises:
        PrintingError: as `printing.card.card_pdf`.
    """
    words = typeset(
        "temporary_card.html",
        pages=1,
        finisher=_finish,
        sheet=_SLIP,
        places=(_SLIP.front(0), _SLIP.back(0)),
        valid_until=long_date(face.valid_until),
        fetch_at=fit(f"Ambil kartu tetap di {fetch_at} sebelum tanggal itu.", _FETCH_AT, "point"),
    )
    sides = card_pdf([face], design=design)
    target = BytesIO()
    with _ONE_AT_A_TIME, pdfium.PdfDocument(words) as slip, pdfium.PdfDocument(sides) as card:
        page = slip[0]
        for number, place in enumerate((_SLIP.front(0), _SLIP.back(0))):
            _lay(page, card.page_as_xobject(number, slip), place)
        page.gen_content()
        slip.save(target)
    return target.getvalue()


def _lay(page: pdfium.PdfPage, side: pdfium.PdfXObject, place: Place) -> None:
    form = side.as_pageobject()
    up = _SLIP.height - place.y - CARD_HEIGHT
    form.set_matrix(pdfium.PdfMatrix(1, 0, 0, 1, place.x * POINTS_PER_DOT, up * POINTS_PER_DOT))
    page.insert_obj(form)
    side.close()


def _finish(_document: Document, pdf: pydyf.PDF) -> None:
    # a hair less than whole dots: no rasteriser rounds the page up and shifts the code
    corner = (f"{dots * POINTS_PER_DOT - HAIR:.5f}" for dots in (_SLIP.width, _SLIP.height))
    pdf.objects[pdf.pages["Kids"][0]]["MediaBox"] = pydyf.Array([0, 0, *corner])
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"PrintScaling": "/None", "PickTrayByPDFSize": "true"})
