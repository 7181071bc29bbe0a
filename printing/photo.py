"""A face photo taken in: from whatever a phone or webcam sends to the one small JPEG that is kept and printed."""

from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageOps, ImageStat

from printing.errors import PhotoError
from printing.pictures import opened

PHOTO_SIZE = (270, 360)
"""Pixels of a kept photo: its box on the card in dots, 22.9 x 30.5 mm at 300 dpi, so that one pixel is one dot."""

_LEAST_WIDTH, _LEAST_HEIGHT = 90, 120
"""Pixels of the cut below which a face on the card is not known again: 100 dpi."""

_QUALITIES = range(88, 39, -6)
"""Of JPEG, the best first: a grainy picture is packed a little harder, so that it takes no more than it may."""

_DARKEST = 6
"""No pixel is pure black: card printers would print such specks of hair with the resin panel (K)."""

_CORNER = 0.16
"""The side of the patches in the upper corners, as a part of the width: beside the hair, above the shoulders."""
_DARK_BELOW = 85
_UNEVEN_FROM = 45
"""Of 255: how far the upper corners differ from each other, or what is in one of them among itself."""


@dataclass(frozen=True)
class Kept:
    """As what a picture is kept: its pixels, 3:4, and how many bytes it may take."""

    size: tuple[int, int]
    most_bytes: int


ON_CARD = Kept(PHOTO_SIZE, 20_000)
"""A face; a card's file has 24 KB in all."""

AS_WITNESS = Kept((354, 472), 40_000)
"""What is looked at and never printed, as the photo of a hand-over: more of it is to be made out."""


@dataclass(frozen=True)
class Cut:
    """Where an upright picture is cut to 3:4, in parts of its width and height; the height follows from the width.

    Raises:
        PhotoError: ``photo_cut_outside``.
    """

    left: float
    top: float
    width: float

    def __post_init__(self) -> None:
        # said so that not-a-number is outside too
        if not (0 <= self.left < 1 and 0 <= self.top < 1 and 0 < self.width <= 1):
            raise PhotoError("photo_cut_outside")


class PhotoHint(StrEnum):
    """What an officer may want to do better; nothing is refused for it."""

    DARK = "background_dark"
    UNEVEN = "background_uneven"


def take_in(upload: bytes, *, cut: Cut | None = None, kept: Kept = ON_CARD) -> bytes:
    """``upload`` (JPEG, PNG or WebP) as an upright baseline JPEG, as it is ``kept``, without any metadata.

    It is cut to 3:4 where ``cut`` says (drawn into the picture where it sticks out of it); without one evenly at the
    sides, and of what is too high the lower part, because the face is above.

    Raises:
        PhotoError: ``photo_too_large``, ``photo_wrong_format``, ``photo_too_many_pixels`` (before anything is decoded),
            ``photo_too_small`` or ``photo_unreadable``.
    """
    with opened(upload) as image:
        stated = max(image.size)
        # a JPEG is decoded at the smallest of its own scales that is still large enough for what is kept of it
        wanted = int(2 * kept.size[1] / (cut.width if cut else 1))
        image.draft("RGB", (wanted, wanted))
        ImageOps.exif_transpose(image, in_place=True)  # of an upright picture it would else make a copy
        portrait = _portrait(image, cut, kept.size, scale=stated / max(image.size))
        return _encode(portrait, kept.most_bytes)


def background_hints(photo: bytes) -> list[PhotoHint]:
    """Say what is unfavourable behind the head of a photo that :func:`take_in` made, by its upper corners."""
    with Image.open(BytesIO(photo), formats=("JPEG",)) as image:
        grey = image.convert("L")
    side = int(grey.width * _CORNER)
    corners = [ImageStat.Stat(grey.crop((left, 0, left + side, side))) for left in (0, grey.width - side)]
    [left_mean], [right_mean] = (corner.mean for corner in corners)
    hints = []
    if min(left_mean, right_mean) < _DARK_BELOW:
        hints.append(PhotoHint.DARK)
    if abs(left_mean - right_mean) > _UNEVEN_FROM or max(corner.stddev[0] for corner in corners) > _UNEVEN_FROM:
        hints.append(PhotoHint.UNEVEN)
    return hints


def _portrait(image: Image.Image, cut: Cut | None, size: tuple[int, int], *, scale: float) -> Image.Image:
    """Cut ``image`` and bring it to its size; ``scale`` is by how much it was larger before it was decoded."""
    left, top, width, height = _box(image, cut)
    # rounded: a cut drawn on another screen may be short of a pixel by a hair
    if round(width * scale) < _LEAST_WIDTH or round(height * scale) < _LEAST_HEIGHT:
        raise PhotoError("photo_too_small")
    mode = "RGBA" if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info else "RGB"
    if image.mode != mode:
        image = image.convert(mode)
    small = image.resize(size, Image.Resampling.LANCZOS, box=(left, top, left + width, top + height), reducing_gap=3.0)
    if mode == "RGBA":  # laid on white when it is small: a large picture once more takes 100 MB
        small = Image.alpha_composite(Image.new("RGBA", size, "white"), small)
    return small.convert("RGB")


def _box(image: Image.Image, cut: Cut | None) -> tuple[float, float, float, float]:
    """Left, top, width and height of the cut in pixels, whole and within the picture."""
    widest = min(image.width, image.height * 3 / 4)
    if cut is None:
        return (image.width - widest) / 2, 0, widest, widest * 4 / 3
    width = min(cut.width * image.width, widest)
    height = width * 4 / 3
    left, top = min(cut.left * image.width, image.width - width), min(cut.top * image.height, image.height - height)
    return left, top, width, height


def _encode(portrait: Image.Image, most_bytes: int) -> bytes:
    lifted = portrait.point(lambda value: max(value, _DARKEST))
    lifted.info.clear()
    for quality in _QUALITIES:
        target = BytesIO()
        lifted.save(target, "JPEG", quality=quality, progressive=False, optimize=True)
        if target.tell() <= most_bytes:
            break
    return target.getvalue()
