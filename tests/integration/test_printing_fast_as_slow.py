"""The fast way draws what WeasyPrint would: both pictures side by side, dot by dot at 300 dpi."""

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from printing_samples import QR_TEXT, picture, sample_face, sample_photo, sample_picture

from printing.card import card_pdf
from printing.card_pictures import MOST_DIFFERENT, different_dots
from printing.design import packaged_design
from printing.design_drawn import draw_cards
from printing.face import CardFace
from printing.photo import take_in
from printing.proof import proof_pdf
from registry.kinds import SheetCode

LONG = "Muhammad Alamsyah Nur Ramadhan Kusumawat"
FACES = {
    "an ordinary name": sample_face(),
    "with a photo": sample_face(photo=sample_photo()),
    "with a photo in which no two dots are alike": sample_face(
        photo=take_in(sample_picture((900, 1200), noise=60)),
    ),
    "a name of two lines": sample_face(head_name=LONG),
    "a name of three lines": sample_face(head_name=f"{LONG} {LONG} Raja Ali"),
    "squeezed": sample_face(district="Mentawa Baru Ketapang", regency="Kabupaten Kotawaringin Timur"),
    "smaller and squeezed": sample_face(programme="Kartu Huma Betang Sejahtera Provinsi Kalimantan Tengah"),
    "kerned, with marks and signs": sample_face(
        head_name="Ávila Tÿr To. WAVA “Yo” L'Île", regency="Kota Palangka Raya"
    ),
    "a broken word": sample_face(head_name="Wijayakusumawardhaninegara" * 4),
    "a high issue number": sample_face(issue_number=987654321),
}


def most_different(face: CardFace, sheet: SheetCode = SheetCode.CARD) -> float:
    """The share of dots that differ, of the side where it is greater."""
    cards = draw_cards(packaged_design(), [face], sheet)
    return max(different_dots(side.picture, slow) for side, slow in zip(cards.printed, cards.proof, strict=True))


@pytest.mark.parametrize("sheet", [SheetCode.CARD, SheetCode.PRESS], ids=["back in black", "back in colour"])
@pytest.mark.parametrize("which", FACES)
def test_the_fast_way_draws_what_the_slow_one_does(which: str, sheet: SheetCode):
    assert most_different(FACES[which], sheet) <= MOST_DIFFERENT


def test_a_dot_differs_when_one_of_its_colours_does_by_more_than_96_of_255():
    plain = Image.new("RGB", (10, 10), (100, 100, 100))
    other = plain.copy()
    other.putpixel((1, 1), (100, 196, 100))
    assert different_dots(plain, other) == 0
    other.putpixel((2, 2), (100, 197, 100))
    other.putpixel((3, 3), (100, 100, 0))
    assert different_dots(plain, other) == 0.02


@settings(max_examples=15)
@given(
    st.lists(
        st.text("ABCDEFGHIJKLMNOPRSTUWYabcdefghijklmnoprstuvwyé'.-", min_size=1, max_size=14), min_size=1, max_size=7
    )
    .map(" ".join)
    .map(lambda name: name[:100].strip()),
    st.integers(1, 99),
)
def test_it_does_so_whatever_the_name(name: str, issue_number: int):
    assert most_different(sample_face(head_name=name, issue_number=issue_number)) <= MOST_DIFFERENT


def test_codes_are_read_from_both():
    faces = [sample_face(qr_text=f"{QR_TEXT[:-1]}{index}") for index in range(5)]
    for pdf in (card_pdf(faces), proof_pdf(faces)):
        for index, face in enumerate(faces):
            assert [code.text for code in zxingcpp.read_barcodes(picture(pdf, 2 * index + 1))] == [face.qr_text]
