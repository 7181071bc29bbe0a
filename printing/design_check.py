"""Whether a design will do, and what its cards look like: found out in a process of its own, by drawing them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from printing.card import card_pdf, check_face
from printing.confined import run_confined
from printing.design import Design
from printing.design_drawn import drawn_faults, pages_as_png
from printing.design_markup import markup_faults
from printing.errors import PrintingError
from printing.face import CardFace
from printing.proof import proof_pdf

__all__ = ["Examination", "Preview", "examine", "examine_here", "preview"]

_SECONDS = 60.0
"""For three cards, drawn four times, which took 2.1 s of the processor where it was measured."""
_MEGABYTES = 900


@dataclass(frozen=True)
class Preview:
    """Cards of a design: a file, and its pages as pictures (PNG, 300 dpi), front and back in turn."""

    pdf: bytes
    """As WeasyPrint draws them, slowly."""
    printed: Sequence[bytes]
    """As they are printed."""
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
    if faults := list(_fit_faults(design, faces)):
        return Examination(faults, None)
    try:
        faults = list(drawn_faults(design, faces))
        return Examination(faults, _preview(design, faces))
    except PrintingError as fault:
        return Examination([fault], None)
    except Exception as error:
        # WeasyPrint stumbles over some of what a style sheet may say, each time in its own way
        return Examination([PrintingError("design_not_drawable", f"{type(error).__name__}: {error}"[:80])], None)


def _fit_faults(design: Design, faces: Sequence[CardFace]) -> Iterator[PrintingError]:
    for face in faces:
        try:
            check_face(face, design=design)
        except PrintingError as fault:
            code = "design_text_does_not_fit" if fault.code == "text_does_not_fit" else fault.code
            yield PrintingError(code, fault.about)


def _preview(design: Design, faces: Sequence[CardFace]) -> Preview:
    pdf = proof_pdf(faces, design=design)
    return Preview(pdf, pages_as_png(card_pdf(faces, design=design)), pages_as_png(pdf))
