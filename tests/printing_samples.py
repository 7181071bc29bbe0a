"""Invented cards and pictures for the tests of printing, and ways to look at what was printed."""

from datetime import date
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium
from PIL import Image

from printing.face import CardFace
from printing.photo import take_in

QR_TEXT = "NCF" + "6BF0B 7ZKD-$%*+./:XR2".replace("7", "4") * 17
"""As long as a card's text is: 360 characters of the alphanumeric set."""


def sample_face(**values: Any) -> CardFace:
    """A card's face; ``values`` replace some of it."""
    return CardFace(
        **{
            "programme": "Kartu Huma Betang Sejahtera",
            "head_name": "Rina Lestari",
            "card_number": "62-06-207002-0",
            "district": "Katingan Tengah",
            "regency": "Kabupaten Katingan",
            "issue_number": 2,
            "issued_on": date(2026, 3, 2),
            "valid_until": date(2031, 3, 2),
            "qr_text": QR_TEXT,
            "loss_contact": "Lapor ke kantor desa atau Dinas Sosial kabupaten, telepon 0536-000000.",
        }
        | values
    )


def sample_photo(colour: str = "#7a9aa8") -> bytes:
    """A photo as the intake makes it, all of one colour."""
    return take_in(sample_picture((600, 800), colour=colour))


def sample_picture(
    size: tuple[int, int], *, kind: str = "JPEG", colour: str = "#7a9aa8", noise: int = 0, **options: Any
) -> bytes:
    """An image file of one colour, or of grey ``noise``."""
    target = BytesIO()
    image = Image.effect_noise(size, noise).convert("RGB") if noise else Image.new("RGB", size, colour)
    image.save(target, kind, **options)
    return target.getvalue()


def picture(pdf: bytes, page: int) -> Image.Image:
    """A page as a 300 dpi printer's rasteriser sees it, one pixel for a dot."""
    with pdfium.PdfDocument(pdf) as document:
        return document[page].render(scale=300 / 72).to_pil().convert("RGB")


def words(pdf: bytes, page: int) -> str:
    """The text of a page."""
    with pdfium.PdfDocument(pdf) as document:
        return document[page].get_textpage().get_text_range()


def boxes_of_letters(pdf: bytes, page: int) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of every visible letter, in dots from the page's top left corner."""
    with pdfium.PdfDocument(pdf) as document:
        height = document[page].get_size()[1]
        text = document[page].get_textpage()
        boxes = []
        for index in range(text.count_chars()):
            if text.get_text_range(index, 1).strip():
                left, bottom, right, top = text.get_charbox(index)
                boxes.append((left, height - top, right, height - bottom))
        return [tuple(value * 300 / 72 for value in box) for box in boxes]  # type: ignore[misc]
