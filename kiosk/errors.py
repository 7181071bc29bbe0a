"""Error pages: what went wrong in words, and what to do next; never a trace, a code of ours, or a person's data."""

from __future__ import annotations

import secrets

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from kiosk import words
from kiosk.permissions import MissingRight, roles_with
from kiosk.words import Words
from printing.errors import PrintingError
from registry.errors import Conflict, KeyFault, NotFound, RegistryError

_STATUS: tuple[tuple[type[RegistryError], int], ...] = ((NotFound, 404), (Conflict, 409), (KeyFault, 500))
_STATUS_OF_CODE = {"sign_in_throttled": 429, "sign_in_busy": 429}


def status_of(error: RegistryError) -> int:
    """Return the HTTP status of an exception of the rooms below; 422 is what cannot be taken as it was sent."""
    by_kind = next((status for kind, status in _STATUS if isinstance(error, kind)), 422)
    return _STATUS_OF_CODE.get(error.code, by_kind)


def explain_errors(app: Flask) -> None:
    """Answer every error with a page, or with JSON where JSON was asked for."""
    app.register_error_handler(RegistryError, _registry_error)
    app.register_error_handler(PrintingError, _printing_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(MissingRight, _missing_right)
    app.register_error_handler(InternalServerError, _internal_error)
    app.register_error_handler(HTTPException, _http_error)


def _registry_error(error: RegistryError) -> ResponseReturnValue:
    status = status_of(error)
    if status >= 500:
        current_app.logger.error("%s: %s", type(error).__name__, error.code)
    return _answer(status, error.code, words.of(error.code, **error.detail))


def _printing_error(error: PrintingError) -> ResponseReturnValue:
    return _answer(422, error.code, words.of(error.code, about=error.about))


def _csrf_error(_error: CSRFError) -> ResponseReturnValue:
    return _answer(400, "form_outdated", words.of("form_outdated"))


def _missing_right(error: MissingRight) -> ResponseReturnValue:
    if error.permission is None:
        return _answer(403, "http_403", words.of("http_403"))
    roles = ", ".join(words.label(role) for role in roles_with(error.permission))
    return _answer(403, "right_missing", words.of("right_missing", right=words.label(error.permission), roles=roles))


def _internal_error(_error: InternalServerError) -> ResponseReturnValue:
    # Flask has logged the trace already; the number joins it to what the officer tells on the telephone
    number = secrets.token_hex(3).upper()
    current_app.logger.error("the fault just logged has the number %s", number)
    return _answer(500, "http_500", words.of("http_500", number=number))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    code = f"http_{error.code}"
    page, status = _answer(error.code, code, words.of(code if words.knows(code) else "http_400"))
    allowed = [(name, value) for name, value in error.get_headers() if name == "Allow"]
    return page, status, allowed


def _answer(status: int, code: str, said: Words) -> tuple[str | Response, int]:
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error=code, title=said.title, explanation=said.explanation, next_step=said.next_step), status
    return render_template("errors/error.html", said=said, status=status), status
