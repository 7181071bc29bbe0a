"""What an officer writes in own words and the register keeps for ever: no number of a person may stand in it."""

from __future__ import annotations

import re

from registry.errors import RegistryError

__all__ = ["check_free_text", "holds_number"]

_NUMBER = re.compile(r"\d(?:[\s.\-']*\d){12}")
"""Thirteen digits, as a BPJS number has; NIK and Nomor KK have sixteen, a card number eleven, a telephone twelve."""


def holds_number(text: str) -> bool:
    """Tell whether a number as long as a NIK, a Nomor KK or a BPJS number stands in a text, whole or in groups."""
    return _NUMBER.search(text) is not None


def check_free_text(text: str) -> str:
    """Return a text that may be kept, without spaces around it.

    Raises:
        RegistryError: code ``text_holds_number``; or ``text_unreadable``, when a NUL stands in it, which PostgreSQL
            cannot keep.
    """
    if "\0" in text:
        raise RegistryError("text_unreadable")
    if holds_number(text):
        raise RegistryError("text_holds_number")
    return text.strip()
