"""The forms of a card's life: its issue, a block, a replacement."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from kiosk.filters import kapital
from kiosk.forms.free_text import no_number
from kiosk.words import label
from registry.kinds import BlockReason, CardMedium

_LONGEST_NOTE = 160  # what a card's event keeps is 200 characters, and the code of the reason stands before the note
_BLOCKS = (BlockReason.LOST, BlockReason.DAMAGED, BlockReason.MISUSED)
_REPLACES = (BlockReason.LOST, BlockReason.DAMAGED, BlockReason.HEAD_CHANGED)
_MEDIA = (
    SelectChoice(CardMedium.PLASTIC.value, "Kartu tetap"),
    SelectChoice(CardMedium.PAPER.value, "Kartu sementara (kertas, 30 hari)"),
)


def _choices(reasons: Sequence[BlockReason]) -> list[SelectChoice]:
    return [SelectChoice(reason.value, kapital(label(reason))) for reason in reasons]


def _note(of: str) -> StringField:
    return StringField(
        "Catatan",
        [Length(max=_LONGEST_NOTE, message=f"Catatan paling panjang {_LONGEST_NOTE} karakter."), no_number],
        filters=[lambda text: (text or "").strip()],
        id=f"{of}-note",
    )


class IssueForm(FlaskForm):
    """What a family's card is made of: of paper where it cannot wait for a blank or a printer."""

    medium = RadioField("Dicetak sebagai", choices=list(_MEDIA), default=CardMedium.PLASTIC.value)


class BlockForm(FlaskForm):
    """Why a card is blocked for good."""

    why = RadioField("Alasan memblokir", [DataRequired("Pilih alasannya.")], choices=_choices(_BLOCKS), id="block-why")
    note = _note("block")


class ReplaceForm(FlaskForm):
    """Why a card is replaced by a new one."""

    why = RadioField(
        "Alasan mengganti", [DataRequired("Pilih alasannya.")], choices=_choices(_REPLACES), id="replace-why"
    )
    note = _note("replace")
    medium = RadioField("Penggantinya", choices=list(_MEDIA), default=CardMedium.PLASTIC.value, id="replace-medium")

    def expect(self, medium: CardMedium) -> None:
        """Offer the plastic card that has come as a reason, where the card is of paper."""
        if medium is CardMedium.PAPER:
            self.why.choices = _choices((BlockReason.PROVISIONAL, *_REPLACES))

    def validate_medium(self, field: RadioField) -> None:
        """Refuse paper for paper where the reason is that the plastic one has come."""
        if self.why.data == BlockReason.PROVISIONAL and field.data != CardMedium.PLASTIC:
            raise ValidationError("Kartu sementara yang selesai diganti dengan kartu tetap.")
