"""Laws of setting words and weaving, for whatever comes."""

import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_ALPHA_NUM, QRData

from printing.errors import PrintingError
from printing.fitting import NARROWEST, Room, fit, line_width
from printing.press import press_for
from printing.qr import MODULES, VERSION, qr_matrix, qr_stencil
from printing.shaping import Lettering, shape
from printing.typeface import Weight
from printing.weave import lozenge_twill
from registry.kinds import SheetCode

NAMES = st.lists(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.-", min_size=1, max_size=40), min_size=1, max_size=8
).map(" ".join)
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
LETTERINGS = st.builds(Lettering, st.sampled_from(Weight), st.just(()), st.sampled_from([0.0, 0.3, -0.05]))


def room(lettering: Lettering, lines: int = 4) -> Room:
    return Room(145, 40, size=13, smallest=5, lettering=lettering, lines=lines)


@given(NAMES, LETTERINGS, st.integers(1, 5))
def test_a_fitted_text_is_whole_and_inside_its_room(text: str, lettering: Lettering, lines: int):
    try:
        fitted = fit(text, room(lettering, lines), "name")
    except PrintingError:
        return
    assert "".join(fitted.lines).replace(" ", "") == text.replace(" ", "")
    assert len(fitted.lines) <= lines
    assert fitted.height() <= 40 + 1e-6
    assert NARROWEST - 1e-6 <= fitted.squeeze <= 1
    assert all(line_width(line, fitted.size, lettering) * fitted.squeeze <= 145 + 1e-4 for line in fitted.lines)


@given(NAMES, st.sampled_from(Weight))
def test_no_size_that_is_passed_over_would_have_done(text: str, weight: Weight):
    """Squeezed before it is made smaller: at half a point more not even the narrowest letters fit."""
    of_the_name = room(Lettering(weight))
    try:
        fitted = fit(text, of_the_name, "name")
    except PrintingError:
        return
    if fitted.size < of_the_name.size:
        with pytest.raises(PrintingError):
            fit(text, Room(145, 40, fitted.size + 0.5, fitted.size + 0.5, of_the_name.lettering, lines=1), "name")


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ ", min_size=1, max_size=40).map(lambda text: " ".join(text.split())))
def test_a_name_of_forty_letters_always_fits_the_card(name: str):
    places = press_for(None, SheetCode.CARD).places
    (place,) = [place for place in places if getattr(place, "field", "") == "head_name"]
    place.fit(name)


@given(NAMES)
def test_words_stay_whole_where_the_smallest_size_is_not_needed(text: str):
    try:
        fitted = fit(text, room(Lettering(Weight.BOLD)), "name")
    except PrintingError:
        return
    if fitted.size > 5:
        assert " ".join(fitted.lines) == text


@given(NAMES, LETTERINGS)
def test_words_shaped_one_by_one_are_as_wide_as_the_line_shaped_at_once(text: str, lettering: Lettering):
    whole = shape(text, lettering)
    assert line_width(text, 10, lettering) == pytest.approx(whole.width(10, lettering.spacing_at(10)))


@given(st.integers(1, 60), st.integers(1, 40), st.integers(2, 12), st.integers(1, 10))
def test_the_weave_stays_within_its_cloth(columns: int, rows: int, half: int, cell: int):
    cloth = lozenge_twill(0, 0, columns, rows, cell=cell, half=half, middle=(columns // 2, rows // 2), accent=1)
    for float_ in (cloth.strands + cloth.accents).split("M")[1:]:
        x, _, span = float_.partition(" ")
        first, _, last = span.partition("V")
        assert 0 < float(x) < columns * cell
        assert 0 <= int(first) < int(last) <= rows * cell


@settings(max_examples=40)
@given(st.text(ALPHANUMERIC, min_size=1, max_size=419))
def test_every_code_is_the_one_that_qrcode_makes(text: str):
    code = qrcode.QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(QRData(text, mode=MODE_ALPHA_NUM), optimize=0)
    try:
        code.make(fit=False)
    except ValueError:
        # qrcode 8.2 divides by nought where a block of data is nothing but noughts; ours is read (below)
        return
    assert qr_matrix(text) == [[bool(module) for module in row] for row in code.get_matrix()]


@settings(max_examples=20)
@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", min_size=1, max_size=419), st.integers(1, 6))
def test_the_stencil_is_the_matrix_enlarged_to_whole_dots(text: str, dots: int):
    matrix = qr_matrix(text)
    stencil = qr_stencil(text, dots)
    row_bytes = (MODULES * dots + 7) // 8
    assert len(matrix) == MODULES
    assert len(stencil) == row_bytes * MODULES * dots
    for y in range(0, MODULES * dots, dots):
        row = stencil[y * row_bytes : (y + 1) * row_bytes]
        assert [not row[x * dots // 8] >> (7 - x * dots % 8) & 1 for x in range(MODULES)] == matrix[y // dots]


@pytest.mark.parametrize("text", ["", "abc", "A" * 420, "ABC\n", "É"])
def test_what_the_code_cannot_hold_is_refused(text: str):
    with pytest.raises(PrintingError) as refusal:
        qr_matrix(text)
    assert refusal.value.code == "qr_text_not_printable"
