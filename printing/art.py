"""The card's art, drawn once in a process and laid under every card from then on.

Interpreting the SVG takes WeasyPrint longer than setting a card's words, and it would do so for every page.
"""

from functools import cache

import pydyf
from weasyprint import Document

from printing import layout
from printing.layout import CardForm
from printing.typesetting import typeset
from printing.weave import lozenge_twill

Drawing = list[bytes]
"""PDF operators. They need no resources: plain paths in plain colours."""


@cache
def art(form: CardForm) -> tuple[Drawing, Drawing]:
    """The front's and the back's."""
    drawings: list[Drawing] = []

    def keep_drawings(_document: Document, pdf: pydyf.PDF) -> None:
        for number in pdf.pages["Kids"][::3]:
            contents = pdf.objects[number]["Contents"]
            drawings.append(list(pdf.objects[int(contents.split()[0])].stream))

    typeset("art.html", pages=2, finisher=keep_drawings, sheet=form.value, layout=layout, weave=lozenge_twill)
    front, back = drawings
    return front, back
