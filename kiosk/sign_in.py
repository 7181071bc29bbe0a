"""Signing in and out: flask-login knows who asks, a row in the database says whether they still may.

flask-login alone keeps a signed cookie that stays good after sign-out; here the cookie holds only a random secret, and
the row it leads to ends at sign-out, after idle time, after a working day, and when the officer is no longer active.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

import flask
from flask import Flask, Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user

from kiosk import words
from kiosk.clock import now
from kiosk.state import state
from registry.audit import Actor
from registry.errors import RegistryError
from registry.officers import devices, officers, passwords, sessions, sign_in_attempts
from registry.officers.officers import Credentials
from registry.officers.sessions import SignedIn

DEVICE_COOKIE = "kiosk_device"
_DEVICE_AGE = timedelta(days=400)  # the longest that browsers keep a cookie
_TOUCH_EVERY = timedelta(minutes=1)  # so that a busy counter does not write at every click


class CurrentOfficer:
    """The officer who asks, in the shape that flask-login wants."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, secret: str, signed_in: SignedIn) -> None:
        self._secret = secret
        self.signed_in = signed_in

    def get_id(self) -> str:
        """Return what the signed cookie holds: the secret of the session's row."""
        return self._secret


def signed_in() -> SignedIn:
    """Return the session of the officer who asks; only views that need a right may call this."""
    return cast(SignedIn, current_user.signed_in)


def current_actor() -> Actor:
    """Return who acts, where and at which browser, for the services below."""
    return signed_in().actor


def sign_in(username: str, password: str) -> None:
    """Check a password and begin a session, or refuse.

    Raises:
        RegistryError: code ``sign_in_wrong`` (which of the two was wrong is not said), ``sign_in_throttled``,
            ``sign_in_busy``.
    """
    here, at = state(), now()
    found = _check_password(officers.normal_username(username), password, otherwise="sign_in_wrong")
    with here.database.connecting(writes=True) as connection:
        device_id = devices.find_device(connection, request.cookies.get(DEVICE_COOKIE, ""))
        if device_id is None:
            device_id, g.new_device = devices.add_device(connection, label=_browser(), at=at)
        actor = Actor(officer_id=found.officer_id, point_id=found.point_id, device_id=device_id)
        secret = sessions.begin_session(connection, actor, keys=here.keys, at=at)
        begun = sessions.find_session(connection, secret)
    # a cookie that was planted before signing in must not live on in the session
    flask.session.clear()
    login_user(CurrentOfficer(secret, cast(SignedIn, begun)))


def sign_out() -> None:
    """End the session's row, so that every copy of its cookie dies, and forget the cookie."""
    if current_user.is_authenticated:
        with state().database.connecting(writes=True) as connection:
            sessions.end_session(connection, signed_in(), keys=state().keys, at=now())
    flask.session.clear()


def renew_password(current: str, new: str) -> tuple[str, str]:
    """Check one's password until now, and return its hash with that of the new one; nothing is changed yet.

    A wrong one counts as a wrong try to sign in: at a counter that was left alone it is guessed no faster.

    Raises:
        RegistryError: code ``password_wrong``, ``password_same``, ``sign_in_throttled``, and those of
            :func:`registry.officers.passwords.make_password_hash`.
    """
    username = signed_in().username
    found = _check_password(username, current, otherwise="password_wrong")
    if current == new:
        raise RegistryError("password_same")
    return found.password_hash, passwords.make_password_hash(new, username=username)


def _check_password(username: str, password: str, *, otherwise: str) -> Credentials:
    """Return what an officer signs in with when this is the password; else raise the code, and keep the try."""
    here, at, origin = state(), now(), request.remote_addr or ""
    with here.database.connecting(writes=True) as connection:
        attempt = sign_in_attempts.note_attempt(connection, username, origin=origin, at=at)
    with here.database.connecting(writes=False) as connection:
        is_throttled = sign_in_attempts.is_throttled(connection, username, origin=origin, at=at)
        found = officers.find_credentials(connection, username)
    if not is_throttled and (
        not passwords.is_password(password, found.password_hash if found else None) or found is None
    ):
        raise RegistryError(otherwise)
    with here.database.connecting(writes=True) as connection:
        sign_in_attempts.forget_attempt(connection, attempt)
    if is_throttled or found is None:
        raise RegistryError("sign_in_throttled", seconds=str(int(sign_in_attempts.WINDOW.total_seconds())))
    return found


def own_path(target: str | None) -> str | None:
    """Return a path of this kiosk to go on to, or nothing when the target leads anywhere else."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc or not target.isprintable() else target


def follow_officers(app: Flask) -> None:
    """Teach the application who asks."""
    manager = LoginManager(app)
    # its own protection hashes address and browser into the cookie and breaks when a phone changes networks; ours is
    # the row
    manager.session_protection = None
    manager.user_loader(_load)
    manager.unauthorized_handler(_ask_to_sign_in)
    app.after_request(_remember_device)


def _load(secret: str) -> CurrentOfficer | None:
    here, at = state(), now()
    with here.database.asking() as connection:
        found = sessions.find_session(connection, secret)
    if found is None:
        g.sign_in_ended = "session_ended"
        return None
    limits = here.settings
    is_idle, is_too_long = at - found.last_seen_at > limits.idle_limit, at - found.started_at > limits.absolute_limit
    if is_idle or is_too_long:
        # ended in its row as well, so that setting the clock back revives nothing
        with here.database.connecting(writes=True) as connection:
            sessions.end_session(connection, found, keys=here.keys, at=at)
        g.sign_in_ended = "session_idle" if is_idle else "session_too_long"
        return None
    if at - found.last_seen_at > _TOUCH_EVERY:
        with here.database.connecting(writes=True) as connection:
            sessions.touch_session(connection, found.session_id, at=at)
    return CurrentOfficer(secret, found)


def _ask_to_sign_in() -> ResponseReturnValue:
    if "sign_in_ended" in g:
        flask.session.clear()
        flash(words.of(g.sign_in_ended).explanation, "warning")
    # only what shows can be gone back to: an act would have to be sent again, knowingly
    target = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None
    return redirect(url_for("sign_in.show", next=target), 303)


def _remember_device(response: Response) -> Response:
    if "new_device" in g:
        response.set_cookie(
            DEVICE_COOKIE,
            g.new_device,
            max_age=_DEVICE_AGE,
            httponly=True,
            samesite="Lax",
            secure=state().settings.is_https,
        )
    return response


def _browser() -> str:
    agent = request.user_agent.string
    program = next((name for name in ("Firefox", "Edg", "OPR", "Chrome", "Safari") if name in agent), "Peramban")
    system = next((name for name in ("Android", "iPhone", "iPad", "Windows", "Mac", "Linux") if name in agent), "")
    return " · ".join(filter(None, (program, system)))
