"""The safe generic decoder of signed Claim 169 codes (MOSIP specification 1.2.x): what any issuer may have made.

It takes apart and does not judge who signed; ``registry.code.token`` stands on it and holds the strict profile of our
own cards. Safe means: sizes and depth are capped, base45 and zlib leave nothing over, Adler-32 holds, and CBOR has no
duplicate keys, no indefinite lengths and no tags but those of CWT and COSE.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from registry.code import base45
from registry.code.cose import Sign1, open_sign1, read_cbor
from registry.errors import TokenError

__all__ = ["CLAIM_169", "EXP", "IAT", "ISS", "NBF", "SignedClaims", "begins_like_one", "check_times", "decode_claim169"]

LARGEST = 64 * 1024  # bytes after inflating; the largest public test vector is a tenth of it
ISS, EXP, NBF, IAT, CLAIM_169 = 1, 4, 5, 6, 169  # CWT claims
_TAG_61 = b"\xd8\x3d"  # "this is a CWT": stands in the specification's worked example, most issuers leave it out
_ZLIB_METHOD = 0x78  # deflate with a 32 KB window, as every zlib writes it
_LAST_TIME = 253_402_300_799  # the end of the year 9999, beyond which Python has no date


@dataclass(frozen=True)
class SignedClaims:
    """What a code carries: a COSE_Sign1, whole (tag 18, no tag 61) and in its parts. Not believed yet."""

    cose: bytes
    parts: Sign1

    def read_claims(self) -> dict[Any, Any]:
        """Return the CWT claims, with the map of claim 169 among them.

        Raises:
            TokenError: ``unreadable``, part ``claims`` or ``claim_169``.
        """
        try:
            claims = read_cbor(self.parts.payload)
        except ValueError:
            raise TokenError("unreadable", part="claims") from None
        if not isinstance(claims, dict):
            raise TokenError("unreadable", part="claims")
        if not isinstance(claims.get(CLAIM_169), Mapping):
            raise TokenError("unreadable", part="claim_169")
        return claims


def begins_like_one(text: str) -> bool:
    """Tell whether a text begins as a zlib stream in base45, so that what follows may be a damaged code of ours."""
    try:
        method, flags = base45.decode(text[:3])
    except ValueError:
        return False
    return method == _ZLIB_METHOD and (method << 8 | flags) % 31 == 0


def decode_claim169(text: str, *, largest: int = LARGEST) -> SignedClaims:
    """Take the text of a QR code apart down to its COSE_Sign1.

    Raises:
        TokenError: ``unreadable``, with the ``part`` that could not be read: ``base45``, ``zlib``, ``cose``.
    """
    try:
        packed = base45.decode(text)
    except ValueError:
        raise TokenError("unreadable", part="base45") from None
    cose = _inflate(packed, largest).removeprefix(_TAG_61)
    try:
        return SignedClaims(cose, open_sign1(cose))
    except ValueError:
        raise TokenError("unreadable", part="cose") from None


def check_times(claims: Mapping[Any, Any], *, at: datetime) -> None:
    """Hold the window of validity in the claims against the time of the look.

    Raises:
        TokenError: ``expired`` or ``not_yet_valid`` (detail ``at``: since or from when, ISO), or ``unreadable``, part
            ``times``, when a time is not a whole number of seconds.
    """
    times = {label: claims[label] for label in (EXP, NBF, IAT) if label in claims}
    if not all(type(time) is int and 0 <= time <= _LAST_TIME for time in times.values()):
        raise TokenError("unreadable", part="times")
    now = at.timestamp()
    if EXP in times and now >= times[EXP]:
        raise TokenError("expired", at=_iso(times[EXP]))
    if NBF in times and now < times[NBF]:
        raise TokenError("not_yet_valid", at=_iso(times[NBF]))


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _inflate(packed: bytes, largest: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(packed, largest + 1)
    except zlib.error:
        raise TokenError("unreadable", part="zlib") from None
    if len(plain) > largest or not inflater.eof or inflater.unused_data:
        raise TokenError("unreadable", part="zlib")
    return plain
