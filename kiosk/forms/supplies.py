"""The forms of blanks and ribbons: a box that comes, what happens to it, and the count at closing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import UUID, DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from kiosk import words
from kiosk.filters import angka, kapital
from kiosk.forms.free_text import no_number
from kiosk.forms.spoilt import destroyed_by_field
from kiosk.words.supplies import IN_STORE
from registry.db import new_id
from registry.errors import RegistryError
from registry.kinds import SupplyKind
from registry.models import Officer, ServicePoint
from registry.supplies.boxes import Held, check_box_number
from registry.supplies.counts import Shelves
from registry.supplies.entries import LONGEST_NAME, LONGEST_REASON, MOST_AT_ONCE

_NUMBER: dict[str, Any] = {"inputmode": "numeric", "min": 1, "max": MOST_AT_ONCE, "autocomplete": "off"}
_TEXT: dict[str, Any] = {"autocomplete": "off"}


def _box_number(_form: Form, field: Field) -> None:
    try:
        field.data = check_box_number(field.data or "")
    except RegistryError as error:
        raise ValidationError(words.of(error.code).explanation) from error


def _short(longest: int) -> Length:
    return Length(max=longest, message=f"Paling panjang {longest} karakter.")


class FindBoxForm(FlaskForm):
    """A box's number, typed or scanned."""

    number = StringField(
        "Nomor kotak",
        [DataRequired("Isi atau pindai nomor kotaknya."), _box_number],
        render_kw={**_TEXT, "maxlength": 60},
    )


class EntryForm(FlaskForm):
    """How many of a box; the hidden entry makes a form that is sent twice one entry."""

    entry = HiddenField(validators=[InputRequired(), UUID()])
    quantity = IntegerField(
        "Jumlah",
        [
            InputRequired("Isi jumlahnya dengan angka."),
            NumberRange(1, MOST_AT_ONCE, f"Isi 1 sampai {angka(MOST_AT_ONCE)}."),
        ],
        render_kw=_NUMBER,
    )

    def renew(self) -> None:
        """Give the entry to come its id."""
        self.entry.data = str(new_id())


class ReceiveForm(EntryForm):
    """A box that came from outside."""

    supply = RadioField(
        "Isi kotak",
        choices=[SelectChoice(one.value, kapital(words.label(one))) for one in SupplyKind],
        default=SupplyKind.BLANK.value,
    )
    number = StringField(
        "Nomor kotak",
        [DataRequired("Isi atau pindai nomor kotaknya."), _box_number],
        render_kw={**_TEXT, "maxlength": 60},
    )
    content = StringField("Jenis", [_short(LONGEST_NAME), no_number], render_kw=_TEXT)
    document = StringField(
        "Nomor surat jalan",
        [DataRequired("Isi nomor surat jalannya."), _short(LONGEST_NAME), no_number],
        render_kw=_TEXT,
    )
    first_serial = StringField("Nomor seri pertama", [_short(40)], render_kw=_TEXT)
    last_serial = StringField("Nomor seri terakhir", [_short(40)], render_kw=_TEXT)


class IssueForm(EntryForm):
    """To whom a part of the box goes."""

    officer = SelectField("Petugas", [InputRequired("Pilih petugasnya.")])


class GiveBackForm(IssueForm):
    """Who gives back what they held."""


class ReturnForm(EntryForm):
    """What the supplier is to take back."""

    reason = StringField(
        "Alasan", [DataRequired("Tulis alasannya."), _short(LONGEST_REASON), no_number], render_kw=_TEXT
    )
    document = StringField("Nomor surat", [Optional(), _short(LONGEST_NAME), no_number], render_kw=_TEXT)


class TransferForm(EntryForm):
    """Where a box, or a part of it, goes."""

    point = SelectField("Titik tujuan", [InputRequired("Pilih titik tujuannya.")])
    document = StringField("Nomor surat jalan", [Optional(), _short(LONGEST_NAME), no_number], render_kw=_TEXT)


