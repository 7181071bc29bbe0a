"""What is taken in as a face photo, and what is not."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image
from printing_samples import sample_picture

from printing.errors import PhotoError
from printing.photo import MAX_BYTES, PHOTO_SIZE, take_in


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(BytesIO(jpeg))
    image.load()
    return image


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_whatever_comes_becomes_a_small_upright_baseline_jpeg(kind: str):
    photo = opened(take_in(sample_picture((1280, 960), kind=kind)))
    assert (photo.format, photo.mode, photo.size) == ("JPEG", "RGB", PHOTO_SIZE)
    assert "progressive" not in photo.info


def test_no_metadata_survives():
    exif = Image.Exif()
    exif[0x010F] = "Ponsel Rina"
    exif.get_ifd(0x8825)[2] = (2.0, 12.0, 30.0)
    photo = take_in(sample_picture((600, 800), exif=exif, comment=b"rahasia", icc_profile=b"x" * 200))
    assert b"Exif" not in photo
    assert b"Ponsel" not in photo
    assert b"rahasia" not in photo
    assert not set(opened(photo).info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


def test_a_picture_that_lies_on_its_side_is_set_upright():
    # red is on top once the camera's note "turn me by 90 degrees" (6) is heeded
    lying = Image.new("RGB", (800, 600), "#2040c0")
    lying.paste("#c02020", (0, 0, 400, 600))
    exif = Image.Exif()
    exif[0x0112] = 6
    target = BytesIO()
    lying.save(target, "JPEG", exif=exif, quality=95)
    photo = opened(take_in(target.getvalue()))
    red, _, blue = photo.getpixel((177, 20))
    assert red > blue
    red, _, blue = photo.getpixel((177, 450))
    assert blue > red


def test_a_picture_of_a_few_pixels_is_no_photo():
    with pytest.raises(PhotoError) as refusal:
        take_in(sample_picture((2, 2)))
    assert refusal.value.code == "photo_unreadable"


def test_no_pixel_is_so_black_that_the_printer_takes_its_resin_panel_for_it():
    photo = opened(take_in(sample_picture((600, 800), colour="#000000")))
    assert min(lowest for lowest, _ in photo.getextrema()) >= 4


def test_what_is_transparent_becomes_white():
    target = BytesIO()
    Image.new("RGBA", (300, 400), (0, 0, 0, 0)).save(target, "PNG")
    assert opened(take_in(target.getvalue())).getpixel((100, 100)) == (255, 255, 255)


def test_too_many_bytes_are_refused_unread():
    with pytest.raises(PhotoError) as refusal:
        take_in(b"\xff\xd8\xff" + b"\0" * MAX_BYTES)
    assert refusal.value.code == "photo_too_large"


@pytest.mark.parametrize("size", [(5001, 5000), (13_000, 13_000), (30_000, 30_000)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]):
    with pytest.raises(PhotoError) as refusal:
        take_in(png_that_claims(*size))
    assert refusal.value.code == "photo_too_many_pixels"


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"%PDF-1.7",
        sample_picture((60, 80), kind="GIF"),
        sample_picture((60, 80), kind="TIFF"),
    ],
)
def test_other_kinds_of_files_are_refused(upload: bytes):
    with pytest.raises(PhotoError) as refusal:
        take_in(upload)
    assert refusal.value.code == "photo_wrong_format"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_picture_is_refused_even_where_weasyprint_has_been_loaded(kind: str):
    # a new process, so that WeasyPrint is surely imported after Pillow has been set up
    program = f"""
import sys
from io import BytesIO
from PIL import Image, ImageFile
import printing.card
assert ImageFile.LOAD_TRUNCATED_IMAGES is False
from printing.photo import take_in
from printing.errors import PhotoError
target = BytesIO()
Image.effect_noise((600, 800), 90).convert("RGB").save(target, "{kind}")
try:
    take_in(target.getvalue()[: len(target.getvalue()) // 2])
except PhotoError as refusal:
    sys.exit(0 if refusal.code in ("photo_unreadable", "photo_wrong_format") else 3)
sys.exit(4)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
