"""A file as a browser gets it: a paper that it shows at once, a list that it offers to keep.

Sent whole, never in ranges: most of these files are made anew whenever they are asked for, and two makings need not
have the same bytes. Names are ASCII, as :func:`kiosk.file_names.file_name` makes them.
"""

from __future__ import annotations

from pathlib import PurePath

from flask import Response

__all__ = ["offer_file", "show_pdf"]

# not asked of the system: which endings it knows depends on what else is installed there
_KINDS = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def show_pdf(pdf: bytes, name: str) -> Response:
    """Return the answer that shows a PDF in the browser; saved from there, it is called by this name."""
    return _file(pdf, "application/pdf", "inline", name)


def offer_file(content: bytes, name: str) -> Response:
    """Return the answer that is saved under this name, which ends in ``.csv``, ``.xlsx`` or ``.zip``."""
    return _file(content, _KINDS[PurePath(name).suffix], "attachment", name)


def _file(content: bytes, kind: str, how: str, name: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers.set("Content-Disposition", how, filename=name)
    return answer
