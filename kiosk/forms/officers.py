"""The forms of officers and service points: added, given a new password."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, Length
from wtforms.widgets import CheckboxInput, ListWidget

from kiosk.filters import kapital
from kiosk.words import label
from registry.kinds import PointKind, Role
from registry.models import Office, Region, ServicePoint
from registry.officers.passwords import LONGEST, SHORTEST


def _password(name: str) -> PasswordField:
    return PasswordField(
        name,
        [
            DataRequired("Isi kata sandinya."),
            Length(
                SHORTEST, LONGEST, f"Kata sandi {SHORTEST} sampai {LONGEST} karakter; satu kalimat pendek sudah baik."
            ),
        ],
        render_kw={"autocomplete": "new-password"},
    )


def _again(name: str) -> PasswordField:
    return PasswordField(
        name,
        [DataRequired("Ulangi kata sandinya."), EqualTo("password", "Kedua kata sandi tidak sama.")],
        render_kw={"autocomplete": "new-password"},
    )


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class PasswordForm(FlaskForm):
    """A new password, typed twice."""

    password = _password("Kata sandi baru")
    again = _again("Ulangi kata sandi baru")


class OwnPasswordForm(PasswordForm):
    """One's own new password, after the one until now."""

    current = PasswordField(
        "Kata sandi sekarang",
        [DataRequired("Isi kata sandi Anda yang sekarang."), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class OfficerForm(FlaskForm):
    """A new officer: who, where, with which roles, and the first password."""

    name = StringField(
        "Nama lengkap",
        [DataRequired("Isi nama petugas."), Length(max=80, message="Nama paling panjang 80 karakter.")],
        filters=[_stripped],
    )
    username = StringField(
        "Nama pengguna",
        [DataRequired("Isi nama pengguna."), Length(max=40, message="Nama pengguna paling panjang 40 karakter.")],
        render_kw={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"},
        filters=[_stripped],
    )
    point = SelectField("Titik layanan", [DataRequired("Pilih titik layanannya.")])
    roles = SelectMultipleField(
        "Peran",
        [DataRequired("Pilih paling sedikit satu peran.")],
        choices=[SelectChoice(role.value, kapital(label(role))) for role in Role],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    password = _password("Kata sandi pertama")
    again = _again("Ulangi kata sandi pertama")

    def offer(self, points: Iterable[ServicePoint]) -> None:
        """Offer these service points."""
        self.point.choices = [
            SelectChoice("", "Pilih…"),
            *(SelectChoice(point.code, f"{point.name} ({point.code})") for point in points),
        ]


class PointChangeForm(FlaskForm):
    """What a service point is called, and which place or office it is."""

    name = StringField(
        "Nama titik",
        [DataRequired("Isi nama titik layanan."), Length(max=80, message="Nama paling panjang 80 karakter.")],
        filters=[_stripped],
    )
    address = StringField(
        "Alamat", [Length(max=200, message="Alamat paling panjang 200 karakter.")], filters=[_stripped]
    )
    facility_code = StringField(
        "NPSN sekolah atau kode puskesmas",
        [Length(max=20, message="Paling panjang 20 karakter.")],
        render_kw={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"},
        filters=[lambda text: _stripped(text).upper()],
    )
    office = SelectField("Perangkat daerah", default="")

    def offer_offices(self, offices: Iterable[Office]) -> None:
        """Offer these offices."""
        self.office.choices = [
            SelectChoice("", "Bukan kantor perangkat daerah"),
            *(SelectChoice(office.code, office.name) for office in offices),
        ]


class PointForm(PointChangeForm):
    """A new service point: what it is, and whose families it may see."""

    code = StringField(
        "Kode titik",
        [DataRequired("Isi kode titik."), Length(max=20, message="Kode paling panjang 20 karakter.")],
        render_kw={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"},
        filters=[lambda text: _stripped(text).upper()],
    )
    kind = SelectField(
        "Jenis titik",
        [DataRequired("Pilih jenis titiknya.")],
        choices=[
            SelectChoice("", "Pilih…"),
            *(SelectChoice(kind.value, kapital(label(kind))) for kind in PointKind),
        ],
    )
    area = SelectField("Wilayah yang dilayani", [DataRequired("Pilih wilayahnya.")])

    def offer(self, here: Region, above: Region | None, below: Iterable[Region]) -> None:
        """Offer a region as a whole, those directly below it, and the way back up."""
        whole = [SelectChoice(here.code, f"Seluruh {here.name}")]
        up = [SelectChoice(above.code, f"↑ Kembali ke {above.name}")] if above else []
        self.area.choices = [*whole, *(SelectChoice(region.code, region.name) for region in below), *up]
