"""Cases: complaints that the kiosk opens by itself, where two records cannot both be right."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from registry.audit import Actor, record
from registry.complaints.complaints import store_complaint
from registry.db import Session
from registry.keys.keys import KeyRing
from registry.kinds import ComplaintKind
from registry.models import Complaint

__all__ = ["open_case"]


def open_case(
    session: Session,
    kind: ComplaintKind,
    *,
    words: str,
    family_id: UUID | None,
    person_id: UUID | None,
    round_id: UUID | None,
    area_code: str,
    key: str,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Complaint:
    """Open a case; under a key that was used before, return the one that stands under it.

    Args:
        words: what clashes, without names and numbers of people, at most 500 characters.
        area_code: whose officers settle it: the family's village.
        key: names the clash, so that it is one case however often it is met; at most 64 characters.

    Raises:
        RegistryError: code ``complaint_words_missing``, ``complaint_words_long``, ``text_holds_number``.
    """
    about = {"family_id": family_id, "person_id": person_id, "round_id": round_id, "area_code": area_code}
    case, is_new = store_complaint(session, kind, words, is_case=True, key=key, about=about, actor=actor, at=at)
    if is_new:
        record(
            session,
            "complaint.case_opened",
            f"complaint:{case.id}",
            actor=actor,
            key=keys.audit_key,
            at=at,
            number=case.number,
        )
    return case
