"""The form that opens a round."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from registry.giving.handout_places import HandoutPlace
from registry.models import Programme
from registry.programmes.rounds import Place

_HIGHEST_PRICE = 1_000_000  # a slip of the finger, not a price


class RoundForm(FlaskForm):
    """Programme, name, days, price, and which villages come to which hand-out point."""

    programme = SelectField("Program", [DataRequired("Pilih programnya.")])
    name = StringField(
        "Nama tahap atau kegiatan",
        [DataRequired("Beri nama, misalnya Tahap I 2026."), Length(max=80, message="Paling panjang 80 karakter.")],
        render_kw={"autocomplete": "off", "placeholder": "Tahap I 2026"},
    )
    opens_on = DateField("Mulai", [InputRequired("Isi tanggal mulai.")])
    closes_on = DateField("Sampai dengan", [InputRequired("Isi tanggal terakhir.")])
    price = IntegerField(
        "Harga yang dibayar keluarga, dalam rupiah",
        [Optional(), NumberRange(0, _HIGHEST_PRICE, "Isi angka bulat, 0 untuk gratis.")],
        render_kw={"inputmode": "numeric", "min": 0},
    )
    places = SelectMultipleField("Desa dan titik bagi", [DataRequired("Pilih paling sedikit satu desa.")])

    def offer(self, programmes: Iterable[Programme], places: Iterable[HandoutPlace]) -> None:
        """Offer these programmes and places."""
        self.programme.choices = [(one.code, one.name) for one in programmes]
        self.places.choices = [
            (f"{place.point.id}/{village.code}", village.name) for place in places for village in place.villages
        ]

    def validate_closes_on(self, field: DateField) -> None:
        """A round ends on the day it begins or later."""
        if self.opens_on.data and field.data and field.data < self.opens_on.data:
            raise ValidationError("Tanggal terakhir tidak boleh sebelum tanggal mulai.")

    def validate_places(self, field: SelectMultipleField) -> None:
        """A village comes to one hand-out point, so that a family is told one place."""
        villages = [choice.partition("/")[2] for choice in field.data or ()]
        if len(set(villages)) < len(villages):
            raise ValidationError("Satu desa hanya boleh dipilih di satu titik bagi.")

    @property
    def chosen_places(self) -> list[Place]:
        """The chosen hand-out points, each with its chosen villages."""
        pairs = sorted(choice.partition("/")[::2] for choice in self.places.data)
        return [
            Place(UUID(point), [village for _, village in villages])
            for point, villages in groupby(pairs, key=lambda pair: pair[0])
        ]
