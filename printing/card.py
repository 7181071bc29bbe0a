"""The card as PDF: two pages each, front and back, or as many to a sheet as it holds."""

from collections.abc import Sequence
from io import BytesIO

from printing.batch import write_cards
from printing.card_file import check_photo
from printing.design import Design
from printing.face import CardFace
from printing.press import press_for
from printing.sheets import PLAIN, Adjustment
from registry.kinds import SheetCode


def card_pdf(
    faces: Sequence[CardFace],
    *,
    sheet: SheetCode = SheetCode.CARD,
    design: Design | None = None,
    front: Adjustment = PLAIN,
    back: Adjustment = PLAIN,
) -> bytes:
    """One PDF of all ``faces``, in their order: page 1 is the first card's front, page 2 its back, and so on.

    Args:
        design: none for the packaged one.
        front: how the printer wants its fronts moved; ``back`` likewise.

    Raises:
        PrintingError: ``text_does_not_fit``, ``text_not_in_typeface`` (about: the field), ``qr_text_not_printable``,
            ``photo_not_ours``: nothing is printed in part. ``design_…``: this design cannot be drawn.
        RuntimeError: WeasyPrint is not the one that this was written for.
    """
    target = BytesIO()
    write_cards(faces, target, sheet=sheet, design=design, front=front, back=back)
    return target.getvalue()


def check_face(face: CardFace, *, design: Design | None = None, sheet: SheetCode = SheetCode.CARD) -> None:
    """Look whether a card of ``face`` can be drawn on ``sheet``, without drawing it.

    Raises:
        PrintingError: as `card_pdf`.
    """
    press_for(design, sheet).check(face)
    if face.photo:
        check_photo(face.photo)
