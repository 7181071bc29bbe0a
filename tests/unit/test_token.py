"""The text of a card's QR code: made, read back, and refused for the right reason when anything is otherwise."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import cbor2
import claim169
import pytest
from card_house import ISSUER, make_ring
from moment import NOW

from registry.code import base45
from registry.code.cose import Sign1, Signer, pack_sign1, sign1
from registry.code.token import LONGEST_TEXT, CardClaims, TrustList, read_card, sign_card, to_text
from registry.errors import TokenError
from registry.identifiers import CardNumber

RING = make_ring(NOW)
SIGNER = RING.signer
TRUST = TrustList(RING.trusted)
CLAIMS = CardClaims(
    number=CardNumber.make("62.06", 207002),
    head_name="SITI AMINAH",
    region_code="62.06.05",
    family_id=1_234_567_890,
    birth_year=1980,
    issued_at=NOW,
    expires_at=datetime(2031, 3, 2, 16, 59, 59, tzinfo=UTC),
    issuer=ISSUER,
    status_index=345_678,
)
COSE = sign_card(CLAIMS, SIGNER)
TEXT = to_text(COSE)
PROTECTED = cbor2.dumps({1: -8, 4: SIGNER.kid})
PAYLOAD = cbor2.loads(COSE).value[2]


def refusal(text: str, *, trust: TrustList = TRUST, at: datetime = NOW) -> tuple[str, str]:
    """Return the code with which a text is refused, and the one value of its detail."""
    with pytest.raises(TokenError) as error:
        read_card(text, trust, at=at)
    return error.value.code, next(iter(error.value.detail.values()), "")


def signed(payload: bytes, *, protected: bytes = PROTECTED, unprotected: dict | None = None, key=SIGNER) -> bytes:
    """Return a COSE_Sign1 that a trusted key has signed, whatever it holds."""
    signature = key.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    return pack_sign1(Sign1(protected, unprotected or {}, payload, signature))


def changed(**claims: object) -> bytes:
    """Return the card's payload with some claims exchanged or, with ``None``, left out; ``_169_4`` is 4 within 169."""
    payload = cbor2.loads(PAYLOAD)
    for name, value in claims.items():
        *path, last = [int(step) for step in name.split("_") if step]
        place = payload
        for step in path:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return cbor2.dumps(payload, canonical=True)


# what we sign


def test_the_token_is_byte_for_byte_what_the_page_says():
    assert COSE[:3] == bytes.fromhex("d2 84 49")
    assert COSE[3:12] == bytes.fromhex("a2 01 27 04 44") + SIGNER.kid
    assert COSE[12:15] == bytes.fromhex("a0 58") + bytes([len(PAYLOAD)])
    assert COSE[15 + len(PAYLOAD) :][:2] == bytes.fromhex("58 40")
    assert len(COSE) == 15 + len(PAYLOAD) + 2 + 64
    assert PAYLOAD.hex(" ").startswith("a5 01 78 18")
    assert cbor2.loads(PAYLOAD) == {
        1: "https://kk.kalteng.go.id",
        4: int(CLAIMS.expires_at.timestamp()),
        6: int(NOW.timestamp()),
        169: {1: "62-06-207002-2", 4: "SITI AMINAH", 21: "62.06.05", 75: 1_234_567_890, 76: 1980},
        65535: {"status_list": {"idx": 345_678, "uri": "https://kk.kalteng.go.id/s/06"}},
    }
    assert base45.decode(TEXT)[:2] == bytes.fromhex("78 da")
    assert zlib.decompress(base45.decode(TEXT)) == COSE


def test_the_page_shows_this_very_token():
    page = (Path(__file__).parents[2] / "docs" / "card-token.md").read_text(encoding="utf-8")
    example = next(block for block in page.split("```") if block.startswith("\nNCF"))
    assert "".join(example.strip("\n").split("\n")) == TEXT
    assert SIGNER.public_key.hex() in page
    shown = "".join(re.findall(r"^\| `([0-9a-f ]+(?:…[0-9a-f ]+)?)` \|", page, re.MULTILINE)).replace(" ", "")
    assert re.fullmatch(shown.replace("…", "[0-9a-f]*") + "[0-9a-f]{128}", COSE.hex())


def test_what_is_signed_is_read_back():
    reading = read_card(TEXT, TRUST, at=NOW)
    assert (reading.claims, reading.cose) == (CLAIMS, COSE)


def test_signing_twice_gives_the_same_token():
    assert sign_card(CLAIMS, SIGNER) == COSE


