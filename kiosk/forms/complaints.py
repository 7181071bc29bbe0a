"""The forms of complaints: taken from a family, asked after by number, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import UUID, DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from kiosk import words
from kiosk.forms.free_text import no_number
from kiosk.forms.scan import ScanForm
from registry.complaints.complaints import LONGEST_WORDS
from registry.complaints.numbers import read_number
from registry.kinds import ComplaintKind, ComplaintState, Referral
from registry.models import Office, Region, ServicePoint

_LONGEST_CODE = 1024  # as in scanning


def _named(kind: StrEnum) -> str:
    """Return the word of a kind as it begins a line; the letters of DTSEN and RT stay as they are."""
    word = words.label(kind)
    return word[:1].upper() + word[1:]


def _words(name: str, missing: str) -> TextAreaField:
    return TextAreaField(
        name,
        [
            DataRequired(missing),
            Length(max=LONGEST_WORDS, message=f"Paling panjang {LONGEST_WORDS} karakter."),
            no_number,
        ],
        render_kw={"maxlength": LONGEST_WORDS, "rows": 4},
    )


def _seen() -> IntegerField:
    """Return the field that says how many steps the officer had before their eyes."""
    return IntegerField(validators=[InputRequired(), NumberRange(0)], widget=HiddenInput())


class ShownForm(ScanForm):
    """What a complaint begins with: a refusal, a family's page, a card that is shown; or nothing of these."""

    attempt = HiddenField(validators=[Optional(), UUID()])
    family = HiddenField(validators=[Length(max=40)])


class ComplaintForm(FlaskForm):
    """The complaint itself, with what it began with, and the key under which it is taken once."""

    attempt = HiddenField(validators=[Optional(), UUID()])
    family = HiddenField(validators=[Length(max=40)])
    scanned = HiddenField(validators=[Length(max=_LONGEST_CODE)])
    scanned_as_typed = HiddenField(validators=[Length(max=_LONGEST_CODE)])
    key = HiddenField(validators=[InputRequired(), UUID()])
    kind = RadioField(
        "Tentang apa?",
        [DataRequired("Pilih tentang apa pengaduannya.")],
        choices=[SelectChoice(kind.value, _named(kind)) for kind in ComplaintKind],
    )
    about_point = SelectField("Titik layanan yang diadukan", [Optional()], default="")
    told = _words("Apa yang disampaikan keluarga?", "Tulis apa yang disampaikan keluarga, satu atau dua kalimat.")

    def offer(self, points: Iterable[ServicePoint]) -> None:
        """Offer the service points that may be complained of."""
        self.about_point.choices = [
            SelectChoice("", "Tidak dipilih"),
            *(SelectChoice(str(point.id), f"{point.name} ({point.code})") for point in points),
        ]


class AskForm(FlaskForm):
    """The number off the slip."""

    number = StringField(
        "Nomor pengaduan",
        [DataRequired("Ketik nomor pengaduannya.")],
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "placeholder": "ADU-261122-K7M3-QF8W",
        },
    )

    def validate_number(self, field: StringField) -> None:
        """Ask for a number that can be one."""
        if read_number(field.data or "") is None:
            said = words.of("complaint_number_malformed")
            raise ValidationError(f"{said.explanation} {said.next_step}")


class ReferForm(FlaskForm):
    """Where a complaint is referred, and what is asked there."""

    seen = _seen()
    referral = SelectField(
        "Teruskan kepada",
        [DataRequired("Pilih kepada siapa.")],
        choices=[SelectChoice(one.value, _named(one)) for one in Referral],
    )
    office = SelectField("Perangkat daerah", [Optional()], default="")
    asked = _words("Apa yang diminta", "Tulis apa yang diminta; keluarga dapat membacanya.")

    def offer(self, offices: Iterable[Office]) -> None:
        """Offer these offices."""
        self.office.choices = [SelectChoice("", "–"), *(SelectChoice(one.code, one.name) for one in offices)]

    def validate_office(self, field: SelectField) -> None:
        """An office is named when it is one."""
        if self.referral.data == Referral.OFFICE and not field.data:
            raise ValidationError("Pilih perangkat daerahnya.")


class AnswerForm(FlaskForm):
    """What the family is told."""

    seen = _seen()
    answer = _words("Jawaban untuk keluarga", "Tulis jawabannya.")


class CloseForm(FlaskForm):
    """How the family was told."""

    seen = _seen()
    told = _words("Bagaimana keluarga diberi tahu", "Tulis bagaimana keluarga diberi tahu.")


class ComplaintFilterForm(FlaskForm):
    """Which complaints are listed; by address, so that a list can be kept as a bookmark."""

    class Meta:
        """It only shows."""

        csrf = False

    keadaan = SelectField(
        "Keadaan",
        default="",
        choices=[
            SelectChoice("", "Belum dijawab"),
            *(SelectChoice(state.value, _named(state)) for state in ComplaintState),
            SelectChoice("semua", "Semua"),
        ],
    )
    tentang = SelectField(
        "Tentang",
        default="",
        choices=[
            SelectChoice("", "Semua"),
            *(SelectChoice(kind.value, _named(kind)) for kind in ComplaintKind),
        ],
    )
    perangkat = SelectField("Perangkat daerah", default="")
    wilayah = SelectField("Wilayah", default="")

    def offer(self, offices: Iterable[Office], here: Region, below: Iterable[Region]) -> None:
        """Offer these offices and regions."""
        self.perangkat.choices = [SelectChoice("", "Semua"), *(SelectChoice(one.code, one.name) for one in offices)]
        self.wilayah.choices = [
            SelectChoice("", f"Seluruh {here.name}"),
            *(SelectChoice(one.code, one.name) for one in below),
        ]
