"""Codes are read back from pictures of cards; what is no picture, or no code, is refused with its own reason."""

from __future__ import annotations

import zlib

import pytest
from code_pictures import code_picture, file_of
from PIL import Image, ImageFilter
from printing_samples import QR_TEXT, sample_picture

from printing.errors import PhotoError
from printing.reading import read_code, read_codes


def fault_of(picture: bytes) -> str:
    with pytest.raises(PhotoError) as fault:
        read_code(picture)
    return fault.value.code


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_code_is_read_from_a_picture_of_each_kind(kind):
    assert read_codes(file_of(code_picture(QR_TEXT), kind)) == [QR_TEXT]
    assert read_code(file_of(code_picture(QR_TEXT), kind)) == QR_TEXT


@pytest.mark.parametrize("angle", [90, 180, 270, 20])
def test_a_card_may_lie_as_it_likes(angle):
    turned = code_picture(QR_TEXT).rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    assert read_code(file_of(turned)) == QR_TEXT


def test_two_codes_in_a_picture_are_not_guessed_among():
    one, other = code_picture(QR_TEXT), code_picture(QR_TEXT[::-1])
    both = Image.new("L", (one.width * 2, one.height), 255)
    both.paste(one, (0, 0))
    both.paste(other, (one.width, 0))
    assert fault_of(file_of(both)) == "code_not_alone"
    assert sorted(read_codes(file_of(both))) == sorted([QR_TEXT, QR_TEXT[::-1]])


def test_a_picture_without_a_code_says_so():
    assert fault_of(sample_picture((800, 600))) == "code_not_found"
    assert read_codes(sample_picture((800, 600))) == []


def test_a_picture_taken_in_the_dark_asks_for_light():
    assert fault_of(sample_picture((800, 600), colour="#0a0a0a")) == "picture_dark"


def test_a_code_that_is_seen_and_cannot_be_read_is_told_from_none():
    assert fault_of(file_of(code_picture(QR_TEXT, module=10).filter(ImageFilter.GaussianBlur(5.5)))) == "code_unclear"


def test_what_is_no_picture_is_refused_before_it_is_decoded():
    assert fault_of(b"%PDF-1.7\n") == "photo_wrong_format"
    assert fault_of(b"x" * 9_000_000) == "photo_too_large"
    assert fault_of(file_of(code_picture(QR_TEXT))[:2000]) == "photo_unreadable"


def test_a_bomb_is_refused_by_what_its_header_says():
    header = b"\x00\x00\x75\x30\x00\x00\x75\x30\x08\x00\x00\x00\x00"  # 30,000 x 30,000 pixels
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big") for name, body in chunks
    )
    assert fault_of(png) == "photo_too_many_pixels"
