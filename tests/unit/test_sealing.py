"""Sealed fields: what opens them, and what does not."""

from __future__ import annotations

from uuid import UUID

import pytest

from registry.errors import KeyFault
from registry.keys.sealing import Vault

ROW, OTHER_ROW = UUID(int=1), UUID(int=2)
NIK = "6203170112800001"


@pytest.fixture
def vault() -> Vault:
    return Vault(b"s" * 32, b"i" * 32)


def test_a_sealed_field_opens_where_it_was_sealed(vault):
    sealed = vault.seal("person", "nik_sealed", ROW, NIK)
    assert NIK.encode() not in sealed
    assert vault.open("person", "nik_sealed", ROW, sealed) == NIK


@pytest.mark.parametrize(
    "place",
    [
        ("person", "nik_sealed", OTHER_ROW),
        ("person", "name", ROW),
        ("family_number", "nik_sealed", ROW),
    ],
)
def test_a_sealed_field_that_was_moved_does_not_open(vault, place):
    sealed = vault.seal("person", "nik_sealed", ROW, NIK)
    with pytest.raises(KeyFault) as fault:
        vault.open(*place, sealed)
    assert fault.value.code == "sealed_text_unreadable"


def test_another_key_does_not_open_it(vault):
    sealed = vault.seal("person", "nik_sealed", ROW, NIK)
    with pytest.raises(KeyFault):
        Vault(b"x" * 32, b"i" * 32).open("person", "nik_sealed", ROW, sealed)


def test_one_changed_byte_does_not_open(vault):
    sealed = vault.seal("person", "nik_sealed", ROW, NIK)
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(KeyFault):
            vault.open("person", "nik_sealed", ROW, changed)


@pytest.mark.parametrize("short", [b"", b"\x01", b"\x01" + bytes(12), b"\x01" + bytes(20)])
def test_what_is_too_short_does_not_open(vault, short):
    with pytest.raises(KeyFault):
        vault.open("person", "nik_sealed", ROW, short)


def test_the_same_number_is_sealed_differently_each_time_but_found_by_one_index(vault):
    assert vault.seal("person", "nik_sealed", ROW, NIK) != vault.seal("person", "nik_sealed", ROW, NIK)
    assert vault.index("nik", NIK) == vault.index("nik", NIK)
    assert len(vault.index("nik", NIK)) == 16


def test_the_same_digits_of_another_kind_or_key_have_another_index(vault):
    assert vault.index("nik", NIK) != vault.index("family_number", NIK)
    assert vault.index("nik", NIK) != Vault(b"s" * 32, b"j" * 32).index("nik", NIK)
