"""Taking a complaint: once under one key, with a number that the family takes home."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from registry.audit import Actor, record
from registry.complaints.numbers import draw_number
from registry.db import Session, new_id
from registry.errors import RegistryError
from registry.free_text import check_free_text
from registry.keys.keys import KeyRing
from registry.kinds import ComplaintKind, ComplaintState
from registry.models import Complaint

__all__ = ["LONGEST_WORDS", "check_words", "store_complaint", "take_complaint"]

LONGEST_WORDS = 500  # the column's width

_complaint: Table = Complaint.__table__  # type: ignore[assignment]
_TAKE = {
    "sqlite": sqlite.insert(_complaint).on_conflict_do_nothing().returning(_complaint.c.id),
    "postgresql": postgresql.insert(_complaint).on_conflict_do_nothing().returning(_complaint.c.id),
}


def take_complaint(
    session: Session,
    kind: ComplaintKind,
    words: str,
    *,
    family_id: UUID | None = None,
    person_id: UUID | None = None,
    attempt_id: UUID | None = None,
    round_id: UUID | None = None,
    about_point_id: UUID | None = None,
    area_code: str,
    key: str,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Complaint:
    """Take a complaint; under a key that was used before, return the one that stands under it.

    Args:
        words: what the family says, in the officer's words; no NIK, no Nomor KK, at most 500 characters.
        attempt_id: the refusal that it comes from.
        about_point_id: the service point that is complained of.
        area_code: the family's village; for somebody who is on no list, the area of the point where it is told.
        key: names this complaint when the request is sent once more; at most 64 characters.

    Raises:
        RegistryError: code ``complaint_words_missing``, ``complaint_words_long``, ``text_holds_number``.
    """
    about: dict[str, Any] = {
        "family_id": family_id,
        "person_id": person_id,
        "attempt_id": attempt_id,
        "round_id": round_id,
        "about_point_id": about_point_id,
        "area_code": area_code,
    }
    complaint, is_new = store_complaint(session, kind, words, is_case=False, key=key, about=about, actor=actor, at=at)
    if is_new:
        # the kind is not told: who works at a point reads its trail, and may be whom the family complains of
        record(
            session,
            "complaint.taken",
            f"complaint:{complaint.id}",
            actor=actor,
            key=keys.audit_key,
            at=at,
            number=complaint.number,
        )
    return complaint


def check_words(words: str) -> str:
    """Return words that may be kept, without spaces around them.

    Raises:
        RegistryError: code ``complaint_words_missing``, ``complaint_words_long``, ``text_holds_number``.
    """
    words = check_free_text(words)
    if not words:
        raise RegistryError("complaint_words_missing")
    if len(words) > LONGEST_WORDS:
        raise RegistryError("complaint_words_long", longest=str(LONGEST_WORDS))
    return words


def store_complaint(
    session: Session,
    kind: ComplaintKind,
    words: str,
    *,
    is_case: bool,
    key: str,
    about: dict[str, Any],
    actor: Actor,
    at: datetime,
) -> tuple[Complaint, bool]:
    """Store a complaint or a case under its key; return it, and whether it is new.

    Raises:
        RegistryError: as :func:`take_complaint`.
    """
    words = check_words(words)
    connection = session.connection()
    under_key = select(Complaint).where(Complaint.idempotency_key == key)
    is_new = False
    while (standing := session.scalar(under_key)) is None:
        row = {
            "id": new_id(),
            "number": draw_number(at),
            "kind": kind,
            "is_case": is_case,
            "words": words,
            "state": ComplaintState.OPEN,
            "idempotency_key": key,
            "made_at": at,
            "point_id": actor.point_id,
            "officer_id": actor.officer_id,
            **about,
        }
        # held back by the key, the row of the other request is found next; held back by the number, another is drawn
        is_new = connection.execute(_TAKE[connection.dialect.name], row).one_or_none() is not None
    return standing, is_new
