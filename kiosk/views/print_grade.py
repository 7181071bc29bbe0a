"""Judging a print: from a photo or scan of a card, is its code good enough? The picture is not kept."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.forms.print_grade import PrintGradeForm
from kiosk.permissions import Permission, needs
from kiosk.words import Words
from kiosk.words.print_grades import Judgement, judge
from printing.errors import PhotoError
from printing.grading import grade_print

views = Blueprint("print_grade", __name__)


@views.get("/kartu/mutu-cetak")
@needs(Permission.CARDS_PRINT)
def page() -> ResponseReturnValue:
    """Ask for the picture."""
    return _show(PrintGradeForm(formdata=None))


@views.post("/kartu/mutu-cetak")
@needs(Permission.CARDS_PRINT)
def grade() -> ResponseReturnValue:
    """Say how good the print is, why, and what to do."""
    form = PrintGradeForm()
    if not form.validate():
        return _show(form), 422
    try:
        found = grade_print(form.picture.data.read(), dots_per_inch=form.dots_per_inch.data)
    except PhotoError as error:
        return _show(form, said=words.of(error.code)), 422
    return _show(form, judgement=judge(found))


def _show(form: PrintGradeForm, *, said: Words | None = None, judgement: Judgement | None = None) -> str:
    return render_template("print_grade/page.html", form=form, said=said, judgement=judgement)
