"""The forms of a point's stock: what was delivered, damaged or returned, and the day's closing count."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import UUID, DataRequired, InputRequired, Length, NumberRange

from kiosk.filters import angka
from kiosk.forms.free_text import no_number
from registry.db import new_id
from registry.giving.stock import MOST_AT_ONCE
from registry.kinds import StockKind

_NUMBER: dict[str, Any] = {"inputmode": "numeric", "min": 1, "max": MOST_AT_ONCE, "autocomplete": "off"}


class StockForm(FlaskForm):
    """How many packages; the prefix is the kind, so that three forms stand on one page."""

    entry = HiddenField(validators=[InputRequired(), UUID()])
    quantity = IntegerField(
        "Jumlah paket",
        [
            InputRequired("Isi jumlahnya dengan angka."),
            NumberRange(1, MOST_AT_ONCE, f"Isi 1 sampai {angka(MOST_AT_ONCE)}."),
        ],
        render_kw=_NUMBER,
    )

    def renew(self) -> None:
        """Give the entry to come its id: sent twice, it is one entry."""
        self.entry.data = str(new_id())


class DeliveryForm(StockForm):
    """What came from the store."""

    document = StringField(
        "Nomor surat jalan",
        [DataRequired("Isi nomor surat jalannya."), Length(max=80, message="Paling panjang 80 karakter."), no_number],
        render_kw={"autocomplete": "off"},
    )


class LossForm(StockForm):
    """What was damaged or goes back, and why."""

    note = StringField(
        "Alasan",
        [
            DataRequired("Tulis alasannya."),
            Length(max=200, message="Paling panjang 200 karakter."),
            no_number,
        ],
        render_kw={"autocomplete": "off", "maxlength": 200},
    )
    document = StringField(
        "Nomor surat",
        [Length(max=80, message="Paling panjang 80 karakter."), no_number],
        render_kw={"autocomplete": "off"},
    )


def stock_form(kind: StockKind, *, is_sent: bool = False) -> DeliveryForm | LossForm:
    """Return the form of a kind of entry, as it was sent or fresh."""
    form_of = DeliveryForm if kind is StockKind.DELIVERED else LossForm
    form = form_of(prefix=kind.value) if is_sent else form_of(formdata=None, prefix=kind.value)
    if not is_sent:
        form.renew()
    return form


class CloseForm(FlaskForm):
    """The closing count and what is to be said."""

    counted = IntegerField(
        "Hasil hitung paket yang tersisa",
        render_kw={**_NUMBER, "min": 0},
    )
    note = TextAreaField(
        "Catatan",
        [Length(max=200, message="Paling panjang 200 karakter."), no_number],
        render_kw={"maxlength": 200, "rows": 3},
    )

    def expect(self, left: int | None) -> None:
        """Ask for a count where stock is kept, and for a note where the count differs from the books."""
        if left is None:
            del self.counted
            return
        self.counted.validators = [
            InputRequired("Hitung paket yang tersisa, lalu isi jumlahnya; 0 bila habis."),
            NumberRange(0, MOST_AT_ONCE, f"Isi 0 sampai {angka(MOST_AT_ONCE)}."),
        ]
        self.counted.flags.required = True
        self._left = left

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that a difference is explained."""
        if not super().validate(extra_validators):
            return False
        if self.counted is not None and self.counted.data != self._left and not (self.note.data or "").strip():
            self.note.errors = [f"Catatan menyebut {angka(self._left)} paket. Tulis penjelasan selisihnya."]
            return False
        return True


class MissedDayForm(FlaskForm):
    """Which day was never closed."""

    day = DateField("Hari", [InputRequired("Pilih harinya.")])
