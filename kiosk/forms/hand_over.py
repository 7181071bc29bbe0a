"""The forms of handing a card over: the scan of the fresh card, then who takes it."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from kiosk.forms.scan import ScanForm
from registry.cards.history import Receiver


class FreshCardForm(ScanForm):
    """The scan of the fresh card, or the number that stands on it."""

    def validate_typed(self, _field: StringField) -> None:
        """Ask for a scan or a number."""
        if not self.text:
            raise ValidationError("Pindai kartunya, atau ketik nomor yang tercetak pada kartu.")


class ReceiverForm(FreshCardForm):
    """Who takes the card; what was scanned comes along, so that the hand-over is of the card that was read."""

    receiver = RadioField("Diserahkan kepada", [DataRequired("Pilih siapa yang menerima kartu.")])
    id_seen = BooleanField(
        "KTP asli penerima sudah dilihat, nama dan wajahnya cocok",
        [DataRequired("Lihat dulu KTP asli penerima, lalu centang.")],
    )

    def offer(self, receivers: Iterable[Receiver]) -> None:
        """Offer those who may take the card."""
        self.receiver.choices = [SelectChoice(str(one.person.id), one.person.name) for one in receivers]