class SpoilForm(EntryForm):
    """What was damaged outside printing, and who destroyed it."""

    holder = SelectField("Dari tangan", [Optional()], default="")
    reason = StringField(
        "Alasan", [DataRequired("Tulis alasannya."), _short(LONGEST_REASON), no_number], render_kw=_TEXT
    )
    destroyed_by = destroyed_by_field()


BoxForms = Mapping[str, EntryForm]


def box_forms(
    officers: Iterable[Officer], held: Iterable[Held], points: Iterable[ServicePoint], *, sent: str = ""
) -> BoxForms:
    """Return the forms of a box's page by their names, fresh, but the one that was sent as it was sent."""
    made: dict[str, EntryForm] = {
        name: form_of(prefix=name) if name == sent else form_of(formdata=None, prefix=name)
        for name, form_of in _BOX_FORMS.items()
    }
    for name, form in made.items():
        if name != sent:
            form.renew()
    holders = [SelectChoice(str(one.officer.id), f"{one.officer.name} ({angka(one.quantity)})") for one in held]
    _choose(made["issue"], "officer", [SelectChoice(str(one.id), one.name) for one in officers])
    _choose(made["give_back"], "officer", holders)
    _choose(made["spoil"], "holder", [SelectChoice("", IN_STORE), *holders])
    _choose(made["transfer"], "point", [SelectChoice(str(one.id), f"{one.name} ({one.code})") for one in points])
    return made


def count_form(shelves: Shelves, *, is_sent: bool) -> CountForm:
    """Return the form that asks for what lies on each shelf."""
    fields = {
        shelf.key: IntegerField(
            f"{shelf.box.number}: {shelf.holder.name if shelf.holder else IN_STORE.lower()}",
            [
                InputRequired("Hitung, lalu isi jumlahnya; 0 bila habis."),
                NumberRange(0, MOST_AT_ONCE, f"Isi 0 sampai {angka(MOST_AT_ONCE)}."),
            ],
            render_kw={**_NUMBER, "min": 0},
        )
        for shelf in shelves.shelves
    }
    made = type("CountOfShelves", (CountForm,), fields)
    form: CountForm = made() if is_sent else made(formdata=None)
    form.shelves = shelves
    if not is_sent:
        form.entry.data, form.as_of.data = str(new_id()), shelves.newest_move
    return form


class CountForm(FlaskForm):
    """What was counted on each shelf; a difference is explained."""

    entry = HiddenField(validators=[InputRequired(), UUID()])
    as_of = HiddenField()
    note = TextAreaField(
        "Penjelasan",
        [_short(LONGEST_REASON), no_number],
        render_kw={"maxlength": LONGEST_REASON, "rows": 3},
    )
    shelves: Shelves

    @property
    def places(self) -> list[Field]:
        """Return the fields of the shelves, in their order."""
        return [self[shelf.key] for shelf in self.shelves.shelves]

    @property
    def counted(self) -> dict[str, int]:
        """Return what was found, by the shelf's key."""
        return {shelf.key: self[shelf.key].data for shelf in self.shelves.shelves}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that a difference is explained."""
        if not super().validate(extra_validators):
            return False
        differing = [
            f"{self[shelf.key].label.text}, menurut catatan {angka(shelf.quantity)}"
            for shelf in self.shelves.shelves
            if self[shelf.key].data != shelf.quantity
        ]
        if differing and not (self.note.data or "").strip():
            self.note.errors = [
                f"Berbeda dari catatan: {'; '.join(differing)}. Hitung sekali lagi; bila tetap, tulis penjelasannya."
            ]
            return False
        return True


_BOX_FORMS: Mapping[str, type[EntryForm]] = {
    "issue": IssueForm,
    "give_back": GiveBackForm,
    "transfer": TransferForm,
    "send_back": ReturnForm,
    "spoil": SpoilForm,
}


def _choose(form: EntryForm, name: str, choices: list[SelectChoice]) -> None:
    form[name].choices = choices
