"""What the QR code of a card says: packed and signed, read and believed. The strict profile of our own cards.

::

    QR text = base45( zlib9( COSE_Sign1 ) )        alphanumeric mode, at most 419 characters (version 12-M)
    protected {1: -8, 4: kid}, unprotected {}
    payload 1 iss  4 exp  6 iat                     seconds since 1970
            169 {1 card number, 4 head's name, 21 kecamatan, 75 family id, 76 birth year}
            65535 {"status_list": {"idx", "uri"}}   IETF Token Status List

The page docs/card-token.md shows it byte by byte. A card is known by the hash of its COSE bytes, never by the text:
unused bits of the deflate stream give other texts for the same card.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import cbor2

from registry.code import base45
from registry.code.card_name import name_on_card, shorten
from registry.code.claim169 import CLAIM_169, EXP, IAT, ISS, SignedClaims, begins_like_one, check_times, decode_claim169
from registry.code.cose import ALG, ED25519, EDDSA, KID, Signer, pack_sign1, sign1
from registry.code.foreign_codes import recognise
from registry.errors import IdentifierError, TokenError
from registry.identifiers import CardNumber
from registry.kinds import CardMedium

__all__ = ["PAPER_DAYS", "CardClaims", "Reading", "TrustList", "TrustedKey", "read_card", "sign_card", "to_text"]

LONGEST_TEXT = 419  # alphanumeric characters in QR version 12 at level M; cards are always printed as 12-M
LONGEST_SCAN = 1_024  # more than twice our longest; what is longer is not ours and not worth unpacking
LARGEST_CARD = 1_024  # bytes after inflating; ours have about 250
PAPER_DAYS = 30
"""How many days after the day of its issue a card of paper is good; see docs/decisions/0103."""
_NUMBER, _NAME, _REGION, _FAMILY_ID, _BIRTH_YEAR = 1, 4, 21, 75, 76  # claim 169; 75 to 99 are for closed ecosystems
_STATUS = 65535
_LAST_UINT32 = 2**32 - 1
_DISTRICT = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}")


@dataclass(frozen=True)
class CardClaims:
    """What a card says of itself. Times are read and written in whole seconds."""

    number: CardNumber
    head_name: str
    region_code: str
    """The kecamatan: ``62.06.05``."""
    family_id: int
    """A random number that names the family and is not derived from anything."""
    birth_year: int
    """The head's."""
    issued_at: datetime
    expires_at: datetime
    issuer: str
    status_index: int

    @property
    def medium(self) -> CardMedium:
        """Return what the card is made of: no rule lets one of plastic end as soon as one of paper does."""
        is_short = self.expires_at - self.issued_at < timedelta(days=PAPER_DAYS + 1)
        return CardMedium.PAPER if is_short else CardMedium.PLASTIC

    @property
    def status_uri(self) -> str:
        """Return the address of the status list that names the card: one for each kabupaten."""
        return f"{self.issuer}/s/{self.number.regency[-2:]}"


@dataclass(frozen=True)
class TrustedKey:
    """A public key that is believed, and within which bounds."""

    kid: bytes
    public_key: bytes
    role: str
    """``card`` or ``status``: what it may sign."""
    issuer: str
    region_prefix: str
    """Signs only for this region and those in it."""
    valid_from: datetime
    valid_until: datetime
    """What it signed within the window is believed; a card may expire later."""
    retired_at: datetime | None = None
    """From then on nothing that it signed is believed."""


class TrustList:
    """The keys that are believed, by their key id."""

    def __init__(self, keys: Iterable[TrustedKey]) -> None:
        self._keys: Mapping[bytes, TrustedKey] = {key.kid: key for key in keys}

    def find(self, kid: bytes) -> TrustedKey | None:
        """Return the key with this id."""
        return self._keys.get(kid)


@dataclass(frozen=True)
class Reading:
    """A card that was read and believed. Whether it is blocked or replaced is for the register to say."""

    claims: CardClaims
    cose: bytes

    @property
    def cose_hash(self) -> bytes:
        """Return the SHA-256 by which the register finds the card."""
        return sha256(self.cose).digest()


def sign_card(claims: CardClaims, signer: Signer) -> bytes:
    """Return the COSE_Sign1 of a card.

    The name is brought into the letters of the card, and shortened at a word when the code would overflow.

    Raises:
        ValueError: when the issuer's address alone is too long for the code.
    """
    name = name_on_card(claims.head_name)
    while name:
        cose = sign1(_pack(replace(claims, head_name=name)), signer)
        if len(to_text(cose)) <= LONGEST_TEXT:
            return cose
        name = shorten(name, len(name) - 1)
    raise ValueError("the issuer's address leaves no room for a name")


def to_text(cose: bytes) -> str:
    """Return the text that the QR code of a card holds."""
    return base45.encode(zlib.compress(cose, 9))


