"""Asks and shows: the web application and the commands."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from kiosk import errors, filters, headers, navigation, permissions, sign_in, views, words
from kiosk.bodies import limit_bodies
from kiosk.db import follow_requests
from kiosk.settings import Settings
from kiosk.state import open_state

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """Build the web application of an installation that ``kiosk setup`` has made.

    Args:
        settings: the choices of the installation; read from the environment when not given.

    Raises:
        KeyFault: when a key is missing or cannot be opened.
        RegistryError: code ``schema_outdated``.
        RuntimeError: when a view does not say which right it needs.
    """
    settings = settings or Settings.from_environment()
    state = open_state(settings)
    app = Flask("kiosk")
    app.extensions["kiosk"] = state
    app.config.update(
        SECRET_KEY=state.keys.session_key,
        # __Host- binds the cookie to this host and to https; browsers refuse such a name without https
        SESSION_COOKIE_NAME="__Host-kiosk" if settings.is_https else "kiosk",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        MAX_CONTENT_LENGTH=settings.max_body,
        IDLE_SECONDS=int(settings.idle_limit.total_seconds()),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: an officer may sit over a form for an hour
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    # the order matters: too much, a forged form, the right; then, on the way back, commit and headers
    limit_bodies(app)
    headers.set_headers(app)
    follow_requests(app)
    CSRFProtect(app)
    sign_in.follow_officers(app)
    app.before_request(permissions.guard)
    errors.explain_errors(app)
    filters.teach(app)
    app.jinja_env.filters["label"] = words.label
    app.jinja_env.globals.update(navigation.for_templates())  # so that macros know them too
    app.view_functions["static"] = permissions.needs(permissions.Permission.PUBLIC)(app.view_functions["static"])
    views.open_all(app)
    permissions.close_unmarked(app)
    return app
