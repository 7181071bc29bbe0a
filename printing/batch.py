"""Many cards in one file, with the memory of one sheet."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import BinaryIO

from printing.card_file import CardFile
from printing.design import Design
from printing.face import CardFace
from printing.press import press_for
from printing.qr import qr_stencil
from printing.sheets import PLAIN, SHEETS, Adjustment
from registry.kinds import SheetCode


def write_cards(
    faces: Iterable[CardFace],
    target: BinaryIO,
    *,
    sheet: SheetCode = SheetCode.CARD,
    design: Design | None = None,
    front: Adjustment = PLAIN,
    back: Adjustment = PLAIN,
    code_of: Callable[[str], bytes] = qr_stencil,
) -> int:
    """Write one PDF of all ``faces`` to ``target``, as `printing.card.card_pdf` would make it; says how many cards.

    Of the faces only those of one sheet are held at a time. Faces and designs can be pickled, so that several processes
    may each write a part.

    Args:
        code_of: gives the stencil of a code's text; by it those are written that were compared before.

    Raises:
        PrintingError: as `printing.card.card_pdf`; then ``target`` is not a whole PDF.
    """
    form = SHEETS[sheet]
    file = CardFile(target, press_for(design, sheet), form, front=front, back=back, code_of=code_of)
    rest = iter(faces)
    cards = 0
    while on_sheet := list(islice(rest, form.cards)):
        file.draw(on_sheet)
        cards += len(on_sheet)
    file.close()
    return cards
