"""The forms for face photos: one of a family's head, and those of a village."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField

from printing.errors import PhotoError
from printing.photo import Cut
from printing.pictures import MAX_BYTES


class PhotoForm(FlaskForm):
    """A picture from the camera or a file; what it is, printing finds out."""

    photo = FileField(
        "Foto kepala keluarga",
        [FileRequired("Ambil foto dengan kamera, atau pilih sebuah berkas.")],
        render_kw={"accept": "image/jpeg,image/png,image/webp", "data-photo-field": True, "data-largest": MAX_BYTES},
    )
    cut = HiddenField(render_kw={"data-cut-field": True})
    """Left, top and width in parts of the picture, which the page's script fills in: ``0.125 0 0.75``."""

    def chosen_cut(self) -> Cut | None:
        """Return where the officer wants the picture cut; nothing leaves it to the rule.

        Raises:
            PhotoError: ``photo_cut_outside``.
        """
        if not self.cut.data:
            return None
        try:
            left, top, width = map(float, self.cut.data.split())
        except ValueError:
            raise PhotoError("photo_cut_outside") from None
        return Cut(left, top, width)


class VillagePhotosForm(FlaskForm):
    """A ZIP of photos, each named by card or family."""

    file = FileField("Berkas ZIP", [FileRequired("Pilih berkas ZIP.")], render_kw={"accept": ".zip,application/zip"})
    replaces = BooleanField("Ganti foto yang sudah ada; tanpa ini foto itu dibiarkan")