def test_an_independent_reader_of_the_standard_reads_and_believes_it():
    # its clock is the machine's, ours the test's
    read = claim169.decode_with_ed25519(TEXT, SIGNER.public_key, validate_timestamps=False)
    assert read.is_verified()
    assert (read.claim169.id, read.claim169.full_name, read.claim169.location_code) == (
        CLAIMS.number,
        CLAIMS.head_name,
        CLAIMS.region_code,
    )
    assert (read.cwt_meta.issuer, read.cwt_meta.issued_at, read.cwt_meta.expires_at) == (
        ISSUER,
        int(NOW.timestamp()),
        int(CLAIMS.expires_at.timestamp()),
    )
    assert bytes(read.key_id) == SIGNER.kid


def test_the_independent_reader_refuses_another_key():
    with pytest.raises(claim169.SignatureError):
        claim169.decode_with_ed25519(TEXT, make_ring(NOW, seed=9).signer.public_key, validate_timestamps=False)


@pytest.mark.parametrize(
    ("name", "on_card"),
    [
        ("SITI  AMINAH ", "SITI AMINAH"),
        ("NYAI UNDANG", "NYAI UNDANG"),
        ("SITI’AISYAH BINTI H. DJ. RAHMAN, S.Pd", "SITI'AISYAH BINTI H. DJ. RAHMAN, S.Pd"),
        ("MUHAMMAD RIZKY ADITYA PRATAMA KUSUMAWARDHANA", "MUHAMMAD RIZKY ADITYA PRATAMA"),
        ("A" * 60, "A" * 40),
        ("<b>ANDI</b>", "bANDI/b"),
        ("ANDI\u202e\u200b\x00", "ANDI"),
        ("Jose\u0301", "José"),
        ("Сити", "-"),
        ("", "-"),
    ],
)
def test_no_name_is_refused(name, on_card):
    claims = replace(CLAIMS, head_name=name)
    assert read_card(to_text(sign_card(claims, SIGNER)), TRUST, at=NOW).claims.head_name == on_card


def test_a_name_that_would_overflow_the_code_is_shortened_at_a_word():
    # two bytes a letter, hardly compressible
    name = "ĄĆĘŁŃÓŚŹ ŻÀÁÂÃÄÅÇ ÈÉÊËÌÍÎÏ ÑÒÓÔÕÖØÙ ÚÛÜÝ"
    assert len(name) == 40
    text = to_text(sign_card(replace(CLAIMS, head_name=name), SIGNER))
    read = read_card(text, TRUST, at=NOW).claims.head_name
    assert len(text) <= LONGEST_TEXT
    assert name.startswith(read)
    assert name[len(read)] == " "


def test_an_issuer_too_long_for_any_name_is_told():
    with pytest.raises(ValueError, match="issuer"):
        sign_card(replace(CLAIMS, issuer=f"https://{Random(1).randbytes(200).hex()}"), SIGNER)


# what we accept besides


def test_a_leading_tag_61_is_the_same_card():
    reading = read_card(to_text(b"\xd8\x3d" + COSE), TRUST, at=NOW)
    assert reading.cose == COSE


def test_the_new_name_of_the_algorithm_is_accepted():
    cose = signed(PAYLOAD, protected=cbor2.dumps({1: -19, 4: SIGNER.kid}))
    assert read_card(to_text(cose), TRUST, at=NOW).claims == CLAIMS


def test_another_deflate_of_the_same_card_is_the_same_card():
    text = base45.encode(zlib.compress(COSE, 1))
    assert text != TEXT
    assert read_card(text, TRUST, at=NOW).cose_hash == read_card(TEXT, TRUST, at=NOW).cose_hash


def test_line_ends_of_a_scanner_do_not_matter():
    assert read_card(f"{TEXT}\r\n", TRUST, at=NOW).claims == CLAIMS


