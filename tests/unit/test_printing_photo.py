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
from printing.layout import PHOTO
from printing.photo import AS_WITNESS, PHOTO_SIZE, Cut, PhotoHint, background_hints, take_in
from printing.pictures import MAX_BYTES


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


def test_a_pixel_of_a_photo_is_a_dot_of_its_box_on_the_card():
    assert (PHOTO.width, PHOTO.height) == PHOTO_SIZE


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
    red, _, blue = photo.getpixel((135, 20))
    assert red > blue
    red, _, blue = photo.getpixel((135, 340))
    assert blue > red


@pytest.mark.parametrize("size", [(2, 2), (89, 400), (400, 119), (1, 5000)])
def test_a_picture_of_a_few_pixels_is_no_photo(size: tuple[int, int]):
    with pytest.raises(PhotoError) as refusal:
        take_in(sample_picture(size))
    assert refusal.value.code == "photo_too_small"


@pytest.mark.parametrize("size", [(90, 120), (90, 3000), (5000, 120)])
def test_a_picture_that_just_suffices_is_one(size: tuple[int, int]):
    assert opened(take_in(sample_picture(size))).size == PHOTO_SIZE


def fields(size: tuple[int, int], *, orientation: int = 1, quality: int = 95) -> bytes:
    """A picture of 8 x 8 fields, each with its own red and green, as a camera held that way stores it."""
    width, height = size
    image = Image.new("RGB", size)
    for column in range(8):
        for row in range(8):
            place = (width * column // 8, height * row // 8, width * (column + 1) // 8, height * (row + 1) // 8)
            image.paste((20 + 30 * column, 20 + 30 * row, 128), place)
    turned = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    if turned[orientation] is not None:
        image = image.transpose(turned[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    target = BytesIO()
    image.save(target, "JPEG", exif=exif, quality=quality)
    return target.getvalue()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("size", [(960, 1280), (1280, 960), (3000, 4000), (4000, 3000)])
def test_the_cut_is_made_on_the_upright_picture_at_any_size(size: tuple[int, int], orientation: int):
    # three eighths of the width from the fourth column on, and from the second row on
    photo = opened(take_in(fields(size, orientation=orientation), cut=Cut(3 / 8, 1 / 8, 3 / 8)))
    red, green, _ = photo.getpixel((10, 10))
    assert abs(red - (20 + 30 * 3)) < 8
    assert abs(green - (20 + 30 * 1)) < 8
    red, green, _ = photo.getpixel((259, 349))
    below = 1 / 8 + 3 / 8 * 4 / 3 * size[0] / size[1]
    assert abs(red - (20 + 30 * 5)) < 8
    assert abs(green - (20 + 30 * int(below * 8 - 0.02))) < 8


def test_a_cut_out_of_a_large_picture_is_as_sharp_as_what_is_kept():
    # stripes of 2 pixels in a picture of 4,000: decoded at a quarter, as for the whole, there would be none left
    image = Image.new("L", (4000, 3000), 30)
    for left in range(0, 4000, 4):
        image.paste(220, (left, 0, left + 2, 3000))
    target = BytesIO()
    image.save(target, "JPEG", quality=90)
    photo = opened(take_in(target.getvalue(), cut=Cut(0.4, 0.3, 0.1))).convert("L")
    darkest, lightest = photo.crop((20, 20, 250, 340)).getextrema()
    assert lightest - darkest > 80


def test_a_cut_that_sticks_out_is_drawn_into_the_picture():
    photo = opened(take_in(fields((960, 1280)), cut=Cut(0.9, 0.9, 0.5)))
    red, green, _ = photo.getpixel((259, 349))
    assert (abs(red - 230) < 8, abs(green - 230) < 8) == (True, True)


def test_a_cut_into_a_few_pixels_is_refused():
    with pytest.raises(PhotoError) as refusal:
        take_in(sample_picture((600, 800)), cut=Cut(0, 0, 0.1))
    assert refusal.value.code == "photo_too_small"


@pytest.mark.parametrize(
    "parts", [(-0.1, 0, 1), (0, -0.1, 1), (1, 0, 1), (0, 0, 0), (0, 0, 1.1), (float("nan"), 0, 1), (0, 0, float("inf"))]
)
def test_a_cut_outside_of_the_picture_is_none(parts: tuple[float, float, float]):
    with pytest.raises(PhotoError) as refusal:
        Cut(*parts)
    assert refusal.value.code == "photo_cut_outside"


def test_a_grainy_picture_is_packed_harder_so_that_a_card_stays_small():
    noise = Image.merge("RGB", [Image.effect_noise((900, 1200), 60) for _ in range(3)])
    target = BytesIO()
    noise.save(target, "JPEG", quality=95)
    assert len(take_in(target.getvalue())) <= 20_000


def test_a_photo_that_is_never_printed_may_be_larger():
    assert opened(take_in(sample_picture((600, 800)), kept=AS_WITNESS)).size == (354, 472)


def wall(left: str, right: str) -> bytes:
    image = Image.new("RGB", (600, 800), left)
    image.paste(right, (300, 0, 600, 800))
    target = BytesIO()
    image.save(target, "JPEG")
    return take_in(target.getvalue())


def test_a_bright_even_wall_is_nothing_to_speak_of():
    assert background_hints(wall("#d0d4d8", "#c8ccd0")) == []


def test_a_dark_or_uneven_wall_is_told():
    assert background_hints(wall("#202428", "#202428")) == [PhotoHint.DARK]
    assert background_hints(wall("#e0e0e0", "#808080")) == [PhotoHint.UNEVEN]
    assert background_hints(wall("#e0e0e0", "#303030")) == [PhotoHint.DARK, PhotoHint.UNEVEN]
    stripes = Image.new("L", (600, 800), 250)
    for top in range(0, 800, 40):
        stripes.paste(110, (0, top, 600, top + 20))
    target = BytesIO()
    stripes.save(target, "PNG")
    assert background_hints(take_in(target.getvalue())) == [PhotoHint.UNEVEN]


def test_no_pixel_is_so_black_that_the_printer_takes_its_resin_panel_for_it():
    photo = opened(take_in(sample_picture((600, 800), colour="#000000")))
    assert min(lowest for lowest, _ in photo.getextrema()) >= 4


def test_what_is_transparent_becomes_white():
    target = BytesIO()
    Image.new("RGBA", (300, 400), (0, 0, 0, 0)).save(target, "PNG")
    assert opened(take_in(target.getvalue())).getpixel((100, 100)) == (255, 255, 255)


def test_a_large_transparent_picture_is_never_in_memory_three_times(tmp_path):
    file = tmp_path / "besar.png"
    Image.new("RGBA", (5000, 5000)).save(file, compress_level=1)  # 100 MB when it is decoded
    # a process of its own, because the most that a process ever took is never less again
    program = """
import sys
from pathlib import Path
from printing.photo import take_in
take_in(Path(sys.argv[1]).read_bytes())
print(Path("/proc/self/status").read_text())
"""
    told = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True, check=True)
    most = next(line for line in told.stdout.splitlines() if line.startswith("VmHWM:"))
    assert int(most.split()[1]) < 270_000  # kB


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
    # a new process, so that WeasyPrint is surely imported after everything of ours
    program = f"""
import sys
from io import BytesIO
from PIL import Image, ImageFile
from printing.photo import take_in
from printing.errors import PhotoError
import weasyprint.images
assert ImageFile.LOAD_TRUNCATED_IMAGES is True
target = BytesIO()
Image.effect_noise((600, 800), 90).convert("RGB").save(target, "{kind}")
try:
    take_in(target.getvalue()[: len(target.getvalue()) // 2])
except PhotoError as refusal:
    sys.exit(0 if refusal.code in ("photo_unreadable", "photo_wrong_format") else 3)
sys.exit(4)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
