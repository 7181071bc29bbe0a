"""The form of giving: what is given to whom, what the officer has seen and received, and who takes it."""

from __future__ import annotations

import re
import uuid

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField
from wtforms.validators import UUID, InputRequired, Length, Optional, Regexp, ValidationError

from kiosk import words
from kiosk.forms.free_text import no_number
from kiosk.forms.scan import LONGEST_SCAN
from registry.errors import IdentifierError
from registry.giving.proxies import ProxyShown, read_proxy
from registry.identifiers import Nik
from registry.keys.sealing import Vault
from registry.kinds import Proof

PROXY = "wakil"
"""What the field of the receiver says when it is a proxy from outside the family."""

_RUPIAH = re.compile(r"\s*(Rp\.?)?\s*([1-9]\d{0,8}|[1-9]\d{0,2}(\.\d{3}){1,2})\s*$", re.IGNORECASE)
"""``75000``, ``75.000``, ``Rp75.000``; below a thousand million."""


class GiveForm(FlaskForm):
    """The card as it was scanned, what is given from which round, and the key under which this may be repeated.

    Its fields are written out by templates/scan/_give.html: a page may hold several of these forms.
    """

    class Meta:
        """The token of every POST is checked before any form is read; a second check would only slow the queue."""

        csrf = False

    text = HiddenField(validators=[InputRequired(), Length(max=LONGEST_SCAN)])
    as_typed = HiddenField(validators=[Length(max=LONGEST_SCAN)])
    round_id = HiddenField(validators=[InputRequired(), UUID()])
    key = HiddenField(validators=[InputRequired(), UUID()])
    person = HiddenField(validators=[Optional(), UUID()])
    proofs = SelectMultipleField(choices=[proof.value for proof in Proof])
    is_paid = BooleanField()
    amount = StringField(
        validators=[Optional(), Regexp(_RUPIAH, message="Ketik jumlah belanja dalam rupiah, misalnya 75.000.")]
    )
    receiver = StringField()
    proxy_name = StringField(validators=[Length(max=120, message="Nama paling panjang 120 huruf."), no_number])
    proxy_nik = StringField(validators=[Length(max=40)])
    proxy_letter = StringField(
        validators=[Length(max=80, message="Nomor surat paling panjang 80 karakter."), no_number]
    )
    substitution = StringField(validators=[Length(max=200, message="Paling panjang 200 karakter."), no_number])

    def validate_receiver(self, field: StringField) -> None:
        """Refuse who is neither a person's id nor a proxy."""
        if field.data and field.data != PROXY:
            try:
                uuid.UUID(field.data)
            except ValueError:
                raise ValidationError("Pilih siapa yang mengambil.") from None

    def validate_proxy_nik(self, field: StringField) -> None:
        """Refuse a NIK that has not the form of one; a missing one is for the decision to refuse."""
        if self.receiver.data == PROXY and (field.data or "").strip():
            try:
                Nik.parse(field.data)
            except IdentifierError as error:
                said = words.of(error.code, **error.detail)
                raise ValidationError(f"{said.explanation} {said.next_step}") from None

    @property
    def is_whole(self) -> bool:
        """Whether the page that sent it was one of ours: what the officer does not type is in order."""
        return not any(field.errors for field in (self.text, self.as_typed, self.round_id, self.key, self.person))

    @property
    def person_id(self) -> uuid.UUID | None:
        """Whose right is taken, where it is a person's."""
        return uuid.UUID(self.person.data) if self.person.data else None

    @property
    def receiver_id(self) -> uuid.UUID | None:
        """Who of the family takes it, where the officer chose one."""
        return uuid.UUID(self.receiver.data) if self.receiver.data and self.receiver.data != PROXY else None

    @property
    def rupiah(self) -> int | None:
        """What is to be spent, where an amount was typed."""
        return int(re.sub(r"\D", "", self.amount.data)) if self.amount.data else None

    @property
    def seen(self) -> frozenset[Proof]:
        """What the officer ticked."""
        return frozenset(Proof(proof) for proof in self.proofs.data or ())

    def proxy(self, vault: Vault) -> ProxyShown | None:
        """Return who takes it from outside the family, where somebody does."""
        if self.receiver.data != PROXY:
            return None
        return read_proxy(
            self.proxy_name.data or "", self.proxy_nik.data or "", self.proxy_letter.data or "", vault=vault
        )
