"""Laws of the card's token: signed is read back, changed is refused, and no text does harm."""

from __future__ import annotations

import unicodedata
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from card_house import ISSUER, make_ring
from hypothesis import example, given
from hypothesis import strategies as st
from moment import NOW

from registry.code import base45
from registry.code.card_name import name_on_card
from registry.code.claim169 import decode_claim169
from registry.code.cose import read_cbor, sign1
from registry.code.token import LONGEST_TEXT, CardClaims, TrustList, read_card, sign_card, to_text
from registry.errors import TokenError
from registry.identifiers import CardNumber

RING = make_ring(NOW)
TRUST = TrustList(RING.trusted)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

claims = st.builds(
    CardClaims,
    number=st.builds(CardNumber.make, st.just("62.06"), st.integers(0, 999_999)),
    head_name=st.text(max_size=120) | st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ .,'-/ÀÉÑØĀŽ", min_size=30, max_size=60),
    region_code=st.integers(1, 99).map("62.06.{:02d}".format),
    family_id=st.integers(0, 2**32 - 1),
    birth_year=st.integers(1900, 2026),
    issued_at=st.integers(0, 300).map(lambda days: NOW - timedelta(days=days)),
    expires_at=st.datetimes(datetime(2026, 3, 3), datetime(2040, 1, 1)).map(
        lambda time: time.replace(microsecond=0, tzinfo=UTC)
    ),
    issuer=st.just(ISSUER),
    status_index=st.integers(0, 2**32 - 1),
)
CARD = CardClaims(
    CardNumber.make("62.06", 207002), "SITI AMINAH", "62.06.05", 1, 1980, NOW, NOW + timedelta(days=9), ISSUER, 7
)
TEXT = to_text(sign_card(CARD, RING.signer))
COSE = read_card(TEXT, TRUST, at=NOW).cose


@given(claims)
def test_what_is_signed_is_read_back(claims):
    cose = sign_card(claims, RING.signer)
    text = to_text(cose)
    assert len(text) <= LONGEST_TEXT
    assert set(text) <= set(ALPHABET)
    assert text == text.strip()
    reading = read_card(text, TRUST, at=NOW)
    assert reading.cose == cose
    read, name = reading.claims, reading.claims.head_name
    assert name_on_card(claims.head_name).startswith(name)
    assert CardClaims(**(vars(read) | {"head_name": claims.head_name})) == claims


@given(st.integers(0, len(TEXT) - 1), st.sampled_from(ALPHABET))
def test_one_changed_character_is_refused_or_is_the_same_card(place, character):
    with suppress(TokenError):
        assert read_card(TEXT[:place] + character + TEXT[place + 1 :], TRUST, at=NOW).cose == COSE


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)), st.text(ALPHABET, max_size=6))
def test_a_cut_or_stretched_text_is_refused_or_is_the_same_card(start, end, between):
    with suppress(TokenError):
        assert read_card(TEXT[:start] + between + TEXT[end:], TRUST, at=NOW).cose == COSE


@given(st.integers(0, len(COSE) * 8 - 1))
def test_one_changed_bit_of_the_token_is_refused(bit):
    changed = bytearray(COSE)
    changed[bit // 8] ^= 1 << bit % 8
    with suppress(TokenError):
        assert read_card(to_text(bytes(changed)), TRUST, at=NOW) is None


@given(st.text() | st.text(ALPHABET) | st.binary().map(base45.encode) | st.binary().map(to_text))
@example("NCF")
def test_no_text_raises_anything_but_a_token_error(text):
    with suppress(TokenError):
        read_card(text, TRUST, at=NOW)
    with suppress(TokenError):
        decode_claim169(text).read_claims()


@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_but_a_value_error_as_cbor(data):
    with suppress(ValueError):
        read_cbor(data)


@given(st.binary(max_size=60))
def test_no_signed_rubbish_raises_anything_but_a_token_error(payload):
    with suppress(TokenError):
        assert read_card(to_text(sign1(payload, RING.signer)), TRUST, at=NOW) is None


@given(st.binary())
def test_base45_gives_back_what_it_took(data):
    text = base45.encode(data)
    assert base45.decode(text) == data
    assert set(text) <= set(ALPHABET)


@given(st.text(ALPHABET))
def test_what_base45_reads_has_one_spelling(text):
    with suppress(ValueError):
        assert base45.encode(base45.decode(text)) == text


@given(st.binary())
def test_a_damaged_stream_does_no_harm(damage):
    with suppress(TokenError):
        read_card(base45.encode(zlib.compress(COSE, 9)[:40] + damage), TRUST, at=NOW)


@given(st.text())
def test_a_name_on_a_card_stays_as_it_is(name):
    once = name_on_card(name)
    assert name_on_card(once) == once == unicodedata.normalize("NFC", once)
    assert 1 <= len(once) <= 40
