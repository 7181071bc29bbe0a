"""Before printing: every module of every code against another maker's, and some pages as a printer shows them."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printing_samples import QR_TEXT, sample_face

from printing.card import card_pdf
from printing.errors import PrintingError
from printing.preflight import check_codes, check_pictures, sample_positions
from printing.qr import qr_stencil

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """Two cards, the second of them with another text."""
    path = tmp_path_factory.mktemp("print") / "kartu.pdf"
    path.write_bytes(card_pdf([first(), second()]))
    return path


def first():
    return sample_face()


def second():
    return sample_face(qr_text=QR_TEXT[::-1], card_number="62-06-410007-3")


@settings(max_examples=60)
@given(st.text(ALPHANUMERIC, min_size=1, max_size=419))
def test_every_code_is_module_for_module_what_another_maker_draws(text):
    check_codes([sample_face(qr_text=text)])


@pytest.mark.parametrize(
    "text", [f"{QR_TEXT[:339]}35014403", f"{QR_TEXT[:150]}{'0123456789' * 3}{QR_TEXT[:150]}", "7" * 300]
)
def test_a_run_of_digits_that_the_other_maker_writes_shorter_is_no_difference(text):
    check_codes([sample_face(qr_text=text)])


def test_a_wrong_module_is_found_in_a_code_with_a_run_of_digits_too():
    text = f"{QR_TEXT[:339]}35014403"
    wrong = bytearray(qr_stencil(text))
    wrong[30 * 9 + 4] ^= 1
    with pytest.raises(PrintingError, match="code_differs"):
        check_codes([sample_face(qr_text=text)], code_of=lambda _: bytes(wrong))


def test_a_single_wrong_module_anywhere_is_found_and_the_card_named():
    drawn = qr_stencil(QR_TEXT)
    random = Random(4)
    for _ in range(200):
        row, column = random.randrange(65), random.randrange(65)
        wrong = bytearray(drawn)
        wrong[row * 9 + column // 8] ^= 128 >> column % 8
        with pytest.raises(PrintingError) as fault:
            check_codes([first()], code_of=lambda _, wrong=bytes(wrong): wrong)
        assert (fault.value.code, fault.value.about) == ("code_differs", "62-06-207002-0")


def test_the_code_of_another_card_is_found():
    def code_of(_text: str) -> bytes:
        return qr_stencil(QR_TEXT)

    check_codes([first()], code_of=code_of)
    with pytest.raises(PrintingError, match="62-06-410007-3"):
        check_codes([first(), second()], code_of=code_of)


def test_pages_that_show_their_cards_codes_pass(file):
    check_pictures(file, {1: [first()], 3: [second()]})


def test_swapped_backs_are_found_and_the_first_card_named(file):
    with pytest.raises(PrintingError) as fault:
        check_pictures(file, {1: [second()], 3: [first()]})
    assert (fault.value.code, fault.value.about) == ("code_differs", "62-06-410007-3")


def test_a_page_without_its_code_is_found(file):
    with pytest.raises(PrintingError, match="code_differs: 62-06-207002-0"):
        check_pictures(file, {0: [first()]})


@given(st.integers(0, 5000), st.integers())
def test_first_last_and_one_of_a_hundred_are_looked_at(count, seed):
    chosen = sample_positions(count, random=Random(seed))
    assert chosen == sorted(set(chosen))
    assert all(0 <= position < count for position in chosen)
    if count:
        assert {0, count - 1} <= set(chosen)
        assert -(-count // 100) <= len(chosen) <= -(-count // 100) + 2
