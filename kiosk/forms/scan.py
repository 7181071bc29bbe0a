"""The forms of scanning: what a scanner or a hand typed, and why a giving is taken back."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from kiosk.forms.free_text import no_number

LONGEST_SCAN = 1024
"""Characters: the longest text that the token reader looks at."""


class ScanForm(FlaskForm):
    """A scanned code, read in both ways, or a card number typed by hand."""

    scanned = HiddenField(validators=[Length(max=LONGEST_SCAN)])
    scanned_as_typed = HiddenField(validators=[Length(max=LONGEST_SCAN)])
    typed = StringField(
        "Nomor kartu",
        [Length(max=LONGEST_SCAN, message="Ketik nomor kartunya saja.")],
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
