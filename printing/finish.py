"""What WeasyPrint can't lay on a card page, laid under its words: the art, the photo and the QR code.

WeasyPrint sets words well, but it redraws the art for every card, turns every picture to RGB and lists all pictures of
a document in one dictionary that every page carries, so that a page cut out of a batch would carry every family's
photo. So the art becomes two forms that all cards share, photo and code go into the file as they are, and each page
lists its own only.
"""

from collections.abc import Sequence
from io import BytesIO

import pydyf
from PIL import Image, UnidentifiedImageError
from weasyprint import Document

from printing.art import Drawing, art
from printing.errors import PrintingError
from printing.face import CardFace
from printing.layout import (
    CARD_HEIGHT,
    CARD_WIDTH,
    DOTS_PER_MM,
    PHOTO,
    PHOTO_CHAMFER,
    POINTS_PER_DOT,
    QR,
    QR_DOTS_PER_MODULE,
    TRIM_MM,
    Box,
    CardForm,
)
from printing.photo import PHOTO_SIZE
from printing.qr import qr_stencil

_HAIR = 0.0001
"""Points by which the page is less than whole dots, so that no rasteriser rounds 1012.00002 dots up to 1013."""

_INSET = 0.02
"""Dots by which the code's picture is smaller on each side than its place: on the line, poppler, pdfium and Ghostscript
each take another dot with it; a little within they all paint just the 325. docs/decisions/0031."""


class CardFinisher:
    """A WeasyPrint finisher for the template card.html with ``faces`` in their order."""

    def __init__(self, form: CardForm, faces: Sequence[CardFace]) -> None:
        self._sheet = form.value
        self._art = art(form)
        self._faces = faces

    def __call__(self, _document: Document, pdf: pydyf.PDF) -> None:
        """Lay art, photos and codes under the pages of ``pdf``."""
        pdf.catalog["ViewerPreferences"] = viewer_preferences()
        front_art, back_art = (self._make_form(pdf, drawing) for drawing in self._art)
        pages = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
        for face, front, back in zip(self._faces, pages[::2], pages[1::2], strict=True):
            self._lay_under(pdf, front, front_art, self._photo(face.photo) if face.photo else None)
            self._lay_under(pdf, back, back_art, self._code(face))

    def _make_form(self, pdf: pydyf.PDF, drawing: Drawing) -> pydyf.Stream:
        size = (self._sheet.width * POINTS_PER_DOT, self._sheet.height * POINTS_PER_DOT)
        extra = {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array([0, 0, *map(_number, size)]),
            "Resources": pydyf.Dictionary(),
        }
        form = pydyf.Stream(drawing, extra, compress=True)
        pdf.add_object(form)
        return form

    def _lay_under(
        self,
        pdf: pydyf.PDF,
        page: pydyf.Dictionary,
        art: pydyf.Stream,
        picture: tuple[list[bytes], pydyf.Stream] | None,
    ) -> None:
        own = pydyf.Dictionary({"Art": art.reference})
        under = [b"/Art Do"]
        if picture is not None:
            drawing, x_object = picture
            pdf.add_object(x_object)
            own["Own"] = x_object.reference
            under += drawing
        stream = pydyf.Stream(under, compress=True)
        pdf.add_object(stream)
        page["Contents"] = pydyf.Array([stream.reference, page["Contents"]])
        page["Resources"] = pydyf.Dictionary({**_resolve(pdf, page["Resources"]), "XObject": own})
        width, height = self._sheet.width * POINTS_PER_DOT, self._sheet.height * POINTS_PER_DOT
        page["MediaBox"] = pydyf.Array([0, 0, _number(width - _HAIR), _number(height - _HAIR)])
        page["TrimBox"] = self._centred(*(mm * DOTS_PER_MM for mm in TRIM_MM))
        bleed = 2 * self._sheet.bleed
        page["BleedBox"] = self._centred(CARD_WIDTH + bleed, CARD_HEIGHT + bleed) if bleed else page["MediaBox"]

    def _centred(self, width: float, height: float) -> pydyf.Array:
        left, bottom = (self._sheet.width - width) / 2, (self._sheet.height - height) / 2
        corners = (left, bottom, left + width, bottom + height)
        return pydyf.Array([_number(dots * POINTS_PER_DOT) for dots in corners])

    def _photo(self, photo: bytes) -> tuple[list[bytes], pydyf.Stream]:
        try:
            with Image.open(BytesIO(photo), formats=("JPEG",)) as image:
                ours = image.size == PHOTO_SIZE and image.mode == "RGB"
        except UnidentifiedImageError:
            ours = False
        if not ours:
            raise PrintingError("photo_not_ours")
        width, height = PHOTO_SIZE
        stream = pydyf.Stream(
            [photo],
            {
                "Type": "/XObject",
                "Subtype": "/Image",
                "Width": width,
                "Height": height,
                "ColorSpace": "/DeviceRGB",
                "BitsPerComponent": 8,
                "Filter": "/DCTDecode",
            },
        )
        return [b"q", *self._chamfered_clip(PHOTO), *self._draw(PHOTO, inset=0), b"Q"], stream

    def _code(self, face: CardFace) -> tuple[list[bytes], pydyf.Stream]:
        stream = pydyf.Stream(
            [qr_stencil(face.qr_text, QR_DOTS_PER_MODULE)],
            {
                "Type": "/XObject",
                "Subtype": "/Image",
                "Width": QR.width,
                "Height": QR.height,
                "ImageMask": "true",
                "BitsPerComponent": 1,
                "Interpolate": "false",
            },
            compress=True,
        )
        # grey 0, never CMYK: card printers take the resin black for pure black alone
        return [b"q 0 g", *self._draw(QR, inset=_INSET), b"Q"], stream

    def _draw(self, box: Box, *, inset: float) -> list[bytes]:
        left, bottom = self._point(box.left + inset, box.bottom - inset)
        width, height = (box.width - 2 * inset) * POINTS_PER_DOT, (box.height - 2 * inset) * POINTS_PER_DOT
        return [f"{_number(width)} 0 0 {_number(height)} {left} {bottom} cm /Own Do".encode()]

    def _chamfered_clip(self, box: Box) -> list[bytes]:
        cut = PHOTO_CHAMFER
        corners = (
            (box.left + cut, box.top),
            (box.right - cut, box.top),
            (box.right, box.top + cut),
            (box.right, box.bottom - cut),
            (box.right - cut, box.bottom),
            (box.left + cut, box.bottom),
            (box.left, box.bottom - cut),
            (box.left, box.top + cut),
        )
        (x, y), *rest = (self._point(*corner) for corner in corners)
        return [f"{x} {y} m".encode(), *(f"{x} {y} l".encode() for x, y in rest), b"h W n"]

    def _point(self, x: float, y: float) -> tuple[str, str]:
        """A place on the card, from its top left in dots, as PDF counts: from the page's bottom left in points."""
        margin = self._sheet.margin
        return _number((margin + x) * POINTS_PER_DOT), _number((self._sheet.height - margin - y) * POINTS_PER_DOT)


def viewer_preferences() -> pydyf.Dictionary:
    """Asks the printing program not to scale, which would blur the code, and to turn the card over its short edge."""
    return pydyf.Dictionary({"PrintScaling": "/None", "Duplex": "/DuplexFlipShortEdge", "PickTrayByPDFSize": "true"})


def _resolve(pdf: pydyf.PDF, reference: bytes) -> pydyf.Object:
    return pdf.objects[int(reference.split()[0])]


def _number(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".")
