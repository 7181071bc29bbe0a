"""The form by which a family list is brought in."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from kiosk.clock import now
from registry.days import local_day
from registry.importing import DEFAULT_SOURCE


class ListForm(FlaskForm):
    """A file, who states it, and for which date."""

    file = FileField(
        "Berkas daftar",
        [FileRequired("Pilih berkas CSV atau XLSX.")],
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx"},
    )
    source = StringField(
        "Sumber data",
        [DataRequired("Isi sumber datanya."), Length(max=80, message="Paling panjang 80 karakter.")],
        default=DEFAULT_SOURCE,
    )
    as_of = DateField("Keadaan data per tanggal", [InputRequired("Isi tanggal keadaan datanya.")])

    def validate_source(self, field: StringField) -> None:
        """Refuse control signs, of which PostgreSQL cannot keep all."""
        if not (field.data or "").isprintable():
            raise ValidationError("Isi huruf, angka, dan tanda baca saja.")

    def validate_as_of(self, field: DateField) -> None:
        """Refuse a day that has not come yet: it would outdate every list that follows."""
        if field.data and field.data > local_day(now()):
            raise ValidationError("Tanggal ini belum tiba.")
