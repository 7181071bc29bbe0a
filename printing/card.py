"""The card as PDF: two pages each, front and back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from printing import layout
from printing.face import CardFace
from printing.finish import CardFinisher
from printing.fitting import Fitted, fit
from printing.indonesian import short_date
from printing.layout import POINTS_PER_DOT, Box, CardForm
from printing.typeface import Weight
from printing.typesetting import Finisher, typeset

_NAME_SIZES = (13, 12.5, 12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6, 5.5, 5)
_PROGRAMME_SIZES = (10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6, 5.5, 5)
_VALUE_SIZES = (7, 6.5, 6, 5.5, 5, 4.5, 4)
_CONTACT_SIZES = (7, 6.5, 6, 5.5, 5)


def card_pdf(faces: Sequence[CardFace], *, form: CardForm = CardForm.PRINTER) -> bytes:
    """One PDF of all ``faces``, in their order: page 1 is the first card's front, page 2 its back, and so on.

    Raises:
        PrintingError: ``text_does_not_fit``, ``qr_text_not_printable``, ``photo_not_ours``: nothing is printed in part.
    """
    return set_cards(faces, form, CardFinisher(form, faces))


def set_cards(faces: Sequence[CardFace], form: CardForm, finisher: Finisher) -> bytes:
    """The same with a finisher of the caller's, which has to do what `CardFinisher` does and may do more."""
    return typeset(
        "card.html",
        pages=2 * len(faces),
        finisher=finisher,
        sheet=form.value,
        layout=layout,
        cards=[_set_words(face) for face in faces],
    )


def _set_words(face: CardFace) -> dict[str, Any]:
    kind, _, regency_name = face.regency.partition(" ")
    if kind not in ("Kabupaten", "Kota"):
        kind, regency_name = "Kabupaten/Kota", face.regency
    district = _fit(face.district, layout.DISTRICT, _VALUE_SIZES, Weight.BOLD, "district")
    regency = _fit(regency_name, layout.REGENCY, _VALUE_SIZES, Weight.BOLD, "regency")
    # the two stand side by side: one size for both
    size = min(district.size, regency.size)
    return {
        "programme": _fit(face.programme, layout.PROGRAMME, _PROGRAMME_SIZES, Weight.EXTRA_BOLD, "programme"),
        "programme_again": _fit(face.programme, layout.PROGRAMME_AGAIN, _VALUE_SIZES, Weight.BOLD, "programme"),
        "head_name": _fit(face.head_name, layout.HEAD_NAME, _NAME_SIZES, Weight.BOLD, "head_name"),
        "card_number": face.card_number,
        "district": replace(district, size=size),
        "regency_kind": kind,
        "regency": replace(regency, size=size),
        "issue_number": face.issue_number,
        "issued_on": short_date(face.issued_on),
        "valid_until": short_date(face.valid_until),
        "loss_contact": _fit(face.loss_contact, layout.LOSS, _CONTACT_SIZES, Weight.MEDIUM, "loss_contact"),
    }


def _fit(text: str, box: Box, sizes: Sequence[float], weight: Weight, field: str) -> Fitted:
    width, height = box.width * POINTS_PER_DOT, box.height * POINTS_PER_DOT
    return fit(text, width, height, sizes=sizes, weight=weight, field=field)
