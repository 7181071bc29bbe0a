"""The form that brings a card's design in."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length


class DesignForm(FlaskForm):
    """A name and a ZIP file; whether the design will do, printing finds out."""

    name = StringField(
        "Nama rancangan",
        [InputRequired("Beri nama."), Length(max=40, message="Paling panjang 40 tanda.")],
        render_kw={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
    file = FileField(
        "Berkas ZIP", [FileRequired("Pilih berkas ZIP rancangan.")], render_kw={"accept": ".zip,application/zip"}
    )
