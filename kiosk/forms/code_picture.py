"""The form for a picture of a card's code, where there is a camera and no scanner."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class CodePictureForm(FlaskForm):
    """A picture of the code; it is read and not kept."""

    picture = FileField(
        "Foto kode",
        [FileRequired("Ambil foto kodenya dengan kamera, atau pilih sebuah berkas.")],
        render_kw={"accept": "image/jpeg,image/png,image/webp", "capture": "environment", "data-code-picture": True},
    )
