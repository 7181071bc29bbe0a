"""The forms of a round: preparing it, bringing an office's list, freezing the list, and changing it by an addendum."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from kiosk import words
from kiosk.clock import now
from registry.days import local_day
from registry.errors import IdentifierError
from registry.giving.handout_places import HandoutPlace
from registry.identifiers import Nik
from registry.kinds import Basis
from registry.programmes.rounds import Place

ALL, NONE = "*", ""
"""In place of a village: all that come to the point, or none."""
_HIGHEST_PRICE = 1_000_000  # a slip of the finger, not a price
_LONGEST_NUMBER = 80  # of a decree or an addendum, the column's width
_BASES = [SelectChoice(one.value, words.label(one)) for one in (Basis.DISCRETION, Basis.OFFICE_DECREE, Basis.DTSEN)]


class RoundForm(FlaskForm):
    """Name, days, price, and which villages come to which service point."""

    programme = HiddenField()
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
    places = SelectMultipleField("Desa dan titik layanan", [DataRequired("Pilih paling sedikit satu desa.")])

    def offer(self, places: Iterable[HandoutPlace]) -> None:
        """Offer these places."""
        self._places = {str(place.point.id): place for place in places}
        self.places.choices = [
            (f"{point}/{village}", village)
            for point, place in self._places.items()
            for village in (ALL, NONE, *(one.code for one in place.villages))
        ]

    def validate_closes_on(self, field: DateField) -> None:
        """A round ends on the day it begins or later."""
        if self.opens_on.data and field.data and field.data < self.opens_on.data:
            raise ValidationError("Tanggal terakhir tidak boleh sebelum tanggal mulai.")

    def validate_places(self, _field: SelectMultipleField) -> None:
        """A village comes to one point, so that a family is told one place."""
        villages = [village for place in self.chosen_places for village in place.villages]
        if len(set(villages)) < len(villages):
            raise ValidationError("Satu desa hanya boleh dipilih di satu titik layanan.")

    @property
    def chosen_places(self) -> list[Place]:
        """The chosen points, each with its chosen villages."""
        chosen: dict[str, set[str]] = {}
        for choice in self.places.data or ():
            point, _, village = choice.partition("/")
            if point in self._places:
                of_point = {one.code for one in self._places[point].villages}
                chosen.setdefault(point, set()).update(of_point if village == ALL else of_point & {village})
        return [Place(self._places[point].point.id, sorted(villages)) for point, villages in sorted(chosen.items())]


class OfficeListForm(FlaskForm):
    """A list that an office brings under its decree."""

    file = FileField(
        "Berkas daftar (kolom NIK, untuk sekolah juga NPSN)",
        [FileRequired("Pilih berkas CSV atau XLSX.")],
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx"},
    )
    document = StringField(
        "Nomor SK",
        [DataRequired("Isi nomor SK-nya."), Length(max=_LONGEST_NUMBER, message="Paling panjang 80 karakter.")],
        render_kw={"autocomplete": "off"},
    )


class _ByNik(FlaskForm):
    nik = StringField(
        "NIK",
        [DataRequired("Ketik 16 angka NIK.")],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "class": "number"},
    )

    def validate_nik(self, field: StringField) -> None:
        """Refuse what is no NIK."""
        try:
            Nik.parse(field.data or "")
        except IdentifierError as error:
            raise ValidationError("NIK terdiri atas 16 angka.") from error

    @property
    def whose(self) -> Nik:
        """The NIK that was typed."""
        return Nik.parse(self.nik.data)


_NPSN = StringField(
    "NPSN sekolahnya",
    [Optional(), Regexp(r"^\s*\d{8}\s*$", message="NPSN terdiri atas 8 angka.")],
    render_kw={"autocomplete": "off", "inputmode": "numeric"},
)


class DiscretionForm(_ByNik):
    """One subject that the office puts on a list at its discretion, before it is frozen."""

    npsn = _NPSN
    document = StringField(
        "Nomor keputusan",
        [DataRequired("Isi nomor keputusannya."), Length(max=_LONGEST_NUMBER, message="Paling panjang 80 karakter.")],
        render_kw={"autocomplete": "off"},
    )


class DeterminationForm(FlaskForm):
    """The decree that freezes a list."""

    decree_number = StringField(
        "Nomor SK penetapan",
        [DataRequired("Isi nomor SK-nya."), Length(max=_LONGEST_NUMBER, message="Paling panjang 80 karakter.")],
        render_kw={"autocomplete": "off"},
    )
    decree_date = DateField("Tanggal SK", [InputRequired("Isi tanggal SK-nya.")])

    def validate_decree_date(self, field: DateField) -> None:
        """Refuse a day that has not come yet."""
        today: date = local_day(now())
        if field.data and field.data > today:
            raise ValidationError("Tanggal ini belum tiba.")


class _Addendum(_ByNik):
    number = StringField(
        "Nomor adendum",
        [DataRequired("Isi nomor adendumnya."), Length(max=_LONGEST_NUMBER, message="Paling panjang 80 karakter.")],
        render_kw={"autocomplete": "off"},
    )
    reason = StringField(
        "Alasan, tanpa nama orang",
        [DataRequired("Tulis alasannya."), Length(max=200, message="Paling panjang 200 karakter.")],
        render_kw={"autocomplete": "off"},
    )


class AdditionForm(_Addendum):
    """One subject that joins a frozen list."""

    npsn = _NPSN
    basis = SelectField("Dasar", choices=_BASES)
    document = StringField(
        "Nomor dokumen",
        [DataRequired("Isi nomor dokumennya."), Length(max=_LONGEST_NUMBER, message="Paling panjang 80 karakter.")],
        render_kw={"autocomplete": "off"},
    )


class RemovalForm(_Addendum):
    """One subject that leaves a frozen list."""
