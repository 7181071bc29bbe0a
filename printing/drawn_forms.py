"""What WeasyPrint drew of a page, taken out of its document as an object that any page of ours can show."""

import re
from collections.abc import Sequence

import pydyf

from printing.pdf_objects import Objects, stream

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")


def take_pages(pdf: pydyf.PDF, boxes: Sequence[tuple[bytes, bytes]], objects: Objects) -> list[int]:
    """Add each page of ``pdf`` as a form, and what it needs; says the forms' numbers.

    Args:
        boxes: for each page the part of it that is shown (``BBox``) and how it is moved (``Matrix``), in PDF's words.
    """
    numbers: dict[int, int] = {}

    def moved(data: bytes) -> bytes:
        return _REFERENCE.sub(lambda match: b"%d 0 R" % take(int(match[1])), data)

    def take(number: int) -> int:
        if number not in numbers:
            # reserved before it is looked into: some of WeasyPrint's objects refer to each other
            numbers[number] = objects.reserve()
            item = pdf.objects[number]
            data: bytes = item.data
            if isinstance(item, pydyf.Stream):
                head, keyword, body = data.partition(b"\nstream\n")
                data = moved(head) + keyword + body
            else:
                data = moved(data)
            objects.put(numbers[number], data)
        return numbers[number]

    forms = []
    for page_number, (box, matrix) in zip(pdf.pages["Kids"][::3], boxes, strict=True):
        page = pdf.objects[page_number]
        resources = moved(page["Resources"])
        drawing = b"\n".join(pdf.objects[int(page["Contents"].split()[0])].stream)
        entries = b"/Type/XObject/Subtype/Form/BBox[%s]/Matrix[%s]/Resources %s" % (box, matrix, resources)
        forms.append(objects.add(stream(drawing, entries)))
    return forms
