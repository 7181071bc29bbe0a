"""The card's QR code as a matrix and as the 1-bit picture that is printed.

Version 12, error correction M, alphanumeric mode: holds 419 characters, and the card's text has at most 390.
"""

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.util import MODE_ALPHA_NUM, QRData

from printing.errors import PrintingError

VERSION = 12
MODULES = 17 + 4 * VERSION
QUIET_MODULES = 4
"""White modules that ISO/IEC 18004 asks for on every side."""

_ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def qr_matrix(text: str) -> list[list[bool]]:
    """The 65 x 65 modules that say ``text``, True for black, without the quiet zone.

    The mask is the one with the lowest penalty, as the standard asks: a fixed mask would save 22 ms a card.

    Raises:
        PrintingError: ``qr_text_not_printable`` for a character outside the alphanumeric set or more than version
            12-M holds.
    """
    if not text or not _ALPHANUMERIC.issuperset(text):
        raise PrintingError("qr_text_not_printable")
    code = qrcode.QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, box_size=1, border=0)
    data = QRData(text, mode=MODE_ALPHA_NUM)  # type: ignore[call-overload] # the stubs want the bare number
    code.add_data(data, optimize=0)
    try:
        code.make(fit=False)
    except DataOverflowError:
        raise PrintingError("qr_text_not_printable") from None
    return [[bool(module) for module in row] for row in code.get_matrix()]


def qr_stencil(text: str, dots: int) -> bytes:
    """The code as rows of bits, ``dots`` x ``dots`` to a module, 0 for black, each row filled up to whole bytes."""
    rows = []
    for row in qr_matrix(text):
        bits = "".join(("0" if black else "1") * dots for black in row)
        padded = bits + "1" * (-len(bits) % 8)
        rows.append(int(padded, 2).to_bytes(len(padded) // 8, "big") * dots)
    return b"".join(rows)
