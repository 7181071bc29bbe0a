"""Tries to sign in: counted in the database, so that all workers of the server slow down guessing together.

A try is noted and committed before it is counted: of any number of tries at the same moment no more than the limit
then find themselves within it. A success takes its note back, so only failures count.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select

from registry.db import Connection
from registry.models import SignInAttempt

WINDOW = timedelta(seconds=60)
PER_USERNAME = 5  # as SecureDrop: one guess per 12 seconds cannot get through a password of twelve characters
PER_ORIGIN = 20  # a whole office stands behind one network address, and everybody mistypes at eight in the morning
_KEPT = timedelta(days=1)
_USERNAME_LENGTH = 40
_ORIGIN_LENGTH = 45


def note_attempt(connection: Connection, username: str, *, origin: str, at: datetime) -> int:
    """Note a try before it is looked at; the caller commits, then asks :func:`is_throttled`. Returns its id."""
    connection.execute(delete(SignInAttempt).where(SignInAttempt.at < at - _KEPT))
    return connection.execute(
        insert(SignInAttempt)
        .values(username=username[:_USERNAME_LENGTH], origin=origin[:_ORIGIN_LENGTH], at=at)
        .returning(SignInAttempt.id)
    ).scalar_one()


def is_throttled(connection: Connection, username: str, *, origin: str, at: datetime) -> bool:
    """Tell whether this user name or this origin has tried too often of late; other user names are not touched."""

    def count(condition: ColumnElement[bool]) -> int:
        # both ends: after a wrong clock was set back, notes "from tomorrow" must not lock anybody out
        recent = SignInAttempt.at.between(at - WINDOW, at + WINDOW)
        return connection.execute(select(func.count()).select_from(SignInAttempt).where(condition, recent)).scalar_one()

    return (
        count(SignInAttempt.username == username[:_USERNAME_LENGTH]) > PER_USERNAME
        or count(SignInAttempt.origin == origin[:_ORIGIN_LENGTH]) > PER_ORIGIN
    )


def forget_attempt(connection: Connection, attempt_id: int) -> None:
    """Take a note back: the try succeeded, or was not looked at."""
    connection.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt_id))
