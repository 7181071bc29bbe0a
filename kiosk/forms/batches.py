"""The forms of batches: which cards, on what, to which printer, and what became of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError

from kiosk.filters import angka, kapital
from kiosk.forms.free_text import no_number
from kiosk.forms.spoilt import destroyed_by_field
from kiosk.words import label
from registry.errors import IdentifierError
from registry.identifiers import CardNumber
from registry.kinds import BatchChoice, CopyFate, PrintReason, SheetCode
from registry.prints.chunks import Span

_LONGEST_REASON, _LONGEST_PLACES, _LONGEST_NUMBERS = 160, 2000, 20_000
_SHEETS = (SheetCode.CARD, SheetCode.A4_LONG_EDGE, SheetCode.A4_SHORT_EDGE, SheetCode.A4_FOLD, SheetCode.PRESS)
_RANGE = re.compile(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?")
_ABOUT: dict[BatchChoice, str] = {
    BatchChoice.VILLAGE: "village",
    BatchChoice.LIST: "family_list",
    BatchChoice.ROUND: "round",
    BatchChoice.REASON: "reason",
}


class BatchForm(FlaskForm):
    """By what the cards are chosen, and on what they are printed; of the choices only the one that is ticked counts."""

    chosen_by = RadioField(
        "Pilih kartu menurut",
        [DataRequired("Pilih menurut apa kartunya dicetak.")],
        choices=[SelectChoice(choice.value, kapital(label(choice))) for choice in BatchChoice],
        default=BatchChoice.VILLAGE.value,
    )
    village = SelectField("Desa atau kelurahan", choices=[], validate_choice=False)
    family_list = SelectField("Daftar keluarga", choices=[], validate_choice=False)
    round = SelectField("Tahap penyaluran", choices=[], validate_choice=False)
    reason = SelectField("Alasan", choices=[], validate_choice=False)
    numbers = TextAreaField(
        "Nomor kartu",
        [Length(max=_LONGEST_NUMBERS, message="Terlalu banyak untuk sekali kirim.")],
        render_kw={"rows": 4, "autocomplete": "off", "spellcheck": "false", "placeholder": "62-06-207002-0"},
    )
    sheet = SelectField("Dicetak pada", choices=[SelectChoice(sheet.value, kapital(label(sheet))) for sheet in _SHEETS])

    def offer(
        self,
        villages: Iterable[tuple[str, str]],
        lists: Iterable[tuple[str, str]],
        rounds: Iterable[tuple[str, str]],
        reasons: dict[PrintReason, int],
    ) -> None:
        """Offer what there is to choose from, each as its code or id and its words."""
        self.village.choices = [SelectChoice(*one) for one in villages]
        self.family_list.choices = [SelectChoice(*one) for one in lists]
        self.round.choices = [SelectChoice(*one) for one in rounds]
        self.reason.choices = [
            SelectChoice(reason.value, f"{kapital(label(reason))} ({angka(count)} kartu)")
            for reason, count in reasons.items()
        ]

    @property
    def choice(self) -> BatchChoice:
        """By what."""
        return BatchChoice(self.chosen_by.data)

    @property
    def about(self) -> str:
        """Of what: code, id or reason; nothing for picked cards."""
        name = _ABOUT.get(self.choice)
        return str(self[name].data or "") if name else ""

    @property
    def picked(self) -> list[CardNumber]:
        """The cards that were picked by number."""
        return [CardNumber.parse(word) for word in re.split(r"[\s,;]+", self.numbers.data or "") if word]

    def validate_chosen_by(self, _field: RadioField) -> None:
        """Ask for what the choice needs."""
        name = _ABOUT.get(self.choice)
        if name and not self[name].data:
            raise ValidationError(f"Tidak ada {label(self.choice)} yang dapat dipilih.")

    def validate_numbers(self, _field: TextAreaField) -> None:
        """Take card numbers only."""
        if self.chosen_by.data != BatchChoice.CARDS.value:
            return
        try:
            if not self.picked:
                raise ValidationError("Ketik atau pindai nomor kartunya, satu per baris.")
        except IdentifierError:
            raise ValidationError("Ada yang bukan nomor kartu; periksa lagi satu per satu.") from None


class PrinterForm(FlaskForm):
    """Which printer a batch goes to."""

    printer = SelectField("Printer", [DataRequired("Pilih printernya.")])


class GoodForm(FlaskForm):
    """Which positions came out well."""

    places = StringField(
        "Nomor urut yang tercetak baik",
        [
            DataRequired("Tulis nomor urutnya, misalnya 1-40."),
            Length(max=_LONGEST_PLACES, message="Terlalu panjang; kirim sebagian-sebagian."),
        ],
        render_kw={"autocomplete": "off", "placeholder": "1-40, 43", "inputmode": "text"},
        id="good-places",
    )

    def validate_places(self, field: StringField) -> None:
        """Take positions and ranges only."""
        if any(isinstance(place, CardNumber) for place in read_places(field.data or "")):
            raise ValidationError("Tulis nomor urut di paket, bukan nomor kartu.")

    @property
    def spans(self) -> list[Span]:
        """The positions."""
        return [place for place in read_places(self.places.data or "") if isinstance(place, Span)]


def _only_of_spoilt(form: Form, _field: Field) -> None:
    """End the check of a field where what it asks about is missing and nobody destroyed it."""
    if form["fate"].data != CopyFate.SPOILT.value:
        raise StopValidation


class RuinedForm(FlaskForm):
    """Which copies are spoilt or missing, why, and whether all others are good."""

    fate = RadioField(
        "Apa yang terjadi",
        [DataRequired("Pilih rusak atau hilang.")],
        choices=[
            SelectChoice(CopyFate.SPOILT.value, "Rusak: dihancurkan dan dicetak ulang"),
            SelectChoice(CopyFate.MISSING.value, "Hilang: kartunya ditutup dan keluarga mendapat kartu baru"),
        ],
        default=CopyFate.SPOILT.value,
    )
    places = StringField(
        "Nomor urut atau nomor kartu",
        [
            DataRequired("Tulis nomor urutnya, misalnya 7, 12-13."),
            Length(max=_LONGEST_PLACES, message="Terlalu panjang; kirim sebagian-sebagian."),
        ],
        render_kw={"autocomplete": "off", "placeholder": "7, 12-13"},
        id="ruined-places",
    )
    reason = StringField(
        "Apa yang salah",
        [
            DataRequired("Tulis apa yang salah, misalnya: gambar bergaris."),
            Length(max=_LONGEST_REASON, message=f"Paling panjang {_LONGEST_REASON} karakter."),
            no_number,
        ],
    )
    destroyed_by = destroyed_by_field(_only_of_spoilt)
    rest_is_good = BooleanField("Semua kartu lain di paket ini yang menunggu tercetak baik")

    def validate_places(self, field: StringField) -> None:
        """Take positions, ranges and card numbers."""
        read_places(field.data or "")

    @property
    def named(self) -> list[Span | CardNumber]:
        """What was named."""
        return read_places(self.places.data or "")


def read_places(text: str) -> list[Span | CardNumber]:
    """Read ``1-40, 43`` and card numbers, in the order written.

    Raises:
        ValidationError: naming what is none of these.
    """
    places: list[Span | CardNumber] = []
    for word in (part.strip() for part in re.split(r"[,;\n]+", text)):
        if not word:
            continue
        found = _RANGE.fullmatch(word)
        if found:
            first, last = int(found[1]), int(found[2] or found[1])
            if not 1 <= first <= last:
                raise ValidationError(f"“{word[:20]}” bukan rentang: tulis yang kecil dahulu.")
            places.append(Span(first, last))
            continue
        try:
            places.append(CardNumber.parse(word))
        except IdentifierError:
            raise ValidationError(f"“{word[:20]}” bukan nomor urut dan bukan nomor kartu.") from None
    return places
