"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kiosk import sign_in, words
from kiosk.errors import status_of
from kiosk.forms.sign_in import SignInForm
from kiosk.permissions import Permission, needs
from registry.errors import RegistryError

views = Blueprint("sign_in", __name__)


@views.get("/masuk")
@needs(Permission.PUBLIC)
def show() -> ResponseReturnValue:
    """Show the sign-in form; an officer who is signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(url_for("home.show"), 303)
    return render_template("sign_in/show.html", form=SignInForm(formdata=None))


@views.post("/masuk")
@needs(Permission.PUBLIC)
def submit() -> ResponseReturnValue:
    """Sign in and go where the officer wanted to go."""
    form = SignInForm()
    if not form.validate():
        return render_template("sign_in/show.html", form=form), 422
    try:
        sign_in.sign_in(form.username.data, form.password.data)
    except RegistryError as error:
        refusal = words.of(error.code, **error.detail)
        return render_template("sign_in/show.html", form=form, said=refusal), status_of(error)
    return redirect(sign_in.own_path(request.args.get("next")) or url_for("home.show"), 303)


@views.post("/keluar")
@needs(Permission.PUBLIC)  # also a page that was open over the end of the session may sign out
def leave() -> ResponseReturnValue:
    """Sign out for good."""
    sign_in.sign_out()
    flash(words.of("signed_out").explanation, "success")
    return redirect(url_for("sign_in.show"), 303)
