"""Many cards in one file, with memory for some dozens of them only."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

import pydyf
from weasyprint import Document

from printing.card import set_cards
from printing.face import CardFace
from printing.finish import CardFinisher, viewer_preferences
from printing.layout import CardForm

_AT_ONCE = 50
"""Cards set in one go: WeasyPrint keeps about 0.7 MB for each until its document is written."""

_ROOT, _TREE = 1, 2
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")


def write_cards(faces: Iterable[CardFace], target: BinaryIO, *, form: CardForm = CardForm.PRINTER) -> int:
    """Write one PDF of all ``faces`` to ``target``, as `card_pdf` would make it; says how many cards it has.

    Raises:
        PrintingError: as `card_pdf`; then ``target`` is not a whole PDF.
    """
    joined = _JoinedPdf(target)
    cards = 0
    for chunk in _chunks(faces):
        finish = CardFinisher(form, chunk)

        def finish_and_copy(document: Document, pdf: pydyf.PDF, finish: CardFinisher = finish) -> None:
            finish(document, pdf)
            joined.append(pdf)

        set_cards(chunk, form, finish_and_copy)
        cards += len(chunk)
    joined.close(pages=2 * cards)
    return cards


def _chunks(faces: Iterable[CardFace]) -> Iterator[list[CardFace]]:
    rest = iter(faces)
    while chunk := list(islice(rest, _AT_ONCE)):
        yield chunk


class _JoinedPdf:
    """A PDF written object by object from others, each of which becomes a branch of its page tree."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._position = 0
        self._offsets: list[int | None] = [None, None, None]
        self._branches: list[int] = []
        self._write(b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n")

    def append(self, pdf: pydyf.PDF) -> None:
        """Copy all objects of ``pdf`` but its catalog, under the next free numbers."""
        shift = len(self._offsets) - 1

        def shifted(data: bytes) -> bytes:
            return _REFERENCE.sub(lambda match: b"%d 0 R" % (int(match[1]) + shift), data)

        for item in pdf.objects[1:]:
            if item is pdf.catalog:
                self._offsets.append(None)
                continue
            data: bytes = item.data
            if isinstance(item, pydyf.Stream):
                head, keyword, body = data.partition(b"\nstream\n")
                data = shifted(head) + keyword + body
            else:
                data = shifted(data)
            if item is pdf.pages:
                data = data.replace(b"<<", b"<</Parent %d 0 R" % _TREE, 1)
                self._branches.append(item.number + shift)
            self._offsets.append(None)
            self._put(item.number + shift, data)

    def close(self, *, pages: int) -> None:
        """Write what ties it together: the page tree, the catalog, the table of offsets."""
        kids = b" ".join(b"%d 0 R" % branch for branch in self._branches)
        self._put(_TREE, b"<</Type /Pages /Count %d /Kids [%s]>>" % (pages, kids))
        catalog = pydyf.Dictionary(
            {"Type": "/Catalog", "Pages": b"%d 0 R" % _TREE, "ViewerPreferences": viewer_preferences()}
        )
        self._put(_ROOT, catalog.data)
        table = self._position
        self._write(b"xref\n0 %d\n" % len(self._offsets))
        for offset in self._offsets:
            self._write(b"0000000000 65535 f \n" if offset is None else b"%010d 00000 n \n" % offset)
        self._write(b"trailer\n<</Size %d /Root %d 0 R>>\n" % (len(self._offsets), _ROOT))
        self._write(b"startxref\n%d\n%%%%EOF\n" % table)

    def _put(self, number: int, data: bytes) -> None:
        self._offsets[number] = self._position
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, data))

    def _write(self, data: bytes) -> None:
        self._target.write(data)
        self._position += len(data)
