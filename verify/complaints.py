"""Complaints: what a refusal is probably complained of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from registry.kinds import ComplaintKind
from verify.reasons import ReasonCode

__all__ = ["suggest_kind"]

_NOT_LISTED = (
    ReasonCode.NOT_ENTITLED,
    ReasonCode.PUPIL_NOT_LISTED,
    ReasonCode.NOT_TOLD_HERE,
    ReasonCode.REMOVED_FROM_LIST,
    ReasonCode.CLAUSE_FAILED,
    ReasonCode.EXCLUDED_BY_PROGRAMME,
    ReasonCode.ONE_PER_FAMILY,
)
_WRONG_DATA = (
    ReasonCode.CLAUSE_UNKNOWN,
    ReasonCode.FAMILY_MOVED,
    ReasonCode.FAMILY_DISSOLVED,
    ReasonCode.HEAD_DEAD,
    ReasonCode.NO_HEAD,
    ReasonCode.HEAD_CHANGED,
    ReasonCode.PERSON_NOT_OF_FAMILY,
    ReasonCode.NISN_DIFFERS,
    ReasonCode.NISN_MALFORMED,
)
_DOUBLE = (
    ReasonCode.ALREADY_GIVEN,
    ReasonCode.QUOTA_USED,
    ReasonCode.COVERED_BEFORE_SPLIT,
    ReasonCode.PUPIL_ELSEWHERE,
)
_CARD = (
    ReasonCode.UNREADABLE,
    ReasonCode.CARD_BLOCKED,
    ReasonCode.CARD_REPLACED,
    ReasonCode.EXPIRED,
)
_KINDS: Mapping[str, ComplaintKind] = {
    code: kind
    for codes, kind in (
        (_NOT_LISTED, ComplaintKind.NOT_LISTED),
        (_WRONG_DATA, ComplaintKind.WRONG_DATA),
        (_DOUBLE, ComplaintKind.DOUBLE),
        (_CARD, ComplaintKind.LOST_CARD),
    )
    for code in codes
}


def suggest_kind(codes: Iterable[str]) -> ComplaintKind:
    """Return the kind of complaint that the weightiest reason of a refusal suggests; the officer can choose another."""
    return next((_KINDS[code] for code in codes if code in _KINDS), ComplaintKind.OTHER)
