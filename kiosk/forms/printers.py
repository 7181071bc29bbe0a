"""The forms of printers: where one is, how it prints, and what became of a job that nobody is sure of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, Form, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Regexp, ValidationError

from kiosk import words
from kiosk.filters import kapital
from kiosk.forms.scan import LONGEST_SCAN, ScanForm
from printing.printers.looking import PrinterLook
from printing.sheets import SHEETS
from registry.errors import RegistryError
from registry.kinds import SheetCode, Transport
from registry.models import Printer
from registry.prints.printers import DOTS_PER_INCH, SIDES, PrinterPlan, check_uri

_TEXT: dict[str, Any] = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
_SIDE_WORDS = {
    SIDES[0]: "satu sisi",
    SIDES[1]: "dua sisi, balik sisi panjang",
    SIDES[2]: "dua sisi, balik sisi pendek",
}
_OFFICE_SHEETS = (SheetCode.CARD, SheetCode.A4_LONG_EDGE, SheetCode.A4_SHORT_EDGE, SheetCode.A4_FOLD, SheetCode.A6_SLIP)
_MEDIA = {SheetCode.CARD: "om_cr80_53.98x85.6mm", SheetCode.A6_SLIP: "iso_a6_105x148mm"}
_A4 = "iso_a4_210x297mm"
_CARD_LIKE = ("cr80", "card_54", "54x86", "54.9x86", "53.98x85.6")


def _address(_form: Form, field: Field) -> None:
    try:
        field.data = check_uri(field.data or "")
    except RegistryError as error:
        raise ValidationError(words.of(error.code).explanation) from error


class AddressForm(FlaskForm):
    """Where a printer is."""

    uri = StringField(
        "Alamat printer",
        [DataRequired("Isi alamat printernya."), Length(max=200, message="Paling panjang 200 karakter."), _address],
        render_kw={**_TEXT, "inputmode": "url", "placeholder": "ipp://192.168.1.20/ipp/print", "maxlength": 200},
    )
    transport = SelectField(
        "Cara bicara",
        choices=[SelectChoice(one.value, kapital(words.label(one))) for one in Transport],
        default=Transport.IPP.value,
    )


class PrinterForm(AddressForm):
    """How a printer prints."""

    code = StringField(
        "Kode",
        [
            DataRequired("Isi kodenya."),
            Regexp(r"^[A-Z0-9][A-Z0-9-]{1,19}$", message=words.of("printer_code_malformed").explanation),
        ],
        render_kw={**_TEXT, "maxlength": 20, "placeholder": "KARTU-1"},
    )
    name = StringField(
        "Nama",
        [DataRequired("Isi nama printernya."), Length(max=80, message="Paling panjang 80 karakter.")],
        render_kw={"autocomplete": "off", "maxlength": 80},
    )
    sheet = SelectField(
        "Dipakai untuk", choices=[SelectChoice(one.value, kapital(words.label(one))) for one in _OFFICE_SHEETS]
    )
    media = StringField(
        "Media",
        [DataRequired("Isi nama medianya.")],
        render_kw={**_TEXT, "maxlength": 80, "list": "media-printer"},
    )
    sides = SelectField(
        "Sisi cetak", choices=[SelectChoice(value, kapital(said)) for value, said in _SIDE_WORDS.items()]
    )
    dots = IntegerField(
        "Titik per inci (dpi)",
        [
            InputRequired("Isi resolusinya, biasanya 300."),
            AnyOf(DOTS_PER_INCH, words.of("printer_resolution_out_of_bounds").explanation),
        ],
        render_kw={
            "inputmode": "numeric",
            "autocomplete": "off",
            "min": DOTS_PER_INCH[0],
            "max": DOTS_PER_INCH[-1],
            "step": DOTS_PER_INCH.step,
        },
    )
    tray = StringField("Baki", [Length(max=40)], render_kw={**_TEXT, "maxlength": 40, "list": "baki-printer"})
    options = TextAreaField(
        "Pilihan penggerak printer", [Length(max=2000)], render_kw={**_TEXT, "rows": 4, "maxlength": 2000}
    )

    def offer(self, look: PrinterLook) -> None:
        """Fill in what a printer said that it is."""
        cards = [media for media in look.media if any(part in media for part in _CARD_LIKE)]
        sheet = SheetCode.CARD if cards or not look.media else SheetCode.A4_LONG_EDGE
        self.name.data = look.name or look.model
        self.sheet.data = sheet.value
        self.media.data = cards[0] if cards else _MEDIA.get(sheet, _A4)
        duplex = [side for side in _wanted_sides(sheet) if side in look.sides]
        self.sides.data = duplex[0] if duplex else SIDES[0]
        sharp = [dots for dots in look.resolutions if dots in DOTS_PER_INCH]
        self.dots.data = 300 if 300 in sharp or not sharp else sharp[0]

    def show(self, printer: Printer) -> None:
        """Fill in how a printer is set up."""
        self.code.data, self.name.data, self.uri.data = printer.code, printer.name, printer.uri
        self.transport.data, self.sheet.data = printer.transport.value, printer.sheet.value
        self.media.data, self.sides.data, self.tray.data = printer.media, printer.sides, printer.tray
        self.dots.data = printer.dots_per_inch
        self.options.data = "\n".join(f"{option}={_as_text(value)}" for option, value in printer.options.items())

    def validate_options(self, field: TextAreaField) -> None:
        """Refuse a line that is no option."""
        for line in (field.data or "").splitlines():
            if line.strip() and not line.partition("=")[2].strip():
                raise ValidationError(f"Tulis satu per baris, nama=nilai; bukan “{line.strip()[:40]}”.")

    def plan(self) -> PrinterPlan:
        """Return what was filled in."""
        return PrinterPlan(
            name=self.name.data or "",
            transport=Transport(self.transport.data),
            uri=self.uri.data or "",
            media=(self.media.data or "").strip(),
            sheet=SheetCode(self.sheet.data),
            sides=self.sides.data,
            dots_per_inch=self.dots.data or 0,
            tray=(self.tray.data or "").strip(),
            options=_options(self.options.data or ""),
        )


class LastCardForm(ScanForm):
    """The card that came out of a printer last, by its code: a number that is typed says nothing of what lies there."""

    typed = StringField(
        "Kode kartu terakhir",
        [Length(max=LONGEST_SCAN, message="Pindai kodenya.")],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def validate_typed(self, _field: StringField) -> None:
        """Ask for a scan."""
        if not self.text:
            raise ValidationError("Pindai kode di sisi belakang kartu terakhir yang keluar.")


def _wanted_sides(sheet: SheetCode) -> tuple[str, ...]:
    if SHEETS[sheet].pages == 1:
        return (SIDES[0],)
    # a landscape card is turned over its short edge; one test card decides
    return (SIDES[2], SIDES[1]) if sheet is SheetCode.CARD else (SIDES[1], SIDES[2])


def _options(text: str) -> Mapping[str, str | int | bool]:
    pairs = (line.partition("=") for line in text.splitlines() if line.strip())
    return {option.strip(): _value(value.strip()) for option, _equals, value in pairs}


def _value(text: str) -> str | int | bool:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else text


def _as_text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
