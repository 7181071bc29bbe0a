"""The sign-in form."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from registry.officers.passwords import LONGEST


class SignInForm(FlaskForm):
    """User name and password."""

    username = StringField(
        "Nama pengguna",
        [DataRequired("Isi nama pengguna Anda."), Length(max=40, message="Nama pengguna paling panjang 40 karakter.")],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        "Kata sandi",
        [
            DataRequired("Isi kata sandi Anda."),
            Length(max=LONGEST, message=f"Kata sandi paling panjang {LONGEST} karakter."),
        ],
        render_kw={"autocomplete": "current-password"},
    )
