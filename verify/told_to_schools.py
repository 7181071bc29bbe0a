"""What a school may be told of a decision: the child, not the family's poverty, aid, deaths or moves."""

from __future__ import annotations

import json
from dataclasses import replace

from verify.reasons import Decision, Reason, ReasonCode

__all__ = ["say_to_school"]

_OF_THE_CHILD = frozenset({"usia", "punya_nisn"})
"""The facts that a school knows itself: a clause that asks for nothing else may be told to it."""

_TOLD_AS_IT_IS = frozenset(
    {
        ReasonCode.UNREADABLE,
        ReasonCode.NUMBER_MISTYPED,
        ReasonCode.NOT_OURS,
        ReasonCode.BAD_SIGNATURE,
        ReasonCode.UNKNOWN_KEY,
        ReasonCode.RETIRED_KEY,
        ReasonCode.CARD_UNKNOWN,
        ReasonCode.CARD_ELSEWHERE,
        ReasonCode.CARD_NOT_HANDED_OVER,
        ReasonCode.NOT_YET_VALID,
        ReasonCode.EXPIRED,
        ReasonCode.WRONG_PLACE,
        ReasonCode.ROUND_NOT_OPEN,
        ReasonCode.NO_ROUND_HERE,
        ReasonCode.KEY_USED_DIFFERENTLY,
        ReasonCode.PERSON_NOT_CHOSEN,
        ReasonCode.PERSON_NOT_OF_FAMILY,
        ReasonCode.QUOTA_USED,
        ReasonCode.REMOVED_FROM_LIST,
        ReasonCode.PROGRAMME_WITHDRAWN,
        ReasonCode.NOT_SERVED_HERE,
        ReasonCode.PROOF_MISSING,
        ReasonCode.PUPIL_NOT_LISTED,
        ReasonCode.PUPIL_CONFIRMED,
        ReasonCode.PUPIL_ELSEWHERE,
        ReasonCode.NISN_DIFFERS,
        ReasonCode.NISN_MALFORMED,
        ReasonCode.CAMPUS_MISSING,
        ReasonCode.NPSN_MISSING,
    }
)
"""Reasons that say nothing of the family. A list of what may be told: a reason that is made later is kept back."""

_OF_THE_CARD = frozenset(
    {
        ReasonCode.CARD_BLOCKED,
        ReasonCode.CARD_REPLACED,
        ReasonCode.FAMILY_MOVED,
        ReasonCode.FAMILY_DISSOLVED,
        ReasonCode.HEAD_DEAD,
        ReasonCode.NO_HEAD,
        ReasonCode.HEAD_CHANGED,
    }
)
"""Reasons that keep a card from being used and speak of a death, a move or a misuse in the family."""


def say_to_school(decision: Decision) -> Decision:
    """Return a decision as a school may read it: nothing of desil, aid, death or moving; each reason once.

    A clause is told only where it asks for nothing but what the school knows itself, as the age.
    """
    if decision.is_granted:
        return decision
    said = {(reason.code, *reason.detail.items()): reason for reason in map(_said, decision.reasons)}
    return replace(decision, reasons=tuple(said.values()))


def _said(reason: Reason) -> Reason:
    match reason.code:
        case code if code in _TOLD_AS_IT_IS:
            return reason
        case code if code in _OF_THE_CARD:
            return Reason(ReasonCode.CARD_NOT_USABLE)
        case ReasonCode.NOT_ENTITLED:
            return Reason(ReasonCode.PUPIL_NOT_LISTED, reason.detail)
        case ReasonCode.ONE_PER_FAMILY:
            return Reason(ReasonCode.ONE_PER_FAMILY)
        case ReasonCode.CLAUSE_FAILED | ReasonCode.CLAUSE_UNKNOWN:
            if {name for name, *_ in json.loads(reason.detail["facts"])} <= _OF_THE_CHILD:
                return reason
    return Reason(ReasonCode.NOT_TOLD_HERE)
