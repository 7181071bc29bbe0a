"""A picture file from a phone, webcam or scanner, opened without trusting it."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image, ImageFile, UnidentifiedImageError

from printing.errors import PhotoError

MAX_BYTES = 8_000_000
MAX_PIXELS = 25_000_000
"""A phone's 24 megapixels; decoded to RGB they take 75 MB."""


@contextmanager
def opened(upload: bytes) -> Iterator[Image.Image]:
    """The picture in ``upload`` (JPEG, PNG or WebP), not yet decoded; also what breaks while it is used is told.

    Raises:
        PhotoError: ``photo_too_large``, ``photo_wrong_format``, ``photo_too_many_pixels`` (before anything is decoded)
            or ``photo_unreadable``.
    """
    if len(upload) > MAX_BYTES:
        raise PhotoError("photo_too_large")
    # WeasyPrint, wherever it is imported, tells Pillow to take half a picture for a whole one
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(BytesIO(upload), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PhotoError("photo_too_many_pixels")
            yield image
    except UnidentifiedImageError:
        raise PhotoError("photo_wrong_format") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        # from some limits of Pillow's own on, which are above ours; the warning only where warnings are errors
        raise PhotoError("photo_too_many_pixels") from None
    except (OSError, SyntaxError, ValueError, EOFError):
        # Pillow's decoders say "broken" in all of these ways
        raise PhotoError("photo_unreadable") from None
