"""Codes and numbers that are not ours and that people bring to the counter all the same."""

from __future__ import annotations

import re
from typing import Literal

from registry.errors import IdentifierError
from registry.identifiers import Nik

__all__ = ["ForeignKind", "recognise"]

ForeignKind = Literal["qris", "bpjs", "url", "sample", "other"]

_QRIS = "000201"  # EMVCo merchant code: field 00, two characters, "01"
_URL = re.compile(r"[a-z][a-z0-9+.-]*://|www\.|(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#:]|$)", re.IGNORECASE)
_BPJS_DIGITS = 13
# letters perhaps, then six to nineteen digits, perhaps in groups: how cards of all kinds are numbered
_CARD_NUMBER = re.compile(r"[a-z]{0,8}[ .:/-]*\d(?:[ ./-]?\d){5,18}", re.IGNORECASE)


def recognise(text: str) -> ForeignKind:
    """Return what a text that is no card of ours seems to be.

    ``qris`` is a payment code, ``bpjs`` a JKN card number, ``url`` an address, ``sample`` a number as cards have it but
    ours do not (the sample cards of a campaign), ``other`` anything else, a NIK or Nomor KK among them.
    """
    if text.startswith(_QRIS):
        return "qris"
    if _URL.match(text):
        return "url"
    if not _CARD_NUMBER.fullmatch(text):
        return "other"
    digits = re.sub(r"\D", "", text)
    if len(digits) == _BPJS_DIGITS and text[0].isdigit():
        return "bpjs"
    return "other" if _is_state_number(text) else "sample"


def _is_state_number(text: str) -> bool:
    try:
        Nik.parse(text)
    except IdentifierError:
        return False
    return True