# form


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("00020101021126570011ID.CO.BANK.WWW011893600000000000000000215ID10200000000000303UMI", "qris"),
        ("0001234567890", "bpjs"),
        ("0001 2345 6789 0", "bpjs"),
        ("https://kalteng.go.id/khbs", "url"),
        ("HTTP://KALTENG.GO.ID", "url"),
        ("www.kalteng.go.id", "url"),
        ("wa.me/62811", "url"),
        ("KHBS-2024-000123", "sample"),
        ("6206 2070 0212", "sample"),
        ("4111-1111-1111-1111", "other"),
        ("9999-1111-1111-1111-111", "sample"),
        ("6203170112800001", "other"),
        ("HC1:6BFOXN", "other"),
        ("Selamat datang di Palangka Raya", "other"),
        ("12345", "other"),
        ("A" * 2_000, "other"),
        (TEXT[1:], "other"),
        (TEXT.lower(), "other"),
        (base45.encode(COSE), "other"),
    ],
)
def test_what_is_not_ours_is_told_apart(text, kind):
    assert refusal(text) == ("not_ours", kind)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "empty"),
        (" \n", "empty"),
        (TEXT[:-1], "base45"),
        (TEXT[:300], "zlib"),
        (TEXT[:100], "base45"),
        (TEXT[:99], "zlib"),
        (TEXT[:50] + "a" + TEXT[51:], "base45"),
        (TEXT[:51] + ":::" + TEXT[54:], "base45"),
        (base45.encode(zlib.compress(COSE, 9) + b"\x00"), "zlib"),
        (base45.encode(zlib.compress(COSE, 9)[:-4] + bytes(4)), "zlib"),
        (base45.encode(zlib.compress(bytes(1_000_000), 9))[:1_023], "zlib"),
        (base45.encode(zlib.compress(bytes(300_000), 9)), "zlib"),
        (to_text(COSE + b"\x00"), "cose"),
        (to_text(COSE[1:]), "cose"),
        (to_text(b"\xd1" + COSE[1:]), "cose"),
        (to_text(cbor2.dumps(cbor2.CBORTag(18, [PROTECTED, {}, PAYLOAD]))), "cose"),
        (to_text(cbor2.dumps(cbor2.CBORTag(18, [PROTECTED, {}, None, bytes(64)]))), "cose"),
        (to_text(b"\xd2\x9f" + COSE[2:] + b"\xff"), "cose"),
        (to_text(b"\x81" * 1_000), "cose"),
        (to_text(b"\xd2\x84\x49" + PROTECTED + b"\xa2\x04\x01\x04\x02" + COSE[13:]), "cose"),
    ],
)
def test_what_begins_like_ours_but_cannot_be_read_says_which_part(text, part):
    assert refusal(text) == ("unreadable", part)


@pytest.mark.parametrize(
    "cose",
    [
        signed(PAYLOAD, unprotected={4: SIGNER.kid}),
        signed(PAYLOAD, unprotected={1: -8}),
        signed(PAYLOAD, protected=cbor2.dumps({1: -8}), unprotected={4: SIGNER.kid}),
        signed(PAYLOAD, protected=b"", unprotected={1: -8, 4: SIGNER.kid}),
        signed(PAYLOAD, protected=cbor2.dumps({1: -7, 4: SIGNER.kid})),
        signed(PAYLOAD, protected=cbor2.dumps({1: 5, 4: SIGNER.kid})),
        signed(PAYLOAD, protected=cbor2.dumps({1: -8, 2: [4], 4: SIGNER.kid})),
        signed(PAYLOAD, protected=cbor2.dumps({4: SIGNER.kid, 1: -8})),
        signed(PAYLOAD, protected=b"\xa2\x01\x38\x07\x04\x44" + SIGNER.kid),
        b"\xd2\x98\x04" + COSE[2:],
        b"\xd8\x12" + COSE[1:],
    ],
)
def test_only_one_spelling_of_the_headers_is_ours(cose):
    assert refusal(to_text(cose)) == ("not_ours", "other")


# key and signature


def test_an_unknown_key_is_told():
    stranger = make_ring(NOW, seed=8).signer
    assert refusal(to_text(sign_card(CLAIMS, stranger))) == ("unknown_key", "kid")


def test_the_name_of_a_trusted_key_does_not_help_another_key():
    forger = Signer(SIGNER.kid, make_ring(NOW, seed=8).signer.private_key)
    assert refusal(to_text(sign_card(CLAIMS, forger)))[0] == "bad_signature"


def test_a_changed_name_breaks_the_signature():
    cose = pack_sign1(replace(read_parts(COSE), payload=changed(_169_4="BUDI SANTOSO")))
    assert refusal(to_text(cose))[0] == "bad_signature"


@pytest.mark.parametrize("signature", [b"", bytes(64), bytes(63), b"\xff" * 64])
def test_an_empty_or_senseless_signature_is_refused(signature):
    assert refusal(to_text(pack_sign1(replace(read_parts(COSE), signature=signature))))[0] == "bad_signature"


def test_a_signature_over_another_context_is_refused():
    signature = SIGNER.sign(cbor2.dumps(["Signature", PROTECTED, b"", b"", PAYLOAD]))
    assert refusal(to_text(pack_sign1(Sign1(PROTECTED, {}, PAYLOAD, signature))))[0] == "bad_signature"


def read_parts(cose: bytes) -> Sign1:
    protected, _, payload, signature = cbor2.loads(cose).value
    return Sign1(protected, {}, payload, signature)


