"""The check of every field whose text is kept for ever."""

from __future__ import annotations

from wtforms import Field, Form
from wtforms.validators import ValidationError

from kiosk import words
from registry.free_text import holds_number


def no_number(_form: Form, field: Field) -> None:
    """Refuse a text with a NIK, a Nomor KK or another number as long."""
    if holds_number(field.data or ""):
        said = words.of("text_holds_number")
        raise ValidationError(f"{said.explanation} {said.next_step}")
