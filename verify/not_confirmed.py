"""Why a pupil is not confirmed: the refusal, its row, and the case that a second school opens by asking.

The case is opened in the transaction that keeps the refusal, and the refusal names its number: on the screen and on the
slip, so that the family can ask what became of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from registry.audit import Actor
from registry.complaints.cases import open_case
from registry.db import Session
from registry.keys.keys import KeyRing
from registry.kinds import ComplaintKind
from registry.models import Complaint, Person, Round, ServicePoint
from registry.schooling.pupils import Standing
from verify.reasons import Decision, ReasonCode
from verify.refusals import NotGranted, keep_refusals

__all__ = ["Elsewhere", "NotConfirmed", "find_elsewhere", "keep_not_confirmed"]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A pupil who is asked for at a second school: what the case names."""

    round_id: UUID
    round_name: str
    person_id: UUID
    family_id: UUID
    village_code: str
    first: Standing
    second_id: UUID
    second: str
    second_npsn: str

    @property
    def key(self) -> str:
        """What makes one case of however many scans: the round, the pupil and the second school."""
        return sha256(f"{self.round_id} {self.person_id} {self.second_id}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class NotConfirmed:
    """The enrolment is not confirmed, for these reasons, in the words for a school."""

    decision: Decision
    card_id: UUID | None = None
    round_id: UUID | None = None
    """``None`` where no round was reached."""
    person_id: UUID | None = None
    """The pupil; ``None`` for anybody whom the school does not see."""
    attempt_id: UUID | None = None
    """The row that keeps the refusal; ``None`` until :func:`keep_not_confirmed` has kept it."""
    elsewhere: Elsewhere | None = None


def find_elsewhere(
    session: Session, round_: Round, person_id: UUID, standing: Standing, *, point: ServicePoint
) -> Elsewhere | None:
    """Return what the case names when the confirmation that stands is another school's."""
    if standing.point_id == point.id:
        return None
    family = session.get_one(Person, person_id).family
    return Elsewhere(
        round_id=round_.id,
        round_name=f"{round_.programme.name} {round_.name}",
        person_id=person_id,
        family_id=family.id,
        village_code=family.village_code,
        first=standing,
        second_id=point.id,
        second=point.name,
        second_npsn=point.facility_code,
    )


def keep_not_confirmed(
    session: Session,
    refused: Sequence[NotConfirmed],
    *,
    say_case: Callable[[Elsewhere], str],
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> list[NotConfirmed]:
    """Keep what one card was refused, a row each, and open the case of each second school; return it as it is told.

    Args:
        say_case: the words of a case; see :func:`registry.complaints.cases.open_case`.
    """
    acting: dict[str, Any] = {"actor": actor, "keys": keys, "at": at}
    told = []
    for one in refused:
        if one.elsewhere is not None:
            case = _open_case(session, one.elsewhere, say_case(one.elsewhere), acting)
            one = replace(one, decision=_name_case(one.decision, case.number))
        told.append(one)
    rows = [NotGranted(one.decision, one.round_id, one.person_id) for one in told]
    attempt_ids = keep_refusals(session, rows, card_id=told[0].card_id, **acting)
    return [replace(one, attempt_id=attempt_id) for one, attempt_id in zip(told, attempt_ids, strict=True)]


def _open_case(session: Session, elsewhere: Elsewhere, words: str, acting: dict[str, Any]) -> Complaint:
    return open_case(
        session,
        ComplaintKind.DOUBLE,
        words=words,
        family_id=elsewhere.family_id,
        person_id=elsewhere.person_id,
        round_id=elsewhere.round_id,
        area_code=elsewhere.village_code,
        key=elsewhere.key,
        **acting,
    )


def _name_case(decision: Decision, number: str) -> Decision:
    reasons = (
        replace(reason, detail={**reason.detail, "case": number})
        if reason.code is ReasonCode.PUPIL_ELSEWHERE
        else reason
        for reason in decision.reasons
    )
    return replace(decision, reasons=tuple(reasons))
