"""Proposing a family event: what happened, when, and by which document; nothing is changed yet."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from registry.audit import Actor, record
from registry.days import local_day
from registry.db import Session, new_id
from registry.errors import Conflict, RegistryError
from registry.events.planning import plan_event
from registry.events.statements import Statement, kind_of, read_statement, write_statement
from registry.free_text import check_free_text
from registry.keys.keys import KeyRing
from registry.keys.sealing import Vault
from registry.kinds import EventState
from registry.models import Family, FamilyEvent

__all__ = ["open_statement", "propose_event"]

_TABLE, _COLUMN = "family_event", "content_sealed"


def propose_event(
    session: Session,
    family: Family,
    statement: Statement,
    *,
    happened_on: date,
    evidence: str,
    area: str,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> FamilyEvent:
    """Keep what an officer states of a family until a second person decides on it.

    Args:
        evidence: the document and its number, as it is told later with everything that was changed by it.

    Raises:
        Conflict: ``event_waits_already``, when the same was proposed and waits; and as
            :func:`registry.events.planning.plan_event`: what could not be carried out now is not proposed.
        NotFound: as :func:`registry.events.planning.plan_event`.
        RegistryError: ``event_in_future``, ``evidence_missing``, ``text_holds_number``.
    """
    today = local_day(at)
    if happened_on > today:
        raise RegistryError("event_in_future")
    evidence = check_free_text(evidence)
    if not evidence:
        raise RegistryError("evidence_missing")
    plan = plan_event(session, family, statement, area=area, vault=keys.vault, today=today)
    waiting = session.scalars(
        select(FamilyEvent).where(FamilyEvent.family_id == family.id, FamilyEvent.state == EventState.PROPOSED)
    )
    if any(open_statement(one, keys.vault) == statement for one in waiting):
        raise Conflict("event_waits_already")
    event_id = new_id()
    event = FamilyEvent(
        id=event_id,
        kind=kind_of(statement),
        family_id=family.id,
        other_family_id=plan.other.id if plan.other else None,
        happened_on=happened_on,
        evidence=evidence,
        content_sealed=keys.vault.seal(_TABLE, _COLUMN, event_id, write_statement(statement)),
        state=EventState.PROPOSED,
        proposed_by_id=actor.officer_id,
        proposed_at=at,
        point_id=actor.point_id,
    )
    session.add(event)
    record(
        session,
        "event.proposed",
        f"family_event:{event_id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        event=event.kind.value,
        family=str(family.id),
    )
    return event


def open_statement(event: FamilyEvent, vault: Vault) -> Statement:
    """Return what was stated, with NIK and Nomor KK in clear.

    Raises:
        KeyFault: when it cannot be opened with these keys.
    """
    return read_statement(vault.open(_TABLE, _COLUMN, event.id, event.content_sealed))
