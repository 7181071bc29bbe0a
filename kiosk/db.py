"""The session of a request. The HTTP method is the transaction mode: what shows cannot write.

Opened when first asked for, so that a view that hands its work to the group writer holds no lock of its own.
"""

from __future__ import annotations

from flask import Flask, Response, g, request

from kiosk.state import state
from registry.db import Session

SHOWING = frozenset({"GET", "HEAD", "OPTIONS"})


def session() -> Session:
    """Return the session of this request: reading for GET, writing for everything else."""
    if "db" not in g:
        g.db = state().database.open_session(writes=request.method not in SHOWING)
    opened: Session = g.db
    return opened


def follow_requests(app: Flask) -> None:
    """Commit a request's work once when its answer is below 400, and roll it back otherwise."""

    @app.after_request
    def finish(response: Response) -> Response:
        if "db" in g:
            if response.status_code < 400:
                g.db.commit()
            else:
                g.db.rollback()
        return response

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        opened: Session | None = g.pop("db", None)
        if opened is not None:
            opened.close()
