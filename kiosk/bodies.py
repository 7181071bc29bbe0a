"""How much a browser may send: a file within the installation's limit, everything else far less."""

from __future__ import annotations

from flask import Flask, request

MAX_FIELDS = 2 * 1024 * 1024  # form fields lie in memory as a whole: a long reason, a typed token, many check boxes


def limit_bodies(app: Flask) -> None:
    """Refuse with 413 what is larger; must come before everything that reads a form."""
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FIELDS

    @app.before_request
    def limit() -> None:
        # Werkzeug holds the setting above against the parts of a multipart form only
        if request.mimetype != "multipart/form-data":
            request.max_content_length = MAX_FIELDS