def read_card(text: str, trust: TrustList, *, at: datetime) -> Reading:
    """Read the text of a QR code as a card of ours, checking in this order: form, key, signature, claims, bounds, time.

    Raises:
        TokenError: ``not_ours`` (detail ``kind``: see :mod:`registry.code.foreign_codes`); ``unreadable`` (``part``);
            ``unknown_key`` (``why``: ``kid``, or ``role``, ``issuer``, ``region``, ``window`` outside the key's
            bounds); ``retired_key``; ``bad_signature``; ``not_yet_valid`` (``at``), ``expired`` (``at``, ``medium``).
    """
    # no code of ours ends or begins with a space, but scanners and hands add line ends
    text = text.strip()
    if not text:
        raise TokenError("unreadable", part="empty")
    if len(text) > LONGEST_SCAN or not begins_like_one(text):
        raise TokenError("not_ours", kind=recognise(text))
    signed = decode_claim169(text, largest=LARGEST_CARD)
    key = _find_key(signed, trust)
    if not signed.parts.is_signed_by(key.public_key):
        raise TokenError("bad_signature")
    if key.retired_at is not None and at >= key.retired_at:
        raise TokenError("retired_key")
    claims = _read_claims(signed)
    _check_bounds(claims, key)
    if claims.issued_at > at:
        raise TokenError("not_yet_valid", at=claims.issued_at.isoformat())
    try:
        check_times({EXP: _seconds(claims.expires_at)}, at=at)
    except TokenError as error:
        raise TokenError(error.code, **error.detail, medium=claims.medium) from None
    return Reading(claims, signed.cose)


def _pack(claims: CardClaims) -> bytes:
    payload = {
        ISS: claims.issuer,
        EXP: _seconds(claims.expires_at),
        IAT: _seconds(claims.issued_at),
        CLAIM_169: {
            _NUMBER: str(claims.number),
            _NAME: claims.head_name,
            _REGION: claims.region_code,
            _FAMILY_ID: claims.family_id,
            _BIRTH_YEAR: claims.birth_year,
        },
        _STATUS: {"status_list": {"idx": claims.status_index, "uri": claims.status_uri}},
    }
    return cbor2.dumps(payload, canonical=True)


def _find_key(signed: SignedClaims, trust: TrustList) -> TrustedKey:
    parts = signed.parts
    kid = parts.protected[-4:]
    ours = (cbor2.dumps({ALG: algorithm, KID: kid}) for algorithm in (EDDSA, ED25519))
    if parts.unprotected or parts.protected not in ours or signed.cose != pack_sign1(parts):
        raise TokenError("not_ours", kind="other")
    key = trust.find(kid)
    if key is None:
        raise TokenError("unknown_key", why="kid")
    return key


def _read_claims(signed: SignedClaims) -> CardClaims:
    """Read the claims of a payload that a trusted key has signed, and hold it to the one form that we write."""
    claims = signed.read_claims()
    try:
        read = _unpack(claims)
        # packing again and comparing leaves no second spelling: order, types, lengths, further claims
        if _pack(read) != signed.parts.payload or name_on_card(read.head_name) != read.head_name:
            raise TokenError("unreadable", part="profile")
    except (KeyError, TypeError, ValueError, AttributeError, IdentifierError):
        raise TokenError("unreadable", part="profile") from None
    return read


def _unpack(claims: Mapping[Any, Any]) -> CardClaims:
    about = claims[CLAIM_169]
    numbers = (about[_FAMILY_ID], about[_BIRTH_YEAR], claims[_STATUS]["status_list"]["idx"], claims[IAT], claims[EXP])
    if not all(type(number) is int and 0 <= number <= _LAST_UINT32 for number in numbers):
        raise ValueError("not a number that a card has")
    number = CardNumber.parse(about[_NUMBER])
    if not (_DISTRICT.fullmatch(about[_REGION]) and _is_within(about[_REGION], number.regency)):
        raise ValueError("not a kecamatan where this number is given")
    return CardClaims(
        number=number,
        head_name=about[_NAME],
        region_code=about[_REGION],
        family_id=about[_FAMILY_ID],
        birth_year=about[_BIRTH_YEAR],
        issued_at=datetime.fromtimestamp(claims[IAT], UTC),
        expires_at=datetime.fromtimestamp(claims[EXP], UTC),
        issuer=claims[ISS],
        status_index=claims[_STATUS]["status_list"]["idx"],
    )


def _check_bounds(claims: CardClaims, key: TrustedKey) -> None:
    if key.role != "card":
        raise TokenError("unknown_key", why="role")
    if claims.issuer != key.issuer:
        raise TokenError("unknown_key", why="issuer")
    if not _is_within(claims.region_code, key.region_prefix):
        raise TokenError("unknown_key", why="region")
    if not key.valid_from <= claims.issued_at <= key.valid_until:
        raise TokenError("unknown_key", why="window")


def _is_within(code: str, area: str) -> bool:
    return code == area or code.startswith(f"{area}.")


def _seconds(time: datetime) -> int:
    return int(time.timestamp())
