"""Laws of the names of photos: what names a card or a family is read, however it is written, and nothing else is."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from printing.picture_sources import PictureFile
from registry.cards.photo_names import PhotoName, read_photo_name
from registry.errors import RegistryError
from registry.identifiers import CardNumber, make_reference

numbers = some.builds(
    CardNumber.make, some.sampled_from(["62.06", "62.71", "62.13"]), some.integers(min_value=0, max_value=999_999)
)
references = some.integers().map(lambda seed: make_reference(Random(seed)))
folders = some.lists(some.text("abcABC 12_", min_size=1, max_size=8), max_size=3)
endings = some.sampled_from([".jpg", ".JPG", ".jpeg", ".Png", ".webp"])


@given(numbers, folders, endings, some.booleans())
def test_a_card_number_is_read_with_and_without_its_dashes_in_any_folder(number, above, ending, has_dashes):
    written = number if has_dashes else number.replace("-", "")
    file = PictureFile(0, "/".join([*above, f"{written}{ending}"]), 1)
    file.check()
    assert read_photo_name(file.stem) == PhotoName(card_number=number)


@given(references, folders, endings, some.booleans())
def test_a_reference_is_read_in_letters_of_any_size(reference, above, ending, is_large):
    file = PictureFile(0, "/".join([*above, f"{reference.upper() if is_large else reference}{ending}"]), 1)
    assert read_photo_name(file.stem) == PhotoName(reference=reference)


@given(numbers, some.integers(0, 10), some.integers(1, 9))
def test_a_wrong_digit_is_found_and_never_read_as_another_card(number, place, more):
    digits = list(number.replace("-", ""))
    digits[place] = str((int(digits[place]) + more) % 10)
    with pytest.raises(RegistryError) as refused:
        read_photo_name("".join(digits))
    assert refused.value.code == "card_number_check"


@given(some.text(max_size=30))
def test_any_other_text_is_refused_by_a_code_and_by_nothing_else(text):
    with suppress(RegistryError):
        name = read_photo_name(text)
        assert bool(name.card_number) != bool(name.reference)


@pytest.mark.parametrize("stem", ["62-06-207002-0 (1)", "62-06-207002-0_Rina", "IMG_20260301", "", "foto"])
def test_what_follows_a_number_is_not_overlooked(stem):
    with pytest.raises(RegistryError) as refused:
        read_photo_name(stem)
    assert refused.value.code == "photo_name_unknown"
