"""What is asked of a print that was spoilt: what was wrong with it, and who destroyed it."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, InputRequired, Length

from kiosk.forms.free_text import no_number
from kiosk.sign_in import signed_in
from registry.kinds import CardMedium
from registry.supplies.entries import LONGEST_NAME, LONGEST_REASON

__all__ = ["SpoiltForm", "destroyed_by_field"]

_UNNAMED = "Tulis siapa yang memusnahkannya."


def destroyed_by_field(*before: object) -> StringField:
    """Return the field for who destroyed what was spoilt, with the name of the officer who asks in it.

    Args:
        before: validators that are asked first; one of them may end the check where nothing was destroyed.
    """
    return StringField(
        "Dimusnahkan oleh",
        [
            *before,
            InputRequired(_UNNAMED),  # a form that leaves the field out does not mean the name that it offers
            DataRequired(_UNNAMED),
            Length(max=LONGEST_NAME, message=f"Paling panjang {LONGEST_NAME} karakter."),
            no_number,
        ],
        default=lambda: signed_in().name,
        filters=[lambda text: (text or "").strip()],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME},
    )


class SpoiltForm(FlaskForm):
    """What was wrong with what came out, and who destroyed it."""

    reason = StringField(
        "Apa yang rusak",
        [
            DataRequired("Tulis apa yang rusak."),
            Length(max=LONGEST_REASON, message=f"Paling panjang {LONGEST_REASON} karakter."),
            no_number,
        ],
        filters=[lambda text: (text or "").strip()],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_REASON},
    )
    destroyed_by = destroyed_by_field()

    def expect(self, medium: CardMedium) -> None:
        """Ask for no destroyer of a paper card: no blank was lost, so nothing would keep the name."""
        if medium is CardMedium.PAPER and "destroyed_by" in self:
            del self["destroyed_by"]

    @property
    def destroyer(self) -> str:
        """Who destroyed it; empty for a paper card."""
        return (self.destroyed_by.data or "") if "destroyed_by" in self else ""
