"""The forms of a point's schedule: planning sessions, moving one, and moving one family's invitation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, SelectField, SelectMultipleField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import UUID, DataRequired, InputRequired, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from kiosk.filters import angka, tanggal
from registry.programmes.schedules import (
    DEFAULT_CAPACITY,
    LARGEST_CAPACITY,
    USUAL_WINDOWS,
    SessionTally,
    Window,
)


def say_window(starts_at: time, ends_at: time) -> str:
    """Return the time of a session in words: ``08.00–10.00 WIB``."""
    return f"{starts_at:%H.%M}–{ends_at:%H.%M} WIB"


class PlanForm(FlaskForm):
    """From which day on, in which parts of a day, and how many families in each."""

    first_day = DateField("Mulai hari", [InputRequired("Isi hari pertama pembagian.")])
    windows = SelectMultipleField(
        "Sesi setiap hari",
        [DataRequired("Pilih paling sedikit satu sesi.")],
        choices=[SelectChoice(f"{starts:%H%M}", say_window(starts, ends)) for starts, ends in USUAL_WINDOWS],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        default=[f"{starts:%H%M}" for starts, _ in USUAL_WINDOWS],
    )
    capacity = IntegerField(
        "Keluarga dalam satu sesi",
        [
            InputRequired("Isi berapa keluarga yang dilayani dalam satu sesi."),
            NumberRange(1, LARGEST_CAPACITY, f"Isi 1 sampai {angka(LARGEST_CAPACITY)}."),
        ],
        default=DEFAULT_CAPACITY,
        render_kw={"inputmode": "numeric", "min": 1, "max": LARGEST_CAPACITY},
    )

    @property
    def chosen_windows(self) -> Sequence[Window]:
        """The chosen parts of a day."""
        return [window for window in USUAL_WINDOWS if f"{window[0]:%H%M}" in self.windows.data]


class MoveSessionForm(FlaskForm):
    """To which day and time a session goes."""

    on_date = DateField("Hari", [InputRequired("Isi harinya.")])
    starts_at = TimeField("Mulai (WIB)", [InputRequired("Isi jam mulai.")])
    ends_at = TimeField("Selesai (WIB)", [InputRequired("Isi jam selesai.")])

    def validate_ends_at(self, field: TimeField) -> None:
        """A session ends after it begins."""
        if self.starts_at.data and field.data and field.data <= self.starts_at.data:
            raise ValidationError("Jam selesai harus sesudah jam mulai.")


class MoveTicketForm(FlaskForm):
    """To which session one family's invitation goes."""

    entitlement = HiddenField(validators=[InputRequired(), UUID()])
    target = SelectField("Sesi lain", [DataRequired("Pilih sesinya.")])

    def offer(self, tallies: Iterable[SessionTally]) -> None:
        """Offer the sessions that have room."""
        self.target.choices = [
            SelectChoice(
                str(one.session.id),
                f"{tanggal(one.session.on_date)}, {say_window(one.session.starts_at, one.session.ends_at)}"
                f" (tersisa {angka(one.free)})",
            )
            for one in tallies
            if one.free
        ]
