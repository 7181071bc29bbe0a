"""Whether a visit of a person is recorded, and recording it: lock, look, decide, take.

What is decided here is a record in a programme, never whether somebody is treated. The rule of a pregnancy's programme
is asked when the pregnancy is registered; after that its visits are supported to the end, whatever becomes of the rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from registry.audit import Actor
from registry.care.pregnancies import Supported, find_pregnancy, free_step, register_pregnancy
from registry.care.visits import PROGRAMMES, NewVisit, add_visit, attendance_key, find_by_key
from registry.days import local_day
from registry.db import Session
from registry.errors import NotFound, RegistryError
from registry.keys.keys import KeyRing
from registry.kinds import Outcome, PointKind, VisitKind
from registry.models import Programme
from verify.decide_card import RuleFacts, decide_entitled
from verify.discretion import of_person_only
from verify.evaluating import explain_subject
from verify.members import Chosen
from verify.reasons import Decision, Reason, ReasonCode, refuse

__all__ = [
    "Recorded",
    "StepFacts",
    "VisitFacts",
    "VisitRequest",
    "decide_visit",
    "look_at_place",
    "look_at_registering",
    "programme_of",
    "record_visit",
    "register",
]

_FURTHEST = timedelta(days=120)
"""A next visit is at most four months off: of six in nine months none lie further apart."""
_WITHOUT_LIMIT = 99
"""The visits of a pregnancy whose programme sets no limit: two a week, and more."""


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What is asked before a step of a pregnancy is recorded."""

    goes_on: bool
    quota: int = 0
    taken: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What is asked before a visit is recorded, or a pregnancy registered."""

    programme: str
    office: str
    is_withdrawn: bool
    places: tuple[PointKind, ...]
    here: PointKind
    rule: RuleFacts | None = None
    """What the rule says of the person; none for a step, whose pregnancy was registered under it."""
    step: StepFacts | None = None


@dataclass(frozen=True, slots=True)
class VisitRequest:
    """One visit asked for.

    The idempotency key is made when the person's page is shown: the same key for the same person, kind and service
    point gives the same visit, and is refused for anything else. An attendance needs none: it is counted by person and
    day.
    """

    kind: VisitKind
    idempotency_key: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The visit is recorded, and stored so."""

    visit_id: UUID
    is_repeated: bool = False
    """Whether it was recorded before, under the same key or on the same day of attendance."""


def decide_visit(facts: VisitFacts) -> Decision:
    """Decide whether a visit is recorded, or a pregnancy registered; every reason is named."""
    reasons: list[Reason] = []
    if facts.is_withdrawn:
        reasons.append(Reason(ReasonCode.PROGRAMME_WITHDRAWN, {"programme": facts.programme, "office": facts.office}))
    if facts.here not in facts.places:
        detail = {"programme": facts.programme, "places": " ".join(facts.places)}
        reasons.append(Reason(ReasonCode.NOT_SERVED_HERE, detail))
    if facts.rule is not None:
        reasons += decide_entitled(facts.rule).reasons
    if facts.step is not None:
        reasons += _about_step(facts.step, facts.programme)
    return refuse(*reasons) if reasons else Decision(Outcome.GRANTED)


def look_at_place(session: Session, kind: VisitKind, *, here: PointKind) -> Decision:
    """Decide for showing whether visits of a kind are recorded at a kind of place at all. It only reads."""
    return decide_visit(_facts(programme_of(session, kind), here))


def look_at_registering(session: Session, chosen: Chosen, *, here: PointKind, at: datetime) -> Decision:
    """Decide for showing whether a pregnancy of this person would be supported. It only reads."""
    return _decide_new(session, VisitKind.PREGNANCY, chosen, here=here, at=at)


