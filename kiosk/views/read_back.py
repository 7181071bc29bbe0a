"""Reading fresh cards back: their codes are scanned one after the other, or photographed; then they are ready.

The picture is read here and not kept.
"""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.answers import Answer, answer_of
from kiosk.clock import now
from kiosk.forms.code_picture import CodePictureForm
from kiosk.forms.hand_over import FreshCardForm
from kiosk.fresh_card import look_at, note_ready
from kiosk.permissions import Permission, needs
from kiosk.sign_in import signed_in
from kiosk.state import state
from kiosk.words import Words
from printing.errors import PhotoError
from printing.reading import read_code
from registry.cards.reading_back import count_read_back, list_unread
from registry.days import day_bounds, local_day
from registry.models import Card
from verify.hand_over import FreshCard

views = Blueprint("read_back", __name__)

_SHOWN = 30  # cards of which the officer may still be looking for the print


@views.get("/kartu/periksa-cetak")
@needs(Permission.CARDS_PRINT)
def page() -> ResponseReturnValue:
    """Wait for the first card, and show which ones are still to be read back."""
    return _show(FreshCardForm(formdata=None))


@views.post("/kartu/periksa-cetak")
@needs(Permission.CARDS_PRINT)
def scan() -> ResponseReturnValue:
    """Say of the scanned card whether it is ready or what is wrong with it, and wait for the next one."""
    form = FreshCardForm()
    if not form.validate():
        return _show(form), 422
    return _answer(form.text, form.scanned_as_typed.data or "")


@views.post("/kartu/periksa-cetak/foto")
@needs(Permission.CARDS_PRINT)
def scan_picture() -> ResponseReturnValue:
    """Read the code in a picture, and go on as with a scan."""
    picture = CodePictureForm()
    if not picture.validate():
        return _show(FreshCardForm(formdata=None), picture), 422
    try:
        text = read_code(picture.picture.data.read())
    except PhotoError as error:
        return _show(FreshCardForm(formdata=None), picture, words.of(error.code)), 422
    return _answer(text, "")


def _answer(text: str, as_typed: str) -> str:
    with state().database.writing() as writing:
        fresh = look_at(writing, text, as_typed)
        answer = _answer_of(fresh)
        note_ready(writing, fresh)
    return _show(FreshCardForm(formdata=None), answer=answer, card=fresh.card)


def _answer_of(fresh: FreshCard) -> Answer:
    if not fresh.decision.is_granted:
        answer = answer_of(fresh.decision.outcome, fresh.decision.reasons)
        return Answer(answer.kind, "Belum siap", answer.reasons) if answer.kind == "refused" else answer
    return Answer("granted", "Siap", ()) if fresh.is_to_note else Answer("already", "Sudah diperiksa", ())


def _show(
    form: FreshCardForm,
    picture: CodePictureForm | None = None,
    said: Words | None = None,
    *,
    answer: Answer | None = None,
    card: Card | None = None,
) -> str:
    here = signed_in()
    since, _ = day_bounds(local_day(now()))
    with state().database.reading() as reading:
        return render_template(
            "read_back/page.html",
            form=form,
            picture=picture or CodePictureForm(formdata=None),
            said=said,
            answer=answer,
            card=card,
            count=count_read_back(reading, area=here.area_code, point_id=here.point_id, since=since),
            unread=list_unread(reading, area=here.area_code, limit=_SHOWN),
        )
