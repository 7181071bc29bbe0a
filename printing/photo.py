"""A face photo taken in: from whatever a phone or webcam sends to the one small JPEG that is kept and printed."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from printing.errors import PhotoError

PHOTO_SIZE = (354, 472)
"""Pixels: 30 x 40 mm at 300 dpi, enough for the card's 23 mm and for a look at the counter."""

MAX_BYTES = 8_000_000
MAX_PIXELS = 25_000_000
"""A phone's 24 megapixels; decoded to RGB they take 75 MB."""

_QUALITY = 88
_DARKEST = 6
"""No pixel is pure black: card printers would print such specks of hair with the resin panel (K)."""


def take_in(upload: bytes) -> bytes:
    """``upload`` (JPEG, PNG or WebP) as an upright baseline JPEG of `PHOTO_SIZE` without any metadata.

    It is cut to 3:4: evenly at the sides, and of what is too high the lower part, because the face is above.

    Raises:
        PhotoError: ``photo_too_large``, ``photo_wrong_format``, ``photo_too_many_pixels`` (before anything is decoded)
            or ``photo_unreadable``.
    """
    if len(upload) > MAX_BYTES:
        raise PhotoError("photo_too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(upload), formats=("JPEG", "PNG", "WEBP")) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise PhotoError("photo_too_many_pixels")
                # a JPEG is decoded at the smallest of its own scales that is still large enough
                image.draft("RGB", (2 * PHOTO_SIZE[1], 2 * PHOTO_SIZE[1]))
                return _encode(_portrait(ImageOps.exif_transpose(image)))
    except UnidentifiedImageError:
        raise PhotoError("photo_wrong_format") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoError("photo_too_many_pixels") from None
    except (OSError, SyntaxError, ValueError, EOFError):
        # Pillow's decoders say "broken" in all of these ways
        raise PhotoError("photo_unreadable") from None


def _portrait(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    if image.width < 3 or image.height < 4:
        raise PhotoError("photo_unreadable")
    kept_width = min(image.width, image.height * 3 / 4)
    kept_height = kept_width * 4 / 3
    left_edge = (image.width - kept_width) / 2
    return image.convert("RGB").resize(
        PHOTO_SIZE,
        Image.Resampling.LANCZOS,
        box=(left_edge, 0, left_edge + kept_width, kept_height),
        reducing_gap=3.0,
    )


def _encode(portrait: Image.Image) -> bytes:
    lifted = portrait.point(lambda value: max(value, _DARKEST))
    lifted.info.clear()
    target = BytesIO()
    lifted.save(target, "JPEG", quality=_QUALITY, progressive=False, optimize=True)
    return target.getvalue()
