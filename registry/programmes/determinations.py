"""The determination (*penetapan*) of a round's list: frozen under a decree, with the hash of what it froze.

How the hash is made stands in docs/rules.md ("Hash of a list"); anybody can make it anew from the rows, and
:func:`check_lists` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from registry import audit
from registry.audit import Actor
from registry.days import local_day
from registry.db import Session
from registry.errors import Conflict, RegistryError
from registry.free_text import check_free_text
from registry.keys.keys import KeyRing
from registry.kinds import RoundState
from registry.models import Balance, Determination, Entitlement, Programme, Roster, Round
from registry.programmes.exclusions import excluded_codes, exclusions_of
from registry.programmes.listing import standing_subjects
from registry.programmes.periods import listed_in_period
from registry.programmes.settled import lock_programmes

__all__ = [
    "ListCheck",
    "check_lists",
    "determine_round",
    "freeze_list",
    "hash_list",
    "lock_related",
    "lock_round",
]

_FORM = "kartu-huma-betang/daftar/1"
_BATCH = 5_000  # rows that are held in memory at once


@dataclass(frozen=True, slots=True)
class ListCheck:
    """Whether a determined list is still the one that was frozen."""

    round_id: UUID
    programme_code: str
    round_name: str
    frozen: str
    """The hash of the determination, as hex digits."""
    found: str
    """The hash of the rows that stand there now."""

    @property
    def is_whole(self) -> bool:
        """Whether not a row of it was changed, added or taken away without an addendum."""
        return self.frozen == self.found


def determine_round(
    session: Session,
    round_: Round,
    *,
    decree_number: str,
    decree_date: date,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Determination:
    """Freeze the list of a prepared round under a decree. From then on only an addendum changes it.

    Raises:
        RegistryError: code ``decree_number_empty``, ``decree_date_future``, ``text_holds_number``.
        Conflict: code ``round_determined``, ``round_closed``, ``round_list_empty``; ``list_outdated``, when the rule
            has changed since it wrote the list; ``list_excluded`` and ``list_in_period`` (detail ``count``), when a
            list that was determined meanwhile stands in the way of some.
    """
    decree_number = check_free_text(decree_number)
    if not decree_number:
        raise RegistryError("decree_number_empty")
    if decree_date > local_day(at):
        raise RegistryError("decree_date_future")
    lock_round(session, round_)
    if round_.state is RoundState.CLOSED:
        raise Conflict("round_closed")
    if session.get(Determination, round_.id) is not None:
        raise Conflict("round_determined")
    _check_list(session, round_, today=local_day(at))
    made = freeze_list(
        session, round_, decree_number=decree_number, decree_date=decree_date, actor=actor, keys=keys, at=at
    )
    if not made.entitled:
        raise Conflict("round_list_empty")
    return made


def freeze_list(
    session: Session,
    round_: Round,
    *,
    decree_number: str,
    decree_date: date,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Determination:
    """Write the determination of a list as it stands, whatever stands on it."""
    made = Determination(
        round_id=round_.id,
        decree_number=decree_number,
        decree_date=decree_date,
        programme_version=round_.programme.version,
        clauses=round_.programme.clauses,
        frozen_at=at,
        officer_id=actor.officer_id,
    )
    made.list_hash, made.entitled = hash_list(session, round_, made)
    session.add(made)
    session.flush()
    session.expire(round_, ["determination"])
    audit.record(
        session,
        "round.determined",
        f"round:{round_.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        decree=decree_number,
        decree_date=decree_date.isoformat(),
        entitled=made.entitled,
        hash=made.list_hash.hex(),
    )
    return made


def hash_list(session: Session, round_: Round, determined: Determination) -> tuple[bytes, int]:
    """Return the SHA-256 of a round's list without what addenda changed, and how many subjects stand on it."""
    whole = sha256()
    subjects: set[tuple[UUID, UUID | None]] = set()
    head = [
        _FORM,
        str(round_.id),
        round_.programme_code,
        determined.programme_version,
        round_.opens_on.isoformat(),
        round_.closes_on.isoformat(),
        round_.value,
        round_.price,
        determined.decree_number,
        determined.decree_date.isoformat(),
    ]
    whole.update(_line(head))
    for point, family, person, ordinal, basis, document, only in session.execute(_RIGHTS, {"of_round": round_.id}):
        subjects.add((family, person))
        whole.update(_line(["hak", str(point), str(family), person and str(person), ordinal, basis, document, only]))
    for family, granted, basis, document in session.execute(_BALANCES, {"of_round": round_.id}):
        subjects.add((family, None))
        whole.update(_line(["saldo", str(family), granted, basis, document]))
    return whole.digest(), len(subjects)


def check_lists(session: Session) -> Iterator[ListCheck]:
    """Make the hash of every determined list anew, the oldest round first."""
    query = select(Round, Determination).join(Determination).order_by(Round.created_at, Round.id)
    for round_, determined in session.execute(query).all():
        found, _ = hash_list(session, round_, determined)
        yield ListCheck(round_.id, round_.programme_code, round_.name, determined.list_hash.hex(), found.hex())


def lock_round(session: Session, round_: Round) -> None:
    """Hold a round until the transaction ends: its list is not written while it is frozen, and not frozen meanwhile."""
    session.refresh(round_, with_for_update=True)


def lock_related(session: Session, programme: Programme) -> None:
    """Hold back the lists of a programme, and of those that exclude it, from being frozen or added to meanwhile."""
    lock_programmes(session, {programme.code, *excluded_codes(session.scalars(select(Programme)), programme)})


def _check_list(session: Session, round_: Round, *, today: date) -> None:
    programme = round_.programme
    lock_related(session, programme)
    if round_.evaluated_version not in (None, programme.version):
        raise Conflict("list_outdated")
    subjects = standing_subjects(session, round_.id)
    for code, found in (
        ("list_excluded", exclusions_of(session, programme, subjects, today=today)),
        ("list_in_period", listed_in_period(session, round_, subjects)),
    ):
        if found:
            raise Conflict(code, count=str(len(found)))


def _line(values: Sequence[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


_RIGHTS = (
    select(
        Roster.point_id,
        Entitlement.family_id,
        Entitlement.person_id,
        Entitlement.ordinal,
        Entitlement.basis,
        Entitlement.document,
        Entitlement.only_of_family,
    )
    .join(Roster, Roster.id == Entitlement.roster_id)
    .where(
        Entitlement.round_id == bindparam("of_round"),
        Entitlement.addendum_id.is_(None),
        Entitlement.balance_id.is_(None),
    )
    .order_by(Entitlement.family_id, Entitlement.person_id, Entitlement.ordinal)
    .execution_options(yield_per=_BATCH)
)
_BALANCES = (
    select(Balance.family_id, Balance.granted, Balance.basis, Balance.document)
    .where(Balance.round_id == bindparam("of_round"), Balance.addendum_id.is_(None))
    .order_by(Balance.family_id)
    .execution_options(yield_per=_BATCH)
)
