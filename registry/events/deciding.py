"""Deciding on a family event: a second person approves it, and in the same transaction it is carried out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.audit import Actor, record
from registry.days import local_day
from registry.db import Session
from registry.errors import Conflict
from registry.events.carrying_out import carry_out
from registry.events.planning import plan_event
from registry.events.plans import Plan
from registry.events.proposing import open_statement
from registry.events.succession import CardFate, succeed_cards
from registry.free_text import check_free_text
from registry.giving.redemptions import lock_own_hub
from registry.keys.keys import KeyRing
from registry.kinds import EventState
from registry.models import Family, FamilyEvent

__all__ = ["approve_event", "reject_event"]


def approve_event(
    session: Session,
    event: FamilyEvent,
    *,
    reason: str = "",
    area: str,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> list[CardFate]:
    """Approve an event and carry it out: people and families, their history, and their cards.

    The hub is locked first, as giving does: whatever is given before is given to the family as it was, and whatever
    comes after finds it changed.

    Raises:
        Conflict: ``event_own_proposal``, ``event_decided``, and as :func:`registry.events.planning.plan_event`, when
            the family is not any more what it was when the event was proposed; the caller rolls back then.
        KeyFault, NotFound: as :func:`registry.cards.cards.replace_card`.
        RegistryError: ``text_holds_number``.
    """
    lock_own_hub(session.connection())
    _take(session, event, actor)
    plan = _plan(session, event, area=area, keys=keys, at=at)
    try:
        with session.begin_nested():
            families = carry_out(
                session, plan, source=event.evidence, happened_on=event.happened_on, vault=keys.vault, at=at
            )
    except IntegrityError:
        _plan(session, event, area=area, keys=keys, at=at)  # a list wrote the same number or person after the look
        raise
    if plan.founded is not None:
        event.other_family_id = families[-1].id
    _decide(session, event, EventState.APPROVED, reason, actor=actor, at=at)
    fates = succeed_cards(session, families, actor=actor, keys=keys, at=at)
    record(
        session,
        "event.approved",
        f"family_event:{event.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        event=event.kind.value,
        family=str(event.family_id),
    )
    return fates


def reject_event(
    session: Session, event: FamilyEvent, *, reason: str, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Reject an event; nothing of the family is changed.

    Args:
        reason: what the proposer is to put right, in the officer's words.

    Raises:
        Conflict: ``event_own_proposal``, ``event_decided``, ``reason_missing``.
        RegistryError: ``text_holds_number``.
    """
    _take(session, event, actor)
    if not reason.strip():
        raise Conflict("reason_missing")
    _decide(session, event, EventState.REJECTED, reason, actor=actor, at=at)
    record(
        session,
        "event.rejected",
        f"family_event:{event.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        event=event.kind.value,
        family=str(event.family_id),
    )


def _take(session: Session, event: FamilyEvent, actor: Actor) -> None:
    """Lock an event that waits, for a person who has not proposed it."""
    # what this session has seen of the families was read before the lock
    session.expire_all()
    session.refresh(event, with_for_update=True)
    if event.state is not EventState.PROPOSED:
        raise Conflict("event_decided")
    if actor.officer_id is None or actor.officer_id == event.proposed_by_id:
        raise Conflict("event_own_proposal")


def _plan(session: Session, event: FamilyEvent, *, area: str, keys: KeyRing, at: datetime) -> Plan:
    concerned = [event.family_id, *([event.other_family_id] if event.other_family_id else [])]
    # in one order, so that two officers who decide on two events of two families cannot block each other
    session.execute(select(Family.id).where(Family.id.in_(concerned)).order_by(Family.id).with_for_update())
    statement = open_statement(event, keys.vault)
    return plan_event(session, event.family, statement, area=area, vault=keys.vault, today=local_day(at))


def _decide(
    session: Session, event: FamilyEvent, state: EventState, reason: str, *, actor: Actor, at: datetime
) -> None:
    event.state, event.decision_reason = state, check_free_text(reason)
    event.decided_by_id, event.decided_at = actor.officer_id, at
    session.flush()
