"""The generic decoder: foreign codes that are well made are read, and nothing that is unsafe."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta

import cbor2
import claim169
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from moment import NOW

from registry.code import base45
from registry.code.claim169 import check_times, decode_claim169
from registry.code.cose import DEEPEST, Signer, sign1
from registry.errors import TokenError

SIGNER = Signer.of(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
CLAIMS = {1: "https://example.org", 4: 1_900_000_000, 6: 1_700_000_000, 169: {1: "ID-1", 4: "Ani", 62: [{0: b"\xff"}]}}


def text_of(cose: bytes) -> str:
    return base45.encode(zlib.compress(cose, 9))


def text_with(payload: object) -> str:
    return text_of(sign1(payload if isinstance(payload, bytes) else cbor2.dumps(payload), SIGNER))


def part_of(text: str) -> str:
    with pytest.raises(TokenError) as error:
        decode_claim169(text).read_claims()
    assert error.value.code == "unreadable"
    return error.value.detail["part"]


def test_a_foreign_code_is_read():
    signed = decode_claim169(text_with(CLAIMS))
    assert signed.read_claims() == CLAIMS
    assert signed.parts.is_signed_by(SIGNER.public_key)
    assert not signed.parts.is_signed_by(Ed25519PrivateKey.generate().public_key().public_bytes_raw())


def test_a_code_of_the_independent_implementation_is_read_and_believed():
    seed = bytes(range(32))
    data = claim169.Claim169Input(id="ID-2", full_name="Budi")
    text = claim169.encode_with_ed25519(data, claim169.CwtMetaInput(issuer="https://example.org"), seed)
    signed = decode_claim169(getattr(text, "qr_data", text))
    assert signed.parts.is_signed_by(SIGNER.public_key)
    claims = signed.read_claims()
    assert (claims[1], claims[169][1], claims[169][4]) == ("https://example.org", "ID-2", "Budi")


def test_a_large_code_is_read_and_a_bomb_is_not():
    text = text_with(CLAIMS | {200: bytes(60_000)})
    size = len(decode_claim169(text).cose)
    assert decode_claim169(text, largest=size).read_claims()[200]
    with pytest.raises(TokenError):
        decode_claim169(text, largest=size - 1)
    assert part_of(text_with(CLAIMS | {200: bytes(70_000)})) == "zlib"
    assert part_of(base45.encode(zlib.compress(bytes(50_000_000), 9))) == "zlib"


@pytest.mark.parametrize(
    ("payload", "part"),
    [
        (cbor2.dumps(CLAIMS) + b"\x00", "claims"),
        (b"\xa2\x18\xa9\xa0\x18\xa9\xa0", "claims"),
        (b"\xa2\x01\x60\xf5\x60", "claims"),
        (b"\xa1\x18\xa9\xbf\xff", "claims"),
        (b"\xa1\x18\xa9\x9f\xff", "claims"),
        (b"\xa1\x18\xa9" + b"\x81" * DEEPEST + b"\x00", "claims"),
        (b"\xa1\x18\xa9\x5b" + b"\xff" * 8, "claims"),
        (b"\xa1\x18\xa9\x62\xc3\x28", "claims"),
        ({169: {}, 1: cbor2.CBORTag(1, 0)}, "claims"),
        ({169: {}, 1: 2**80}, "claims"),
        ({169: {}, 1: cbor2.CBORTag(35, "((((")}, "claims"),
        ({169: {}, 1: cbor2.CBORTag(5, [2**60, 1])}, "claims"),
        ({169: {}, 1: cbor2.CBORTag(28, [])}, "claims"),
        (CLAIMS[169], "claim_169"),
        ({169: b"\xa0"}, "claim_169"),
        ([1], "claims"),
    ],
)
def test_claims_that_are_not_safe_are_refused(payload, part):
    assert part_of(text_with(payload)) == part


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({}, None),
        ({4: int(NOW.timestamp()) + 1, 5: int(NOW.timestamp())}, None),
        ({4: int(NOW.timestamp())}, "expired"),
        ({5: int(NOW.timestamp()) + 1}, "not_yet_valid"),
        ({4: float("inf")}, "unreadable"),
        ({4: "2031"}, "unreadable"),
        ({4: True}, "unreadable"),
        ({4: 2**64 - 1}, "unreadable"),
        ({6: -1}, "unreadable"),
    ],
)
def test_times_are_held_against_the_clock(claims, code):
    if code is None:
        check_times(claims, at=NOW)
        return
    with pytest.raises(TokenError) as error:
        check_times(claims, at=NOW)
    assert error.value.code == code


def test_a_refusal_for_time_says_since_or_from_when():
    end = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(TokenError) as error:
        check_times({4: int(end.timestamp())}, at=end + timedelta(days=1))
    assert error.value.detail == {"at": end.isoformat()}


@pytest.mark.parametrize("algorithm", [-7, -37, 5, "EdDSA", None])
def test_a_signature_counts_only_under_an_algorithm_of_its_key(algorithm):
    protected = cbor2.dumps({1: algorithm} if algorithm is not None else {})
    payload = cbor2.dumps(CLAIMS)
    signature = SIGNER.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    cose = cbor2.dumps(cbor2.CBORTag(18, [protected, {1: -8}, payload, signature]))
    assert not decode_claim169(text_of(cose)).parts.is_signed_by(SIGNER.public_key)
