"""The form of a budget line's ceiling."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from kiosk.forms.free_text import no_number
from registry.offices.ceilings import HIGHEST_CEILING


class CeilingForm(FlaskForm):
    """A line's new ceiling, and the document that says so."""

    line = HiddenField(validators=[InputRequired(), Length(max=40)])
    ceiling = IntegerField(
        "Pagu baru, dalam rupiah",
        [InputRequired("Isi pagunya."), NumberRange(0, HIGHEST_CEILING, "Isi angka bulat tanpa titik.")],
        render_kw={"inputmode": "numeric", "min": 0},
    )
    document = StringField(
        "Dasar",
        [
            DataRequired("Sebut dokumennya, misalnya DPPA 2026."),
            Length(max=200, message="Paling panjang 200 karakter."),
            no_number,
        ],
        render_kw={"autocomplete": "off"},
    )
