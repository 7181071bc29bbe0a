"""The form for the photo of a hand-over."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class HandOverPhotoForm(FlaskForm):
    """A picture from the camera or a file; what it is, printing finds out."""

    photo = FileField(
        "Foto serah terima",
        [FileRequired("Ambil foto dengan kamera, atau pilih sebuah berkas.")],
        render_kw={
            "accept": "image/jpeg,image/png,image/webp",
            "capture": "environment",
            "data-photo-field": True,
        },
    )
