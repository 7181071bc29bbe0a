"""What a place that serves persons is told of a refusal: nothing of the family's poverty or aid.

A clause that asks something of the family ("desil 2") would tell its value in refusing. Where a person is served, all
such reasons become one that says only where to ask.
"""

from __future__ import annotations

import json

from registry.kinds import Subject
from verify.clauses import FACTS
from verify.reasons import Decision, Reason, ReasonCode

__all__ = ["of_person_only"]

_OF_CLAUSES = frozenset({ReasonCode.CLAUSE_FAILED, ReasonCode.CLAUSE_UNKNOWN})


def of_person_only(decision: Decision) -> Decision:
    """Return a decision without what it says of the family."""
    told = [reason for reason in decision.reasons if not _is_of_family(reason)]
    if len(told) < len(decision.reasons):
        told.append(Reason(ReasonCode.NOT_TOLD_HERE))
    return Decision(decision.outcome, tuple(told))


def _is_of_family(reason: Reason) -> bool:
    if reason.code not in _OF_CLAUSES:
        return False
    return any(FACTS[name].subject is Subject.FAMILY for name, *_ in json.loads(reason.detail["facts"]))
