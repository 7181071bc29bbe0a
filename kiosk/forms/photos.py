"""The form for the photo of a family's head."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class PhotoForm(FlaskForm):
    """A picture from the camera or a file; what it is, printing finds out."""

    photo = FileField(
        "Foto kepala keluarga",
        [FileRequired("Ambil foto dengan kamera, atau pilih sebuah berkas.")],
        render_kw={"accept": "image/jpeg,image/png,image/webp", "data-photo-field": True},
    )
