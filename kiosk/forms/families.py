"""The forms around families: searching one, and asking to see its whole numbers."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from kiosk import words
from kiosk.paging import page_number
from registry.errors import IdentifierError
from registry.identifiers import Nik, repair
from registry.kinds import RegionLevel, ShowReason
from registry.models import Region

SHORTEST_NAME = 3
"""Letters of a name that a search needs: fewer would list half a village."""


class FamilySearchForm(FlaskForm):
    """One field for what the family brings along (Nomor KK, NIK or a name), and where to look."""

    asked = StringField(
        "Nomor KK, NIK, atau nama",
        [Length(max=120, message="Paling panjang 120 karakter.")],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autofocus": True},
    )
    region = SelectField("Wilayah", choices=[], default="", validate_choice=True)
    page = HiddenField(default="1")

    def offer(self, regions: list[tuple[Region, list[Region]]]) -> None:
        """Offer these regions below the officer's own, grouped by the ones above them where there are two levels."""
        single = [SelectChoice(above.code, _named(above)) for above, below in regions if not below]
        grouped = [
            SelectChoice(one.code, _named(one), optgroup=_named(above)) for above, below in regions for one in below
        ]
        self.region.choices = [SelectChoice("", "Seluruh wilayah layanan"), *single, *grouped]

    @property
    def digits(self) -> str:
        """Return the sixteen digits that were asked for; empty when a name was."""
        text, _ = repair(self.asked.data or "")
        return text if text.isascii() and text.isdigit() else ""

    @property
    def name(self) -> str | None:
        """Return the part of a name that was asked for."""
        return None if self.digits else (self.asked.data or "").strip() or None

    @property
    def number(self) -> int:
        """Return the page that was asked for; the first when it was none."""
        return page_number(self.page.data)

    def validate_asked(self, field: StringField) -> None:
        """Ask for something to look for, and for all digits of a number."""
        text = (field.data or "").strip()
        if not text.isprintable():  # no name has a control sign, and PostgreSQL takes no NUL
            raise ValidationError("Isi huruf, angka, dan tanda baca saja.")
        if not text and not self.region.data:
            raise ValidationError("Isi Nomor KK, NIK, atau nama, atau pilih wilayahnya.")
        if any(sign.isdecimal() for sign in text):
            try:
                Nik.parse(text)
            except IdentifierError as error:
                # a Nomor KK has the same form, and which of the two it is the officer need not say
                said = words.of(error.code, **error.detail)
                raise ValidationError(said.explanation.replace("NIK", "NIK dan Nomor KK", 1)) from None
        elif text and len(text) < SHORTEST_NAME:
            raise ValidationError(f"Ketik paling sedikit {SHORTEST_NAME} huruf dari namanya.")


class ShowNumbersForm(FlaskForm):
    """Why the whole numbers are to be seen."""

    reason = RadioField(
        "Alasan",
        [InputRequired("Pilih alasannya.")],
        choices=[SelectChoice(reason.value, words.label(reason)) for reason in ShowReason],
    )


def _named(region: Region) -> str:
    return f"{region.name} ({words.label(region.level)})" if region.level is RegionLevel.WARD else region.name
