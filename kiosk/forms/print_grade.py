"""The form for judging a print from a picture of the card."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from kiosk.forms.code_picture import CodePictureForm

COARSEST_DPI = 100
FINEST_DPI = 2400


class PrintGradeForm(CodePictureForm):
    """A photo or scan of the card, and how finely it was scanned."""

    dots_per_inch = IntegerField(
        "Resolusi pindaian (dpi)",
        [
            Optional(),
            NumberRange(COARSEST_DPI, FINEST_DPI, f"Tulis angka {COARSEST_DPI} sampai {FINEST_DPI}, misalnya 600."),
        ],
        render_kw={"inputmode": "numeric", "placeholder": "600"},
    )
