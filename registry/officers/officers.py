"""Officers: the people who work with this kiosk, each under their own name."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, selectinload
from stdnum import damm

from registry import audit
from registry.audit import Actor
from registry.db import Connection, Session, new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.keys.keys import KeyRing
from registry.kinds import Role
from registry.models import Officer, OfficerRole, ServicePoint
from registry.regions import within

STANDING_ALONE = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""Who hands out rights, and who watches over all, does nothing else: no one person both acts and looks after it."""

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


def add_officer(
    session: Session,
    point: ServicePoint,
    *,
    username: str,
    name: str,
    password_hash: str,
    roles: Collection[Role],
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Officer:
    """Add an officer who works at a service point.

    Args:
        username: what is typed to sign in; case does not count.
        name: the person's name as it stands on screens.
        password_hash: from :func:`registry.officers.passwords.make_password_hash`.

    Raises:
        RegistryError: code ``username_malformed``, ``officer_name_empty``, ``role_missing``, ``role_stands_alone``.
        Conflict: code ``username_taken``.
    """
    username = normal_username(username)
    if not _USERNAME.fullmatch(username):
        raise RegistryError("username_malformed")
    if not name.strip():
        raise RegistryError("officer_name_empty")
    if not roles:
        raise RegistryError("role_missing")
    if len(set(roles)) > 1 and not STANDING_ALONE.isdisjoint(roles):
        raise RegistryError("role_stands_alone")
    if session.scalar(select(Officer.id).where(Officer.username == username)):
        raise Conflict("username_taken", username=username)
    officer = Officer(
        id=new_id(),
        username=username,
        name=name.strip(),
        number=_free_number(session),
        password_hash=password_hash,
        point=point,
        created_at=at,
        role_rows=[OfficerRole(role=role) for role in sorted(set(roles))],
    )
    try:
        with session.begin_nested():
            session.add(officer)
    except IntegrityError as error:  # another administrator took the name after the look
        raise Conflict("username_taken", username=username) from error
    audit.record(
        session,
        "officer.added",
        f"officer:{officer.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        number=officer.number,
        point=point.code,
        roles=" ".join(sorted(set(roles))),
    )
    return officer


def has_officers(session: Session) -> bool:
    """Tell whether anybody works with this installation yet."""
    return session.scalar(select(exists().select_from(Officer))) or False


def list_officers(session: Session, *, area: str) -> Sequence[Officer]:
    """Return the officers of all service points in an area, by point and name; those who left come last."""
    return session.scalars(
        select(Officer)
        .join(Officer.point)
        .where(within(ServicePoint.area_code, area))
        .options(contains_eager(Officer.point), selectinload(Officer.role_rows))
        .order_by(ServicePoint.code, Officer.is_active.desc(), Officer.name)
    ).all()


def get_officer(session: Session, number: str, *, area: str) -> Officer:
    """Return the officer with this number, when their service point lies in the area.

    Raises:
        NotFound: code ``officer_unknown``, also for an officer elsewhere.
    """
    officer = session.scalar(
        select(Officer).join(Officer.point).where(Officer.number == number, within(ServicePoint.area_code, area))
    )
    if officer is None:
        raise NotFound("officer_unknown")
    return officer


@dataclass(frozen=True)
class Credentials:
    """What signing in asks of an officer."""

    officer_id: UUID
    point_id: UUID
    password_hash: str


def find_credentials(connection: Connection, username: str) -> Credentials | None:
    """Return what an active officer signs in with."""
    row = connection.execute(
        select(Officer.id, Officer.point_id, Officer.password_hash).where(
            Officer.username == normal_username(username), Officer.is_active
        )
    ).first()
    return Credentials(row.id, row.point_id, row.password_hash) if row else None


def normal_username(text: str) -> str:
    """Return a user name as it is stored and compared."""
    return text.strip().casefold()


def _free_number(session: Session) -> str:
    # drawn, not counted: two administrators at once do not meet, and the check digit catches a misread receipt
    while True:
        digits = f"{secrets.randbelow(100_000):05d}"
        number = f"P-{digits}{damm.calc_check_digit(digits)}"
        if not session.scalar(select(Officer.id).where(Officer.number == number)):
            return number