def record_visit(
    session: Session,
    chosen: Chosen,
    request: VisitRequest,
    *,
    here: PointKind,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Recorded | Decision:
    """Record a visit of a person, or say why not.

    Args:
        here: what kind of place the actor's service point is.

    Raises:
        RegistryError: code ``next_visit_unlikely``.
    """
    person_id, today = chosen.person.person_id, local_day(at)
    if request.next_on is not None and not today < request.next_on <= today + _FURTHEST:
        raise RegistryError("next_visit_unlikely")
    pregnancy = None
    if request.kind is VisitKind.PREGNANCY:
        pregnancy = find_pregnancy(session, person_id, locked=True)
    key = request.idempotency_key
    if request.kind is VisitKind.ATTENDANCE:
        key = attendance_key(session, person_id, day=today)
    before = find_by_key(session, key)
    if before is not None:
        is_once_a_day = request.kind is VisitKind.ATTENDANCE
        is_here = before.point_id == actor.point_id or is_once_a_day
        if (before.kind, before.person_id) == (request.kind, person_id) and is_here:
            return Recorded(before.id, is_repeated=True)
        return refuse(Reason(ReasonCode.KEY_USED_DIFFERENTLY))
    if request.kind is VisitKind.PREGNANCY:
        decision = _decide_step(session, pregnancy, here=here)
    else:
        decision = _decide_new(session, request.kind, chosen, here=here, at=at)
    if not decision.is_granted:
        return decision
    new = NewVisit(
        kind=request.kind,
        person_id=person_id,
        card_id=chosen.family.card_id,
        idempotency_key=key,
        step=free_step(session, pregnancy) if pregnancy else None,
        next_on=request.next_on if pregnancy else None,
    )
    return Recorded(add_visit(session, new, actor=actor, keys=keys, at=at).id)


def register(
    session: Session,
    chosen: Chosen,
    due_on: date,
    *,
    here: PointKind,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> UUID | Decision:
    """Register a pregnancy of a person and return its id, or say why not.

    Raises:
        RegistryError, Conflict: as :func:`registry.care.pregnancies.register_pregnancy`.
    """
    decision = _decide_new(session, VisitKind.PREGNANCY, chosen, here=here, at=at)
    if not decision.is_granted:
        return decision
    quota = programme_of(session, VisitKind.PREGNANCY).quota or _WITHOUT_LIMIT
    return register_pregnancy(session, chosen.person.person_id, due_on, quota=quota, actor=actor, keys=keys, at=at)


def programme_of(session: Session, kind: VisitKind) -> Programme:
    """Return the programme that a kind of visit is recorded for.

    Raises:
        NotFound: code ``programme_unknown``.
    """
    programme = session.get(Programme, PROGRAMMES[kind])
    if programme is None:
        raise NotFound("programme_unknown", programme=PROGRAMMES[kind])
    return programme


def _decide_new(session: Session, kind: VisitKind, chosen: Chosen, *, here: PointKind, at: datetime) -> Decision:
    programme = programme_of(session, kind)
    rule = explain_subject(session, programme, chosen.family.family_id, chosen.person.person_id, at=at)
    return of_person_only(decide_visit(_facts(programme, here, rule=rule)))


def _decide_step(session: Session, pregnancy: Supported | None, *, here: PointKind) -> Decision:
    step = StepFacts(goes_on=False)
    if pregnancy is not None:
        step = StepFacts(True, pregnancy.quota, len(pregnancy.taken), pregnancy.last_at)
    return decide_visit(_facts(programme_of(session, VisitKind.PREGNANCY), here, step=step))


def _facts(
    programme: Programme, here: PointKind, *, rule: RuleFacts | None = None, step: StepFacts | None = None
) -> VisitFacts:
    return VisitFacts(
        programme=programme.name,
        office=programme.office.name,
        is_withdrawn=programme.is_withdrawn,
        places=tuple(PointKind(place) for place in programme.places),
        here=here,
        rule=rule,
        step=step,
    )


def _about_step(step: StepFacts, programme: str) -> list[Reason]:
    if not step.goes_on:
        return [Reason(ReasonCode.PREGNANCY_MISSING)]
    if step.taken < step.quota:
        return []
    detail = {"quota": str(step.quota), "round": programme}
    if step.last_at is not None:
        detail["at"] = step.last_at.isoformat()
    return [Reason(ReasonCode.QUOTA_USED, detail)]
