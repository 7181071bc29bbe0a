"""QR codes by another maker than the one that draws cards: zxing-cpp, to hold a drawn or printed code against."""

import zxingcpp
from PIL import Image


def made_elsewhere(text: str, *, version: int, level: str, mask: int) -> Image.Image:
    """The code of a text without quiet zone, one pixel to a module, 0 for dark.

    Args:
        level: of error correction: L, M, Q or H.
        mask: 0 to 7.
    """
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, version=version, ec_level=level, data_mask=mask)
    modules = memoryview(code.to_image(add_quiet_zones=False))  # type: ignore[arg-type] # the stubs know no buffers
    side = 17 + 4 * version
    return Image.frombytes("L", (side, side), modules.tobytes())
