"""What is looked at before a batch may be printed: every code's modules, and how some of the pages come out.

The codes are drawn from tables; here they are held against what another maker (zxing-cpp) draws of the same text, and
what the pages show against another reader. Nothing of the drawing's own way is used again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

import pypdfium2 as pdfium
import qrcode
from PIL import Image, ImageOps
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_ALPHA_NUM, QRData

from printing.errors import PrintingError
from printing.face import CardFace
from printing.qr import MODULES, QUIET_MODULES, VERSION, qr_stencil
from printing.reading import find_codes
from printing.second_maker import made_elsewhere

_DPI = 300
_SAMPLE = 100
"""One card of so many."""
_PADDING = int(("0" * MODULES + "1" * (-MODULES % 8)) * MODULES, 2)
_MASK_IN_FORMAT = 0b101
"""By what the mask's number is turned before it is drawn (ISO/IEC 18004, format information)."""


def check_codes(faces: Iterable[CardFace], *, code_of: Callable[[str], bytes] = qr_stencil) -> None:
    """Hold every module of every code as it is drawn against the code that another maker draws of the same text.

    Nothing is decoded: error correction would hide what it can mend. About 0.5 ms a code beside the drawing.

    The other maker writes a run of many digits in fewer bits, so that about one code in thousands is another one that
    says the same. Such a code is held against what `qrcode` draws of the text whole (5 ms), and is decoded besides.

    Args:
        code_of: gives the stencil of a text that is drawn, or is going to be.

    Raises:
        PrintingError: ``code_differs``, about the card's number.
    """
    for face in faces:
        stencil = code_of(face.qr_text)
        drawn, mask = int.from_bytes(stencil, "big") | _PADDING, _mask_of(stencil)
        if drawn == _modules_made_elsewhere(face.qr_text, mask=mask):
            continue
        if drawn != _modules_made_whole(face.qr_text, mask=mask) or not _says(stencil, face.qr_text):
            raise PrintingError("code_differs", face.card_number)


def check_pictures(path: Path, cards: Mapping[int, Sequence[CardFace]]) -> None:
    """Render pages as a printer of 300 dpi does, and read their codes back.

    About 30 ms a page of one card.

    Args:
        path: the PDF.
        cards: for each page that is looked at (from 0) the cards whose codes stand on it.

    Raises:
        PrintingError: ``code_differs``, about the number of a card whose code cannot be read there.
    """
    with pdfium.PdfDocument(path) as document:
        for page, expected in cards.items():
            picture = document[page].render(scale=_DPI / 72, grayscale=True).to_pil()
            read = {code.text for code in find_codes(picture)}
            for face in expected:
                if face.qr_text not in read:
                    raise PrintingError("code_differs", face.card_number)


def sample_positions(count: int, *, random: Random) -> list[int]:
    """Which of ``count`` cards (from 0) are looked at: the first, the last, and one of a hundred at random."""
    if count == 0:
        return []
    return sorted({0, count - 1, *random.sample(range(count), -(-count // _SAMPLE))})


def _modules_made_elsewhere(text: str, *, mask: int) -> int:
    grey = made_elsewhere(text, version=VERSION, level="M", mask=mask)
    return int.from_bytes(grey.convert("1", dither=Image.Dither.NONE).tobytes(), "big") | _PADDING


def _modules_made_whole(text: str, *, mask: int) -> int:
    code = qrcode.QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask)
    code.add_data(QRData(text, mode=MODE_ALPHA_NUM), optimize=0)  # type: ignore[call-overload] # the stubs want a number
    code.make(fit=False)
    rows = ("".join("0" if dark else "1" for dark in row) for row in code.get_matrix())
    return int("".join(row.ljust(8 * ((MODULES + 7) // 8), "1") for row in rows), 2)


def _says(stencil: bytes, text: str) -> bool:
    modules = Image.frombytes("1", (MODULES, MODULES), stencil).convert("L")
    picture = ImageOps.expand(modules, QUIET_MODULES, fill=255).resize([4 * (MODULES + 2 * QUIET_MODULES)] * 2)
    return [code.text for code in find_codes(picture)] == [text]


def _mask_of(stencil: bytes) -> int:
    row = stencil[8 * ((MODULES + 7) // 8)]
    return (~row >> 3 & 0b111) ^ _MASK_IN_FORMAT
