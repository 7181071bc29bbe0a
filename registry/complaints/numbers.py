"""The number of a complaint, as it stands on the slip and is read aloud: ``ADU-261122-K7M3-QF8W``."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from registry.days import WIB

__all__ = ["draw_number", "read_number"]

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # as on receipts: nothing that is mistaken for another
# Drawn, so that no two hubs have to agree. Among a thousand complaints of one day two are alike once in a million days;
# and nobody comes upon another family's complaint by trying numbers.
_SIGNS = 8
_NUMBER = re.compile(rf"(?:ADU)?(\d{{6}})([{_ALPHABET}]{{4}})([{_ALPHABET}]{{4}})")


def draw_number(at: datetime) -> str:
    """Return a new number: the day at the counter (WIB), and eight random signs."""
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(_SIGNS))
    return f"ADU-{at.astimezone(WIB):%y%m%d}-{signs[:4]}-{signs[4:]}"


def read_number(text: str) -> str | None:
    """Return a number as it is stored, however it was typed off the slip; ``None`` when it has not the form of one."""
    found = _NUMBER.fullmatch(re.sub(r"[^0-9A-Z]", "", text.upper()))
    return f"ADU-{found[1]}-{found[2]}-{found[3]}" if found else None
