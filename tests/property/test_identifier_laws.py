"""Laws of the numbers."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from registry.errors import IdentifierError
from registry.identifiers import CardNumber, FamilyNumber, Nik, repair

kabupaten = st.sampled_from(["62.01", "62.06", "62.13", "62.71"])
serials = st.integers(0, 999_999)


def is_refused(digits: str) -> bool:
    try:
        CardNumber.parse(digits)
    except IdentifierError:
        return True
    return False


@given(kabupaten, serials)
def test_a_made_card_number_is_read_back(code, serial):
    number = CardNumber.make(code, serial)
    assert CardNumber.parse(number) == CardNumber.parse(number.replace("-", " ")) == number
    assert number.regency == code


@given(kabupaten, serials, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_found(code, serial, place, by):
    digits = CardNumber.make(code, serial).replace("-", "")
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert is_refused(wrong)


@given(kabupaten, serials, st.integers(0, 9))
def test_two_swapped_neighbours_are_found(code, serial, place):
    digits = CardNumber.make(code, serial).replace("-", "")
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assert swapped == digits or is_refused(swapped)


@given(st.text())
def test_no_text_breaks_the_parsers(text):
    for kind in (Nik, FamilyNumber, CardNumber):
        with suppress(IdentifierError):
            assert kind.parse(kind.parse(text)) == kind.parse(text)


@given(st.text())
def test_repairing_twice_is_repairing_once(text):
    clean, _ = repair(text)
    assert repair(clean)[0] == clean


@given(st.from_regex(r"[1-9][1-9][0-9]{14}", fullmatch=True))
def test_masking_shows_eight_digits_and_hides_eight(digits):
    masked = Nik.parse(digits).masked
    assert sum(character.isdigit() for character in masked) == 8
    assert len(masked) == 16
