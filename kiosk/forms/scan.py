"""The forms of scanning: what a scanner or a hand typed, what is to be given, and why a giving is taken back."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import UUID, DataRequired, InputRequired, Length

from kiosk.forms.free_text import no_number

_LONGEST = 1024  # the longest text that the token reader looks at


class ScanForm(FlaskForm):
    """A scanned code, read in both ways, or a card number typed by hand."""

    scanned = HiddenField(validators=[Length(max=_LONGEST)])
    scanned_as_typed = HiddenField(validators=[Length(max=_LONGEST)])
    typed = StringField(
        "Nomor kartu",
        [Length(max=_LONGEST, message="Ketik nomor kartunya saja.")],
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "inputmode": "numeric",
            "placeholder": "62-06-207002-0",
        },
    )

    @property
    def text(self) -> str:
        """What came in: from the scanner if it was one, else from the hand."""
        return self.scanned.data or (self.typed.data or "").strip()


class GiveForm(FlaskForm):
    """The card as it was scanned, the round that is given from, and the key under which this giving may be repeated."""

    class Meta:
        """The token of every POST is checked before any form is read; a second check would only slow the queue."""

        csrf = False

    text = HiddenField(validators=[InputRequired(), Length(max=_LONGEST)])
    as_typed = HiddenField(validators=[Length(max=_LONGEST)])
    round_id = HiddenField(validators=[InputRequired(), UUID()])
    key = HiddenField(validators=[InputRequired(), UUID()])


class UndoForm(FlaskForm):
    """Why a giving is taken back."""

    reason = TextAreaField(
        "Alasan pembatalan",
        [
            DataRequired("Tulis alasannya: pembatalan tanpa alasan tidak diterima."),
            Length(max=200, message="Alasan paling panjang 200 karakter."),
            no_number,
        ],
        render_kw={"maxlength": 200, "rows": 3},
    )
