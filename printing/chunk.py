"""One file of a batch, from the faces to the looked-at PDF: what a confined process draws in one call."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest
from os import fsync
from pathlib import Path
from random import Random
from time import monotonic

from printing.batch import write_cards
from printing.card import check_face
from printing.design import Design
from printing.errors import PrintingError
from printing.face import CardFace
from printing.preflight import check_codes, check_pictures, sample_positions
from printing.qr import qr_stencil
from printing.sheets import SHEETS
from registry.kinds import SheetCode


@dataclass(frozen=True)
class Drawn:
    """What was drawn into a file."""

    cards: int
    """0 when every face was put aside; there is no file then."""
    sha256: str
    size_bytes: int
    milliseconds: int
    reviews: Sequence[tuple[int, str, str]]
    """The faces that were put aside: index, and the code and field of the `PrintingError`."""


def draw_chunk(faces: Sequence[CardFace], target: Path, *, sheet: SheetCode, design: Design) -> Drawn:
    """Draw some hundred cards into ``target``, which must not exist yet, and look at what came of it.

    A face that cannot be put on paper as it should be is put aside, and the others are drawn. Every code is compared
    with what it should say; the pages of the first card, of the last one and of one in a hundred are rendered at 300
    dpi and read.

    Raises:
        PrintingError: ``code_differs``, about the card's number; then nothing of the file may be printed.
        OSError: when the file can't be written.
    """
    begun = monotonic()
    good, reviews = [], []
    for index, face in enumerate(faces):
        try:
            check_face(face, design=design, sheet=sheet)
            good.append(face)
        except PrintingError as error:
            reviews.append((index, error.code, error.about))
    if not good:
        return Drawn(0, "", 0, _since(begun), reviews)
    # what is compared is what is written: no code is drawn a second time
    codes = {face.qr_text: qr_stencil(face.qr_text) for face in good}
    check_codes(good, code_of=codes.__getitem__)
    with target.open("xb") as file:
        write_cards(good, file, sheet=sheet, design=design, code_of=codes.__getitem__)
        file.flush()
        fsync(file.fileno())
    _check_some(target, good, sheet=sheet)
    with target.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return Drawn(len(good), digest, target.stat().st_size, _since(begun), reviews)


def _check_some(path: Path, faces: Sequence[CardFace], *, sheet: SheetCode) -> None:
    form = SHEETS[sheet]
    pages: dict[int, list[CardFace]] = {}
    for position in sample_positions(len(faces), random=Random()):  # noqa: S311 (a sample, not a secret)
        paper, index = divmod(position, form.cards)
        pages.setdefault(paper * form.pages + form.back(index).page, []).append(faces[position])
    check_pictures(path, pages)


def _since(begun: float) -> int:
    return round(1000 * (monotonic() - begun))
