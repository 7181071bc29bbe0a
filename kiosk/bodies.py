"""What a browser may send: a file within the installation's limit, everything else far less; and no NUL in a text."""

from __future__ import annotations

from flask import Flask, abort, request

MAX_FIELDS = 2 * 1024 * 1024  # form fields lie in memory as a whole: a long reason, a typed token, many check boxes


def limit_bodies(app: Flask) -> None:
    """Refuse with 413 what is larger, and with 400 a text with a NUL; must come before everything that reads a form."""
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FIELDS

    @app.before_request
    def limit() -> None:
        # Werkzeug holds the setting above against the parts of a multipart form only
        if request.mimetype != "multipart/form-data":
            request.max_content_length = MAX_FIELDS
        # no keyboard and no scanner makes one; SQLite keeps it, PostgreSQL fails on it
        if _holds_nul():
            abort(400)


def _holds_nul() -> bool:
    if request.is_json:
        body = request.get_data()
        return b"\0" in body or b"\\u0000" in body
    names = (file.filename or "" for file in request.files.values())
    fields = (text for pair in request.values.items(multi=True) for text in pair)
    return any("\0" in text for text in (request.path, *names, *fields))
