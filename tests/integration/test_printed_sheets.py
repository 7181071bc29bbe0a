"""Sheets of cards as pictures at 300 dpi: turned over or folded, each back is its own front's, each code whole."""

from __future__ import annotations

import pytest
import zxingcpp
from PIL import Image, ImageChops
from printing_samples import QR_TEXT, picture, sample_face, sample_photo

from printing import layout
from printing.card import card_pdf
from printing.layout import CARD_HEIGHT, CARD_WIDTH
from printing.qr import MODULES, qr_matrix
from printing.sheets import LONG_EDGE, SHEETS, Place, Sheet
from registry.kinds import SheetCode

Flip = Image.Transpose


def texts(sheet: Sheet) -> list[str]:
    """The codes' texts of a full sheet, each its own."""
    return [f"{QR_TEXT[:-2]}{number:02}" for number in range(sheet.cards)]


def colours(sheet: Sheet) -> list[str]:
    """The photos' colours, each its own."""
    return [f"#{40 + 20 * number:02x}9040" for number in range(sheet.cards)]


@pytest.fixture(scope="module", params=list(SheetCode))
def printed(request: pytest.FixtureRequest) -> tuple[Sheet, list[Image.Image]]:
    """A full sheet and the pictures of its pages."""
    sheet = SHEETS[request.param]
    faces = [
        sample_face(qr_text=text, photo=sample_photo(colour))
        for text, colour in zip(texts(sheet), colours(sheet), strict=True)
    ]
    pdf = card_pdf(faces, sheet=sheet.code)
    return sheet, [picture(pdf, page) for page in range(sheet.pages)]


def cut_out(page: Image.Image, place: Place) -> Image.Image:
    """The side at a place, upright."""
    side = page.crop((place.x, place.y, place.x + CARD_WIDTH, place.y + CARD_HEIGHT))
    return side.transpose(Flip.ROTATE_180) if place.turned else side


def drawn_code(text: str) -> Image.Image:
    """A code as it should come out: five dots of black or white a module, in its quiet zone."""
    small = Image.new("RGB", (MODULES + 8, MODULES + 8), "white")
    for row, modules in enumerate(qr_matrix(text)):
        for column, black in enumerate(modules):
            if black:
                small.putpixel((column + 4, row + 4), (0, 0, 0))
    return small.resize((layout.QR_QUIET.width, layout.QR_QUIET.height), Image.Resampling.NEAREST)


def assert_code(back: Image.Image, text: str) -> None:
    """Find the code of a text at its place on an upright back, to the dot, and read it."""
    box = layout.QR_QUIET
    shown = back.crop((box.left, box.top, box.right, box.bottom))
    assert ImageChops.difference(shown, drawn_code(text)).getbbox() is None
    [code] = zxingcpp.read_barcodes(back)
    assert code.text == text


def photo_of(front: Image.Image) -> tuple[int, ...]:
    """The colour in the middle of the photo."""
    box = layout.PHOTO
    return front.getpixel((box.left + box.width // 2, box.top + box.height // 2))


def test_every_card_of_a_sheet_has_its_own_photo_and_code_to_the_dot(printed):
    sheet, pages = printed
    assert [page.size for page in pages] == [(sheet.width, sheet.height)] * sheet.pages
    for index, (text, colour) in enumerate(zip(texts(sheet), colours(sheet), strict=True)):
        front, back = sheet.front(index), sheet.back(index)
        expected = Image.new("RGB", (1, 1), colour).getpixel((0, 0))
        seen = photo_of(cut_out(pages[front.page], front))
        assert all(abs(one - other) <= 4 for one, other in zip(seen, expected, strict=True))
        assert_code(cut_out(pages[back.page], back), text)


def test_turned_over_or_folded_each_back_lies_behind_its_own_front(printed):
    sheet, pages = printed
    if sheet.pages == 2:
        is_portrait, is_long = sheet.height >= sheet.width, sheet.duplex == LONG_EDGE
        # the paper is turned over its upright edge, or over its level one: what one sees through it
        behind = pages[1].transpose(Flip.FLIP_LEFT_RIGHT if is_portrait == is_long else Flip.FLIP_TOP_BOTTOM)
    elif sheet.fold:
        [fold] = {mark.x1 for mark in sheet.marks() if mark.fold}
        right = pages[0].crop((fold, 0, sheet.width, sheet.height)).transpose(Flip.FLIP_LEFT_RIGHT)
        behind = Image.new("RGB", pages[0].size, "white")
        behind.paste(right, (fold - right.width, 0))
    else:
        return  # the slip is neither
    for index, text in enumerate(texts(sheet)):
        front = sheet.front(index)
        through = behind.crop((front.x, front.y, front.x + CARD_WIDTH, front.y + CARD_HEIGHT))
        assert_code(through.transpose(Flip.FLIP_LEFT_RIGHT), text)  # turned like the page of a book


def test_marks_are_drawn_and_nothing_else_is_outside_the_art(printed):
    sheet, pages = printed
    for number, page in enumerate(pages):
        grey = page.convert("L")
        for mark in sheet.marks():
            middle = ((mark.x1 + mark.x2) // 2, (mark.y1 + mark.y2) // 2)
            around = grey.crop((middle[0] - 6, middle[1] - 6, middle[0] + 7, middle[1] + 7))
            assert around.getextrema()[0] < 160
        sides = [side for i in range(sheet.cards) for side in (sheet.front(i), sheet.back(i)) if side.page == number]
        for side in sides:
            box = sheet.art_box(side)
            # an edge on the line between two dots takes one more
            page.paste((255, 255, 255), (box.left - 1, box.top - 1, box.right + 1, box.bottom + 1))
        for mark in sheet.marks():
            page.paste((255, 255, 255), (mark.x1 - 3, mark.y1 - 3, mark.x2 + 4, mark.y2 + 4))
        assert page.convert("L").getextrema()[0] == 255
