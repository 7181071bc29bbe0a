"""Laws of setting words and weaving, for whatever comes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printing.errors import PrintingError
from printing.fitting import fit, text_width
from printing.qr import MODULES, qr_matrix, qr_stencil
from printing.typeface import Weight
from printing.weave import lozenge_twill

SIZES = (13, 10, 8, 6, 5)
NAMES = st.lists(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.-", min_size=1, max_size=40), min_size=1, max_size=8
).map(" ".join)


@given(NAMES, st.sampled_from(Weight))
def test_a_fitted_text_is_whole_and_inside_its_box(text: str, weight: Weight):
    try:
        fitted = fit(text, 145, 40, sizes=SIZES, weight=weight, field="name")
    except PrintingError:
        return
    assert "".join(fitted.lines).replace(" ", "") == text.replace(" ", "")
    assert fitted.height <= 40
    assert all(text_width(line, weight) * fitted.size <= 145 + 1e-6 for line in fitted.lines)


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ ", min_size=1, max_size=40).map(lambda text: " ".join(text.split())))
def test_a_name_of_forty_letters_always_fits_the_card(name: str):
    fit(name, 145, 21.6, sizes=SIZES, weight=Weight.BOLD, field="name")


@given(NAMES)
def test_words_stay_whole_where_the_smallest_size_is_not_needed(text: str):
    try:
        fitted = fit(text, 145, 40, sizes=SIZES, weight=Weight.BOLD, field="name")
    except PrintingError:
        return
    if fitted.size > SIZES[-1]:
        assert " ".join(fitted.lines) == text


@given(st.integers(1, 60), st.integers(1, 40), st.integers(2, 12), st.integers(1, 10))
def test_the_weave_stays_within_its_cloth(columns: int, rows: int, half: int, cell: int):
    cloth = lozenge_twill(0, 0, columns, rows, cell=cell, half=half, middle=(columns // 2, rows // 2), accent=1)
    for float_ in (cloth.strands + cloth.accents).split("M")[1:]:
        x, _, span = float_.partition(" ")
        first, _, last = span.partition("V")
        assert 0 < float(x) < columns * cell
        assert 0 <= int(first) < int(last) <= rows * cell


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
