"""The forms where a person is served: the card as it was scanned, the person, and what is recorded for them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, TextAreaField
from wtforms import validators as check
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from kiosk import words
from kiosk.forms.free_text import no_number
from kiosk.forms.scan import ScanForm
from registry.kinds import CoverAsk, VisitKind


class MemberForm(ScanForm):
    """The card as it was scanned, and the person of its family; who sends another one is refused by the rules."""

    person = HiddenField()

    @property
    def person_id(self) -> UUID | None:
        """The person that was chosen; none when it is no id at all."""
        try:
            return UUID(self.person.data or "")
        except ValueError:
            return None


class VisitForm(MemberForm):
    """One visit, and the key under which pressing again finds it."""

    kind = HiddenField(
        validators=[check.AnyOf([VisitKind.TREATMENT.value, VisitKind.AMBULANCE.value, VisitKind.PREGNANCY.value])]
    )
    key = HiddenField(validators=[InputRequired(), check.UUID()])
    next_on = DateField("Kunjungan berikutnya", [Optional()])


class PregnancyForm(MemberForm):
    """A pregnancy, by the day the child is due."""

    due_on = DateField("Hari perkiraan lahir (HPL)", [InputRequired("Isi hari perkiraan lahir dari buku KIA.")])


class ReferralForm(MemberForm):
    """What Dinas Sosial is asked, as P-Care shows it today."""

    ask = RadioField("Hasil cek P-Care hari ini", [DataRequired("Cek P-Care dulu, lalu pilih hasilnya.")])

    def offer(self, asks: Iterable[CoverAsk]) -> None:
        """Offer what may be asked for this person."""
        self.ask.choices = [(ask.value, _SEEN_IN_PCARE[ask]) for ask in asks]


class VisitUndoForm(FlaskForm):
    """Why a visit is undone."""

    reason = TextAreaField(
        "Alasan pembatalan",
        [
            DataRequired("Tulis alasannya: pembatalan tanpa alasan tidak diterima."),
            Length(max=200, message="Alasan paling panjang 200 karakter."),
            no_number,
        ],
        render_kw={"maxlength": 200, "rows": 3},
    )


_SEEN_IN_PCARE = {
    CoverAsk.REACTIVATE: "PBI-JK nonaktif",
    CoverAsk.ENROL: "belum terdaftar sebagai peserta JKN",
}


def say_on(field: DateField, code: str) -> None:
    """Show the words of a code as the error of a field."""
    said = words.of(code)
    field.errors = [f"{said.explanation} {said.next_step}"]
