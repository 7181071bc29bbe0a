"""COSE_Sign1 under Ed25519 (RFC 9052), and the careful reading of CBOR that it needs."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NoReturn

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

__all__ = ["ALG", "ED25519", "EDDSA", "KID", "Sign1", "Signer", "key_id", "open_sign1", "read_cbor", "sign1"]

ALG, KID = 1, 4  # header labels
EDDSA, ED25519 = -8, -19  # the same algorithm; RFC 9864 renames it, and most readers know only the old name
_TAG_SIGN1 = 18
DEEPEST = 8  # tag 18, its array; in a payload: map, claim 169, list of biometrics, map; and some to spare
# every tag that cbor2 would turn into an object by itself: dates, bignums, regular expressions, shared values, …
_BUILT_IN_TAGS = (0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 43000, 52, 54, 100, 256, 258, 260, 261, 1004, 55799)


def _refuse_tag(_decoder: Any) -> NoReturn:
    raise ValueError("a tag that has no place here")


_TAG_DECODERS = dict.fromkeys(_BUILT_IN_TAGS, _refuse_tag)


def key_id(public_key: bytes) -> bytes:
    """Return the four bytes by which a raw public key is named: the first of its SHA-256."""
    return sha256(public_key).digest()[:4]


@dataclass(frozen=True)
class Signer:
    """A private key and the name of its public key."""

    kid: bytes
    private_key: Ed25519PrivateKey

    @classmethod
    def of(cls, private_key: Ed25519PrivateKey) -> Signer:
        """Return the signer with this key."""
        return cls(key_id(private_key.public_key().public_bytes_raw()), private_key)

    @property
    def public_key(self) -> bytes:
        """Return the raw public key, 32 bytes."""
        return self.private_key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """Return the signature, 64 bytes."""
        return self.private_key.sign(data)


@dataclass(frozen=True)
class Sign1:
    """A COSE_Sign1 in its parts; nothing in it is believed until :meth:`is_signed_by` says so."""

    protected: bytes
    unprotected: Mapping[Any, Any]
    payload: bytes
    signature: bytes

    def is_signed_by(self, public_key: bytes) -> bool:
        """Tell whether a raw Ed25519 public key made the signature, under an algorithm that is bound to such a key.

        Only the protected header is asked for the algorithm.
        """
        try:
            header = read_cbor(self.protected)
        except ValueError:
            return False
        if not isinstance(header, Mapping) or header.get(ALG) not in (EDDSA, ED25519):
            return False
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(
                self.signature, _to_be_signed(self.protected, self.payload)
            )
        except InvalidSignature:
            return False
        return True


def sign1(payload: bytes, signer: Signer) -> bytes:
    """Return the COSE_Sign1 of a payload, deterministically encoded: tag 18, ``{1: -8, 4: kid}``, ``{}``."""
    protected = cbor2.dumps({ALG: EDDSA, KID: signer.kid}, canonical=True)
    return pack_sign1(Sign1(protected, {}, payload, signer.sign(_to_be_signed(protected, payload))))


def pack_sign1(parts: Sign1) -> bytes:
    """Return the one deterministic encoding of a COSE_Sign1."""
    array = [parts.protected, dict(parts.unprotected), parts.payload, parts.signature]
    return cbor2.dumps(cbor2.CBORTag(_TAG_SIGN1, array), canonical=True)


def open_sign1(data: bytes) -> Sign1:
    """Take a COSE_Sign1 apart.

    Raises:
        ValueError: when it is none, or not safe to read (see :func:`read_cbor`).
    """
    tagged = read_cbor(data)
    if isinstance(tagged, cbor2.CBORTag) and tagged.tag == _TAG_SIGN1:
        match tagged.value:
            case (bytes() as protected, Mapping() as unprotected, bytes() as payload, bytes() as signature):
                return Sign1(protected, unprotected, payload, signature)
    raise ValueError("not a COSE_Sign1")


def read_cbor(data: bytes) -> Any:
    """Decode one CBOR item that comes from outside.

    Raises:
        ValueError: for duplicate keys, indefinite lengths, tags that become objects, nesting beyond ``DEEPEST``, bytes
            left over, and whatever else is not CBOR.
    """
    source = io.BytesIO(data)
    decoder = cbor2.CBORDecoder(
        source,
        semantic_decoders=_TAG_DECODERS,
        max_depth=DEEPEST,
        allow_indefinite=False,
        allow_duplicate_keys=False,
    )
    try:
        value = decoder.decode()
    except cbor2.CBORDecodeError as error:
        raise ValueError("not CBOR that is safe to read") from error
    if source.tell() != len(data):
        raise ValueError("bytes left over after the CBOR item")
    return value


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload])