def test_from_the_day_a_key_is_retired_its_cards_are_refused():
    trust = TrustList([replace(RING.trusted[0], retired_at=NOW)])
    assert refusal(TEXT, trust=trust)[0] == "retired_key"
    later = TrustList([replace(RING.trusted[0], retired_at=NOW + timedelta(seconds=1))])
    assert read_card(TEXT, later, at=NOW).claims == CLAIMS


@pytest.mark.parametrize(
    ("bounds", "why"),
    [
        ({"role": "status"}, "role"),
        ({"issuer": "https://example.org"}, "issuer"),
        ({"region_prefix": "62.07"}, "region"),
        ({"region_prefix": "62.0"}, "region"),
        ({"region_prefix": "62.06.05.2003"}, "region"),
        ({"valid_from": NOW + timedelta(seconds=1)}, "window"),
        ({"valid_until": NOW - timedelta(seconds=1)}, "window"),
    ],
)
def test_a_key_is_believed_only_within_its_bounds(bounds, why):
    trust = TrustList([replace(RING.trusted[0], **bounds)])
    assert refusal(TEXT, trust=trust) == ("unknown_key", why)


def test_a_card_may_outlive_the_window_of_its_key():
    trust = TrustList([replace(RING.trusted[0], region_prefix="62.06.05", valid_until=NOW)])
    assert read_card(TEXT, trust, at=NOW + timedelta(days=1000)).claims == CLAIMS


# claims


@pytest.mark.parametrize(
    ("payload", "part"),
    [
        (b"", "claims"),
        (cbor2.dumps([1]), "claims"),
        (PAYLOAD + b"\x00", "claims"),
        (b"\xbf" + PAYLOAD[1:] + b"\xff", "claims"),
        (b"\xa6" + PAYLOAD[1:] + PAYLOAD[1:28], "claims"),
        (cbor2.dumps({6: cbor2.CBORTag(1, 0)}), "claims"),
        (changed(_169=None), "claim_169"),
        (changed(_169=cbor2.dumps({1: "x"})), "claim_169"),
        (b"\xb8\x05" + PAYLOAD[1:], "profile"),
        (changed(_2="x"), "profile"),
        (changed(_5=1), "profile"),
        (changed(_1=None), "profile"),
        (changed(_1=1), "profile"),
        (changed(_4=None), "profile"),
        (changed(_4=float("nan")), "profile"),
        (changed(_4="2031"), "profile"),
        (changed(_4=1.5e9), "profile"),
        (changed(_4=2**64 - 1), "profile"),
        (changed(_6=True), "profile"),
        (changed(_6=-1), "profile"),
        (changed(_169_1="62-06-207002-3"), "profile"),
        (changed(_169_1="62062070022"), "profile"),
        (changed(_169_1=7), "profile"),
        (changed(_169_2="1.2"), "profile"),
        (changed(_169_4="A" * 41), "profile"),
        (changed(_169_4="Сити"), "profile"),
        (changed(_169_4="Jose\u0301"), "profile"),
        (changed(_169_4="ANDI\u202e"), "profile"),
        (changed(_169_4="<img>"), "profile"),
        (changed(_169_4=["ANDI"]), "profile"),
        (changed(_169_21=62), "profile"),
        (changed(_169_21="62.07.01"), "profile"),
        (changed(_169_21="62.06"), "profile"),
        (changed(_169_75=2**32), "profile"),
        (changed(_169_75="1"), "profile"),
        (changed(_169_75=7.5), "profile"),
        (changed(_169_76=None), "profile"),
        (changed(_65535=None), "profile"),
        (changed(_65535={"status_list": {"idx": 1, "uri": "https://example.org/s/06"}}), "profile"),
        (changed(_65535={"status_list": {"idx": -1, "uri": CLAIMS.status_uri}}), "profile"),
        (changed(_65535={"status_list": {"idx": 1, "uri": CLAIMS.status_uri}, "x": 1}), "profile"),
        (changed(_65535=[]), "profile"),
    ],
)
def test_also_a_trusted_key_signs_only_what_a_card_says(payload, part):
    assert refusal(to_text(signed(payload))) == ("unreadable", part)


# time


def test_a_card_is_believed_from_its_first_to_before_its_last_moment():
    read_card(TEXT, TRUST, at=NOW)
    read_card(TEXT, TRUST, at=CLAIMS.expires_at - timedelta(seconds=1))
    assert refusal(TEXT, at=CLAIMS.expires_at) == ("expired", CLAIMS.expires_at.isoformat())
    assert refusal(TEXT, at=NOW - timedelta(seconds=1)) == ("not_yet_valid", NOW.isoformat())


def test_the_signer_made_for_this_file_is_the_one_that_is_trusted():
    assert sign1(PAYLOAD, SIGNER) == COSE == signed(PAYLOAD)
