"""Numbers as they come from lists and hands."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from registry.errors import IdentifierError
from registry.identifiers import CardNumber, FamilyNumber, Nik, make_reference, repair
from registry.kinds import Sex

MAN, WOMAN = "6203170112800001", "6203174112800001"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (MAN, MAN),
        (f"'{MAN}", MAN),
        (f" {MAN}\t", MAN),
        ("620317 011280 0001", MAN),
        ("620317 011280\u20090001", MAN),
        ("6203.1701.1280.0001", MAN),
        ("6203-1701-1280-0001", MAN),
        (f"\ufeff{MAN}\u200b", MAN),
    ],
)
def test_the_obvious_is_repaired_and_told(text, clean):
    assert repair(text) == (clean, text != clean)
    assert Nik.parse(text) == FamilyNumber.parse(text) == clean


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("  ' ", "empty"),
        ("6.20317E+15", "scientific"),
        ("6,20317E+15", "scientific"),
        (" '6.20317e15", "scientific"),
        ("620317O112800001", "not_digits"),
        ("٦٢٠٣١٧٠١١٢٨٠٠٠٠١", "not_digits"),
        (MAN[:15], "length"),
        (MAN + "1", "length"),
        ("0000000000000000", "no_province"),
        ("1003170112800001", "no_province"),
    ],
)
def test_each_fault_has_its_code(text, code):
    for kind, word in ((Nik, "nik"), (FamilyNumber, "kk")):
        with pytest.raises(IdentifierError) as error:
            kind.parse(text)
        assert error.value.code == f"{word}_{code}"


def test_scientific_notation_is_given_back_as_it_stands():
    assert repair("6.20317E+15") == ("6.20317E+15", False)


@pytest.mark.parametrize("province", ["11", "31", "62", "94", "96"])
def test_a_nik_may_come_from_any_province(province):
    assert Nik.parse(province + MAN[2:]).area == province + "0317"


def test_the_day_of_birth_tells_the_sex():
    assert (Nik(MAN).sex, Nik(WOMAN).sex) == (Sex.MALE, Sex.FEMALE)
    assert Nik(MAN).birth_date(date(2026, 3, 2)) == Nik(WOMAN).birth_date(date(2026, 3, 2)) == date(1980, 12, 1)


def test_the_century_is_the_newest_that_is_not_ahead():
    at = date(2026, 3, 2)
    assert Nik("6203170102260001").birth_date(at) == date(2026, 2, 1)
    assert Nik("6203170102270001").birth_date(at) == date(1927, 2, 1)


@pytest.mark.parametrize("digits", ["000180", "300280", "011380", "400180", "810180"])
def test_a_date_that_is_none_refuses_nothing(digits):
    assert Nik.parse(f"620317{digits}0001").birth_date(date(2026, 3, 2)) is None


def test_the_middle_is_hidden():
    assert Nik(MAN).masked == FamilyNumber(MAN).masked == "6203••••••••0001"


def test_a_card_number_is_made_and_read_back():
    number = CardNumber.make("62.06", 207002)
    assert number == "62-06-207002-2"
    assert CardNumber.parse(number) == number
    assert number.regency == "62.06"


@pytest.mark.parametrize(
    "typed", ["62062070022", " 62 06 207002 2", "62-O6-2O7oo2-2", "62–06–207002–2", "62.06.207002.2"]
)
def test_a_card_number_may_be_typed_carelessly(typed):
    assert CardNumber.parse(typed) == "62-06-207002-2"


def test_i_and_l_are_taken_for_one():
    number = CardNumber.make("62.11", 111111)
    assert CardNumber.parse(number.replace("1", "I")) == CardNumber.parse(number.replace("1", "l")) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("62-06-207002-3", "card_number_check"),
        ("62-06-27002-2", "card_number_shape"),
        ("", "card_number_shape"),
        ("kartu", "card_number_shape"),
    ],
)
def test_a_wrong_card_number_is_told_from_no_card_number(typed, code):
    with pytest.raises(IdentifierError) as error:
        CardNumber.parse(typed)
    assert error.value.code == code


def test_a_reference_has_eight_characters_that_nobody_confuses():
    random = Random(1)
    references = {make_reference(random) for _ in range(500)}
    assert len(references) == 500
    assert {len(reference) for reference in references} == {8}
    assert not set("".join(references)) & set("0o1liuABC")
