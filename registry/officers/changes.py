"""What changes for an officer after the first day: a new password, leaving the service, coming back.

Whoever knows an old password is put out at once: every one of these ends the officer's sessions.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from registry import audit
from registry.audit import Actor
from registry.db import Session
from registry.errors import Conflict, RegistryError
from registry.keys.keys import KeyRing
from registry.models import Officer, OfficerSession

__all__ = ["change_own_password", "deactivate_officer", "reinstate_officer", "set_password"]


def deactivate_officer(session: Session, officer: Officer, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Close an officer's account: all their sessions end, and they can sign in no more; what they did stays.

    Raises:
        Conflict: code ``officer_is_oneself`` (the last administrator would lock all out), ``officer_inactive``.
    """
    if officer.id == actor.officer_id:
        raise Conflict("officer_is_oneself")
    if not officer.is_active:
        raise Conflict("officer_inactive")
    officer.is_active = False
    _end_sessions(session, officer, at=at)
    _tell(session, "officer.deactivated", officer, actor=actor, keys=keys, at=at)


def reinstate_officer(session: Session, officer: Officer, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Open an officer's account again, with the password that it had.

    Raises:
        Conflict: code ``officer_active``.
    """
    if officer.is_active:
        raise Conflict("officer_active")
    officer.is_active = True
    _tell(session, "officer.reinstated", officer, actor=actor, keys=keys, at=at)


def set_password(
    session: Session, officer: Officer, password_hash: str, *, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Give an officer who forgot theirs a new password (by its hash); all their sessions end."""
    officer.password_hash = password_hash
    _end_sessions(session, officer, at=at)
    _tell(session, "officer.password_set", officer, actor=actor, keys=keys, at=at)


def change_own_password(
    session: Session,
    officer_id: UUID,
    *,
    current_hash: str,
    new_hash: str,
    session_id: UUID,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> None:
    """Change the password of the officer who asks; all their sessions but this one end.

    Args:
        current_hash: against which the password until now was found right, so that nobody changes it at a counter
            that was left alone.
        new_hash: from :func:`registry.officers.passwords.make_password_hash`.
        session_id: the session in which this is asked.

    Raises:
        RegistryError: code ``password_wrong``, when it was changed meanwhile.
    """
    officer = session.get_one(Officer, officer_id)
    if officer.password_hash != current_hash:
        raise RegistryError("password_wrong")
    officer.password_hash = new_hash
    _end_sessions(session, officer, but=session_id, at=at)
    _tell(session, "officer.password_changed", officer, actor=actor, keys=keys, at=at)


def _end_sessions(session: Session, officer: Officer, *, but: UUID | None = None, at: datetime) -> None:
    ending = update(OfficerSession).where(OfficerSession.officer_id == officer.id, OfficerSession.ended_at.is_(None))
    if but is not None:
        ending = ending.where(OfficerSession.id != but)
    session.execute(ending.values(ended_at=at))


def _tell(session: Session, action: str, officer: Officer, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    audit.record(
        session,
        action,
        f"officer:{officer.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        number=officer.number,
    )
