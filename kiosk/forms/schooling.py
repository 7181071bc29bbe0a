"""The forms of schooling: the scan of the card, which child, and what the school or campus states."""

from __future__ import annotations

from wtforms import HiddenField, SelectMultipleField, StringField
from wtforms.validators import UUID, InputRequired, Length, ValidationError

from kiosk.forms.free_text import no_number
from kiosk.forms.scan import ScanForm
from registry.kinds import Proof

_LONGEST = 80  # the columns' width


class FamilyCardForm(ScanForm):
    """The scan of the family's card, or the number that stands on it."""

    def validate_typed(self, _field: StringField) -> None:
        """Ask for a scan or a number."""
        if not self.text:
            raise ValidationError("Pindai kartu keluarga, atau ketik nomor yang tercetak pada kartu.")


class PupilForm(FamilyCardForm):
    """The child that was chosen; what was scanned comes along, so that nothing of it stands in an address."""

    person = HiddenField(validators=[InputRequired(), UUID()])


class EnrolmentForm(PupilForm):
    """What is stated with a confirmation, and the key under which it may be repeated.

    Whether it may be taken is not asked here but in ``verify.schooling``, so that every refusal leaves its row.
    """

    round_id = HiddenField(validators=[InputRequired(), UUID()])
    key = HiddenField(validators=[InputRequired(), UUID()])
    nisn = StringField(
        "NISN",
        [Length(max=_LONGEST)],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 14, "placeholder": "0091234567"},
    )
    campus = StringField("Nama kampus", [Length(max=_LONGEST), no_number], render_kw={"maxlength": _LONGEST})
    evidence = StringField(
        "Surat yang ditunjukkan",
        [Length(max=_LONGEST), no_number],
        render_kw={"maxlength": _LONGEST, "placeholder": "Surat aktif kuliah 123/UN24/2026"},
    )
    proofs = SelectMultipleField(choices=[proof.value for proof in Proof])

    @property
    def seen(self) -> frozenset[Proof]:
        """What the officer says to have seen."""
        return frozenset(Proof(proof) for proof in self.proofs.data or ())
