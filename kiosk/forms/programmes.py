"""The forms of the catalogue: changing a programme's definition, deciding a change, renaming a pillar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from kiosk import words
from registry.kinds import PeriodKind, PointKind, Proof
from registry.models import BudgetLine, Office, Pillar, Programme

_SPARE_CLAUSES = 2  # empty lines for new clauses; more come with the next opening of the page
_MOST = 1_000
_LARGEST_VALUE = 1_000_000_000  # rupiah; as the catalogue itself asks
_PLAIN = (
    "name",
    "pillar",
    "office",
    "package",
    "period",
    "quota",
    "one_per_family",
    "proxy_limit",
    "budget",
    "is_withdrawn",
)
_CHOSEN = ("places", "proofs", "excludes")


class _Boxes(SelectMultipleField):
    """Several of a few, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ClauseForm(Form):
    """One clause; a line that is left empty is no clause."""

    code = StringField("Kode", [Length(max=24, message="Paling panjang 24 karakter.")])
    expression = StringField(
        "Rumus",
        [Length(max=300, message="Paling panjang 300 karakter.")],
        render_kw={"autocapitalize": "off", "autocomplete": "off", "spellcheck": "false", "class": "code"},
    )
    words = StringField("Kata-kata untuk keluarga", [Length(max=120, message="Paling panjang 120 karakter.")])

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in the line."""
        return not any((field.data or "").strip() for field in self)

    def validate_words(self, _field: StringField) -> None:
        """Ask for all three or none: a refusal names the clause by its words."""
        if not self.is_empty and not all((field.data or "").strip() for field in self):
            raise ValidationError("Isi kode, rumus, dan kata-katanya, atau kosongkan semuanya.")


class ProgrammeForm(FlaskForm):
    """The definition of a programme, but for what makes it what it is, and why it is changed."""

    name = StringField(
        "Nama program", [DataRequired("Isi namanya."), Length(max=80, message="Paling panjang 80 karakter.")]
    )
    pillar = SelectField("Pilar")
    office = SelectField("Perangkat daerah pemilik")
    package = StringField(
        "Isi paket atau layanan",
        [DataRequired("Isi apa yang diberikan."), Length(max=200, message="Paling panjang 200 karakter.")],
    )
    period = SelectField("Masa", choices=[SelectChoice(one.value, words.label(one)) for one in PeriodKind])
    quota = IntegerField(
        "Jatah dalam satu masa",
        [InputRequired("Isi angka bulat."), NumberRange(0, _MOST, "Isi 0 sampai 1.000.")],
        render_kw={"inputmode": "numeric"},
    )
    one_per_family = BooleanField("Hanya satu orang dari satu keluarga")
    places = _Boxes("Dilayani di", choices=[SelectChoice(one.value, words.label(one)) for one in PointKind])
    proofs = _Boxes(
        "Yang wajib diperiksa petugas", choices=[SelectChoice(one.value, words.label(one)) for one in Proof]
    )
    proxy_limit = IntegerField(
        "Keluarga terbanyak yang boleh diwakili satu orang dari luar KK",
        [InputRequired("Isi angka bulat."), NumberRange(0, _MOST, "Isi 0 sampai 1.000.")],
        render_kw={"inputmode": "numeric"},
    )
    excludes = _Boxes("Tidak boleh bersama program")
    budget = SelectField("Mata anggaran")
    clauses = FieldList(FormField(ClauseForm))
    valid_from = DateField("Berlaku mulai", [Optional()])
    value = IntegerField(
        "Nilai, dalam rupiah",
        [Optional(), NumberRange(0, _LARGEST_VALUE, "Isi angka bulat sampai satu miliar.")],
        render_kw={"inputmode": "numeric"},
    )
    price = IntegerField(
        "Harga bagi keluarga, dalam rupiah",
        [Optional(), NumberRange(0, _LARGEST_VALUE, "Isi angka bulat, 0 untuk gratis.")],
        render_kw={"inputmode": "numeric"},
    )
    legal_reference = StringField("Dasar hukum", [Length(max=200, message="Paling panjang 200 karakter.")])
    is_withdrawn = BooleanField("Hentikan program ini: tidak ada lagi yang disalurkan, di tahap mana pun")
    reason = StringField(
        "Alasan perubahan",
        [Length(max=200, message="Paling panjang 200 karakter.")],
        render_kw={"autocomplete": "off"},
    )

    def offer(
        self,
        pillars: Iterable[Pillar],
        offices: Iterable[Office],
        budgets: Iterable[BudgetLine],
        others: Iterable[Programme],
    ) -> None:
        """Offer these pillars, offices, budget lines and other programmes."""
        self.pillar.choices = [SelectChoice(one.code, one.name) for one in pillars]
        self.office.choices = [SelectChoice(one.code, one.name) for one in offices]
        self.budget.choices = [
            SelectChoice("", "Tidak ada"),
            *(SelectChoice(one.code, f"{one.code} · {one.name}") for one in budgets),
        ]
        self.excludes.choices = [SelectChoice(one.code, one.name) for one in others]

    def fill(self, content: Mapping[str, Any]) -> None:
        """Show a definition as it is, with empty lines for clauses to come."""
        for name in (*_PLAIN, *_CHOSEN):
            self[name].data = content[name]
        for clause in [*content["clause"], *({} for _ in range(_SPARE_CLAUSES))]:
            self.clauses.append_entry(clause)

    def content(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the definition that is asked for: the one before with what the form says in its place."""
        said = {name: self[name].data for name in _PLAIN}
        chosen = {name: _in_order(before[name], self[name].data) for name in _CHOSEN}
        return {
            **before,
            **said,
            **chosen,
            "clause": self.chosen_clauses,
            "amount": [*before["amount"], *self._amount()],
        }

    @property
    def chosen_clauses(self) -> list[dict[str, str]]:
        """The clauses that are written in the form."""
        return [
            {name: field.data.strip() for name, field in entry.form._fields.items()}
            for entry in self.clauses
            if not entry.form.is_empty
        ]

    def validate_legal_reference(self, field: StringField) -> None:
        """A new amount is whole: from when, how much, at what price, and under which rule of law."""
        parts = (self.valid_from.data, self.value.data, self.price.data, (field.data or "").strip() or None)
        if any(part is not None for part in parts) and any(part is None for part in parts):
            raise ValidationError("Isi tanggal, nilai, harga, dan dasar hukumnya, atau kosongkan semuanya.")

    def validate_price(self, field: IntegerField) -> None:
        """Nobody pays more than what is given is worth."""
        if field.data is not None and self.value.data is not None and field.data > self.value.data:
            raise ValidationError("Harga tidak boleh lebih tinggi dari nilainya.")

    def _amount(self) -> list[dict[str, Any]]:
        if self.valid_from.data is None:
            return []
        return [
            {
                "valid_from": self.valid_from.data.isoformat(),
                "value": self.value.data,
                "price": self.price.data,
                "legal_reference": self.legal_reference.data.strip(),
            }
        ]


class DecideForm(FlaskForm):
    """The second person's answer to a change."""

    decision = SelectField(
        "Putusan", [DataRequired()], choices=[SelectChoice("approve", "Setujui"), SelectChoice("reject", "Tolak")]
    )


class PillarForm(FlaskForm):
    """Another name for a pillar."""

    name = StringField(
        "Nama pilar", [DataRequired("Isi namanya."), Length(max=80, message="Paling panjang 80 karakter.")]
    )


def _in_order(before: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """Return what is chosen in the order that it stood in, so that ticking nothing anew changes nothing."""
    return [one for one in before if one in chosen] + [one for one in chosen if one not in before]
