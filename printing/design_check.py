"""Whether a design will do, and what its cards look like: found out in a process of its own, by drawing them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from printing.card import check_face
from printing.card_pictures import as_png
from printing.confined import run_confined
from printing.design import Design
from printing.design_drawn import DrawnCards, draw_cards, drawn_faults
from printing.design_markup import markup_faults
from printing.errors import PrintingError
from printing.face import CardFace
from registry.kinds import SheetCode

__all__ = ["Examination", "Preview", "examine", "examine_here", "preview"]

_SECONDS = 60.0
"""For three cards with both backs, in both ways, which took 3.4 s of the processor where it was measured."""
_MEGABYTES = 900

_BLACK, _COLOUR = SheetCode.CARD, SheetCode.PRESS
"""A design has two backs: in black for card printers, in colour for sheets."""


@dataclass(frozen=True)
class Preview:
    """Cards of a design: a file, and their sides as pictures (PNG, 300 dpi), front and back in turn."""

    pdf: bytes
    """As WeasyPrint draws them, slowly."""
    printed: Sequence[bytes]
    """As a card printer prints them."""
    coloured: Sequence[bytes]
    """The first card as sheets print it: its back may have colour."""
    proof: Sequence[bytes]
    """The pages of ``pdf``."""


@dataclass(frozen=True)
class Examination:
    """What was found out about a design."""

    faults: Sequence[PrintingError]
    preview: Preview | None
    """None where it could not be drawn."""


def examine(design: Design, faces: Sequence[CardFace]) -> Examination:
    """Look at a design that an office made, with these cards, of which the first has a photo.

    Never raises for what the design does: that it takes for ever is a fault of the design like any other.
    """
    try:
        return run_confined(examine_here, design, list(faces), seconds=_SECONDS, megabytes=_MEGABYTES)
    except PrintingError as fault:
        return Examination([fault], None)


def preview(design: Design, faces: Sequence[CardFace]) -> Preview:
    """Draw the cards of a design that has passed.

    Raises:
        PrintingError: as drawing them does, and as `run_confined`.
    """
    return run_confined(_preview, design, list(faces), seconds=_SECONDS, megabytes=_MEGABYTES)


def examine_here(design: Design, faces: Sequence[CardFace]) -> Examination:
    """`examine` without its limits: what runs in the process of its own."""
    if faults := markup_faults(design):
        return Examination(faults, None)
    try:
        black, told = _look_at(design, faces, _BLACK)
        coloured, told_besides = _look_at(design, faces, _COLOUR)
    except Exception as error:
        # WeasyPrint stumbles over some of what a style sheet may say, each time in its own way
        return Examination([PrintingError("design_not_drawable", f"{type(error).__name__}: {error}"[:80])], None)
    return Examination(_once(told, told_besides), _preview_of(black, coloured) if black and coloured else None)


def _look_at(
    design: Design, faces: Sequence[CardFace], sheet: SheetCode
) -> tuple[DrawnCards | None, list[PrintingError]]:
    """The cards with one of the backs, if they can be drawn, and what is wrong with them."""
    if faults := list(_fit_faults(design, faces, sheet)):
        return None, faults
    try:
        cards = draw_cards(design, faces, sheet)
        return cards, list(drawn_faults(design, cards))
    except PrintingError as fault:
        return None, [fault]


def _once(of_black: Sequence[PrintingError], of_colour: Sequence[PrintingError]) -> list[PrintingError]:
    """Each fault once, however many cards have it; what is so with the coloured back only names that back's class."""
    told = {(fault.code, fault.about): fault for fault in of_black}
    for fault in of_colour:
        if (fault.code, fault.about) not in told:
            about = f"{fault.about} (colour-back)"
            told[fault.code, about] = PrintingError(fault.code, about)
    return list(told.values())


def _fit_faults(design: Design, faces: Sequence[CardFace], sheet: SheetCode) -> Iterator[PrintingError]:
    for face in faces:
        try:
            check_face(face, design=design, sheet=sheet)
        except PrintingError as fault:
            code = "design_text_does_not_fit" if fault.code == "text_does_not_fit" else fault.code
            yield PrintingError(code, fault.about)


def _preview(design: Design, faces: Sequence[CardFace]) -> Preview:
    return _preview_of(draw_cards(design, faces, _BLACK), draw_cards(design, faces[:1], _COLOUR))


def _preview_of(black: DrawnCards, coloured: DrawnCards) -> Preview:
    return Preview(
        pdf=black.proof_pdf,
        printed=[as_png(side.picture) for side in black.printed],
        coloured=[as_png(side.picture) for side in coloured.printed[:2]],
        proof=[as_png(picture) for picture in black.proof],
    )
