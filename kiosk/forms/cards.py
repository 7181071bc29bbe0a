"""The forms of a card's life: a spoilt print, a block, a replacement, a batch that came out of the printer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from kiosk.filters import kapital
from kiosk.forms.free_text import no_number
from kiosk.words import label
from registry.kinds import BlockReason

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_NOTE = 160  # what a card's event keeps is 200 characters, and the code of the reason stands before the note
_BLOCKS = (BlockReason.LOST, BlockReason.DAMAGED, BlockReason.MISUSED)
_REPLACES = (BlockReason.LOST, BlockReason.DAMAGED, BlockReason.HEAD_CHANGED)


def _choices(reasons: Sequence[BlockReason]) -> list[SelectChoice]:
    return [SelectChoice(reason.value, kapital(label(reason))) for reason in reasons]


def _note(of: str) -> StringField:
    return StringField(
        "Catatan",
        [Length(max=_LONGEST_NOTE, message=f"Catatan paling panjang {_LONGEST_NOTE} karakter."), no_number],
        filters=[lambda text: (text or "").strip()],
        id=f"{of}-note",
    )


class SpoiltForm(FlaskForm):
    """What went wrong with a print."""

    reason = StringField(
        "Apa yang rusak",
        [
            DataRequired("Tulis apa yang rusak, misalnya: gambar bergaris."),
            Length(max=_LONGEST_NOTE, message=f"Alasan paling panjang {_LONGEST_NOTE} karakter."),
            no_number,
        ],
        filters=[lambda text: (text or "").strip()],
    )


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


class PrintedBatchForm(FlaskForm):
    """Which cards of a batch came out of the printer well."""

    numbers = SelectMultipleField(
        "Kartu yang tercetak baik",
        [DataRequired("Centang kartu yang tercetak baik.")],
        validate_choice=False,  # a card that another counter was quicker with is passed over, not a wrong choice
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
