"""What a browser may send: a file within the installation's limit, everything else far less; and no NUL in a text.

A view that takes more says so with :func:`takes`; it gets more from officers only.
"""

from __future__ import annotations

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeVar

from flask import Flask, Request, abort, current_app, request
from flask_login import current_user

from kiosk.state import state

MAX_FIELDS = 2 * 1024 * 1024  # form fields lie in memory as a whole: a long reason, a typed token, many check boxes
_IN_MEMORY = 512 * 1024  # a larger file goes to the disk while it arrives
_MAX_UNREAD = 256 * 1024 * 1024  # what is refused is still listened to, up to here
_PIECE = 64 * 1024

_View = TypeVar("_View", bound=Callable[..., Any])


def takes(most: int) -> Callable[[_View], _View]:
    """Mark a view that takes files of so many bytes, and no more, from who is signed in."""

    def mark(view: _View) -> _View:
        view.most_bytes = most  # type: ignore[attr-defined]
        return view

    return mark


def limit_bodies(app: Flask) -> None:
    """Refuse with 413 what is larger, and with 400 a text with a NUL; must come before everything that reads a form."""
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FIELDS
    app.request_class = _KioskRequest

    @app.before_request
    def limit() -> None:
        # Werkzeug holds the setting above against the parts of a multipart form only
        if request.mimetype != "multipart/form-data":
            request.max_content_length = MAX_FIELDS
        elif (most := _most_of_view()) and current_user.is_authenticated:
            request.max_content_length = most
        if (request.content_length or 0) > (request.max_content_length or 0):
            _read_to_the_end()
            abort(413)
        # no keyboard and no scanner makes one; SQLite keeps it, PostgreSQL fails on it
        if _holds_nul():
            abort(400)


class _KioskRequest(Request):
    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        # in the installation's own folder, without a name, and gone with the process: a family list or the faces of a
        # village have no business in a /tmp that may be memory, or be read by others
        folder = state().settings.uploads_folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(folder))


def _most_of_view() -> int:
    return getattr(current_app.view_functions.get(request.endpoint or ""), "most_bytes", 0)


def _read_to_the_end() -> None:
    """Take what is still being sent, and forget it.

    Browsers read an answer only after they have sent everything: hung up on before, they tell of a broken connection
    and nothing of what was wrong.
    """
    unread = request.content_length or 0
    if unread > _MAX_UNREAD:
        return
    body = request.environ["wsgi.input"]
    while unread > 0 and (piece := body.read(min(_PIECE, unread))):
        unread -= len(piece)


def _holds_nul() -> bool:
    if request.is_json:
        body = request.get_data()
        return b"\0" in body or b"\\u0000" in body
    names = (file.filename or "" for file in request.files.values())
    fields = (text for pair in request.values.items(multi=True) for text in pair)
    return any("\0" in text for text in (request.path, *names, *fields))
