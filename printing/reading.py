"""Reading QR codes back from a picture, with the same reader (zxing-cpp) that phones and kiosks use."""

import zxingcpp
from PIL import Image, ImageStat

from printing.errors import PhotoError
from printing.pictures import opened

_DARK = 50
"""Mean grey (0 black, 255 white) below which more light helps before anything else does."""


def read_codes(picture: bytes) -> list[str]:
    """The texts of all QR codes in a picture file (JPEG, PNG or WebP); none when no code can be read.

    Raises:
        PhotoError: as `printing.pictures.opened`.
    """
    with opened(picture) as image:
        return [code.text for code in find_codes(image.convert("L"))]


def read_code(picture: bytes) -> str:
    """The text of the one QR code in a picture file.

    Raises:
        PhotoError: ``code_not_alone``; where none can be read ``code_unclear`` (there is one), ``picture_dark`` or
            ``code_not_found``; as `printing.pictures.opened`.
    """
    with opened(picture) as image:
        grey = image.convert("L")
        return the_code(grey).text


def the_code(grey: Image.Image) -> zxingcpp.Barcode:
    """The one QR code in a picture, with its place and what the reader says of it.

    Raises:
        PhotoError: as `read_code`.
    """
    codes = find_codes(grey)
    if len({code.text for code in codes}) > 1:
        raise PhotoError("code_not_alone")
    if codes:
        return codes[0]
    if find_codes(grey, with_unread=True):
        raise PhotoError("code_unclear")
    raise PhotoError("picture_dark" if ImageStat.Stat(grey).mean[0] < _DARK else "code_not_found")


def find_codes(grey: Image.Image, *, with_unread: bool = False) -> list[zxingcpp.Barcode]:
    """All QR codes in a picture that can be read, or also those that are seen and cannot."""
    return zxingcpp.read_barcodes(
        grey,
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
        return_errors=with_unread,
    )
