"""What becomes of a complaint: referred, answered, closed; each step with its words, and never two at once.

::

    open ──refer──▶ referred (again and again: RT, desa, musdes, DTSEN, an office)
      └────answer────┴──▶ answered ──close──▶ closed

A step names how many the officer has seen: of two officers at once one wins, and the other reads what was done first.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from registry.audit import Actor, record
from registry.complaints.complaints import check_words
from registry.complaints.reading import UNANSWERED
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.keys.keys import KeyRing
from registry.kinds import ComplaintState, Referral
from registry.models import Complaint, ComplaintStep, Office

__all__ = ["answer_complaint", "close_complaint", "refer_complaint"]


def refer_complaint(
    session: Session,
    complaint_id: UUID,
    referral: Referral,
    *,
    office_code: str | None,
    words: str,
    seen: int,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> None:
    """Refer a complaint: to a step on the way to DTSEN, or to an office.

    Args:
        office_code: which office, when it is one.
        words: what is asked there; the family is told it.
        seen: how many steps the complaint had when the officer decided.

    Raises:
        Conflict: code ``complaint_changed``.
        NotFound: code ``complaint_unknown``, ``office_unknown``.
        RegistryError: code ``complaint_office_missing``, ``complaint_words_missing``, ``complaint_words_long``,
            ``text_holds_number``.
    """
    if referral is not Referral.OFFICE:
        office_code = None
    elif not office_code:
        raise RegistryError("complaint_office_missing")
    elif session.get(Office, office_code) is None:
        raise NotFound("office_unknown")
    complaint = _lock(session, complaint_id, UNANSWERED, seen)
    complaint.referral, complaint.office_code = referral, office_code
    _step(session, complaint, ComplaintState.REFERRED, words, referral=referral, actor=actor, at=at)
    record(
        session,
        "complaint.referred",
        f"complaint:{complaint.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        number=complaint.number,
        referral=referral.value,
    )


def answer_complaint(
    session: Session, complaint_id: UUID, *, words: str, seen: int, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Answer a complaint.

    Args:
        words: what the family is told.
        seen: how many steps the complaint had when the officer decided.

    Raises:
        Conflict: code ``complaint_changed``.
        NotFound: code ``complaint_unknown``.
        RegistryError: code ``complaint_words_missing``, ``complaint_words_long``, ``text_holds_number``.
    """
    complaint = _lock(session, complaint_id, UNANSWERED, seen)
    _step(session, complaint, ComplaintState.ANSWERED, words, actor=actor, at=at)
    record(
        session,
        "complaint.answered",
        f"complaint:{complaint.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        number=complaint.number,
    )


def close_complaint(
    session: Session, complaint_id: UUID, *, words: str, seen: int, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Close a complaint that was answered: the family knows the answer, or cannot be reached.

    Args:
        words: how the family was told.
        seen: how many steps the complaint had when the officer decided.

    Raises:
        Conflict: code ``complaint_changed``.
        NotFound: code ``complaint_unknown``.
        RegistryError: code ``complaint_words_missing``, ``complaint_words_long``, ``text_holds_number``.
    """
    complaint = _lock(session, complaint_id, (ComplaintState.ANSWERED,), seen)
    _step(session, complaint, ComplaintState.CLOSED, words, actor=actor, at=at)
    record(
        session,
        "complaint.closed",
        f"complaint:{complaint.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        number=complaint.number,
    )


def _lock(session: Session, complaint_id: UUID, states: Collection[ComplaintState], seen: int) -> Complaint:
    """Lock a complaint until the transaction ends, and see that nothing was done since the officer looked."""
    complaint = session.scalar(
        select(Complaint)
        .where(Complaint.id == complaint_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if complaint is None:
        raise NotFound("complaint_unknown")
    # only now, by a statement of its own: PostgreSQL shows it what the other one committed while this one waited
    done = session.scalar(select(func.count()).where(ComplaintStep.complaint_id == complaint_id))
    if complaint.state not in states or done != seen:
        raise Conflict("complaint_changed")
    return complaint


def _step(
    session: Session,
    complaint: Complaint,
    state: ComplaintState,
    words: str,
    *,
    referral: Referral | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    words = check_words(words)
    complaint.state = state
    session.add(
        ComplaintStep(
            id=new_id(),
            complaint_id=complaint.id,
            state=state,
            referral=referral,
            office_code=complaint.office_code if referral else None,
            words=words,
            at=at,
            officer_id=actor.officer_id,
        )
    )
    session.flush()
